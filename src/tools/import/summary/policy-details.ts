import type { Demand, MessagePart } from '../../../wsdl/policy/policy.js'
import { unsupported } from '../../../wsdl/policy/unsupported-assertions.js'

/** How another demand is to be met, in words: what keys of a backend do of it, or what a person must. */
export interface PolicyDetail {
  readonly standing: 'met' | 'by-hand' | 'impossible'
  readonly words: string
}

const details: Readonly<Record<string, PolicyDetail>> = {
  HashPassword: met('The password is sent as a digest: username.type: digest'),
  Nonce: met('A nonce comes with the password: username.nonce'),
  Created: met('The time comes with the password: username.nonce'),
  EncryptSignature: met('The signature is encrypted: encryption.parts has signature'),
  EncryptBeforeSigning: met('What was encrypted is signed: encryption.order: encrypt-then-sign'),
  ProtectTokens: met('The signature covers the token that it is made with: signature.parts has token'),
  RequireDerivedKeys: met(
    'Keys that sign and encrypt are derived of that of the call: symmetric.derivedKeys',
  ),
  RequireExplicitDerivedKeys: met(
    'Keys that sign and encrypt are derived of that of the call: symmetric.derivedKeys',
  ),
  RequireImpliedDerivedKeys: { standing: 'impossible', words: unsupported('RequireImpliedDerivedKeys') },
  RequireSignatureConfirmation: met('Responses confirm the signatures of requests: verify.confirmation'),
  OnlySignEntireHeadersAndBody: met('Signatures cover headers and the body as a whole, as they always do'),
  SamlToken: {
    standing: 'by-hand',
    words:
      'a SAML assertion: security.saml where callers bring it, security.issuedToken where a token service issues it',
  },
}

const references: Readonly<Record<string, string>> = {
  RequireThumbprintReference: 'by its thumbprint: reference: thumbprint',
  RequireIssuerSerialReference: 'by issuer and serial number: reference: issuer-serial',
  RequireKeyIdentifierReference: 'by its subject key identifier: reference: subject-key-identifier',
}

function met(words: string): PolicyDetail {
  return { standing: 'met', words }
}

/** @returns undefined for what says nothing by itself, and for what is no detail */
export function policyDetail({ kind, assertion, within, parts }: Demand): PolicyDetail | undefined {
  if (kind !== 'detail') return undefined
  if (parts) return parts.length === 0 ? undefined : partsDetail(assertion, parts)
  const reference = references[assertion]
  if (reference !== undefined) return met(`The certificate${ofToken(within)} is named ${reference}`)
  return details[assertion] ?? suiteDetail(assertion)
}

function ofToken(within: string | undefined): string {
  return within === undefined ? '' : ` of the ${within}`
}

const PARTS: Readonly<Record<MessagePart, string>> = {
  body: 'the body',
  headers: 'the headers',
  addressing: 'the WS-Addressing headers',
  attachments: 'the attachments',
  'complete-attachments': 'the attachments with their header fields',
}

function partsDetail(assertion: string, parts: readonly MessagePart[]): PolicyDetail {
  const done = assertion === 'SignedParts' ? 'signed' : 'encrypted'
  const key = assertion === 'SignedParts' ? 'signature.parts' : 'encryption.parts'
  return met(`${parts.map((part) => PARTS[part]).join(' and ')} must be ${done}: ${key}`.replace(/^t/, 'T'))
}

/** An AlgorithmSuite (WS-SecurityPolicy 1.3, section 6.1). */
function suiteDetail(assertion: string): PolicyDetail | undefined {
  const [, cipher, bits = '', variant = ''] = /^(Basic(\d{3})|TripleDes)(.*)$/.exec(assertion) ?? []
  if (cipher === undefined) return undefined
  if (cipher === 'TripleDes') {
    const words =
      'Triple DES, which soapstone cannot do: ask the provider for Basic256Sha256 or a suite with GCM'
    return { standing: 'impossible', words }
  }
  const mode = variant.endsWith('GCM') ? 'GCM' : 'CBC'
  const transport = variant.endsWith('Rsa15') ? 'RSA 1.5' : 'RSA-OAEP'
  const hash = /Sha256|GCM/.test(variant)
    ? 'SHA-256'
    : 'SHA-1, which needs algorithm: rsa-sha1 and digest: sha1'
  return met(`${assertion} is AES-${bits} with ${mode}, ${transport} for keys, and ${hash}`)
}
