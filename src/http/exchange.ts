import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FaultKind, Identity, RestOperation } from '../adapter/rest.js'
import type { AdapterError } from '../base/errors.js'
import { isRequestId } from '../base/request-id.js'
import { readTraceContext, type TraceContext } from '../base/trace-context.js'
import type { KeptHead } from './answer/head.js'

/** A protocol beside REST by which operations are called. */
export type Face = 'graphql' | 'mcp'

/** One request and its response, for the log, the metrics and the problem document. */
export interface Exchange {
  readonly requestId: string
  /** Of performance.now(). */
  readonly startedAt: number
  /** The protocol by which an operation was called, where that is not REST. */
  readonly face?: Face
  /** Where it belongs in a trace; its own span once there is one. */
  trace?: TraceContext | undefined
  /** The base path of the contract, where the process serves several. */
  api?: string
  operation?: RestOperation
  /** Who calls, once that is known. */
  identity?: Identity
  problem?: AdapterError
  /** The fault that the backend answered with, where the contract knows it. */
  fault?: string
  faultKind?: FaultKind
  /** Keeps the header fields of the response, where its head is written by whoever writes the response of an operation. */
  head?: KeptHead
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
    const { headers } = req
    exchange = {
      requestId: requestId(headers['x-request-id']),
      startedAt: performance.now(),
      trace: headers.traceparent === undefined ? undefined : readTraceContext(headers),
    }
    req[EXCHANGE] = exchange
  }
  return exchange
}

function requestId(sent: string | readonly string[] | undefined): string {
  return isRequestId(sent) ? sent : randomUUID()
}
