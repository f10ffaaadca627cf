import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Diagnostics, SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { SigningKey } from '../policy.js'
import { isStrong, maySign, outsideValidity } from './certificate.js'

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/** Where findings about key material are reported. */
export interface KeyMaterialContext {
  readonly diagnostics: Diagnostics
  /** By key of the annotation. */
  readonly at: (key: string) => SourceLocation
  readonly now: number
}

/**
 * Reads a private key and its certificate, once, at start-up: that the key belongs to the certificate is checked here.
 *
 * @param key PEM: PKCS#8, PKCS#1 or SEC 1, encrypted or not
 * @param certificate PEM; its first certificate is that of the key
 * @returns undefined, with a diagnostic, where they cannot sign
 */
export function readSigningKey(
  { key, certificate, passphrase }: { key: string; certificate: string; passphrase?: string },
  context: KeyMaterialContext,
): SigningKey | undefined {
  const pair = readKeyPair({ key, certificate, ...(passphrase !== undefined && { passphrase }) }, context)
  const problem = pair && unfit(pair.certificate)
  if (problem === undefined) return pair
  context.diagnostics.error('wss-key', problem, context.at('certificate'))
  return undefined
}

/**
 * Reads a private key and its certificate, whatever they are for.
 *
 * @returns undefined, with a diagnostic, where they cannot be read or do not belong together
 */
export function readKeyPair(
  { key, certificate, passphrase }: { key: string; certificate: string; passphrase?: string },
  context: KeyMaterialContext,
): SigningKey | undefined {
  const privateKey = readPrivateKey(key, passphrase, context)
  const [leaf] = readCertificates(certificate, 'certificate', context)
  if (!privateKey || !leaf) return undefined
  if (leaf.checkPrivateKey(privateKey)) return { privateKey, certificate: leaf }
  context.diagnostics.error(
    'wss-key',
    'The private key does not belong to the certificate: give both from one pair, the certificate of the key first in its file.',
    context.at('certificate'),
  )
  return undefined
}

function unfit(certificate: X509Certificate): string | undefined {
  if (!maySign(certificate)) {
    return 'The certificate is not for signing: its keyUsage has neither digitalSignature nor nonRepudiation.'
  }
  return isStrong(certificate)
    ? undefined
    : 'The key must be RSA of 2048 bits or more, or on the curve P-256, P-384 or P-521.'
}

function readPrivateKey(
  pem: string,
  passphrase: string | undefined,
  { diagnostics, at }: KeyMaterialContext,
): KeyObject | undefined {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase !== undefined && { passphrase }) })
  } catch {
    // The reason that OpenSSL gives may quote what it read.
    diagnostics.error(
      'wss-key',
      'The private key cannot be read: it must be PEM, and passphrase that of the key where it is encrypted.',
      at('key'),
    )
    return undefined
  }
}

/**
 * Reads all certificates of a PEM text; one out of its validity is reported as a warning.
 *
 * @param key of the annotation that holds the text
 * @returns none, with a diagnostic, where the text holds none or one that cannot be read
 */
export function readCertificates(
  pem: string,
  key: string,
  { diagnostics, at, now }: KeyMaterialContext,
): X509Certificate[] {
  try {
    const certificates = (pem.match(CERTIFICATE) ?? []).map((text) => new X509Certificate(text))
    if (certificates.length === 0) throw new Error('no certificate')
    for (const certificate of certificates) {
      const problem = outsideValidity(certificate, now)
      if (problem !== undefined) {
        diagnostics.warning('wss-certificate-expired', `A certificate of ${key} ${problem}.`, at(key))
      }
    }
    return certificates
  } catch {
    diagnostics.error(
      'wss-key',
      `${key} must hold certificates as PEM: lines from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.`,
      at(key),
    )
    return []
  }
}
