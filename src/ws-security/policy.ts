import type { KeyObject, X509Certificate } from 'node:crypto'
import type { DataCipherName, KeyTransport, KeyTransportName } from './algorithms/encryption.js'
import type { DigestAlgorithm, MacAlgorithm, SignatureAlgorithm } from './algorithms/signature.js'
import type { ConversationVersion } from './names.js'

/** What a backend asks of WS-Security, and what is asked of its answers. Keys have been read and checked. */
export interface WsSecurityPolicy extends TokenPolicies {
  /** Of the wsse:Security header sent. */
  readonly mustUnderstand: boolean
  /** SOAP 1.1 `actor`, SOAP 1.2 `role` of the wsse:Security header sent; absent for the ultimate receiver. */
  readonly actor?: string
  /** Whether the assertion of a message may be encrypted: a token service issued it, and for whom has been looked at. */
  readonly encryptedSaml?: boolean
  /** Who signs the signature too (WS-SecurityPolicy 1.3, section 8.3: EndorsingSupportingTokens). */
  readonly endorsement?: EndorsementPolicy
  readonly encryption?: EncryptionPolicy
  readonly decryption?: DecryptionPolicy
  readonly verify?: VerificationPolicy
}

/** What puts something into the wsse:Security header, by the key of the annotation. */
export interface TokenPolicies {
  readonly timestamp?: TimestampPolicy
  readonly username?: UsernameTokenPolicy
  readonly symmetric?: SymmetricPolicy
  readonly signature?: SignaturePolicy
  /** Whether each message has a SAML assertion, which only its call or a token service knows. */
  readonly saml?: boolean
}

export interface TimestampPolicy {
  readonly ttlSeconds: number
}

export interface UsernameTokenPolicy {
  readonly name: string
  readonly password: string
  /** `key`: the password is not sent; the signature shows that we know it. */
  readonly type: (typeof passwordTypes)[number]
  /** Whether a text password comes with Nonce and Created; a digest always does. */
  readonly nonce: boolean
  /** Of making a key of the password, where that is its type. */
  readonly iterations?: number
}

export const passwordTypes = ['text', 'digest', 'key'] as const

/** For whom keys are encrypted, and how. */
export interface KeyRecipient {
  /** Of the backend. */
  readonly certificate: X509Certificate
  /** How the message says for which certificate a key is encrypted. */
  readonly reference: KeyReference
  readonly keyTransport: KeyTransport
}

/** A key for each call, which signs and encrypts request and response (WS-SecurityPolicy 1.3, section 7.4). */
export interface SymmetricPolicy extends KeyRecipient {
  /** Length of the key. */
  readonly keyBytes: number
  /** Whether what signs and encrypts is derived of it, and as which version has it. */
  readonly derivedKeys?: ConversationVersion
}

export type SignaturePolicy = KeySignaturePolicy | PasswordSignaturePolicy | SymmetricSignaturePolicy

/** A signature with a private key. */
export interface KeySignaturePolicy {
  readonly key: SigningKey
  readonly reference: KeySignatureReference
  readonly algorithm: SignatureAlgorithm
  readonly digest: DigestAlgorithm
  readonly parts: readonly SignedPart[]
}

/** A signature with a key that is made of the password of `username` (UsernameToken Profile 1.1, section 4). */
export interface PasswordSignaturePolicy {
  readonly reference: 'username'
  readonly algorithm: MacAlgorithm
  readonly digest: DigestAlgorithm
  readonly parts: readonly SignedPart[]
}

/** A signature with the key of the call. */
export interface SymmetricSignaturePolicy {
  readonly reference: 'symmetric'
  readonly algorithm: MacAlgorithm
  readonly digest: DigestAlgorithm
  readonly parts: readonly SignedPart[]
}

export interface EndorsementPolicy extends Omit<KeySignaturePolicy, 'parts' | 'reference'> {
  readonly reference: KeyReference
}

export interface SigningKey {
  readonly privateKey: KeyObject
  readonly certificate: X509Certificate
}

/** How the signature says which certificate belongs to its key (X.509 Certificate Token Profile 1.1, section 3.2). */
export const keyReferences = [
  'binary-token',
  'issuer-serial',
  'subject-key-identifier',
  'thumbprint',
] as const
export type KeyReference = (typeof keyReferences)[number]

