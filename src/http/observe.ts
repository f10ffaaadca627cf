import { type RequestHandler } from 'express'
import { logRequest, type Logger } from '../telemetry/logger.js'
import { type Metrics } from '../telemetry/metrics.js'
import { exchangeOf } from './exchange.js'

/** The status of a request whose client did not wait for the answer. */
const CLIENT_CLOSED = 499

/** Gives the request its id, and tells the log and the metrics when it is over. */
export function observe(logger: Logger, metrics: Metrics): RequestHandler {
  return (req, res, next) => {
    const exchange = exchangeOf(req)
    const { method } = req
    res.setHeader('x-request-id', exchange.requestId)
    const end = metrics.begin()
    res.once('close', () => {
      const { operation, problem, fault, requestId, startedAt } = exchange
      const durationMs = performance.now() - startedAt
      const status = res.writableFinished ? res.statusCode : CLIENT_CLOSED
      end({ operationId: operation?.operationId ?? 'none', method, status }, durationMs / 1000)
      if (problem) metrics.countProblem(problem.code)
      if (fault !== undefined) metrics.countProblem('declared-fault')
      const { operationId, backend } = operation ?? {}
      logRequest(logger, { requestId, operationId, method, status, durationMs, backend, problem, fault })
    })
    next()
  }
}
