import { randomUUID } from 'node:crypto'
import { type IncomingMessage } from 'node:http'
import { type Identity, type RestOperation } from '../adapter/rest.js'
import { type AdapterError } from '../base/errors.js'

/** One request and its answer, for the log, the metrics and the problem document. */
export interface Exchange {
  readonly requestId: string
  /** Of performance.now(). */
  readonly startedAt: number
  operation?: RestOperation
  /** Who calls, once that is known. */
  identity?: Identity
  problem?: AdapterError
  /** The declared fault that the backend answered with. */
  fault?: string
  /** Set once the client has gone: to be called when the request is over all the same. */
  onLateEnd?: () => void
}

/** Where a request keeps its exchange: a WeakMap would have the garbage collector look after each of them. */
const EXCHANGE = Symbol('exchange')

type Known = IncomingMessage & { [EXCHANGE]?: Exchange }

/** The exchange of a request, begun at the first call. */
export function exchangeOf(req: Known): Exchange {
  let exchange = req[EXCHANGE]
  if (!exchange) {
    exchange = { requestId: requestId(req.headers['x-request-id']), startedAt: performance.now() }
    req[EXCHANGE] = exchange
  }
  return exchange
}

/** What cannot break a log line, a header or a URI. */
const SANE = /^[A-Za-z0-9][A-Za-z0-9._~:+/=-]{0,127}$/

function requestId(sent: string | readonly string[] | undefined): string {
  return typeof sent === 'string' && SANE.test(sent) ? sent : randomUUID()
}
