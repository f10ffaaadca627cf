import { createHash, createHmac, sign } from 'node:crypto'
import { canonicalise } from '../../src/ws-security/document/canonical.js'
import { descendants, type ElementNode, readSignedDocument } from '../../src/ws-security/document/document.js'
import { DS, EXCLUSIVE, WSSE, WSU } from '../../src/ws-security/names.js'
import type { VerificationPolicy } from '../../src/ws-security/policy.js'
import { compileReceive } from '../../src/ws-security/receive.js'
import type { WsSecurity } from '../../src/ws-security/ws-security.js'
import type { Credential } from './keys.js'

export const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/'
const X509 = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3'
export const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'
export const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

export const NOW = new Date('2030-01-02T03:04:05Z')

export interface AnswerReference {
  /** wsu:Id of what is digested. */
  readonly id: string
  readonly uri?: string | undefined
  readonly transforms?: string
  /** What is digested where it is not the element. */
  readonly octets?: Uint8Array
  readonly digest?: { readonly uri: string; readonly hash: string }
  readonly prefixes?: readonly string[]
}

export interface AnswerOptions {
  readonly by: Credential
  readonly body?: string
  readonly headers?: string
  /** Declarations and attributes of the envelope. */
  readonly envelope?: string
  readonly created?: string
  readonly expires?: string
  readonly timestamp?: string
  readonly references?: readonly AnswerReference[]
  /** What stands in wsse:Security before the signature, the Timestamp left out. */
  readonly tokens?: string
  readonly keyInfo?: string
  readonly method?: { readonly uri: string; readonly hash: string; readonly secret?: string | Buffer }
  readonly canonicalization?: string
  /** Appended to ds:Signature. */
  readonly object?: string
}

export const PAYLOAD = '<m:Result xmlns:m="urn:m"><m:amount>100</m:amount></m:Result>'

export function token(pem: string, id = 'X509', type = X509): string {
  const base64 = pem.replace(/-----[^-]+-----|\s/g, '')
  return `<wsse:BinarySecurityToken ValueType="${type}" wsu:Id="${id}">${base64}</wsse:BinarySecurityToken>`
}

export function tokenReference(uri = '#X509'): string {
  return `<wsse:SecurityTokenReference><wsse:Reference URI="${uri}" ValueType="${X509}"/></wsse:SecurityTokenReference>`
}

export const EXCLUSIVE_TRANSFORM = `<ds:Transform Algorithm="${EXCLUSIVE}"/>`

/** A response that is signed as the options say: with the defaults, as it should be. */
export function signedAnswer(options: AnswerOptions): string {
  const { by, body = PAYLOAD, headers = '', envelope = '' } = options
  const { created = '2030-01-02T03:04:00Z', expires = '2030-01-02T03:09:00Z' } = options
  const timestamp =
    options.timestamp ??
    `<wsu:Timestamp wsu:Id="TS"><wsu:Created>${created}</wsu:Created><wsu:Expires>${expires}</wsu:Expires></wsu:Timestamp>`
  const tokens = options.tokens ?? token(by.certificatePem)
  const frame = (signature: string): string =>
    `<soap:Envelope xmlns:soap="${SOAP}" xmlns:wsse="${WSSE}" xmlns:wsu="${WSU}" xmlns:ds="${DS}"${envelope}>` +
    `<soap:Header><wsse:Security>${timestamp}${tokens}${signature}</wsse:Security>${headers}</soap:Header>` +
    `<soap:Body wsu:Id="Body">${body}</soap:Body></soap:Envelope>`
  return frame(signature(frame(''), options))
}

function signature(unsigned: string, options: AnswerOptions): string {
  const {
    by,
    references = [{ id: 'Body' }, { id: 'TS' }],
    canonicalization = EXCLUSIVE_CANONICALIZATION,
  } = options
  const method = options.method ?? { uri: RSA_SHA256, hash: 'sha256' }
  const elements = [...descendants(readSignedDocument(unsigned).root)]
  const signedInfo =
    `<ds:SignedInfo xmlns:ds="${DS}">${canonicalization}<ds:SignatureMethod Algorithm="${method.uri}"></ds:SignatureMethod>` +
    references.map((reference) => referenceTo(elements, reference)).join('') +
    '</ds:SignedInfo>'
  const octets = canonicalise(readSignedDocument(signedInfo).root).bytes
  const value =
    method.secret === undefined
      ? sign(method.hash, Buffer.from(octets), { key: by.privateKey, dsaEncoding: 'ieee-p1363' })
      : createHmac(method.hash, method.secret).update(octets).digest()
  const keyInfo = options.keyInfo ?? `<ds:KeyInfo>${tokenReference()}</ds:KeyInfo>`
  return `<ds:Signature>${signedInfo}<ds:SignatureValue>${value.toString('base64')}</ds:SignatureValue>${keyInfo}${options.object ?? ''}</ds:Signature>`
}

export const EXCLUSIVE_CANONICALIZATION = `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod>`

function referenceTo(elements: readonly ElementNode[], reference: AnswerReference): string {
  const { id, prefixes = [], digest = { uri: SHA256, hash: 'sha256' } } = reference
  const uri = 'uri' in reference ? reference.uri : `#${id}`
  const target = elements.find(({ attributes }) =>
    attributes.some(({ name, value }) => name === `{${WSU}}Id` && value === id),
  )
  const octets = reference.octets ?? (target ? canonicalise(target, prefixes).bytes : '')
  const inclusive =
    prefixes.length === 0
      ? EXCLUSIVE_TRANSFORM
      : `<ds:Transform Algorithm="${EXCLUSIVE}"><ec:InclusiveNamespaces xmlns:ec="${EXCLUSIVE}" PrefixList="${prefixes.join(' ')}"/></ds:Transform>`
  const transforms = reference.transforms ?? `<ds:Transforms>${inclusive}</ds:Transforms>`
  return (
    `<ds:Reference${uri === undefined ? '' : ` URI="${uri}"`}>${transforms}` +
    `<ds:DigestMethod Algorithm="${digest.uri}"/><ds:DigestValue>${createHash(digest.hash).update(octets).digest('base64')}</ds:DigestValue></ds:Reference>`
  )
}

export function verification(
  trust: readonly Credential[],
  more: Partial<VerificationPolicy> = {},
): VerificationPolicy {
  return {
    trust: trust.map(({ certificate }) => certificate),
    certificates: [],
    parts: ['body', 'timestamp'],
    maxAgeSeconds: 300,
    clockSkewSeconds: 60,
    sha1: false,
    inclusive: false,
    unsignedFaults: false,
    unsignedHeaders: 'drop',
    unsignedPrefixes: false,
    ...more,
  }
}

/** Receives envelopes that stand alone. */
export function receiving(
  policy: Parameters<typeof compileReceive>[0],
  clock: () => Date,
): WsSecurity['verify'] {
  const receive = compileReceive(policy, clock)
  return (envelope, onBelieved) => receive({ envelope, attachments: [] }, onBelieved).envelope
}
