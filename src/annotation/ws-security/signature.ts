import {
  type DigestAlgorithm,
  digestMethods,
  isMac,
  type MacAlgorithm,
  macAlgorithms,
  type SignatureAlgorithm,
  signatureMethods,
} from '../../ws-security/algorithms/signature.js'
import { subjectKeyIdentifier } from '../../ws-security/certificates/certificate.js'
import { readSigningKey } from '../../ws-security/certificates/key-material.js'
import {
  type EndorsementPolicy,
  type KeyReference,
  keyReferences,
  type KeySignatureReference,
  type SignaturePolicy,
  signatureReferences,
  type SignedPart,
  signedParts,
  type SigningKey,
  type UsernameTokenPolicy,
  type WsSecurityPolicy,
} from '../../ws-security/policy.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import {
  checkAttachmentParts,
  material,
  pemOf,
  readWords,
  report,
  type Surroundings,
  weakHash,
} from './values.js'

const keyAlgorithms = Object.keys(signatureMethods) as SignatureAlgorithm[]
const algorithms = [...keyAlgorithms, ...macAlgorithms]
const digests = Object.keys(digestMethods) as DigestAlgorithm[]

/** What a signature is seen together with. */
interface Company {
  readonly timestamp: WsSecurityPolicy['timestamp']
  readonly username: UsernameTokenPolicy | undefined
  readonly hasAssertion: boolean
  /** Whether there is a key for each call. */
  readonly isSymmetric: boolean
}

/** References to secrets that both sides know, and what each is, for messages. */
const SECRETS = {
  username: 'a key that is made of the password',
  symmetric: 'the key of the call',
} as const
type SecretReference = keyof typeof SECRETS

function isSecret(reference: string): reference is SecretReference {
  return reference in SECRETS
}

/** Reads `security.signature` of a backend, as docs/annotation.md gives it. */
export function readSignature(
  reader: AnnotationReader | undefined,
  company: Company,
  around: Surroundings,
): SignaturePolicy | undefined {
  if (!reader) return undefined
  const reference =
    reader.word('reference', signatureReferences) ?? (company.isSymmetric ? 'symmetric' : 'binary-token')
  const key = readKey(reader, around, { isRequired: !isSecret(reference) })
  const algorithm = reader.word('algorithm', algorithms)
  const digest = reader.word('digest', digests) ?? 'sha256'
  const parts =
    readWords(reader, 'parts', signedParts) ??
    (company.timestamp ? (['body', 'timestamp'] as const) : (['body'] as const))
  reader.end()
  checkSigned(reader, parts, company)
  checkAttachmentParts(reader, parts, { mayStandAlone: false })
  if (!company.hasAssertion && (parts.includes('saml') || reference === 'saml')) {
    report(
      reader,
      parts.includes('saml') ? 'parts' : 'reference',
      'saml needs an assertion: security has neither saml nor issuedToken.',
    )
  }
  if (parts.includes('token') && reference !== 'binary-token' && reference !== 'symmetric') {
    report(reader, 'parts', 'parts has token, but only reference: binary-token and symmetric send one.')
  }
  checkHashes(reader, algorithm, digest)
  checkReference(reader, reference, company)
  if (isSecret(reference)) {
    checkSecret(reader, reference, algorithm)
    if (algorithm !== undefined && !isMac(algorithm)) return undefined
    return { reference, algorithm: algorithm ?? 'hmac-sha256', digest, parts }
  }
  const signing = signingWith(reader, key, reference, algorithm)
  return signing && { ...signing, reference, digest, parts }
}

/** Reads `security.endorsement` of a backend, as docs/annotation.md gives it. */
export function readEndorsement(
  reader: AnnotationReader | undefined,
  signature: unknown,
  around: Surroundings,
): EndorsementPolicy | undefined {
  if (!reader) return undefined
  const key = readKey(reader, around, { isRequired: true })
  const reference: KeyReference = reader.word('reference', keyReferences) ?? 'binary-token'
  const algorithm = reader.word('algorithm', keyAlgorithms)
  const digest = reader.word('digest', digests) ?? 'sha256'
  reader.end()
  if (signature === undefined) {
    report(reader, 'key', 'endorsement signs the signature: security has none.')
  }
  checkHashes(reader, algorithm, digest)
  const signing = signingWith(reader, key, reference, algorithm)
  return signing && { ...signing, reference, digest }
}

