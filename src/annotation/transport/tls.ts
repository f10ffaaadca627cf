import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { checkTls } from '../../backend/connection/tls-check.js'
import { type TlsPolicy, tlsVersions } from '../../backend/policy.js'
import { readBytes, readPem } from '../reader/pem.js'
import { type AnnotationReader, optional } from '../reader/reader.js'

/**
 * Reads a map `tls`, and the certificates and keys that it names. A value is PEM text, or else the path of a file;
 * what is secret must come from the environment.
 */
export function readTls(reader: AnnotationReader | undefined): TlsPolicy | undefined {
  if (!reader) return undefined
  const before = reader.diagnostics.list.length
  const policy = {
    ...optional('ca', readPem(reader, 'ca', reader.expanded('ca'), 'tls-file')),
    ...optional('certificate', readPem(reader, 'certificate', reader.expanded('certificate'), 'tls-file')),
    ...optional('key', readPem(reader, 'key', reader.secret('key'), 'tls-file')),
    ...optional('pkcs12', pkcs12Of(reader)),
    ...optional('passphrase', reader.secret('passphrase')),
    ...optional('minimumVersion', reader.word('minimumVersion', tlsVersions)),
    ...optional('serverName', serverNameOf(reader)),
  }
  reader.end()
  if (!checkTogether(reader) || reader.diagnostics.list.length > before) return policy
  for (const { key, severity, message } of checkTls(policy)) {
    if (severity === 'error') reader.diagnostics.error('tls-invalid', message, reader.at(key))
    else reader.diagnostics.warning('tls-validity', message, reader.at(key))
  }
  return policy
}

/** PKCS #12 is binary: where `NAME_FILE` names it, its bytes count and not their text. */
function pkcs12Of(reader: AnnotationReader): Buffer | undefined {
  const { env, value } = reader
  const name = /^\$\{(\w+)\}$/.exec(String(value.pkcs12))?.[1] ?? ''
  const file = (env[name] ?? '') === '' ? env[`${name}_FILE`] : undefined
  const path = reader.secret('pkcs12')
  return path === undefined
    ? undefined
    : readBytes(reader, 'pkcs12', file === undefined ? path : resolve(file), 'tls-file')
}

/** SNI takes no addresses (RFC 6066, section 3). */
function serverNameOf(reader: AnnotationReader): string | undefined {
  const name = reader.expanded('serverName')
  if (name === undefined || (/^[a-z\d]([\w.-]*[a-z\d])?$/i.test(name) && isIP(name) === 0)) return name
  reader.diagnostics.error('tls-invalid', 'serverName must be a host name.', reader.at('serverName'))
  return undefined
}

/** @returns false, with a diagnostic, where keys are given that only make sense otherwise */
function checkTogether(reader: AnnotationReader): boolean {
  const has = (key: keyof TlsPolicy) => reader.value[key] !== undefined
  const problems: [boolean, keyof TlsPolicy, string][] = [
    [has('certificate') && !has('key'), 'certificate', 'certificate needs its key.'],
    [has('key') && !has('certificate'), 'key', 'key needs its certificate.'],
    [
      has('pkcs12') && has('certificate'),
      'pkcs12',
      'pkcs12 holds certificate and key: give one or the other.',
    ],
    [
      has('passphrase') && !has('key') && !has('pkcs12'),
      'passphrase',
      'passphrase belongs to key or pkcs12: give one of them.',
    ],
  ]
  const found = problems.filter(([isWrong]) => isWrong)
  for (const [, key, message] of found) reader.diagnostics.error('tls-invalid', message, reader.at(key))
  return found.length === 0
}
