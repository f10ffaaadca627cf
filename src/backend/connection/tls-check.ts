import { X509Certificate } from 'node:crypto'
import { Duplex } from 'node:stream'
import { type SecureContext, TLSSocket } from 'node:tls'
import type { TlsPolicy } from '../policy.js'
import { tlsOptions } from './tls.js'

export interface TlsFinding {
  /** The setting that it is about. */
  readonly key: keyof TlsPolicy
  readonly severity: 'error' | 'warning'
  /** What is wrong and what to do; never a part of a key or passphrase. */
  readonly message: string
}

const pem = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g

/**
 * Finds what would make every TLS connection fail, before the first one does.
 *
 * @param now milliseconds since the epoch, for the validity of certificates
 */
export function checkTls(policy: TlsPolicy, now = Date.now()): TlsFinding[] {
  const findings: TlsFinding[] = []
  for (const key of ['ca', 'certificate'] as const) {
    const text = policy[key]?.toString('latin1')
    if (text !== undefined) findings.push(...checkCertificates(key, text, now))
  }
  if (findings.some(({ severity }) => severity === 'error')) return findings
  const context = contextOf(policy)
  if ('finding' in context) return [...findings, context.finding]
  if (policy.pkcs12) {
    const own = certificateIn(context.secureContext)
    if (own) findings.push(...checkValidity('pkcs12', own, now))
    else findings.push({ key: 'pkcs12', severity: 'error', message: 'pkcs12 holds no certificate.' })
  }
  return findings
}

function checkCertificates(key: 'ca' | 'certificate', text: string, now: number): TlsFinding[] {
  const blocks = text.match(pem)
  if (!blocks) return [{ key, severity: 'error', message: `${key} holds no certificate in PEM.` }]
  return blocks.flatMap((block, index) => {
    try {
      return checkValidity(key, new X509Certificate(block), now)
    } catch {
      const which = blocks.length > 1 ? ` number ${index + 1}` : ''
      return [
        { key, severity: 'error' as const, message: `The certificate${which} in ${key} cannot be read.` },
      ]
    }
  })
}

function checkValidity(key: keyof TlsPolicy, certificate: X509Certificate, now: number): TlsFinding[] {
  const { validFrom, validTo } = certificate
  const message =
    Date.parse(validTo) < now
      ? `The certificate in ${key} expired on ${dayOf(validTo)}: replace it.`
      : Date.parse(validFrom) > now
        ? `The certificate in ${key} is not valid before ${dayOf(validFrom)}.`
        : undefined
  return message === undefined ? [] : [{ key, severity: 'warning', message }]
}

function dayOf(date: string): string {
  return new Date(date).toISOString().slice(0, 10)
}

function contextOf(policy: TlsPolicy): { secureContext: SecureContext } | { finding: TlsFinding } {
  try {
    return tlsOptions(policy)
  } catch (error) {
    return { finding: explain(error, policy) }
  }
}

/** OpenSSL's reasons in words that say which setting to mend. */
function explain(error: unknown, policy: TlsPolicy): TlsFinding {
  const { code, message } = error as NodeJS.ErrnoException
  const wrong = (key: keyof TlsPolicy, text: string): TlsFinding => ({
    key,
    severity: 'error',
    message: text,
  })
  if (code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH') return wrong('key', 'key does not belong to certificate.')
  const file = policy.pkcs12 ? 'pkcs12' : 'key'
  if (code === 'ERR_OSSL_BAD_DECRYPT' || message === 'mac verify failure') {
    return policy.passphrase === undefined
      ? wrong(file, `${file} is encrypted: give its passphrase.`)
      : wrong('passphrase', `passphrase does not open ${file}.`)
  }
  if (code === 'ERR_CRYPTO_UNSUPPORTED_OPERATION') {
    return wrong(
      file,
      `${file} is encrypted with an algorithm that OpenSSL 3 no longer reads, such as RC2: export it anew.`,
    )
  }
  return wrong(
    file,
    `${file} cannot be read: it must be ${policy.pkcs12 ? 'PKCS #12' : 'a private key in PEM'}.`,
  )
}

/** The client's certificate that a context holds. */
function certificateIn(secureContext: SecureContext): X509Certificate | undefined {
  const nowhere = new Duplex({
    read: () => undefined,
    write: (_, __, done) => {
      done()
    },
  })
  const socket = new TLSSocket(nowhere, { secureContext, isServer: true })
  try {
    const own = socket.getCertificate()
    return own && 'raw' in own ? new X509Certificate(own.raw) : undefined
  } finally {
    socket.destroy()
  }
}
