import { createHash, hash } from 'node:crypto'
import { callerName, type RestOperation, type RestRequest, type RestResponse } from '../../adapter/rest.js'
import { pick } from '../../adapter/source-value.js'
import { bytesOf } from '../../base/bytes/source.js'
import { AdapterError } from '../../base/errors.js'
import type { CachePolicy } from '../../mapping/operation/guarantees.js'
import type { Invoke } from '../answer/invoke.js'
import type { Exchange } from '../exchange.js'
import { canonicalJson } from '../idempotency/canonical-json.js'
import { noneMatchNames, requestDirectives } from './directives.js'
import { type RememberedResponse, ResponseMemory } from './memory.js'

/** A call that several identical requests wait for. */
interface Flight {
  readonly answer: Promise<RememberedResponse | RestResponse>
  readonly resource: string
  /** What it brings was changed while it was under way. */
  spoiled: boolean
  stored: boolean
}

export interface CacheState {
  readonly bytes: number
  readonly entries: number
  /**
   * `hit`: without a call. `miss`: by a call. `collapsed`: by the call of another request. `stale`: by an old answer, since the
   * backend failed. `bypass`: neither looked up nor kept.
   */
  readonly answered: Readonly<Record<'hit' | 'miss' | 'collapsed' | 'stale' | 'bypass', number>>
}

interface Lookup {
  readonly operation: RestOperation
  readonly policy: CachePolicy
  readonly request: RestRequest
  readonly invoke: Invoke
  readonly key: string
}

/** Keys that are longer are kept as their digest. */
const LONGEST_KEY = 256

/**
 * Gives answers of GET operations again where the contract allows it (RFC 9111), to the client that got them or, where
 * they are `shared`, to all. Only successes are kept. In the memory of this process, within bounds.
 */
export class ResponseCache {
  readonly #memory: ResponseMemory
  readonly #basePath: string
  readonly #flights = new Map<string, Flight>()
  readonly #answered = { hit: 0, miss: 0, collapsed: 0, stale: 0, bypass: 0 }

  /**
   * @param memory may be that of several contracts
   * @param basePath of the contract
   */
  constructor(memory = new ResponseMemory(), basePath = '') {
    this.#memory = memory
    this.#basePath = basePath
  }

  /** What it holds, and how requests were answered since the start. */
  get state(): CacheState {
    const { bytes, size: entries } = this.#memory
    return { bytes, entries, answered: { ...this.#answered } }
  }

  /** Answers a request of an operation that is marked. @throws what `invoke` throws, unless an old answer may stand in */
  async answer(
    operation: RestOperation,
    {
      policy,
      request,
      exchange: { identity },
      invoke,
    }: {
      readonly policy: CachePolicy
      readonly request: RestRequest
      readonly exchange: Exchange
      readonly invoke: Invoke
    },
  ): Promise<RestResponse> {
    const { headers } = request
    const directives = requestDirectives(text(headers['cache-control']), text(headers.pragma))
    const client = identity && (identity.client ?? identity.subject) !== undefined
    if (directives.noStore || (!policy.shared && !client)) {
      const reason = directives.noStore ? 'fwd=request' : 'fwd=bypass; detail=client-unknown'
      this.#answered.bypass++
      return this.#uncached(operation, { policy, request, invoke, reason })
    }
    const key = this.#keyOf(operation, { policy, request, identity })
    const lookup = { operation, policy, request, invoke, key }

    const known = this.#memory.get(key)
    const age = known ? ageOf(known) : Infinity
    const maxAge = Math.min(policy.maxAgeSeconds, directives.maxAge)
    if (known && age < maxAge) {
      this.#answered.hit++
      return respond(known, lookup, `hit; ttl=${policy.maxAgeSeconds - age}`)
    }
    try {
      return await this.#forward(lookup, {
        mayJoin: directives.maxAge > 0,
        reason: known ? forwardReason(age, policy) : 'miss',
      })
    } catch (error) {
      const usable = policy.maxAgeSeconds + policy.staleIfErrorSeconds
      const failed =
        error instanceof AdapterError && error.code.startsWith('backend-') ? error.code : undefined
      if (!known || failed === undefined || directives.maxAge < Infinity || ageOf(known) >= usable)
        throw error
      const ttl = policy.maxAgeSeconds - ageOf(known)
      this.#answered.stale++
      return respond(
        known,
        lookup,
        `fwd=${forwardReason(ageOf(known), policy)}; ttl=${ttl}; detail=${failed}`,
      )
    }
  }

  /** A write has succeeded: what is known of its resource is no longer true (RFC 9111, section 4.4). */
  invalidate(operation: RestOperation, request: RestRequest): void {
    const resource = this.#resourceOf(operation, request)
    this.#memory.deleteResource(resource)
    for (const [key, flight] of this.#flights) {
      if (flight.resource !== resource) continue
      flight.spoiled = true
      this.#flights.delete(key)
    }
  }

