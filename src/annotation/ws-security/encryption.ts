import type { X509Certificate } from 'node:crypto'
import {
  type DataCipherName,
  dataCipherNames,
  dataCiphers,
  gcmCiphers,
  type KeyTransport,
  keyTransportNames,
  oaepHashes,
} from '../../ws-security/algorithms/encryption.js'
import { isRsa, mayEncipher, subjectKeyIdentifier } from '../../ws-security/certificates/certificate.js'
import { readCertificates, readKeyPair } from '../../ws-security/certificates/key-material.js'
import {
  attachmentCoverage,
  decryptedParts,
  type DecryptionPolicy,
  type EncryptedContent,
  encryptedParts,
  type EncryptionPolicy,
  type KeyRecipient,
  type KeyReference,
  keyReferences,
  protectionOrders,
  type SigningKey,
  type WsSecurityPolicy,
} from '../../ws-security/policy.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import {
  checkAttachmentParts,
  material,
  pemOf,
  readWords,
  refuseBeside,
  report,
  type Surroundings,
} from './values.js'

/** What encryption is seen together with. */
type Company = Pick<WsSecurityPolicy, 'signature' | 'username' | 'saml'> & {
  /** Whether there is a key for each call. */
  readonly isSymmetric: boolean
}

/** Reads `security.encryption` of a backend, as docs/annotation.md gives it. */
export function readEncryption(
  reader: AnnotationReader | undefined,
  company: Company,
  around: Surroundings,
): EncryptionPolicy | undefined {
  if (!reader) return undefined
  const { isSymmetric } = company
  if (isSymmetric) refuseBeside(reader, 'encryption', RECIPIENT_KEYS)
  const recipient = isSymmetric ? undefined : readRecipient(reader, 'issuer-serial', around)
  const algorithm = reader.word('algorithm', dataCipherNames) ?? 'aes256-gcm'
  const elements = (reader.texts('elements') ?? []).map((path) => readPath(reader, 'elements', path))
  const contents = (reader.texts('contents') ?? []).map((path) => readPath(reader, 'contents', path))
  const isDeep = elements.length > 0 || contents.length > 0
  const parts = readWords(reader, 'parts', encryptedParts) ?? (isDeep ? [] : (['body'] as const))
  const order = reader.word('order', protectionOrders) ?? 'sign-then-encrypt'
  reader.end()
  const deep = contents.length > 0 ? { elements, contents } : { elements }
  const policy = { algorithm, parts, ...deep, order }
  checkEncryption(reader, policy, company)
  checkAttachmentParts(reader, parts, { mayStandAlone: true })
  if (isSymmetric) return policy
  return recipient && { ...policy, ...recipient }
}

const RECIPIENT_KEYS = ['certificate', 'reference', 'keyTransport', 'digest', 'mgf']

/** Reads for whom keys are encrypted, and how. */
export function readRecipient(
  reader: AnnotationReader,
  usualReference: KeyReference,
  around: Surroundings,
): KeyRecipient | undefined {
  const pem = pemOf(reader, 'certificate', reader.expanded('certificate', { required: true }))
  const reference = reader.word('reference', keyReferences) ?? usualReference
  const keyTransport = readTransport(reader)
  if (pem === undefined) return undefined
  const [certificate] = readCertificates(pem, 'certificate', material(reader, around))
  if (!certificate || !isRecipient(reader, certificate)) return undefined
  if (reference === 'subject-key-identifier' && !subjectKeyIdentifier(certificate)) {
    report(reader, 'reference', 'The certificate has no subjectKeyIdentifier: use another reference.')
  }
  return { certificate, reference, keyTransport }
}

function readTransport(reader: AnnotationReader): KeyTransport {
  const name = reader.word('keyTransport', keyTransportNames) ?? 'rsa-oaep-mgf1p'
  const digest = reader.word('digest', oaepHashes)
  const mgf = reader.word('mgf', oaepHashes)
  if (name === 'rsa-1_5') {
    if (digest !== undefined) report(reader, 'digest', 'digest is of OAEP: rsa-1_5 has none.')
    weak(
      reader,
      'keyTransport',
      'RSA 1.5 can be attacked where receivers tell what was wrong with a key; use rsa-oaep-mgf1p.',
    )
  }
  if (name !== 'rsa-oaep' && mgf !== undefined) {
    report(
      reader,
      'mgf',
      'mgf is of keyTransport: rsa-oaep alone; rsa-oaep-mgf1p has MGF1 with SHA-1 always.',
    )
  }
  const usual = name === 'rsa-oaep' ? 'sha256' : 'sha1'
  return { name, digest: digest ?? usual, mgf: mgf ?? usual }
}

/** A path of local names, from a child of the soap:Body on. */
function readPath(reader: AnnotationReader, key: 'elements' | 'contents', path: string): readonly string[] {
  const names = path.split('/')
  if (names.some((name) => name === '' || /[\s:{}@*[\]]/.test(name))) {
    report(reader, key, `${key} are paths of local names from a child of the soap:Body on, such as Pay/Card.`)
  }
  return names
}

