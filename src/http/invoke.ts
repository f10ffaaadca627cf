import { type ServerResponse } from 'node:http'
import { type RestOperation, type RestRequest, type RestResponse } from '../adapter/rest.js'
import { lengthOf } from '../base/byte-source.js'
import { Departure } from './departure.js'
import { type Exchange } from './exchange.js'
import { requestTimeoutMs } from './request-timeout.js'
import { writeBody } from './write-body.js'

/**
 * Calls an operation for a client.
 *
 * @param lasting the call goes on when the client goes away: its answer is wanted all the same
 */
export type Invoke = (
  operation: RestOperation,
  request: RestRequest,
  lasting?: 'lasting',
) => Promise<RestResponse>

/**
 * Calls an operation; its signal is aborted when the client goes away before the answer is written. A client may say
 * how long it waits, where the operation lets it and the answer is not wanted all the same.
 */
export async function invoke(
  operation: RestOperation,
  request: RestRequest,
  res: ServerResponse,
  { requestId, identity }: Exchange,
  lasting?: 'lasting',
): Promise<RestResponse> {
  const caller = identity ? { requestId, identity } : { requestId }
  if (lasting) return operation.invoke(request, caller)
  const timeoutMs = operation.takesTimeout ? requestTimeoutMs(res.req.headers['request-timeout']) : undefined
  const signal = new Departure(res)
  const onClose = () => {
    signal.leave()
  }
  res.once('close', onClose)
  try {
    return await operation.invoke(request, {
      ...caller,
      signal,
      ...(timeoutMs !== undefined && { timeoutMs }),
    })
  } finally {
    res.off('close', onClose)
  }
}

/** Statuses that never have content (RFC 9110, section 6.4.1). */
const WITHOUT_CONTENT = new Set([204, 205, 304])

/** Writes the answer of an operation; for HEAD, all of it but the body (RFC 9110, section 9.3.2). */
export function writeResponse(res: ServerResponse, response: RestResponse, exchange: Exchange): void {
  if (res.destroyed) {
    exchange.onLateEnd?.()
    return
  }
  const { status, body } = response
  const headers: Record<string, string | number> = {
    'cache-control': 'no-store',
    'x-request-id': exchange.requestId,
    ...response.headers,
  }
  if (WITHOUT_CONTENT.has(status)) {
    delete headers['content-type']
    delete headers['content-length']
    res.writeHead(status, headers)
    res.end()
    return
  }
  headers['content-length'] = lengthOf(body)
  if (headers['content-length'] > 0) headers['content-type'] ??= 'application/json'
  res.writeHead(status, headers)
  if (res.req.method === 'HEAD') res.end()
  else writeBody(res, body)
}