  /** @param mayJoin whether the answer to a request that came before will do */
  async #forward(
    lookup: Lookup,
    { mayJoin, reason }: { readonly mayJoin: boolean; readonly reason: string },
  ): Promise<RestResponse> {
    const joined = mayJoin ? this.#flights.get(lookup.key) : undefined
    const flight = joined ?? this.#start(lookup)
    const answer = await flight.answer
    this.#answered[joined ? 'collapsed' : 'miss']++
    if ('etag' in answer) {
      const how = joined ? '; collapsed' : flight.stored ? '; stored' : ''
      return respond(answer, lookup, `fwd=${reason}${how}`, { aged: false })
    }
    // A refusal names the request that it answers.
    return joined ? lookup.invoke(lookup.operation, lookup.request) : answer
  }

  /** The call goes on when its client goes away: others may wait for it. */
  #start({ operation, policy, request, invoke, key }: Lookup): Flight {
    const resource = this.#resourceOf(operation, request)
    const flight: Flight = {
      resource,
      spoiled: false,
      stored: false,
      answer: invoke(operation, request, 'lasting').then((response) => {
        if (!isCacheable(response)) return response
        const remembered = remember(response, { policy, resource })
        if (!flight.spoiled) flight.stored = this.#memory.set(key, remembered)
        return remembered
      }),
    }
    this.#flights.set(key, flight)
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key)
    }
    flight.answer.then(land, land)
    return flight
  }

  async #uncached(
    operation: RestOperation,
    {
      policy,
      request,
      invoke,
      reason,
    }: {
      readonly policy: CachePolicy
      readonly request: RestRequest
      readonly invoke: Invoke
      readonly reason: string
    },
  ): Promise<RestResponse> {
    const response = await invoke(operation, request)
    if (!isCacheable(response)) return response
    const resource = this.#resourceOf(operation, request)
    return respond(remember(response, { policy, resource }), { request }, reason, { aged: false })
  }

  /** Path of the document and its parameters: what RFC 9111 calls the target URI, without its query. */
  #resourceOf({ path: template }: RestOperation, { path }: RestRequest): string {
    return JSON.stringify([this.#basePath, template, sortedMembers(path)])
  }

  /** All that tells a response from others: what was asked for, and who asked where that matters. */
  #keyOf(
    { operationId }: RestOperation,
    {
      policy,
      request: { path, query, headers },
      identity,
    }: Pick<Lookup, 'policy' | 'request'> & { readonly identity: Exchange['identity'] },
  ): string {
    const claims = policy.claims.map((steps) => canonicalJson(pick(identity?.claims, steps) ?? null))
    const owner = policy.shared ? null : [identity ? callerName(identity) : null, ...claims]
    const asked = policy.headers.map((name) => headers[name])
    const named = JSON.stringify([
      ...[this.#basePath, operationId, sortedMembers(path), sortedMembers(query)],
      ...[owner, asked],
    ])
    return named.length <= LONGEST_KEY ? named : hash('sha256', named, 'base64url')
  }
}

/** Names and values by turns, so that it does not matter in which order they were sent. */
function sortedMembers(of: RestRequest['query']): readonly unknown[] {
  return Object.keys(of)
    .sort()
    .flatMap((name) => [name, of[name]])
}

function isCacheable({ status, fault }: RestResponse): boolean {
  return status === 200 && fault === undefined
}

function forwardReason(age: number, { maxAgeSeconds }: CachePolicy): 'stale' | 'request' {
  return age >= maxAgeSeconds ? 'stale' : 'request'
}

function remember(
  response: RestResponse,
  { policy, resource }: { readonly policy: CachePolicy; readonly resource: string },
): RememberedResponse {
  const body = ownBytes(bytesOf(response.body))
  const digest = createHash('sha256')
    .update(response.headers['content-type'] ?? '')
    .update('\0')
    .update(body)
    .digest('base64url')
  const etag = `"${digest}"`
  const { maxAgeSeconds, shared, vary } = policy
  const headers = {
    ...response.headers,
    'cache-control': `${shared ? 'public' : 'private'}, max-age=${maxAgeSeconds}`,
    etag,
    ...(vary.length > 0 && { vary: vary.join(', ') }),
  }
  return { response: { ...response, headers, body }, etag, storedAt: performance.now(), resource }
}

/** A copy of bytes that are part of larger memory, all of which they would keep beyond the limit of the cache. */
function ownBytes(bytes: Buffer): Buffer {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Buffer.from(bytes)
}

/** In whole seconds (RFC 9111, section 4.2.3). */
function ageOf({ storedAt }: RememberedResponse): number {
  return Math.floor((performance.now() - storedAt) / 1000)
}

/**
 * @param status what the cache did, in the words of Cache-Status (RFC 9211, section 2)
 * @param aged whether the response was given before
 */
function respond(
  remembered: RememberedResponse,
  { request }: Pick<Lookup, 'request'>,
  status: string,
  { aged = true }: { readonly aged?: boolean } = {},
): RestResponse {
  const { response, etag } = remembered
  const headers: Record<string, string> = { ...response.headers }
  headers['cache-status'] = `soapstone; ${status}`
  if (aged) headers.age = String(ageOf(remembered))
  if (noneMatchNames(text(request.headers['if-none-match']), etag)) return { status: 304, headers, body: '' }
  return { ...response, headers }
}

/** A field that came several times is one list (RFC 9110, section 5.3). */
function text(field: string | readonly string[] | undefined): string | undefined {
  return typeof field === 'object' ? field.join(', ') : field
}
