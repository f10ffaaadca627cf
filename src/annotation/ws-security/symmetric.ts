import { dataCiphers } from '../../ws-security/algorithms/encryption.js'
import { conversationVersions } from '../../ws-security/names.js'
import type { DecryptionPolicy, EncryptionPolicy, SymmetricPolicy } from '../../ws-security/policy.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import { readRecipient } from './encryption.js'
import { report, type Surroundings } from './values.js'

/** Without encryption; the longest that suites have (WS-SecurityPolicy 1.3, section 6.1). */
const USUAL_KEY_BYTES = 32

/** What is read of `security.symmetric`; how long its key is, the encryption says. */
export type SymmetricAnnotation = Omit<SymmetricPolicy, 'keyBytes'>

/** Reads `security.symmetric` of a backend, as docs/annotation.md gives it. */
export function readSymmetric(
  reader: AnnotationReader | undefined,
  signature: unknown,
  around: Surroundings,
): SymmetricAnnotation | undefined {
  if (!reader) return undefined
  const derivedKeys = reader.word('derivedKeys', conversationVersions)
  const recipient = readRecipient(reader, 'thumbprint', around)
  reader.end()
  if (signature === undefined) {
    report(
      reader,
      'certificate',
      'symmetric makes a key that signs each call: give signature: { parts } too, which says what.',
    )
  }
  return recipient && { ...recipient, ...optional('derivedKeys', derivedKeys) }
}

/** The key of a call is as long as the cipher that it is used with asks for. */
export function withKeyLength(
  symmetric: SymmetricAnnotation,
  encryption: EncryptionPolicy | undefined,
): SymmetricPolicy {
  const keyBytes = encryption ? dataCiphers[encryption.algorithm].keyBytes : USUAL_KEY_BYTES
  return { ...symmetric, keyBytes }
}

/** Without derived keys a response is encrypted with the key itself, which only ciphers of its length take. */
export function checkCiphers(
  reader: AnnotationReader,
  { keyBytes, derivedKeys }: SymmetricPolicy,
  decryption: DecryptionPolicy | undefined,
): void {
  if (!decryption || derivedKeys) return
  if (decryption.algorithms.some((algorithm) => dataCiphers[algorithm].keyBytes === keyBytes)) return
  report(
    reader,
    'decryption',
    `symmetric makes a key of ${keyBytes} octets, and none of decryption.algorithms takes one so long: encryption.algorithm says how long it is, 32 octets without.`,
  )
}
