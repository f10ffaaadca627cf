import { Pool } from 'undici'
import { Exchange } from './exchange.js'
import { unwritable } from './failure.js'
import { type BackendPolicy } from './policy.js'
import { type SoapCall } from './soap-call.js'

/** Allows two lost SYN segments (RFC 6298: after 1 s and 3 s). */
const CONNECT_TIMEOUT_MS = 5000

/** Below the 5 s after which Node and Apache close an idle connection, when the server gives no hint. */
const KEEP_ALIVE_MS = 4000

/** What a hint of the server (`Keep-Alive: timeout=…`, from which undici takes off 2 s) may raise that to. */
const MAX_KEEP_ALIVE_MS = 30_000

interface Target {
  readonly pool: Pool
  readonly path: string
}

/**
 * HTTP/1.1 connections to one backend, kept alive and never more than the policy's `maxConcurrent` to an origin.
 *
 * Nothing is sent twice and no redirect is followed. A request travels alone on its connection. Before an idle one is
 * used again undici reads what has arrived on it meanwhile, so that a connection that the server has
 * closed is replaced by a new one; when the server closes it at the very moment that we write,
 * the request may have been processed and the call fails (RFC 9110, section 9.2.2).
 */
export class Transport {
  readonly #policy: BackendPolicy
  readonly #pools = new Map<string, Pool>()
  readonly #targets = new Map<string, Target>()

  constructor(policy: BackendPolicy) {
    this.#policy = policy
  }

  /** Sends a call; see {@link Exchange} for how it ends. */
  start(call: SoapCall, timeoutMs: number): Exchange {
    const exchange = new Exchange(timeoutMs, this.#policy.maxResponseBytes)
    try {
      const { pool, path } = this.#targets.get(call.url) ?? this.#resolve(call.url)
      const headers = { 'accept-encoding': 'identity', ...call.headers }
      pool.dispatch({ path, method: 'POST', headers, body: call.body }, exchange)
    } catch (cause) {
      exchange.abort(unwritable(cause))
    }
    return exchange
  }

  /** Closes every connection; the caller has seen to it that none is in use. */
  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()))
  }

  #resolve(url: string): Target {
    const { origin, pathname, search } = new URL(url)
    const pool = this.#pools.get(origin) ?? this.#open(origin)
    this.#pools.set(origin, pool)
    const target = { pool, path: pathname + search }
    this.#targets.set(url, target)
    return target
  }

  #open(origin: string): Pool {
    return new Pool(origin, {
      connections: this.#policy.maxConcurrent,
      pipelining: 1,
      allowH2: false,
      connectTimeout: Math.min(CONNECT_TIMEOUT_MS, this.#policy.timeoutMs),
      // The deadline of the call covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
    })
  }
}
