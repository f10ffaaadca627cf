import { createServer } from 'node:http'
import request from 'supertest'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type * as Compression from '../../../src/http/answer/compression.js'
import { compress } from '../../../src/http/answer/compression.js'
import { CodedText } from '../../../src/http/pages/coded-text.js'

vi.mock('../../../src/http/answer/compression.js', async (importOriginal) => {
  const original = await importOriginal<typeof Compression>()
  return { ...original, compress: vi.fn(original.compress) }
})

const LONG = 'x'.repeat(2_000)

/** A server of one text. */
function served(text: CodedText): ReturnType<typeof request> {
  const server = createServer((req, res) => {
    text.answer(req, res).catch((error: unknown) => res.writeHead(500).end(String(error)))
  })
  return request(server)
}

beforeEach(() => {
  vi.mocked(compress).mockClear()
})

describe('a text in content codings', () => {
  it('is made once, and compressed once for each coding, whoever asks how often', async () => {
    const make = vi.fn(() => Promise.resolve(LONG))
    const http = served(new CodedText('text/plain', make, 1_000))
    const codings = ['br', 'br', 'gzip', 'identity', 'gzip', 'br', '']
    const responses = await Promise.all(codings.map((coding) => http.get('/').set('Accept-Encoding', coding)))
    expect(responses.map(({ headers }) => headers['content-encoding'])).toEqual([
      ...['br', 'br', 'gzip', undefined, 'gzip', 'br', undefined],
    ])
    expect(make).toHaveBeenCalledTimes(1)
    expect(
      vi
        .mocked(compress)
        .mock.calls.map(([, coding]) => coding)
        .sort(),
    ).toEqual(['br', 'gzip'])
    expect(new Set(responses.map(({ headers }) => String(headers.etag))).size).toBe(3)
    for (const { headers } of responses) expect(headers.vary).toBe('Accept-Encoding')
  })

  it.each([
    [0, LONG],
    [1_000, 'short'],
  ])('is sent as it is where compression begins at %d bytes: %.8s', async (compressFrom, text) => {
    const http = served(new CodedText('text/plain', () => Promise.resolve(text), compressFrom))
    const response = await http.get('/').set('Accept-Encoding', 'br, gzip').expect(200, text)
    expect(response.headers).not.toHaveProperty('content-encoding')
    expect(response.headers).not.toHaveProperty('vary')
    await http.get('/').set('If-None-Match', String(response.headers.etag)).expect(304)
  })

  it('is asked for again where it could not be made', async () => {
    const make = vi.fn(() => Promise.resolve(LONG)).mockRejectedValueOnce(new Error('not yet'))
    const http = served(new CodedText('text/plain', make, 1_000))
    await http.get('/').set('Accept-Encoding', 'gzip').expect(500, 'Error: not yet')
    await http.get('/').set('Accept-Encoding', 'gzip').expect(200, LONG)
  })
})