/** `saml`: the key is that which the assertion of the message confirms (SAML Token Profile 1.1, section 3.5.1). */
const keySignatureReferences = [...keyReferences, 'saml'] as const
export type KeySignatureReference = (typeof keySignatureReferences)[number]
/** `username`: the key is made of the password of the UsernameToken. `symmetric`: it is that of the call. */
export const signatureReferences = [...keySignatureReferences, 'username', 'symmetric'] as const
export type SignatureReferenceKind = (typeof signatureReferences)[number]

/**
 * What is done to attachments: to the content of each, or to its header fields as well (WSS SOAP Messages with Attachments
 * Profile 1.1).
 */
export const attachmentParts = ['attachments', 'complete-attachments'] as const
export type AttachmentPart = (typeof attachmentParts)[number]

/** @returns undefined where attachments are not among the parts */
export function attachmentCoverage(parts: readonly string[]): 'content' | 'complete' | undefined {
  if (parts.includes('complete-attachments')) return 'complete'
  return parts.includes('attachments') ? 'content' : undefined
}

/** `addressing` are all WS-Addressing headers, `headers` all headers but wsse:Security. */
export const signedParts = [
  'body',
  'timestamp',
  'username',
  'token',
  'saml',
  'addressing',
  'headers',
  ...attachmentParts,
] as const
export type SignedPart = (typeof signedParts)[number]

export const verifiedParts = ['body', 'timestamp', 'addressing', 'headers', ...attachmentParts] as const
export type VerifiedPart = (typeof verifiedParts)[number]

export const unsignedHeaders = ['drop', 'keep', 'refuse'] as const

/** Whose SAML assertions are believed: the key that one confirms (holder-of-key) may sign the message that it comes with. */
export interface AssertionPolicy {
  /** Certificates of issuers, or of their authorities. */
  readonly trust: readonly X509Certificate[]
  /** Certificates that are not believed by themselves. */
  readonly certificates: readonly X509Certificate[]
  /** What assertions call their issuer. */
  readonly issuer?: string
  /** What assertions call who signed: NameID, or NameIdentifier. */
  readonly subject?: string
  /** What assertions must be for, and their Recipient where they have one; those for audiences are refused without it. */
  readonly audience?: string
}

/** Whose password signs, by a key that is made of it (UsernameToken Profile 1.1, section 4). */
export interface UsernameVerificationPolicy {
  readonly name: string
  readonly password: string
  /** Fewer are weak. */
  readonly minIterations: number
  /** More would keep us busy, whoever sends them. */
  readonly maxIterations: number
}

/** Who may send us messages, by a UsernameToken (UsernameToken Profile 1.1, section 3). */
export interface UsernameCheckPolicy {
  readonly name: string
  readonly password: string
  readonly type: 'text' | 'digest'
  /** Of a digest, by its Created. */
  readonly maxAgeSeconds: number
}

/** How certificates are found to be revoked: those on the path from a signer, or from the issuer of an assertion, to an anchor. */
export interface RevocationPolicy {
  /** Lists (RFC 5280, section 5): absolute paths of files, and URLs. */
  readonly crl: readonly string[]
  /** URL of a responder (RFC 6960), which is asked where no list says, or absolute path of a file with a response. */
  readonly ocsp?: string
  /** What becomes of certificates of which nobody knows. */
  readonly unknown: (typeof unknownRevocation)[number]
  /** Of a list. */
  readonly maxBytes: number
  /** Of fetching a list or asking the responder. */
  readonly timeoutMs: number
}

export const unknownRevocation = ['refuse', 'accept'] as const

