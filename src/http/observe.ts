import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AdapterError } from '../base/errors.js'
import { traceIdOf } from '../base/trace-context.js'
import type { AuditLog } from '../telemetry/audit-log.js'
import { type Logger, logRequest } from '../telemetry/logger.js'
import type { Metrics } from '../telemetry/metrics.js'
import { PROBLEM_TYPES } from './answer/problem.js'
import { type Exchange, exchangeOf } from './exchange.js'

/** The status of a request whose client did not wait for the response. */
const CLIENT_CLOSED = 499

/** How an exchange ended. */
export interface Ended {
  readonly method: string
  readonly status: number
  /** Of the peer, where it is recorded. */
  readonly address: string | undefined
}

/** Tells the log, the metrics and the audit log of each exchange, whatever protocol it came in by. */
export class Recorder {
  readonly #logger: Logger
  readonly #metrics: Metrics
  readonly #audit: AuditLog | undefined

  constructor(logger: Logger, metrics: Metrics, audit?: AuditLog) {
    this.#logger = logger
    this.#metrics = metrics
    this.#audit = audit
  }

  /** The address of a peer, where anybody wants to know it. It must be asked for before the connection is closed. */
  addressOf({ socket }: IncomingMessage): string | undefined {
    return this.#audit && socket.remoteAddress
  }

  begin(): void {
    this.#metrics.begin()
  }

  end(exchange: Exchange, { method, status, address }: Ended): void {
    const { operation, problem, fault, faultKind, requestId, startedAt, face, api } = exchange
    const durationMs = performance.now() - startedAt
    const labels = { operationId: operation?.operationId ?? 'none', method, status }
    this.#metrics.end(api === undefined ? labels : { ...labels, api }, durationMs / 1000)
    if (problem) this.#metrics.countProblem(problem.code)
    if (fault !== undefined) this.#metrics.countProblem(faultKind ?? 'declared-fault')
    const { operationId, backend } = operation ?? {}
    const traceId = exchange.trace && traceIdOf(exchange.trace)
    const line = {
      requestId,
      traceId,
      face,
      api,
      operationId,
      method,
      status,
      durationMs,
      backend,
      problem,
      fault,
    }
    logRequest(this.#logger, line)
    if (!this.#audit || operationId === undefined) return
    const { client, namedBy, subject } = exchange.identity ?? {}
    const code = problem?.code ?? fault
    const who = { client, namedBy, subject, address }
    this.#audit.record({ requestId, ...who, face, api, operationId, method, status, problem: code })
  }

  /** Nobody has got the response: the log alone tells what became of a call that had been sent. */
  endWithoutClient(exchange: Exchange): void {
    const { operation, problem, fault, requestId, startedAt, trace, api } = exchange
    if (!operation || (problem && !problem.code.startsWith('backend-'))) return
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10
    const { operationId, backend } = operation
    this.#logger.info(
      {
        ...{ requestId, traceId: trace && traceIdOf(trace), api, operationId, backend, durationMs },
        ...(problem && { problem: problem.code, outcome: problem.outcome }),
        ...(fault !== undefined && { fault }),
      },
      'ended without its client',
    )
  }
}

/** Has a request recorded when it is over. */
export function observe(recorder: Recorder): (req: IncomingMessage, res: ServerResponse) => Exchange {
  return (req, res) => {
    const exchange = exchangeOf(req)
    const { method = '' } = req
    const address = recorder.addressOf(req)
    recorder.begin()
    res.on('close', () => {
      const status = res.writableFinished ? res.statusCode : brokenOff(res, exchange.problem)
      recorder.end(exchange, { method, status, address })
      if (res.writableFinished) return
      exchange.onLateEnd = () => {
        recorder.endWithoutClient(exchange)
      }
    })
    return exchange
  }
}

/** What a response comes to that was not ended: by us where it broke off, else by the client. */
function brokenOff({ headersSent }: ServerResponse, problem: AdapterError | undefined): number {
  return headersSent && problem ? PROBLEM_TYPES[problem.code].status : CLIENT_CLOSED
}
