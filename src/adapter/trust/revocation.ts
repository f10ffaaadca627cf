import type { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { fetchedOctets } from '../../base/bytes/fetched.js'
import { isHttpUrl } from '../../base/http-url.js'
import {
  isOfSameSeries,
  readRevocationList,
  type RevocationList,
  statusByLists,
} from '../../ws-security/certificates/revocation/crl.js'
import { LatestStatements } from '../../ws-security/certificates/revocation/latest.js'
import { ocspRequest, statusByResponse } from '../../ws-security/certificates/revocation/ocsp.js'
import { RevocationError } from '../../ws-security/certificates/revocation/signed-der.js'
import type { RevocationStatus } from '../../ws-security/certificates/revocation/status.js'
import type { RevocationPolicy } from '../../ws-security/policy.js'
import type { RevocationListFailure } from '../rest.js'

/** How often a list at a URL is fetched anew, and a file looked at. */
const REFRESH_MS = 3_600_000
const LOOK_MS = 60_000
/** After a failure, so that nobody is asked at each call. */
const PAUSE_MS = 60_000
/** Of an OCSP response: some kilobytes, with the certificate of the responder. */
const MAX_RESPONSE_BYTES = 65_536
const MAX_REMEMBERED = 1_000
/** Lists that are kept of one place: an issuer that has changed its key signs with another. */
const MAX_SERIES = 2
/** A good status counts no longer than this, whatever the responder says. */
const MAX_STATUS_MS = 3_600_000

interface Times {
  readonly now: number
  readonly skewMs: number
}

export type ListFailure = Omit<RevocationListFailure, 'backend'>

/**
 * Knows which certificates were revoked: by lists in files or at URLs, and by an OCSP responder, or its response in a file, where no list says. Lists and
 * responses are kept as long as they count; what cannot be had is not asked for again at once.
 */
export class Revocation {
  readonly #policy: RevocationPolicy
  readonly #sources: readonly ListSource[]
  /** By fingerprint of the certificate. */
  readonly #statuses = new Map<
    string,
    { readonly answer: Promise<RevocationStatus>; readonly until: number }
  >()
  readonly #latest = new LatestStatements()

  /** @param onFailure told once, until the list can be had again */
  constructor(policy: RevocationPolicy, onFailure: (failure: ListFailure) => void = () => undefined) {
    this.#policy = policy
    this.#sources = policy.crl.map(
      (place, index) =>
        new ListSource(place, policy, (cause) => {
          onFailure({ index, why: reasonOf(cause), cause })
        }),
    )
  }

  /** @param issuer of the certificate, believed; no error is thrown */
  async status(
    certificate: X509Certificate,
    issuer: X509Certificate,
    times: Times,
  ): Promise<RevocationStatus> {
    const found = await Promise.all(this.#sources.map((source) => source.lists(times.now)))
    const lists = found.flatMap((each) => (each instanceof Error ? [] : each))
    let said = statusByLists(certificate, issuer, lists, times)
    const key = certificate.fingerprint256
    if (said.status === 'revoked') {
      // What a list has revoked counts, however much newer a response is: responders lag behind lists.
      this.#latest.revoke(key, said)
      return said
    }
    const { ocsp } = this.#policy
    const failure = found.find((each) => each instanceof Error)
    if (said.status === 'unknown' && ocsp !== undefined) {
      said = await this.#asked(ocsp, certificate, issuer, times)
    } else if (said.status === 'unknown' && failure) {
      said = { status: 'unknown', why: reasonOf(failure), cause: failure }
    }
    return this.#latest.settled(key, said, times)
  }

  /** One request for all that wait; what comes of it is kept while it counts, and a file is looked at once a minute. */
  #asked(
    place: string,
    certificate: X509Certificate,
    issuer: X509Certificate,
    times: Times,
  ): Promise<RevocationStatus> {
    const key = certificate.fingerprint256
    const known = this.#statuses.get(key)
    if (known && times.now < known.until) return known.answer
    const answer = this.#ask(place, certificate, issuer, times)
    const keep = (until: number): void => {
      this.#statuses.delete(key)
      this.#statuses.set(key, { answer, until })
      const [oldest] = this.#statuses.size > MAX_REMEMBERED ? this.#statuses.keys() : []
      if (oldest !== undefined) this.#statuses.delete(oldest)
    }
    keep(times.now + PAUSE_MS)
    void answer.then((status) => {
      const most = times.now + (isHttpUrl(place) ? MAX_STATUS_MS : LOOK_MS)
      // What is older than what was said before is no reason not to ask again.
      const settled = this.#latest.settled(key, status, times)
      const until = settled.status === 'good' ? Math.min(settled.until, most) : 0
      // What counts only within the skew of clocks would else be asked for with each message.
      keep(Math.max(until, times.now + PAUSE_MS))
    })
    return answer
  }

  async #ask(
    place: string,
    certificate: X509Certificate,
    issuer: X509Certificate,
    times: Times,
  ): Promise<RevocationStatus> {
    try {
      if (!isHttpUrl(place)) {
        if ((await stat(place)).size > MAX_RESPONSE_BYTES) throw tooLong()
        return statusByResponse(await readFile(place), certificate, issuer, times)
      }
      const body = ocspRequest(certificate, issuer)
      const headers = { 'content-type': 'application/ocsp-request', accept: 'application/ocsp-response' }
      const octets = await fetched(place, this.#policy.timeoutMs, MAX_RESPONSE_BYTES, {
        method: 'POST',
        headers,
        body,
      })
      return statusByResponse(octets, certificate, issuer, times)
    } catch (error) {
      return { status: 'unknown', why: reasonOf(error), cause: error }
    }
  }
}

