import { type ServerResponse } from 'node:http'
import { type RestOperation, type RestRequest, type RestResponse } from '../adapter/rest.js'
import { type Exchange } from './exchange.js'

/** Calls an operation; its signal is aborted when the client goes away before the answer is written. */
export async function invoke(
  operation: RestOperation,
  request: RestRequest,
  res: ServerResponse,
  { requestId, identity }: Exchange,
): Promise<RestResponse> {
  const controller = new AbortController()
  const onClose = () => {
    controller.abort()
  }
  res.once('close', onClose)
  try {
    if (res.destroyed) controller.abort()
    return await operation.invoke(request, { signal: controller.signal, requestId, ...(identity && { identity }) })
  } finally {
    res.off('close', onClose)
  }
}

/** Statuses that never have content (RFC 9110, section 6.4.1). */
const WITHOUT_CONTENT = new Set([204, 205, 304])

/** Writes the answer of an operation; for HEAD, all of it but the body (RFC 9110, section 9.3.2). */
export function writeResponse(res: ServerResponse, response: RestResponse, { requestId }: Exchange): void {
  if (res.destroyed) return
  const { status, body } = response
  const headers: Record<string, string | number> = {
    'cache-control': 'no-store',
    'x-request-id': requestId,
    ...response.headers,
  }
  if (WITHOUT_CONTENT.has(status)) {
    delete headers['content-type']
    delete headers['content-length']
    res.writeHead(status, headers)
    res.end()
    return
  }
  headers['content-length'] = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  if (headers['content-length'] > 0) headers['content-type'] ??= 'application/json'
  res.writeHead(status, headers)
  res.end(res.req.method === 'HEAD' ? undefined : body)
}
