import { X509Certificate } from 'node:crypto'
import { isStrong, maySign, outsideValidity } from './certificate.js'

const MAX_PATH = 6
const MAX_REMEMBERED = 64

/**
 * Decides whether a certificate is believed (RFC 5280, section 6, without policies, name constraints, lengths of paths and
 * revocation): it
 * is one of the anchors, or a path of issuers leads from it to one. node:crypto checks names, key identifiers and
 * the keyUsage of issuers (`checkIssued`), and signatures (`verify`).
 */
export class TrustStore {
  /** Paths that were found, by the bytes of the certificate: signers are few, and a path costs a verification each. */
  readonly #paths = new Map<string, readonly X509Certificate[]>()

  constructor(
    readonly anchors: readonly X509Certificate[],
    readonly intermediates: readonly X509Certificate[],
  ) {}

  /**
   * Reads a certificate, or finds the one that was read when it was first believed: reading takes longer than verifying.
   *
   * @throws Error where it cannot be read
   */
  certificate(der: Buffer): X509Certificate {
    return this.#paths.get(der.toString('base64'))?.[0] ?? new X509Certificate(der)
  }

  /**
   * @param now milliseconds since 1970
   * @returns why it is not believed; undefined where it is
   */
  distrust(certificate: X509Certificate, now: number): string | undefined {
    if (!isStrong(certificate)) return 'has a key that is too short or of a kind that is not supported'
    if (!maySign(certificate)) return 'is not for signing (keyUsage)'
    const path = this.#path(certificate)
    if (!path) return 'does not lead to a certificate of verify.trust'
    for (const each of path) {
      const problem = outsideValidity(each, now)
      if (problem !== undefined) return each === path[0] ? problem : `has an issuer that ${problem}`
    }
    return undefined
  }

  #path(certificate: X509Certificate): readonly X509Certificate[] | undefined {
    const key = certificate.raw.toString('base64')
    const known = this.#paths.get(key)
    if (known) return known
    const path = this.#search(certificate, MAX_PATH)
    // Only what is believed is remembered, so that strangers fill no memory.
    if (path && this.#paths.size < MAX_REMEMBERED) this.#paths.set(key, path)
    return path
  }

  #search(certificate: X509Certificate, steps: number): X509Certificate[] | undefined {
    if (this.anchors.some((anchor) => anchor.raw.equals(certificate.raw))) return [certificate]
    for (const anchor of this.anchors) {
      if (isIssuer(anchor, certificate)) return [certificate, anchor]
    }
    if (steps === 0) return undefined
    for (const intermediate of this.intermediates) {
      if (intermediate.raw.equals(certificate.raw) || !isIssuer(intermediate, certificate)) continue
      const rest = this.#search(intermediate, steps - 1)
      if (rest) return [certificate, ...rest]
    }
    return undefined
  }
}

/** `ca` is basicConstraints; a certificate that is none of an authority has issued nothing. */
function isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}
