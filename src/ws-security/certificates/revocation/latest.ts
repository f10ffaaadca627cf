import type { RevocationStatus } from './status.js'

type Known<S extends RevocationStatus['status']> = RevocationStatus & { readonly status: S }

const MAX_REVOKED = 10_000
const MAX_GOOD = 1_000

/**
 * The newest statements about certificates, by the time for which each was made (thisUpdate: RFC 6960, section 4.2.2.1). Whoever has kept
 * an older one that has not expired takes nothing back with it.
 */
export class LatestStatements {
  readonly #revoked = new Map<string, Known<'revoked'>>()
  readonly #good = new Map<string, Known<'good'>>()

  /**
   * What is known of a certificate, now that something was said of it. What was revoked stays so until a newer statement says otherwise:
   * not because nobody can be asked any more.
   *
   * @param key names the certificate
   * @param now milliseconds since 1970
   */
  settled(
    key: string,
    found: RevocationStatus,
    { now, skewMs }: { readonly now: number; readonly skewMs: number },
  ): RevocationStatus {
    const revoked = this.#revoked.get(key)
    if (found.status === 'unknown') return revoked ?? found
    if (found.status === 'good') {
      // Of one and the same second nobody can say which came first.
      if (revoked && found.at <= revoked.at) return revoked
      this.#revoked.delete(key)
      keep(this.#good, key, found, MAX_GOOD)
      return found
    }
    const good = this.#good.get(key)
    if (!good || found.at >= good.at) {
      this.revoke(key, found)
      return found
    }
    if (good.until >= now - skewMs) return good
    return { status: 'unknown', why: 'what is said of it is older than what was said before' }
  }

  /** Notes what counts whatever else is said. */
  revoke(key: string, found: Known<'revoked'>): void {
    keep(this.#revoked, key, found, MAX_REVOKED)
  }
}

/** The newest of each key; where there are too many, the key that was kept first goes. */
function keep<T extends { readonly at: number }>(
  known: Map<string, T>,
  key: string,
  found: T,
  most: number,
): void {
  if ((known.get(key)?.at ?? -Infinity) > found.at) return
  known.set(key, found)
  const [oldest] = known.size > most ? known.keys() : []
  if (oldest !== undefined) known.delete(oldest)
}
