import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RestOperation } from '../../adapter/rest.js'
import { beginServerSpan, fail, isTracing, type OpenSpan } from '../../telemetry/tracing.js'
import type { Exchange } from '../exchange.js'

/** The status of a request whose client did not wait for the response. */
const CLIENT_CLOSED = 499

/**
 * Serves a request of an operation within a span that ends when its response is over, and leads on to the backend: from then
 * on the request belongs to the trace of the span. Without an OpenTelemetry SDK the request is just served.
 *
 * Attributes are names of the contract and numbers. The semantic conventions would have the path, the query, the address and
 * the user agent of the client, too; those are the client's.
 *
 * @param basePath of the operation's path
 */
export function serveTraced(
  operation: RestOperation,
  request: TracedRequest,
  serve: () => Promise<void>,
): Promise<void> {
  return isTracing() ? serveInSpan(operation, request, serve) : serve()
}

interface TracedRequest {
  readonly basePath: string
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly exchange: Exchange
}

async function serveInSpan(
  operation: RestOperation,
  { basePath, req, res, exchange }: TracedRequest,
  serve: () => Promise<void>,
): Promise<void> {
  const method = operation.method.toUpperCase()
  const route = basePath + operation.path
  const traced = beginServerSpan(`${method} ${route}`, {
    headers: req.headers,
    startTime: exchange.startedAt,
    attributes: () => ({
      'http.request.method': req.method === 'HEAD' ? 'HEAD' : method,
      'http.route': route,
      'url.scheme': 'encrypted' in req.socket ? 'https' : 'http',
      'network.protocol.version': req.httpVersion,
      'soapstone.operation': operation.operationId,
      'soapstone.backend': operation.backend,
    }),
  })
  if (!traced) {
    await serve()
    return
  }
  const { traceparent, tracestate } = traced.fields
  exchange.trace = tracestate === undefined ? { traceparent } : { traceparent, tracestate }
  let hasEnded = false
  const end = (): void => {
    if (hasEnded) return
    hasEnded = true
    endSpan(traced, res, exchange)
  }
  res.once('close', end)
  try {
    await traced.run(serve)
  } finally {
    // Nobody will be told again of a connection that was closed before.
    if (res.destroyed) end()
  }
}

/** By RFC 9110 a status from 500 on is the server's; those below are the client's and no failure of the span. */
function endSpan({ span }: OpenSpan, res: ServerResponse, { problem, fault }: Exchange): void {
  const status = res.writableFinished || res.headersSent ? res.statusCode : CLIENT_CLOSED
  span.setAttribute('http.response.status_code', status)
  if (problem) span.setAttribute('soapstone.problem', problem.code)
  if (fault !== undefined) span.setAttribute('soapstone.fault', fault)
  const isBrokenOff = problem !== undefined && !res.writableFinished && res.headersSent
  if (status >= 500 || isBrokenOff) fail(span, problem ?? status)
  span.end()
}
