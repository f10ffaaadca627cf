// The identity provider of the hospitals: access tokens that carry a SAML assertion, and how a registry judges one.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { XMLParser } from 'fast-xml-parser'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { SignedXml } from 'xml-crypto'
import { Fault, xml } from '../support.mjs'

const HOUR_MS = 3_600_000
const MAX_AGE_MS = 300_000
const AUDIENCE = 'urn:example:registries'
const SAML = 'urn:oasis:names:tc:SAML:2.0'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const parser = new XMLParser({ removeNSPrefix: true, ignoreAttributes: false, parseTagValue: false })

/** @param signer key and certificate, PEM, for assertions @returns the server, and what makes tokens for it */
export async function createProvider(signer) {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: '1', alg: 'RS256' }] })
  const server = createServer((req, res) =>
    res.writeHead(200, { 'content-type': 'application/json' }).end(keys),
  )
  const token = (subject, issuer, audience) =>
    new SignJWT({ client_id: 'ward', saml: assertion(subject, issuer, signer) })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: '1' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt()
      .setJti(randomUUID())
      .setExpirationTime('1h')
      .sign(privateKey)
  return { server, token }
}

function assertion(subject, issuer, { key }) {
  const at = (offset) => new Date(Date.now() + offset).toISOString()
  const text =
    `<saml:Assertion xmlns:saml="${SAML}:assertion" ID="_${randomUUID()}" Version="2.0" IssueInstant="${at(0)}">` +
    `<saml:Issuer>${xml(issuer)}</saml:Issuer><saml:Subject><saml:NameID>${xml(subject)}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="${SAML}:cm:bearer"/></saml:Subject>` +
    `<saml:Conditions NotBefore="${at(-60_000)}" NotOnOrAfter="${at(HOUR_MS)}">` +
    `<saml:AudienceRestriction><saml:Audience>${AUDIENCE}</saml:Audience></saml:AudienceRestriction>` +
    `</saml:Conditions></saml:Assertion>`
  const signed = new SignedXml({
    privateKey: key,
    canonicalizationAlgorithm: EXCLUSIVE,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  })
  signed.addReference({
    xpath: '/*',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', EXCLUSIVE],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  })
  const after = { reference: `/*/*[local-name()='Issuer']`, action: 'after' }
  signed.computeSignature(text, { prefix: 'ds', location: after })
  return signed.getSignedXml()
}

/**
 * Who calls, by the one assertion of the message, and the message without it.
 * @param certificate that of the identity provider, PEM
 */
export function callerOf(envelope, certificate) {
  const [text, another] = envelope.match(/<saml:Assertion .*?<\/saml:Assertion>/gs) ?? []
  if (!text || another) throw new Fault('e:Client', 'The message must have one SAML assertion.')
  const [{ Assertion }] = signedParts(text, text, certificate)
  const { Subject, Conditions } = Assertion ?? {}
  const isOver =
    Date.now() < Date.parse(Conditions?.['@_NotBefore']) ||
    !(Date.now() < Date.parse(Conditions?.['@_NotOnOrAfter']))
  if (isOver || Conditions.AudienceRestriction?.Audience !== AUDIENCE)
    throw new Fault('e:Client', 'The assertion is not valid here and now.')
  return { caller: Subject.NameID, rest: envelope.replace(text, '') }
}

/** What the one signature in `part` covers of the message, parsed. Nothing else is to be believed. */
export function signedParts(message, part, certificate) {
  const [signature, another] = part.match(/<ds:Signature[ >].*?<\/ds:Signature>/gs) ?? []
  if (!signature || another) throw new Fault('e:Client', 'One signature is needed here.')
  const judge = new SignedXml({ publicCert: certificate })
  let isGood = false
  try {
    judge.loadSignature(signature)
    isGood = judge.checkSignature(message)
  } catch {
    // What cannot be judged is not good.
  }
  if (!isGood) throw new Fault('e:Client', 'The signature does not fit the message.')
  return judge.getSignedReferences().map((covered) => parser.parse(covered))
}

/** Refuses a message that was kept for later. */
export function checkAge(timestamp) {
  if (!(Math.abs(Date.now() - Date.parse(timestamp?.Created)) < MAX_AGE_MS))
    throw new Fault('e:Client', 'The message is too old.')
}

/** A SOAP envelope, parsed. */
export const parse = (text) => parser.parse(text).Envelope
