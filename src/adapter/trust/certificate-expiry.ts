import { X509Certificate } from 'node:crypto'
import type { BackendMapping } from '../../mapping/operation/mapping.js'
import type { WsSecurityPolicy } from '../../ws-security/policy.js'

/**
 * When the certificates that calls of backends rest on expire, each once: those of WS-Security, of token services and of
 * clients in TLS. Those within a PKCS #12 file cannot be told.
 *
 * @returns milliseconds since 1970
 */
export function certificateExpiries(backends: readonly BackendMapping[]): readonly number[] {
  const certificates = backends.flatMap(({ security, issuedToken, policy }) => [
    ...(security ? certificatesOf(security) : []),
    ...(issuedToken ? certificatesOf(issuedToken.policy.security) : []),
    ...[policy.tls, issuedToken?.connection.tls].flatMap((tls) => leafOf(tls?.certificate)),
  ])
  const byFingerprint = new Map(certificates.map((each) => [each.fingerprint256, Date.parse(each.validTo)]))
  return [...byFingerprint.values()]
}

function certificatesOf(policy: WsSecurityPolicy): X509Certificate[] {
  const { signature, endorsement, symmetric, encryption, decryption, verify } = policy
  return [
    ...(signature && 'key' in signature ? [signature.key.certificate] : []),
    ...(endorsement ? [endorsement.key.certificate] : []),
    ...(symmetric ? [symmetric.certificate] : []),
    ...(encryption && 'certificate' in encryption ? [encryption.certificate] : []),
    ...(decryption?.keys.map(({ certificate }) => certificate) ?? []),
    ...(verify ? [...verify.trust, ...verify.certificates] : []),
    ...(verify?.assertion ? [...verify.assertion.trust, ...verify.assertion.certificates] : []),
  ]
}

/** The first certificate of PEM; what cannot be read is reported where it is used. */
function leafOf(pem: Buffer | undefined): X509Certificate[] {
  try {
    return pem ? [new X509Certificate(pem)] : []
  } catch {
    return []
  }
}
