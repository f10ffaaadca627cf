import type { Readable } from 'node:stream'
import type { Dispatcher, Pool } from 'undici'
import type { Body } from '../../base/bytes/source.js'
import type { ConnectionPolicy } from '../policy.js'
import type { Carrier, SoapCall } from '../soap-call.js'
import { Exchange } from './exchange.js'
import { unwritable } from './failure.js'
import { filteringHeads } from './head-filter.js'
import { proxyAuthorization, proxyConnector, tunnelConnector } from './proxy.js'
import { tlsConnector, type TlsOptions, tlsOptions } from './tls.js'
import { undici } from './undici.js'

/** Allows two lost SYN segments (RFC 6298: after 1 s and 3 s). */
const CONNECT_TIMEOUT_MS = 5000

/** Below the 5 s after which Node and Apache close an idle connection, when the server gives no hint. */
const KEEP_ALIVE_MS = 4000

/** What a hint of the server (`Keep-Alive: timeout=…`, from which undici takes off 2 s) may raise that to. */
const MAX_KEEP_ALIVE_MS = 30_000

type Fields = Readonly<Record<string, string>>

interface Target {
  readonly pool: Pool
  /** What follows the method in the request: a path, or for a proxy the URL. */
  readonly path: string
  /** Beside those of the call, which go before them. */
  readonly headers: Fields
}

/**
 * HTTP/1.1 connections to one backend, kept alive unless the policy says otherwise, and never more than the policy's `maxConcurrent` to an origin.
 *
 * No redirect is followed, and nothing of which a byte has left is sent again. A request travels alone on its
 * connection. Before an idle one is used again undici reads what has arrived on it meanwhile, so that a connection that
 * the server has closed is replaced by a new one; where the kernel refuses to write on it, the exchange sends on
 * another. When the server closes it just after we wrote, the request may have been processed and the call fails
 * (RFC 9110, section 9.2.2).
 *
 * Only the policy's proxy is used: variables such as HTTP_PROXY are not read.
 */
export class Transport implements Carrier {
  readonly #policy: ConnectionPolicy
  readonly #tls: TlsOptions | undefined
  readonly #headers: Fields
  readonly #pools = new Map<string, Pool>()
  readonly #targets = new Map<string, Target>()

  /** @param authorization fields that go with every call */
  constructor(policy: ConnectionPolicy, authorization: Fields = {}) {
    this.#policy = policy
    this.#tls = policy.tls && tlsOptions(policy.tls)
    const codings = policy.compression === true ? 'gzip, deflate, br' : 'identity'
    this.#headers = { 'accept-encoding': codings, ...authorization }
  }

  /** Sends a call; see {@link Exchange} for how it ends. */
  start(call: SoapCall, timeoutMs: number, elapsedMs?: number, streamFrom?: number): Exchange {
    const exchange = new Exchange(timeoutMs, this.#policy.maxResponseBytes, elapsedMs, streamFrom)
    try {
      const target = this.#targets.get(call.url) ?? this.#resolve(call.url)
      const { method = 'POST', suffix = '' } = call
      const path = suffix === '' ? target.path : followedBy(target.path, suffix)
      const headers = fieldsOf(target.headers, call.headers)
      const body = method === 'GET' ? null : writable(call.body, headers)
      exchange.send(target.pool, { path, method, headers, body })
    } catch (cause) {
      exchange.abort(unwritable(cause))
    }
    return exchange
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()))
  }

  #resolve(href: string): Target {
    const url = new URL(href)
    const pool = this.#pools.get(url.origin) ?? this.#open(url)
    this.#pools.set(url.origin, pool)
    const target = { pool, ...this.#addressOf(url) }
    this.#targets.set(href, target)
    return target
  }

  #addressOf({ protocol, origin, host, pathname, search }: URL): Omit<Target, 'pool'> {
    const { proxy } = this.#policy
    const path = pathname + search
    if (!proxy || protocol === 'https:') return { path, headers: this.#headers }
    return { path: origin + path, headers: { host, ...this.#headers, ...proxyAuthorization(proxy) } }
  }

  #open({ origin, protocol, hostname, port }: URL): Pool {
    const { proxy, timeoutMs } = this.#policy
    const connectTimeout = Math.min(CONNECT_TIMEOUT_MS, timeoutMs)
    const options = this.#poolOptions(connectTimeout)
    const { buildConnector, Pool } = undici()
    if (protocol === 'http:') {
      const connect = proxy
        ? proxyConnector(proxy, connectTimeout)
        : buildConnector({ timeout: connectTimeout })
      return new Pool(proxy?.url ?? origin, { ...options, connect: filteringHeads(connect) })
    }
    // Without settings of its own: only now, since Node's issuers take time and memory.
    const tls = this.#tls ?? tlsOptions()
    const connect = proxy
      ? tunnelConnector(proxy, `${hostname}:${port || '443'}`, tls, connectTimeout)
      : tlsConnector(tls, connectTimeout)
    return new Pool(origin, { ...options, connect: filteringHeads(connect) })
  }

  #poolOptions(connectTimeout: number): Pool.Options {
    return {
      connections: this.#policy.maxConcurrent,
      // undici's word for a new connection for each request (Connection: close).
      pipelining: this.#policy.keepAlive === false ? 0 : 1,
      allowH2: false,
      connectTimeout,
      // The deadline of the call covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
    }
  }
}

/** Path and query of a call, as they stand in the request line where there is no proxy. */
export function requestTarget({ url, suffix = '' }: Pick<SoapCall, 'url' | 'suffix'>): string {
  const { pathname, search } = new URL(url)
  const path = pathname + search
  return suffix === '' ? path : followedBy(path, suffix)
}

/** A path, perhaps with a query, and what a binding to HTTP puts behind the address (WSDL 1.1, 4.4). */
function followedBy(path: string, suffix: string): string {
  const [before = '', query] = path.split('?')
  const joined = suffix.startsWith('/') ? before.replace(/\/$/, '') + suffix : before + suffix
  return query === undefined ? joined : `${joined}${joined.includes('?') ? '&' : '?'}${query}`
}

/** Header fields as a list of names and values, which undici takes as it is; fields of a call go before those of its target. */
function fieldsOf(target: Fields, call: Fields): string[] {
  const list: string[] = []
  for (const name in target) if (call[name] === undefined) list.push(name, target[name] ?? '')
  for (const name in call) list.push(name, call[name] ?? '')
  return list
}

/** A body as undici takes it, with its length where undici cannot tell: old backends do not know chunked requests. */
function writable(body: Body, headers: string[]): NonNullable<Dispatcher.DispatchOptions['body']> {
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  headers.push('content-length', String(body.byteLength))
  // undici sends whatever can be iterated over; its types have streams alone.
  return body as unknown as Readable
}