function readKey(
  reader: AnnotationReader,
  around: Surroundings,
  { isRequired }: { readonly isRequired: boolean },
): SigningKey | undefined {
  const pem = pemOf(reader, 'key', reader.secret('key', { required: isRequired }))
  const certificate = pemOf(reader, 'certificate', reader.expanded('certificate', { required: isRequired }))
  const passphrase = reader.secret('passphrase')
  if (pem === undefined || certificate === undefined) return undefined
  return readSigningKey(
    { key: pem, certificate, ...optional('passphrase', passphrase) },
    material(reader, around),
  )
}

function checkHashes(
  reader: AnnotationReader,
  algorithm: SignatureAlgorithm | MacAlgorithm | undefined,
  digest: DigestAlgorithm,
): void {
  const isWeak = algorithm === 'rsa-sha1' || algorithm === 'hmac-sha1'
  if (isWeak || digest === 'sha1') weakHash(reader, isWeak ? 'algorithm' : 'digest')
}

function checkReference(
  reader: AnnotationReader,
  reference: SignaturePolicy['reference'],
  { username, isSymmetric }: Company,
): void {
  if (reference === 'username' && username?.type !== 'key') {
    report(
      reader,
      'reference',
      'reference: username signs with a key that is made of the password: username must have type: key.',
    )
  }
  if (reference === 'symmetric' && !isSymmetric) {
    report(
      reader,
      'reference',
      'reference: symmetric signs with a key that is made for the call: give symmetric.',
    )
  }
  if (reference !== 'symmetric' && isSymmetric) {
    report(
      reader,
      'reference',
      'symmetric makes a key for each call, which signs it: reference is symmetric. What signs with a key of ours over that is endorsement.',
    )
  }
}

/** What signs with a secret has neither key nor certificate. */
function checkSecret(
  reader: AnnotationReader,
  reference: SecretReference,
  algorithm: SignatureAlgorithm | MacAlgorithm | undefined,
): void {
  for (const key of ['key', 'certificate', 'passphrase'] as const) {
    if (reader.value[key] === undefined) continue
    report(reader, key, `reference: ${reference} signs with ${SECRETS[reference]}, without ${key}.`)
  }
  if (algorithm === undefined || isMac(algorithm)) return
  report(
    reader,
    'algorithm',
    `${SECRETS[reference].replace(/^./, (first) => first.toUpperCase())} signs with one of ${macAlgorithms.join(', ')}.`,
  )
}

/** @returns undefined, with a diagnostic, where the key does not sign so */
function signingWith(
  reader: AnnotationReader,
  key: SigningKey | undefined,
  reference: KeySignatureReference,
  algorithm: SignatureAlgorithm | MacAlgorithm | undefined,
): { readonly key: SigningKey; readonly algorithm: SignatureAlgorithm } | undefined {
  if (algorithm !== undefined && isMac(algorithm)) {
    report(
      reader,
      'algorithm',
      `${algorithm} is of reference: username and symmetric, which sign with a secret that both sides know.`,
    )
    return undefined
  }
  if (!key) return undefined
  if (reference === 'subject-key-identifier' && !subjectKeyIdentifier(key.certificate)) {
    report(reader, 'reference', 'The certificate has no subjectKeyIdentifier: use another reference.')
  }
  if (algorithm !== undefined && signatureMethods[algorithm].keyType !== key.privateKey.asymmetricKeyType) {
    report(reader, 'algorithm', `The key is not one that ${algorithm} signs with.`)
  }
  return { key, algorithm: algorithm ?? defaultAlgorithm(key) }
}

function defaultAlgorithm({ privateKey }: SigningKey): SignatureAlgorithm {
  return privateKey.asymmetricKeyType === 'ec' ? 'ecdsa-sha256' : 'rsa-sha256'
}

function checkSigned(reader: AnnotationReader, parts: readonly SignedPart[], company: Company): void {
  for (const part of ['timestamp', 'username'] as const) {
    if (!parts.includes(part) || company[part]) continue
    report(reader, 'parts', `parts has ${part}, but security has none: there would be nothing to sign.`)
  }
}
