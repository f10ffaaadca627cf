import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { isHttpUrl } from '../../base/http-url.js'
import { readCertificates } from '../../ws-security/certificates/key-material.js'
import { readRevocationList } from '../../ws-security/certificates/revocation/crl.js'
import { checkIsResponse } from '../../ws-security/certificates/revocation/ocsp.js'
import { RevocationError } from '../../ws-security/certificates/revocation/signed-der.js'
import {
  type AssertionPolicy,
  type RevocationPolicy,
  unknownRevocation,
  unsignedHeaders,
  type UsernameVerificationPolicy,
  type VerificationPolicy,
  verifiedParts,
} from '../../ws-security/policy.js'
import { MAX_ITERATIONS, MIN_ITERATIONS } from '../../ws-security/tokens/derived-key.js'
import { expand } from '../reader/environment.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import {
  checkAttachmentParts,
  checkPasswordOfKey,
  material,
  pemOf,
  readWords,
  refuseBeside,
  report,
  type Surroundings,
  weakHash,
} from './values.js'

/** Reads `security.verify` of a backend, as docs/annotation.md gives it. */
export function readVerification(
  reader: AnnotationReader | undefined,
  isSymmetric: boolean,
  around: Surroundings,
): VerificationPolicy | undefined {
  if (!reader) return undefined
  if (isSymmetric) refuseBeside(reader, 'verify', SIGNER_KEYS)
  const context = material(reader, around)
  const isTrustNeeded =
    !isSymmetric && reader.value.assertion === undefined && reader.value.username === undefined
  const username = readUsername(reader.nested('username'))
  const assertion = readAssertion(reader.nested('assertion'), around)
  const trust = pemOf(reader, 'trust', reader.expanded('trust', { required: isTrustNeeded }))
  const certificates = pemOf(reader, 'certificates', reader.expanded('certificates'))
  const policy = {
    certificates: certificates === undefined ? [] : readCertificates(certificates, 'certificates', context),
    parts: readWords(reader, 'parts', verifiedParts) ?? (['body', 'timestamp'] as const),
    maxAgeSeconds: reader.positive('maxAgeSeconds') ?? 300,
    clockSkewSeconds: reader.positive('clockSkewSeconds') ?? 60,
    ...optional('certificateSubject', reader.expanded('certificateSubject')),
    ...optional('assertion', assertion),
    ...optional('username', username),
    ...optional('revocation', readRevocation(reader.nested('revocation'))),
    ...optional('once', reader.flag('once')),
    ...(isSymmetric && { symmetric: true }),
    confirmation: reader.flag('confirmation') ?? false,
    sha1: reader.flag('sha1') ?? false,
    inclusive: reader.flag('inclusive') ?? false,
    unsignedFaults: reader.flag('unsignedFaults') ?? false,
    unsignedHeaders: reader.word('unsignedHeaders', unsignedHeaders) ?? 'drop',
    unsignedPrefixes: reader.flag('unsignedPrefixes') ?? false,
  }
  reader.end()
  checkTimes(reader, policy)
  if (policy.sha1) weakHash(reader, 'sha1')
  checkAttachmentParts(reader, policy.parts, { mayStandAlone: true })
  if (!policy.parts.includes('body')) {
    report(reader, 'parts', 'parts must have body: a response whose soap:Body is not signed is not verified.')
  }
  if (policy.once && !policy.parts.includes('timestamp')) {
    report(
      reader,
      'once',
      'once needs timestamp among parts: without a signed Timestamp nobody knows how long to remember a message.',
    )
  }
  if (trust === undefined && !assertion && !username && !isSymmetric) return undefined
  return { ...policy, trust: trust === undefined ? [] : readCertificates(trust, 'trust', context) }
}

/** What says whose signatures are believed. */
const SIGNER_KEYS = ['trust', 'certificates', 'certificateSubject', 'assertion', 'username', 'revocation']

const MAX_AGE_SECONDS = 86_400
const MAX_SKEW_SECONDS = 3_600

/** For so long a copy of a message is as good as the message, or is remembered so that it is not. */
function checkTimes(
  reader: AnnotationReader,
  { maxAgeSeconds, clockSkewSeconds }: Pick<VerificationPolicy, 'maxAgeSeconds' | 'clockSkewSeconds'>,
): void {
  if (maxAgeSeconds > MAX_AGE_SECONDS) {
    report(
      reader,
      'maxAgeSeconds',
      `maxAgeSeconds is ${MAX_AGE_SECONDS} at most, a day: for so long a copy of a message could count, and each message is remembered where it counts once.`,
    )
  }
  if (clockSkewSeconds > MAX_SKEW_SECONDS) {
    report(
      reader,
      'clockSkewSeconds',
      `clockSkewSeconds is ${MAX_SKEW_SECONDS} at most, an hour: it makes messages count that much longer.`,
    )
  }
}

