import { X509Certificate } from 'node:crypto'
import { criticalExtensions, isStrong, maySign, outsideValidity, pathLength } from './certificate.js'

const MAX_PATH = 6
const MAX_REMEMBERED = 64
/** Signatures that one search verifies, since whoever sends a message chooses what there is to search. */
const MAX_VERIFICATIONS = 64

/** From a certificate to an anchor, each but the last issued by the next. */
export type CertificatePath = readonly [X509Certificate, ...X509Certificate[]]

/** What is thought of a certificate: a path to an anchor, or why it is not believed. */
export type Belief = { readonly path: CertificatePath } | { readonly problem: string }

/**
 * Decides whether a certificate is believed (RFC 5280, section 6, without policies): it is one of the anchors, or a path of
 * issuers leads from it to one. node:crypto checks names, key identifiers and the keyUsage of issuers (`checkIssued`), and
 * signatures (`verify`). Extensions that are critical and not understood, such as name constraints, end a path.
 */
export class TrustStore {
  /** Paths that were found, by the bytes of the certificate: signers are few, and a path costs a verification each. */
  readonly #paths = new Map<string, CertificatePath>()

  constructor(
    readonly anchors: readonly X509Certificate[],
    readonly intermediates: readonly X509Certificate[],
    /** What the annotation calls the anchors. */
    readonly name = 'verify.trust',
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
   * @param offered certificates that came with it, which may be those of intermediates
   */
  judge(certificate: X509Certificate, now: number, offered: readonly X509Certificate[] = []): Belief {
    if (!isStrong(certificate)) {
      return { problem: 'has a key that is too short or of a kind that is not supported' }
    }
    if (!maySign(certificate)) return { problem: 'is not for signing (keyUsage)' }
    const path = this.#path(certificate, offered)
    if (!path) return { problem: `does not lead to a certificate of ${this.name}` }
    for (const each of path) {
      const problem = outsideValidity(each, now)
      if (problem !== undefined) {
        return { problem: each === path[0] ? problem : `has an issuer that ${problem}` }
      }
    }
    const problem = problemOf(path)
    return problem === undefined ? { path } : { problem }
  }

  #path(certificate: X509Certificate, offered: readonly X509Certificate[]): CertificatePath | undefined {
    const key = certificate.raw.toString('base64')
    const known = this.#paths.get(key)
    if (known) return known
    const search = new Search(this.anchors, [...this.intermediates, ...offered])
    const path = search.from(certificate, [])
    // Only what is believed is remembered, so that strangers fill no memory.
    if (path && this.#paths.size < MAX_REMEMBERED) this.#paths.set(key, path)
    return path
  }
}

class Search {
  #left = MAX_VERIFICATIONS

  constructor(
    readonly anchors: readonly X509Certificate[],
    readonly intermediates: readonly X509Certificate[],
  ) {}

  /** @param before what leads to it, so that no path goes in circles */
  from(certificate: X509Certificate, before: readonly X509Certificate[]): CertificatePath | undefined {
    if (this.anchors.some(({ raw }) => raw.equals(certificate.raw))) return [certificate]
    const anchor = this.anchors.find((each) => this.#isIssuer(each, certificate))
    if (anchor) return [certificate, anchor]
    const path = [...before, certificate]
    if (path.length > MAX_PATH) return undefined
    for (const intermediate of this.intermediates) {
      if (path.some(({ raw }) => raw.equals(intermediate.raw))) continue
      if (!isStrong(intermediate) || !this.#isIssuer(intermediate, certificate)) continue
      const rest = this.from(intermediate, path)
      if (rest) return [certificate, ...rest]
    }
    return undefined
  }

  /** `ca` is basicConstraints; a certificate that is none of an authority has issued nothing. */
  #isIssuer(issuer: X509Certificate, certificate: X509Certificate): boolean {
    if (!issuer.ca || !certificate.checkIssued(issuer) || this.#left-- <= 0) return false
    return certificate.verify(issuer.publicKey)
  }
}

/** Extensions that are looked at, or bind nobody here. */
const UNDERSTOOD = new Set([
  'basicConstraints',
  'keyUsage',
  'extKeyUsage',
  'subjectAltName',
  'certificatePolicies',
  'cRLDistributionPoints',
])

/** What issuers have forbidden. Of an anchor only the length counts: it is believed as it is. */
function problemOf(path: CertificatePath): string | undefined {
  for (const [index, each] of path.entries()) {
    const isAnchor = index === path.length - 1
    if (index > 0 && (pathLength(each) ?? Infinity) < index - 1) {
      return 'has more issuers than one of them allows (pathLenConstraint)'
    }
    const strange = isAnchor ? undefined : criticalExtensions(each).find((name) => !UNDERSTOOD.has(name))
    if (strange !== undefined) {
      const what = `a critical extension that is not supported (${strange})`
      return index === 0 ? `has ${what}` : `has an issuer with ${what}`
    }
  }
  return undefined
}
