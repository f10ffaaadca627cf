import { X509Certificate } from 'node:crypto'
import {
  criticalExtensions,
  isStrong,
  issuerHash,
  maySign,
  outsideValidity,
  pathLength,
} from './certificate.js'

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
  readonly #name: string
  readonly #sha1: boolean

  /**
   * @param options.name what the annotation calls the anchors
   * @param options.sha1 whether issuers may have signed certificates with SHA-1; an anchor is believed without its signature
   */
  constructor(
    readonly anchors: readonly X509Certificate[],
    readonly intermediates: readonly X509Certificate[],
    { name = 'verify.trust', sha1 = false }: { readonly name?: string; readonly sha1?: boolean } = {},
  ) {
    this.#name = name
    this.#sha1 = sha1
  }

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
    const rules = { now, sha1: this.#sha1 }
    const key = certificate.raw.toString('base64')
    const known = this.#paths.get(key)
    const before = known && problemOf(known, rules)
    if (known && before === undefined) return { path: known }
    // An issuer may have a newer certificate than the one on the path that was found.
    const search = new Search(this.anchors, [...this.intermediates, ...offered], rules)
    const path = search.from(certificate, [])
    if (!path) {
      const problem = before ?? search.problem ?? `does not lead to a certificate of ${this.#name}`
      return { problem }
    }
    // Only what is believed is remembered, so that strangers fill no memory.
    if (known || this.#paths.size < MAX_REMEMBERED) this.#paths.set(key, path)
    return { path }
  }
}

interface Rules {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly sha1: boolean
}

class Search {
  #left = MAX_VERIFICATIONS
  /** Why the first path that leads to an anchor is not believed. */
  problem: string | undefined

  constructor(
    readonly anchors: readonly X509Certificate[],
    readonly intermediates: readonly X509Certificate[],
    readonly rules: Rules,
  ) {}

  /** @param before what leads to it, so that no path goes in circles */
  from(certificate: X509Certificate, before: readonly X509Certificate[]): CertificatePath | undefined {
    const path = [...before, certificate]
    if (this.anchors.some(({ raw }) => raw.equals(certificate.raw))) {
      return this.#isGood(path) ? [certificate] : undefined
    }
    for (const anchor of this.anchors) {
      if (this.#isIssuer(anchor, certificate) && this.#isGood([...path, anchor])) return [certificate, anchor]
    }
    if (path.length > MAX_PATH) return undefined
    for (const intermediate of this.intermediates) {
      if (path.some(({ raw }) => raw.equals(intermediate.raw))) continue
      if (!isStrong(intermediate) || !this.#isIssuer(intermediate, certificate)) continue
      const rest = this.from(intermediate, path)
      if (rest) return [certificate, ...rest]
    }
    return undefined
  }

  /** Judged here, since whoever sends a message could else offer a bad path that is found before the good one. */
  #isGood(path: readonly X509Certificate[]): boolean {
    const problem = problemOf(path, this.rules)
    this.problem ??= problem
    return problem === undefined
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

/** What is too old or too weak, and what issuers have forbidden. Of an anchor only time and length count: it is believed as it is. */
function problemOf(path: readonly X509Certificate[], { now, sha1 }: Rules): string | undefined {
  for (const [index, each] of path.entries()) {
    const isAnchor = index === path.length - 1
    const problem = outsideValidity(each, now) ?? (isAnchor ? undefined : weakness(each, sha1))
    if (problem !== undefined) return index === 0 ? problem : `has an issuer that ${problem}`
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

/** RFC 5280 leaves to applications which algorithms count; with MD5 and SHA-1 strangers have made certificates of authorities. */
function weakness(certificate: X509Certificate, sha1: boolean): string | undefined {
  const hash = issuerHash(certificate)
  if (hash === undefined) return 'is signed with MD5 or another algorithm that is not supported'
  if (hash === 'strong' || sha1) return undefined
  return 'is signed with SHA-1, which only counts where verify.sha1 says so'
}
