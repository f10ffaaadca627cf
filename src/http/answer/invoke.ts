import type { ServerResponse } from 'node:http'
import type { RestOperation, RestRequest, RestResponse } from '../../adapter/rest.js'
import { bytesOf, lengthOf } from '../../base/bytes/source.js'
import type { Exchange } from '../exchange.js'
import { requestTimeoutMs } from '../request/timeout.js'
import { ClientDisconnect } from './client-disconnect.js'
import {
  type Coding,
  codingFor,
  compress,
  mayCompress,
  streamCompressed,
  takePlace,
  weakTag,
  WHOLE_BYTES,
} from './compression.js'
import { FieldList } from './field-list.js'
import type { ResponseHead } from './head.js'
import { streamBody, writeBody } from './write-body.js'

/**
 * Calls an operation for a client.
 *
 * @param how `lasting`: the call goes on when the client goes away, its response is wanted all the same; `streamed`: a
 *   long response may come as `rest`
 */
export type Invoke = (operation: RestOperation, request: RestRequest, how?: How) => Promise<RestResponse>

export type How = 'lasting' | 'streamed'

/**
 * Calls an operation; its signal is aborted when the client goes away before the response is written. A client may say
 * how long it waits, where the operation lets it and the response is not wanted all the same.
 *
 * @param timeout the header field Request-Timeout
 * @param streamFrom bytes of a response that is not held as a whole; undefined where every response is
 */
export async function invoke(
  operation: RestOperation,
  {
    request,
    head,
    exchange: { requestId, identity, trace },
    how,
    timeout,
    streamFrom,
  }: {
    readonly request: RestRequest
    readonly head: ResponseHead
    readonly exchange: Exchange
    readonly how: How | undefined
    readonly timeout: string | readonly string[] | undefined
    readonly streamFrom: number | undefined
  },
): Promise<RestResponse> {
  if (how === 'lasting') return operation.invoke(request, { requestId, identity, traceContext: trace })
  const timeoutMs = operation.takesTimeout ? requestTimeoutMs(timeout) : undefined
  const signal = new ClientDisconnect(head)
  const onClose = () => {
    signal.leave()
  }
  head.once('close', onClose)
  try {
    return await operation.invoke(request, {
      requestId,
      identity,
      traceContext: trace,
      signal,
      timeoutMs,
      streamFrom: how === 'streamed' ? streamFrom : undefined,
    })
  } finally {
    head.off('close', onClose)
  }
}

/** Statuses that never have content (RFC 9110, section 6.4.1). */
const WITHOUT_CONTENT = new Set([204, 205, 304])

/**
 * Writes the response of an operation; for HEAD, all of it but the body (RFC 9110, section 9.3.2).
 *
 * @param compressFrom bytes from which on a response is compressed where it may be; 0 for none
 * @returns for a response that is given while it arrives, a promise that rejects where it breaks off
 */
export function writeResponse(
  res: ServerResponse,
  response: RestResponse,
  exchange: Exchange,
  compressFrom = 0,
): Promise<void> | undefined {
  try {
    return write(res, response, exchange, compressFrom)
  } catch (error) {
    response.rest?.cancel()
    throw error
  }
}

function write(
  res: ServerResponse,
  response: RestResponse,
  exchange: Exchange,
  compressFrom: number,
): Promise<void> | undefined {
  const { status, body, rest } = response
  if (res.destroyed) {
    rest?.cancel()
    exchange.onLateEnd?.()
    return undefined
  }
  const fields = exchange.head?.fields ?? new FieldList()
  fields.set('cache-control', 'no-store')
  fields.set('x-request-id', exchange.requestId)
  for (const name in response.headers) fields.set(name, response.headers[name] ?? '')
  const varied = res.getHeader('vary')
  const vary = varied === undefined ? undefined : fields.get('vary')
  if (vary !== undefined) fields.set('vary', `${String(varied)}, ${String(vary)}`)
  const coding = compressFrom > 0 ? negotiate(res, response, { fields, exchange, compressFrom }) : undefined
  if (WITHOUT_CONTENT.has(status)) {
    rest?.cancel()
    fields.delete('content-type')
    fields.delete('content-length')
    fields.write(res, status)
    res.end()
    return undefined
  }
  if (coding !== undefined) return writeCompressed(res, response, { fields, coding })
  const length = rest ? undefined : lengthOf(body)
  if (length !== undefined) fields.set('content-length', length)
  if (length !== 0) setMediaType(fields)
  fields.write(res, status)
  if (res.req.method === 'HEAD') {
    rest?.cancel()
    res.end()
  } else if (rest) return streamBody(res, body, rest)
  else return writeBody(res, body)
  return undefined
}

/** What is given without a media type is JSON. */
function setMediaType(fields: FieldList): void {
  if (fields.get('content-type') === undefined) fields.set('content-type', 'application/json')
}

/** Says what the response depends on, and of an ETag that it is that of a text in several codings. */
function negotiate(
  res: ServerResponse,
  { status, body, rest }: RestResponse,
  {
    fields,
    exchange,
    compressFrom,
  }: { readonly fields: FieldList; readonly exchange: Exchange; readonly compressFrom: number },
): Coding | undefined {
  const { req } = res
  if (!rest && status === 200) setMediaType(fields)
  if (!mayCompress(req, { status, fields }, exchange.identity)) return undefined
  if (status === 200 && !rest && lengthOf(body) < compressFrom) return undefined
  const vary = fields.get('vary') ?? res.getHeader('vary')
  fields.set('vary', vary === undefined ? 'Accept-Encoding' : `${String(vary)}, Accept-Encoding`)
  const coding = codingFor(req.headers['accept-encoding'])
  const etag = coding && fields.get('etag')
  if (typeof etag !== 'string') return status === 200 ? coding : undefined
  const weak = weakTag(etag)
  // Of what is not modified it is the tag that the client has.
  const isKnown = String(req.headers['if-none-match']).includes(weak)
  if (status === 200 || isKnown) fields.set('etag', weak)
  return status === 200 ? coding : undefined
}

async function writeCompressed(
  res: ServerResponse,
  { body, rest }: RestResponse,
  { fields, coding }: { readonly fields: FieldList; readonly coding: Coding },
): Promise<void> {
  const release = takePlace()
  try {
    if (!release) {
      // As it is, rather than later: whoever takes a coding takes none as well.
      if (!rest) fields.set('content-length', lengthOf(body))
      fields.write(res, 200)
      if (res.req.method === 'HEAD') res.end()
      else await (rest ? streamBody(res, body, rest) : writeBody(res, body))
      return
    }
    fields.set('content-encoding', coding)
    if (res.req.method === 'HEAD') {
      rest?.cancel()
      fields.write(res, 200)
      res.end()
    } else if (!rest && lengthOf(body) <= WHOLE_BYTES) {
      const coded = await compress(bytesOf(body), coding)
      if (res.destroyed) return
      fields.set('content-length', coded.byteLength)
      fields.write(res, 200)
      res.end(coded)
    } else {
      fields.write(res, 200)
      await streamCompressed(res, coding, { body, rest })
    }
  } finally {
    release?.()
  }
}
