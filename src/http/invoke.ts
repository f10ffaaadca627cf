import { type ServerResponse } from 'node:http'
import { type RestOperation, type RestRequest, type RestResponse } from '../adapter/rest.js'
import { lengthOf } from '../base/byte-source.js'
import { Departure } from './departure.js'
import { type Exchange } from './exchange.js'
import { requestTimeoutMs } from './request-timeout.js'
import { streamBody, writeBody } from './write-body.js'

/**
 * Calls an operation for a client.
 *
 * @param how `lasting`: the call goes on when the client goes away, its answer is wanted all the same; `streamed`: a
 *   long answer may come as `rest`
 */
export type Invoke = (operation: RestOperation, request: RestRequest, how?: How) => Promise<RestResponse>

export type How = 'lasting' | 'streamed'

/**
 * Calls an operation; its signal is aborted when the client goes away before the answer is written. A client may say
 * how long it waits, where the operation lets it and the answer is not wanted all the same.
 *
 * @param streamFrom octets of an answer that is not held as a whole
 */
export async function invoke(
  operation: RestOperation,
  request: RestRequest,
  res: ServerResponse,
  { requestId, identity }: Exchange,
  how: How | undefined,
  streamFrom: number,
): Promise<RestResponse> {
  const caller = identity ? { requestId, identity } : { requestId }
  if (how === 'lasting') return operation.invoke(request, caller)
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
      ...(how === 'streamed' && isChunked(res) && { streamFrom }),
    })
  } finally {
    res.off('close', onClose)
  }
}

/** Without chunks a client cannot tell an answer that breaks off from one that ends (RFC 9112, section 8). */
function isChunked({ req }: ServerResponse): boolean {
  return req.httpVersionMajor > 1 || req.httpVersionMinor > 0
}

/** Statuses that never have content (RFC 9110, section 6.4.1). */
const WITHOUT_CONTENT = new Set([204, 205, 304])

/**
 * Writes the answer of an operation; for HEAD, all of it but the body (RFC 9110, section 9.3.2).
 *
 * @returns for an answer that is given while it arrives, a promise that rejects where it breaks off
 */
export function writeResponse(
  res: ServerResponse,
  response: RestResponse,
  exchange: Exchange,
): Promise<void> | undefined {
  try {
    return write(res, response, exchange)
  } catch (error) {
    response.rest?.cancel()
    throw error
  }
}

function write(res: ServerResponse, response: RestResponse, exchange: Exchange): Promise<void> | undefined {
  const { status, body, rest } = response
  if (res.destroyed) {
    rest?.cancel()
    exchange.onLateEnd?.()
    return undefined
  }
  const headers: Record<string, string | number> = {
    'cache-control': 'no-store',
    'x-request-id': exchange.requestId,
    ...response.headers,
  }
  const varied = res.getHeader('vary')
  if (varied !== undefined && headers.vary !== undefined) headers.vary = `${String(varied)}, ${headers.vary}`
  if (WITHOUT_CONTENT.has(status)) {
    rest?.cancel()
    delete headers['content-type']
    delete headers['content-length']
    res.writeHead(status, headers)
    res.end()
    return undefined
  }
  if (!rest) headers['content-length'] = lengthOf(body)
  if (headers['content-length'] !== 0) headers['content-type'] ??= 'application/json'
  res.writeHead(status, headers)
  if (res.req.method === 'HEAD') {
    rest?.cancel()
    res.end()
  } else if (rest) return streamBody(res, body, rest)
  else writeBody(res, body)
  return undefined
}