export interface VerificationPolicy {
  /** Certificates that are believed: of authorities, or of the backend itself; none where `assertion`, `username` or `symmetric` says who. */
  readonly trust: readonly X509Certificate[]
  /** Certificates that are not believed by themselves: of intermediates, and those that answers only refer to. */
  readonly certificates: readonly X509Certificate[]
  readonly assertion?: AssertionPolicy
  readonly revocation?: RevocationPolicy
  readonly username?: UsernameVerificationPolicy
  /** Whether responses are signed with the key of their call, and by nobody else. */
  readonly symmetric?: boolean
  /** Whether the response must confirm the signatures of its request. */
  readonly confirmation?: boolean
  /** Each must be there and signed. `headers`, `addressing` and attachments say: all that are there. */
  readonly parts: readonly VerifiedPart[]
  readonly maxAgeSeconds: number
  readonly clockSkewSeconds: number
  /** Whether a message that came before is refused; by default one that we serve is, and a response is not. */
  readonly once?: boolean
  /** Subject of the signing certificate as RFC 4514 writes it. */
  readonly certificateSubject?: string
  /** Whether SHA-1 is good enough, in signatures and digests. */
  readonly sha1: boolean
  /** Whether inclusive canonicalization is accepted, whose digests change with what stands around a part. */
  readonly inclusive: boolean
  readonly unsignedFaults: boolean
  readonly unsignedHeaders: (typeof unsignedHeaders)[number]
  /** Whether `xsi:type` may use a prefix whose declaration no signature covers. */
  readonly unsignedPrefixes: boolean
}

/** What of a request can be encrypted: `headers` are all but wsse:Security. */
export const encryptedParts = [
  'body',
  'headers',
  'username',
  'saml',
  'signature',
  ...attachmentParts,
] as const
export type EncryptedPart = (typeof encryptedParts)[number]

export const protectionOrders = ['sign-then-encrypt', 'encrypt-then-sign'] as const
export type ProtectionOrder = (typeof protectionOrders)[number]

/** With a key that is encrypted for a recipient, or with that of the call. */
export type EncryptionPolicy = (EncryptedContent & KeyRecipient) | EncryptedContent

export interface EncryptedContent {
  readonly algorithm: DataCipherName
  readonly parts: readonly EncryptedPart[]
  /** Elements of the body, each by the local names from its child on. */
  readonly elements: readonly (readonly string[])[]
  /** The same, of which the content alone is encrypted. */
  readonly contents?: readonly (readonly string[])[]
  readonly order: ProtectionOrder
}

/** What of a response must be encrypted. */
export const decryptedParts = ['body', 'headers', 'signature', ...attachmentParts] as const
export type DecryptedPart = (typeof decryptedParts)[number]

export interface DecryptionPolicy {
  /** Ours, of which a response names one; several while one takes the place of another; none where the key is that of the call. */
  readonly keys: readonly SigningKey[]
  readonly parts: readonly DecryptedPart[]
  readonly algorithms: readonly DataCipherName[]
  readonly keyTransports: readonly KeyTransportName[]
  /** Whether a fault may come unencrypted. */
  readonly plainFaults: boolean
}

export const tokenTypes = ['saml-2.0', 'saml-1.1'] as const
export const keyTypes = ['bearer', 'public-key'] as const
/**
 * What the token of a caller is to a token service: that of whom a token is for, or that of whom this service acts for under its own
 * name (WS-Trust 1.4, sections 9.1 and 9.2).
 */
export const callerRoles = ['onBehalfOf', 'actAs'] as const
export type CallerRole = (typeof callerRoles)[number]

/** How tokens are asked for (WS-Trust 1.3, sections 3 to 6). */
export interface IssuedTokenPolicy {
  /** URL of the security token service. */
  readonly endpoint: string
  readonly soapVersion: '1.1' | '1.2'
  /** What tokens are for. */
  readonly appliesTo: string
  readonly tokenType: (typeof tokenTypes)[number]
  readonly keyType: (typeof keyTypes)[number]
  /** Where callers bring a token. */
  readonly callerRole?: CallerRole
  /** For whom tokens may be encrypted: the backend. Absent where the signature of a message names its token. */
  readonly recipient?: X509Certificate
  /** Of the key that tokens are to be bound to. */
  readonly proof?: X509Certificate
  readonly lifetimeSeconds?: number
  /** Whether a token is renewed before another is issued. */
  readonly renew: boolean
  /** Whether tokens are cancelled when the service stops. */
  readonly cancel: boolean
  /** Of messages to the token service. */
  readonly security: WsSecurityPolicy
}
