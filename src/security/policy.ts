import { type KeyObject, type X509Certificate } from 'node:crypto'
import { type DigestAlgorithm, type SignatureAlgorithm } from './algorithms.js'

/** What a backend asks of WS-Security, and what is asked of its answers. Keys have been read and checked. */
export interface WsSecurityPolicy {
  readonly timestamp?: { readonly ttlSeconds: number }
  readonly username?: UsernameTokenPolicy
  readonly signature?: SignaturePolicy
  readonly saml?: {
    /** Where the assertion of a request comes from, as the annotation has it. */
    readonly assertion: string
  }
  /** Of the wsse:Security header sent. */
  readonly mustUnderstand: boolean
  /** SOAP 1.1 `actor`, SOAP 1.2 `role` of the wsse:Security header sent; absent for the ultimate receiver. */
  readonly actor?: string
  readonly verify?: VerificationPolicy
}

export interface UsernameTokenPolicy {
  readonly name: string
  readonly password: string
  readonly type: 'text' | 'digest'
  /** Whether a text password comes with Nonce and Created; a digest always does. */
  readonly nonce: boolean
}

export interface SignaturePolicy {
  readonly key: SigningKey
  readonly reference: KeyReference
  readonly algorithm: SignatureAlgorithm
  readonly digest: DigestAlgorithm
  readonly parts: readonly SignedPart[]
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

/** `addressing` are all WS-Addressing headers, `headers` all headers but wsse:Security. */
export const signedParts = ['body', 'timestamp', 'username', 'token', 'addressing', 'headers'] as const
export type SignedPart = (typeof signedParts)[number]

export const verifiedParts = ['body', 'timestamp', 'addressing', 'headers'] as const
export type VerifiedPart = (typeof verifiedParts)[number]

export const unsignedHeaders = ['drop', 'keep', 'refuse'] as const

export interface VerificationPolicy {
  /** Certificates that are believed: of authorities, or of the backend itself. */
  readonly trust: readonly X509Certificate[]
  /** Certificates that are not believed by themselves: of intermediates, and those that answers only refer to. */
  readonly certificates: readonly X509Certificate[]
  /** Each must be there and signed. `headers` and `addressing` say: all that are there. */
  readonly parts: readonly VerifiedPart[]
  readonly maxAgeSeconds: number
  readonly clockSkewSeconds: number
  /** Subject of the signing certificate as RFC 4514 writes it. */
  readonly certificateSubject?: string
  /** Whether SHA-1 is good enough, in signatures and digests. */
  readonly sha1: boolean
  readonly unsignedFaults: boolean
  readonly unsignedHeaders: (typeof unsignedHeaders)[number]
  /** Whether `xsi:type` may use a prefix whose declaration no signature covers. */
  readonly unsignedPrefixes: boolean
}
