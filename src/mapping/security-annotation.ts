import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  type DigestAlgorithm,
  digestMethods,
  type SignatureAlgorithm,
  signatureMethods,
} from '../security/algorithms.js'
import { subjectKeyIdentifier } from '../security/certificate.js'
import { type KeyMaterialContext, readCertificates, readSigningKey } from '../security/key-material.js'
import {
  keyReferences,
  type SignaturePolicy,
  type SignedPart,
  signedParts,
  type SigningKey,
  unsignedHeaders,
  type UsernameTokenPolicy,
  type VerificationPolicy,
  verifiedParts,
  type WsSecurityPolicy,
} from '../security/policy.js'
import { escapeText, XmlCharacterError } from '../xml/escape.js'
import { type AnnotationReader, optional } from './annotation-reader.js'
import { isClearText } from './url.js'

const MAX_SECONDS = 86_400
const algorithms = Object.keys(signatureMethods) as SignatureAlgorithm[]
const digests = Object.keys(digestMethods) as DigestAlgorithm[]

/** What the values of `security` are read against. */
interface Surroundings {
  /** Of the backend, where the annotation has one. */
  readonly endpoint: string | undefined
  /** What the paths of certificates and keys are relative to. */
  readonly baseDir: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Reads `security` of a backend, as docs/annotation.md gives it, with the keys that it names. */
export function readSecurity(
  reader: AnnotationReader | undefined,
  endpoint: string | undefined,
  baseDir: string,
): WsSecurityPolicy | undefined {
  if (!reader) return undefined
  const around: Surroundings = { endpoint, baseDir, now: Date.now() }
  const timestamp = readTimestamp(reader.nested('timestamp'))
  const username = readUsername(reader.nested('username'), around)
  const policy: WsSecurityPolicy = {
    ...optional('timestamp', timestamp),
    ...optional('username', username),
    ...optional('signature', readSignature(reader.nested('signature'), { timestamp, username }, around)),
    ...optional('saml', readSaml(reader.nested('saml'))),
    mustUnderstand: reader.flag('mustUnderstand') ?? true,
    ...optional('actor', sendable(reader, 'actor', reader.expanded('actor'))),
    ...optional('verify', readVerification(reader.nested('verify'), around)),
  }
  reader.object('encryption')
  reader.end()
  if (reader.value.encryption !== undefined) {
    reader.diagnostics.error(
      'wss-unsupported',
      'Encryption of the message (XML Encryption) is not supported: TLS keeps it from others. Leave encryption out.',
      reader.at('encryption'),
    )
  }
  const asks = ['timestamp', 'username', 'signature', 'saml', 'verify'].some((key) => key in reader.value)
  if (!asks) {
    report(
      reader,
      'timestamp',
      'security has none of timestamp, username, signature, saml and verify: it asks for nothing.',
    )
  }
  return policy
}

function report(reader: AnnotationReader, key: string, message: string): void {
  reader.diagnostics.error('wss-policy', message, reader.at(key))
}

function readTimestamp(reader: AnnotationReader | undefined): WsSecurityPolicy['timestamp'] {
  if (!reader) return undefined
  const ttlSeconds = reader.positive('ttlSeconds') ?? 300
  reader.end()
  if (ttlSeconds > MAX_SECONDS) report(reader, 'ttlSeconds', `ttlSeconds is ${MAX_SECONDS} at most, a day.`)
  return { ttlSeconds }
}

function readUsername(
  reader: AnnotationReader | undefined,
  { endpoint }: Surroundings,
): UsernameTokenPolicy | undefined {
  if (!reader) return undefined
  const name = sendable(reader, 'name', reader.expanded('name', true))
  const password = sendable(reader, 'password', reader.secret('password', true))
  const type = reader.word('type', ['text', 'digest'], true)
  const nonce = reader.flag('nonce') ?? false
  reader.end()
  if (type === 'text' && endpoint !== undefined && isClearText(endpoint)) {
    reader.diagnostics.warning(
      'credentials-in-clear',
      'The password is sent as text to an http: endpoint, where everybody on the way can read it: use https:, or type: digest.',
      reader.at('type'),
    )
  }
  return name === undefined || password === undefined || type === undefined
    ? undefined
    : { name, password, type, nonce }
}

/** XML cannot carry every character, and a message that cannot be sent is better known at start-up. */
function sendable(reader: AnnotationReader, key: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  try {
    escapeText(text)
    return text
  } catch (error) {
    if (!(error instanceof XmlCharacterError)) throw error
    report(reader, key, `${key} has a character that XML cannot carry.`)
    return undefined
  }
}

function readSaml(reader: AnnotationReader | undefined): WsSecurityPolicy['saml'] {
  if (!reader) return undefined
  const assertion = reader.text('assertion', true)
  reader.end()
  return assertion === undefined ? undefined : { assertion }
}

interface Company {
  readonly timestamp: WsSecurityPolicy['timestamp']
  readonly username: UsernameTokenPolicy | undefined
}

function readSignature(
  reader: AnnotationReader | undefined,
  company: Company,
  around: Surroundings,
): SignaturePolicy | undefined {
  if (!reader) return undefined
  const pem = pemOf(reader, 'key', reader.secret('key', true), around)
  const certificate = pemOf(reader, 'certificate', reader.expanded('certificate', true), around)
  const passphrase = reader.secret('passphrase')
  const reference = reader.word('reference', keyReferences) ?? 'binary-token'
  const algorithm = reader.word('algorithm', algorithms)
  const digest = reader.word('digest', digests) ?? 'sha256'
  const parts =
    readParts(reader, signedParts) ??
    (company.timestamp ? (['body', 'timestamp'] as const) : (['body'] as const))
  reader.end()
  const key =
    pem !== undefined && certificate !== undefined
      ? readSigningKey(
          { key: pem, certificate, ...optional('passphrase', passphrase) },
          material(reader, around),
        )
      : undefined
  checkSigned(reader, parts, company)
  if (parts.includes('token') && reference !== 'binary-token') {
    report(reader, 'parts', 'parts has token, but only reference: binary-token sends one.')
  }
  if (algorithm === 'rsa-sha1' || digest === 'sha1') {
    weak(reader, algorithm === 'rsa-sha1' ? 'algorithm' : 'digest')
  }
  if (!key) return undefined
  checkKey(reader, key, reference, algorithm)
  return { key, reference, algorithm: algorithm ?? defaultAlgorithm(key), digest, parts }
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

function checkKey(
  reader: AnnotationReader,
  { privateKey, certificate }: SigningKey,
  reference: SignaturePolicy['reference'],
  algorithm: SignatureAlgorithm | undefined,
): void {
  if (reference === 'subject-key-identifier' && !subjectKeyIdentifier(certificate)) {
    report(reader, 'reference', 'The certificate has no subjectKeyIdentifier: use another reference.')
  }
  if (algorithm !== undefined && signatureMethods[algorithm].keyType !== privateKey.asymmetricKeyType) {
    report(reader, 'algorithm', `The key is not one that ${algorithm} signs with.`)
  }
}

function weak(reader: AnnotationReader, key: string): void {
  reader.diagnostics.warning(
    'wss-weak',
    'SHA-1 is broken; use SHA-256 where the backend can.',
    reader.at(key),
  )
}

function material(reader: AnnotationReader, { now }: Surroundings): KeyMaterialContext {
  return { diagnostics: reader.diagnostics, at: (key) => reader.at(key), now }
}

/** A value is PEM text, or else the path of a file. */
function pemOf(
  reader: AnnotationReader,
  key: string,
  text: string | undefined,
  { baseDir }: Surroundings,
): string | undefined {
  if (text === undefined || text.includes('-----BEGIN ')) return text
  try {
    return readFileSync(resolve(baseDir, text), 'utf8')
  } catch {
    // Not the path: somebody may have put the key itself there.
    reader.diagnostics.error(
      'wss-key',
      `${key} is neither PEM nor the path of a file that can be read.`,
      reader.at(key),
    )
    return undefined
  }
}

function readParts<T extends string>(
  reader: AnnotationReader,
  known: readonly T[],
): readonly T[] | undefined {
  const texts = reader.texts('parts')
  if (!texts) return undefined
  const parts = known.filter((part) => texts.includes(part))
  const strange = texts.find((text) => !known.some((part) => part === text))
  if (strange !== undefined || parts.length === 0) {
    report(reader, 'parts', `parts is a list of one or more of ${known.join(', ')}.`)
  }
  return parts
}

function readVerification(
  reader: AnnotationReader | undefined,
  around: Surroundings,
): VerificationPolicy | undefined {
  if (!reader) return undefined
  const context = material(reader, around)
  const trust = pemOf(reader, 'trust', reader.expanded('trust', true), around)
  const certificates = pemOf(reader, 'certificates', reader.expanded('certificates'), around)
  const policy = {
    certificates: certificates === undefined ? [] : readCertificates(certificates, 'certificates', context),
    parts: readParts(reader, verifiedParts) ?? (['body', 'timestamp'] as const),
    maxAgeSeconds: reader.positive('maxAgeSeconds') ?? 300,
    clockSkewSeconds: reader.positive('clockSkewSeconds') ?? 60,
    ...optional('certificateSubject', reader.expanded('certificateSubject')),
    sha1: reader.flag('sha1') ?? false,
    unsignedFaults: reader.flag('unsignedFaults') ?? false,
    unsignedHeaders: reader.word('unsignedHeaders', unsignedHeaders) ?? 'drop',
    unsignedPrefixes: reader.flag('unsignedPrefixes') ?? false,
  }
  reader.end()
  if (policy.sha1) weak(reader, 'sha1')
  if (!policy.parts.includes('body')) {
    report(reader, 'parts', 'parts must have body: an answer whose soap:Body is not signed is not verified.')
  }
  return trust === undefined ? undefined : { ...policy, trust: readCertificates(trust, 'trust', context) }
}