/** A list in a file or at a URL, and what is kept of those that were there before. */
class ListSource {
  /** The newest last. */
  #lists: readonly RevocationList[] = []
  #failure: Error | undefined
  #loadedAt = -Infinity
  /** Of the file that was read. */
  #changedAt: number | undefined
  #loading: Promise<void> | undefined
  readonly #isUrl: boolean

  constructor(
    readonly place: string,
    readonly policy: RevocationPolicy,
    readonly onFailure: (cause: Error) => void,
  ) {
    this.#isUrl = isHttpUrl(place)
  }

  /** The lists, even those that have expired; an Error where none could be had. A list that still counts is renewed meanwhile. */
  async lists(now: number): Promise<readonly RevocationList[] | Error> {
    const age = now - this.#loadedAt
    const counts = (this.#lists.at(-1)?.nextUpdate ?? -Infinity) > now
    const isDue = age > (this.#failure ? PAUSE_MS : this.#isUrl && counts ? REFRESH_MS : LOOK_MS)
    if (isDue || this.#loading) {
      this.#loading ??= this.#load(now).finally(() => (this.#loading = undefined))
      if (!counts) await this.#loading
    }
    if (this.#lists.length > 0) return this.#lists
    return this.#failure ?? new RevocationError('the list has not been read')
  }

  async #load(now: number): Promise<void> {
    this.#loadedAt = now
    try {
      const octets = this.#isUrl ? await this.#fetch() : await this.#read()
      if (octets) this.#take(readRevocationList(octets))
      this.#failure = undefined
    } catch (error) {
      // A file is read again, or the next look would find it as it was and nothing wrong with it.
      this.#changedAt = undefined
      const failure = error instanceof Error ? error : new Error(String(error))
      if (!this.#failure) this.onFailure(failure)
      this.#failure = failure
    }
  }

  /**
   * Takes a list in place of an older one of its series. A list that was believed stays beside one of another, which may be
   * that of a stranger, so that what was revoked does not become unknown.
   *
   * @throws RevocationError
   */
  #take(list: RevocationList): void {
    const believed = this.#lists.filter(({ signature }) => signature.signer !== undefined)
    const before = believed.find((each) => isOfSameSeries(list, each))
    if (before && list.thisUpdate < before.thisUpdate) {
      throw new RevocationError('the list is older than the one before it, which counts on')
    }
    const others = believed.filter((each) => each !== before)
    if (others.length < MAX_SERIES) this.#lists = [...others, list]
    if (!before && others.length > 0) {
      throw new RevocationError(
        'the list is of another issuer, key or scope than the one before it, which counts on',
      )
    }
  }

  #fetch(): Promise<Buffer> {
    return fetched(this.place, this.policy.timeoutMs, this.policy.maxBytes)
  }

  /** @returns undefined where the file is as it was */
  async #read(): Promise<Buffer | undefined> {
    const { mtimeMs, size } = await stat(this.place)
    if (mtimeMs === this.#changedAt) return undefined
    if (size > this.policy.maxBytes) throw tooLong()
    const octets = await readFile(this.place)
    this.#changedAt = mtimeMs
    return octets
  }
}

function tooLong(): RevocationError {
  return new RevocationError('it has more bytes than verify.revocation.maxBytes')
}

/** No redirects: whoever answers may not say where to ask next. */
async function fetched(
  url: string,
  timeoutMs: number,
  maxBytes: number,
  init: RequestInit = {},
): Promise<Buffer> {
  const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new RevocationError(`the server answered ${response.status}`)
  }
  return fetchedOctets(response, maxBytes, tooLong)
}

/** Ours says what was wrong; that of others names hosts and paths, which are for the log. */
function reasonOf(error: unknown): string {
  if (error instanceof RevocationError) return error.message
  return error instanceof Error && error.name === 'TimeoutError'
    ? 'there was no answer in time'
    : 'what says so cannot be reached or read'
}
