import type { RestResponse } from '../../adapter/rest.js'
import { bytesOf } from '../../base/bytes/source.js'
import type { AdapterError } from '../../base/errors.js'
import { toProblem } from '../answer/problem.js'
import type { Exchange } from '../exchange.js'

/** A response as it is stored: one line of JSON with status and headers, then the body as it was sent. */
export function encodeAnswer(response: RestResponse): Uint8Array {
  const { status, headers, fault, faultKind } = response
  return Buffer.concat([
    Buffer.from(`${JSON.stringify({ status, headers, fault, faultKind })}\n`),
    bytesOf(response.body),
  ])
}

export function decodeAnswer(bytes: Uint8Array): RestResponse {
  const buffer = Buffer.from(bytes)
  const end = buffer.indexOf('\n')
  const head = JSON.parse(buffer.toString('utf8', 0, end)) as Omit<RestResponse, 'body'>
  return { ...head, body: buffer.subarray(end + 1) }
}

/** The response that a client gets for an error. */
export function problemAnswer(error: AdapterError, { requestId, trace }: Exchange): RestResponse {
  const problem = toProblem(error, requestId, trace)
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  return { status: problem.status, headers, body: JSON.stringify(problem) }
}

/** Says that the response is that of an earlier request with the same key. */
export function asReplay(response: RestResponse): RestResponse {
  return { ...response, headers: { ...response.headers, 'idempotency-replayed': 'true' } }
}
