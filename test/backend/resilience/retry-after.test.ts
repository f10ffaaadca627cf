import { afterEach, describe, expect, test } from 'vitest'
import type { CallOptions } from '../../../src/backend/backend.js'
import { AdapterError } from '../../../src/base/errors.js'
import { backendWith, closeAll, closing } from '../calls.js'
import { Peer } from '../peer.js'

afterEach(closeAll)

/** The error of one call to a backend that answers so, without SOAP. */
async function errorOf(
  status: number,
  retryAfter: string,
  options: CallOptions<never>,
): Promise<AdapterError> {
  const peer = closing(
    await Peer.listen((socket) =>
      socket.write(`HTTP/1.1 ${status} X\r\nRetry-After: ${retryAfter}\r\nContent-Length: 0\r\n\r\n`),
    ),
  )
  const call = { url: peer.url, headers: {}, body: '<Envelope/>' }
  try {
    return await backendWith({}).call<never>(
      call,
      () => {
        throw new AdapterError('backend-not-soap', 'No SOAP.')
      },
      options,
    )
  } catch (error) {
    if (error instanceof AdapterError) return error
    throw error
  }
}

describe("the Retry-After of a backend reaches the client where it may repeat, and nobody else's does", () => {
  test.each([
    ['read', 503, '7', 7],
    ['idempotent-write', 429, '7', 7],
    ['read', 503, '999999999', 86_400],
    ['read', 503, 'soon', undefined],
    ['read', 500, '7', undefined],
    ['write', 503, '7', undefined],
    ['write', 429, '7', undefined],
  ] as const)('%s, %i, %s: %s', async (effect, status, retryAfter, seconds) => {
    const error = await errorOf(status, retryAfter, { effect })
    expect(error).toMatchObject({ code: 'backend-not-soap', backendStatus: status, retryAfter: seconds })
  })
})