function checkEncryption(
  reader: AnnotationReader,
  { algorithm, parts, elements, contents = [], order }: EncryptedContent,
  { signature, username, saml }: Company,
): void {
  for (const [part, value] of [
    ['username', username],
    ['saml', saml],
    ['signature', signature],
  ] as const) {
    if (parts.includes(part) && !value) {
      report(reader, 'parts', `parts has ${part}, but security has none: there would be nothing to encrypt.`)
    }
    if (parts.includes(part) && order === 'encrypt-then-sign') {
      report(
        reader,
        'order',
        `${part} stands in wsse:Security and can only be encrypted with order: sign-then-encrypt.`,
      )
    }
  }
  if (order === 'encrypt-then-sign' && !signature) {
    report(reader, 'order', 'order: encrypt-then-sign needs a signature.')
  }
  if (parts.includes('body') && elements.length + contents.length > 0) {
    const key = elements.length > 0 ? 'elements' : 'contents'
    report(reader, key, `${key} are within the body, which parts encrypts whole: leave one of them out.`)
  }
  if (dataCiphers[algorithm].mode === 'cbc') {
    if (!signature?.parts.includes('body')) {
      report(
        reader,
        'algorithm',
        'CBC protects nothing from changes: it needs a signature with body among its parts.',
      )
    } else if (attachmentCoverage(parts) && !attachmentCoverage(signature.parts)) {
      report(
        reader,
        'algorithm',
        'CBC protects nothing from changes: it needs a signature with attachments among its parts.',
      )
    }
    weak(reader, 'algorithm', CBC)
  }
}

const CBC =
  'CBC can be attacked where receivers tell what was wrong with a message; use aes256-gcm where the backend can.'

/** Reads `security.decryption` of a backend, as docs/annotation.md gives it. */
export function readDecryption(
  reader: AnnotationReader | undefined,
  { verify, isSymmetric }: Pick<WsSecurityPolicy, 'verify'> & Pick<Company, 'isSymmetric'>,
  around: Surroundings,
): DecryptionPolicy | undefined {
  if (!reader) return undefined
  if (isSymmetric) refuseBeside(reader, 'decryption', RECIPIENT_KEY_KEYS)
  const keys = isSymmetric ? [] : readRecipientKeys(reader, around)
  const algorithms = readWords(reader, 'algorithms', dataCipherNames) ?? gcmCiphers
  const keyTransports =
    readWords(reader, 'keyTransports', keyTransportNames) ??
    keyTransportNames.filter((name) => name !== 'rsa-1_5')
  const parts = readWords(reader, 'parts', decryptedParts, { mayBeEmpty: true }) ?? (['body'] as const)
  const plainFaults = reader.flag('plainFaults') ?? false
  reader.end()
  checkAttachmentParts(reader, parts, { mayStandAlone: true })
  if (algorithms.some(isCbc)) checkCbc(reader, verify)
  if (keyTransports.includes('rsa-1_5')) {
    weak(reader, 'keyTransports', 'RSA 1.5 is accepted; use rsa-oaep-mgf1p where the backend can.')
  }
  return keys && { keys, parts, algorithms, keyTransports, plainFaults }
}

const RECIPIENT_KEY_KEYS = ['key', 'certificate', 'passphrase', 'previous', 'keyTransports']

/** @returns undefined, with a diagnostic, where there is none of our own */
function readRecipientKeys(
  reader: AnnotationReader,
  around: Surroundings,
): readonly SigningKey[] | undefined {
  const current = readRecipientKey(reader, around)
  const nested = reader.nested('previous')
  const previous = nested && readRecipientKey(nested, around)
  nested?.end()
  return current && [current, ...(previous ? [previous] : [])]
}

function isCbc(name: DataCipherName): boolean {
  return dataCiphers[name].mode === 'cbc'
}

function checkCbc(reader: AnnotationReader, verify: WsSecurityPolicy['verify']): void {
  if (!verify || verify.unsignedFaults || verify.unsignedHeaders === 'keep') {
    report(
      reader,
      'algorithms',
      'CBC protects nothing from changes: it needs verify, without unsignedFaults and without unsignedHeaders: keep.',
    )
  }
  weak(reader, 'algorithms', CBC)
}

function readRecipientKey(reader: AnnotationReader, around: Surroundings): SigningKey | undefined {
  const key = pemOf(reader, 'key', reader.secret('key', { required: true }))
  const certificate = pemOf(reader, 'certificate', reader.expanded('certificate', { required: true }))
  const passphrase = reader.secret('passphrase')
  if (key === undefined || certificate === undefined) return undefined
  const pair = readKeyPair(
    { key, certificate, ...optional('passphrase', passphrase) },
    material(reader, around),
  )
  return pair && isRecipient(reader, pair.certificate) ? pair : undefined
}

function isRecipient(reader: AnnotationReader, certificate: X509Certificate): boolean {
  const problem = !isRsa(certificate)
    ? 'Messages are encrypted for RSA keys of 2048 bits or more; that of the certificate is none.'
    : mayEncipher(certificate)
      ? undefined
      : 'The certificate is not for encryption: its keyUsage has neither keyEncipherment nor dataEncipherment.'
  if (problem !== undefined) reader.diagnostics.error('wss-key', problem, reader.at('certificate'))
  return problem === undefined
}

function weak(reader: AnnotationReader, key: string, message: string): void {
  reader.diagnostics.warning('wss-weak', message, reader.at(key))
}