const USUAL_ITERATIONS = 10_000

/** Whose password signs. */
function readUsername(reader: AnnotationReader | undefined): UsernameVerificationPolicy | undefined {
  if (!reader) return undefined
  const name = reader.expanded('name', { required: true })
  const password = reader.secret('password', { required: true })
  const minIterations = reader.positive('minIterations') ?? MIN_ITERATIONS
  const maxIterations = reader.positive('maxIterations') ?? Math.max(USUAL_ITERATIONS, minIterations)
  reader.end()
  checkPasswordOfKey(reader, password)
  if (minIterations < MIN_ITERATIONS || maxIterations > MAX_ITERATIONS || minIterations > maxIterations) {
    report(
      reader,
      'minIterations',
      `minIterations and maxIterations are from ${MIN_ITERATIONS} to ${MAX_ITERATIONS}, the least first.`,
    )
  }
  return name === undefined || password === undefined
    ? undefined
    : { name, password, minIterations, maxIterations }
}

const MAX_LISTS = 16
const MAX_BYTES = 5 * 1_048_576

/** Where revoked certificates are looked for. */
function readRevocation(reader: AnnotationReader | undefined): RevocationPolicy | undefined {
  if (!reader) return undefined
  const crl = (reader.texts('crl') ?? []).map((written) => {
    const place = expand(written, reader.env, reader.at('crl'), reader.diagnostics)
    return place === undefined ? undefined : placeOf(reader, 'crl', place)
  })
  const ocsp = readOcsp(reader)
  const policy = {
    crl: crl.filter((place) => place !== undefined),
    ...optional('ocsp', ocsp),
    unknown: reader.word('unknown', unknownRevocation) ?? ('refuse' as const),
    maxBytes: reader.positive('maxBytes') ?? MAX_BYTES,
    timeoutMs: reader.positive('timeoutMs') ?? 5_000,
  }
  reader.end()
  if (crl.length === 0 && reader.value.ocsp === undefined) {
    report(
      reader,
      'crl',
      'revocation needs crl, files and URLs of lists, or ocsp, the URL of a responder or a file.',
    )
  }
  if (crl.length > MAX_LISTS) report(reader, 'crl', `crl has ${MAX_LISTS} lists at most.`)
  return policy
}

function readOcsp(reader: AnnotationReader): string | undefined {
  const text = reader.expanded('ocsp')
  const isOther = text !== undefined && /^[a-z][a-z0-9+.-]+:\/\//i.test(text) && !isHttpUrl(text)
  if (!isOther) return text === undefined ? undefined : placeOf(reader, 'ocsp', text)
  report(reader, 'ocsp', 'ocsp must be the http: or https: URL of a responder, or a file with a response.')
  return undefined
}

const FILES = {
  crl: { check: readRevocationList, what: 'a certificate revocation list' },
  ocsp: { check: checkIsResponse, what: 'an OCSP response in DER' },
} as const

/** A URL, or a file that must be there when the service starts. */
function placeOf(reader: AnnotationReader, key: keyof typeof FILES, text: string): string | undefined {
  if (isHttpUrl(text)) return text
  const path = resolve(reader.baseDir, text)
  try {
    FILES[key].check(readFileSync(path))
    return path
  } catch (error) {
    const why = error instanceof RevocationError ? error.message : 'it cannot be read'
    reader.diagnostics.error(
      'wss-key',
      `${key} takes http: and https: URLs, and files with ${FILES[key].what} each; of one ${why}.`,
      reader.at(key),
    )
    return undefined
  }
}

/** Whose assertions say who signs. */
function readAssertion(
  reader: AnnotationReader | undefined,
  around: Surroundings,
): AssertionPolicy | undefined {
  if (!reader) return undefined
  const context = material(reader, around)
  const trust = pemOf(reader, 'trust', reader.expanded('trust', { required: true }))
  const certificates = pemOf(reader, 'certificates', reader.expanded('certificates'))
  const policy = {
    certificates: certificates === undefined ? [] : readCertificates(certificates, 'certificates', context),
    ...optional('issuer', reader.expanded('issuer')),
    ...optional('subject', reader.expanded('subject')),
    ...optional('audience', reader.expanded('audience')),
  }
  reader.end()
  return trust === undefined ? undefined : { ...policy, trust: readCertificates(trust, 'trust', context) }
}
