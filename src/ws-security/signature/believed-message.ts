import type { CertificatePath } from '../certificates/trust.js'

/** What is known of a message once its signatures are believed. */
export interface BelievedMessage {
  /** The signatures over its Timestamp, each by a name that only a copy of it has; none where no Timestamp is signed. */
  readonly signatures: readonly SignatureName[]
  /** When it was made, by its Timestamp, in milliseconds since 1970. */
  readonly createdAt: number
  /** What the belief rests on, from a certificate to one that is trusted by itself. */
  readonly paths: readonly NamedPath[]
}

export interface NamedPath {
  readonly path: CertificatePath
  /** Whose certificate comes first, for messages. */
  readonly of: 'the signature' | 'the assertion’s issuer'
}

/** The name of a signature: of the key, and of what it signed, so that no other form of the same value has another. */
export interface SignatureName {
  readonly key: string
  readonly id: string
}
