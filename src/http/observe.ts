import { type IncomingMessage, type ServerResponse } from 'node:http'
import { type AdapterError } from '../base/errors.js'
import { type AuditLog } from '../telemetry/audit-log.js'
import { logRequest, type Logger } from '../telemetry/logger.js'
import { type Metrics } from '../telemetry/metrics.js'
import { type Exchange, exchangeOf } from './exchange.js'
import { PROBLEM_TYPES } from './problem.js'

/** The status of a request whose client did not wait for the answer. */
const CLIENT_CLOSED = 499

/** Gives the request its id, and tells the log, the metrics and the audit log when it is over. */
export function observe(
  logger: Logger,
  metrics: Metrics,
  audit?: AuditLog,
): (req: IncomingMessage, res: ServerResponse) => Exchange {
  return (req, res) => {
    const exchange = exchangeOf(req)
    const { method = '', socket } = req
    // Nobody can tell it when the connection is closed.
    const address = audit && socket.remoteAddress
    res.setHeader('x-request-id', exchange.requestId)
    metrics.begin()
    res.on('close', () => {
      const { operation, problem, fault, requestId, startedAt } = exchange
      const durationMs = performance.now() - startedAt
      const status = res.writableFinished ? res.statusCode : brokenOff(res, problem)
      metrics.end({ operationId: operation?.operationId ?? 'none', method, status }, durationMs / 1000)
      if (problem) metrics.countProblem(problem.code)
      if (fault !== undefined) metrics.countProblem('declared-fault')
      const { operationId, backend } = operation ?? {}
      logRequest(logger, { requestId, operationId, method, status, durationMs, backend, problem, fault })
      if (!res.writableFinished) exchange.onLateEnd = lateEnd(logger, exchange)
      if (!audit || operationId === undefined) return
      const { client, subject } = exchange.identity ?? {}
      const code = problem?.code ?? fault
      audit.record({ requestId, client, subject, address, operationId, method, status, problem: code })
    })
    return exchange
  }
}

/** What an answer comes to that was not ended: by us where it broke off, else by the client. */
function brokenOff({ headersSent }: ServerResponse, problem: AdapterError | undefined): number {
  return headersSent && problem ? PROBLEM_TYPES[problem.code].status : CLIENT_CLOSED
}

/** Nobody has got the answer: the log alone tells what became of a call that had been sent. */
function lateEnd(logger: Logger, exchange: Exchange): () => void {
  return () => {
    const { operation, problem, fault, requestId, startedAt } = exchange
    if (!operation || (problem && !problem.code.startsWith('backend-'))) return
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10
    const { operationId, backend } = operation
    logger.info(
      {
        ...{ requestId, operationId, backend, durationMs },
        ...(problem && { problem: problem.code, outcome: problem.outcome }),
        ...(fault !== undefined && { fault }),
      },
      'ended without its client',
    )
  }
}
