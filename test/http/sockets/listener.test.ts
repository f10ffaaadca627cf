import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openRawListener, type RawListener } from '../raw-listener.js'
import { sampleApp } from '../sample-app.js'

const broken: string[] = []
let listener: RawListener

beforeAll(async () => {
  const settings = { maxHeaderBytes: 4_096, headersTimeoutMs: 300, requestTimeoutMs: 300 }
  listener = await openRawListener(sampleApp().app, settings, ({ code }) => broken.push(code))
})

afterAll(() => listener.close())

const exchange = (...parts: readonly string[]) => listener.exchange(...parts)

const GET = 'GET /v1/accounts HTTP/1.1\r\nHost: x\r\n'
const POST = 'POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

describe('a request that is not valid HTTP', () => {
  it.each([
    ['text', 'hello\r\n\r\n', 400, 'request-malformed'],
    ['a TLS handshake', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'request-malformed'],
    ['an unknown method', 'STEAL / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'request-malformed'],
    ['an unknown version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n', 400, 'request-malformed'],
    ['no Host', 'GET /v1/accounts HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'request-malformed'],
    ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400, 'request-malformed'],
    ['a list of lengths', `${POST}Content-Length: 2, 2\r\n\r\n{}`, 400, 'request-malformed'],
    ['a negative length', `${POST}Content-Length: -1\r\n\r\n`, 400, 'request-malformed'],
    ['a length with a sign', `${POST}Content-Length: +2\r\n\r\n{}`, 400, 'request-malformed'],
    [
      'length and chunks',
      `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'request-malformed',
    ],
    [
      'chunks and length',
      `${POST}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n`,
      400,
      'request-malformed',
    ],
    [
      'two encodings',
      `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
      400,
      'request-malformed',
    ],
    [
      'chunked, but not at the end',
      `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
      400,
      'request-malformed',
    ],
    ['an obscured encoding', `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, 400, 'request-malformed'],
    [
      'a blank before the colon',
      `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
      400,
      'request-malformed',
    ],
    ['a folded header', `${GET}X-A: b\r\n c\r\n\r\n`, 400, 'request-malformed'],
    ['a bare line feed', 'GET / HTTP/1.1\nHost: x\n\n', 400, 'request-malformed'],
    ['a bare carriage return in a value', `${GET}X-A: b\rX-B: c\r\n\r\n`, 400, 'request-malformed'],
    ['a zero in a value', `${GET}X-A: \0\r\n\r\n`, 400, 'request-malformed'],
    [
      'a chunk size that is none',
      `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
      'request-malformed',
    ],
    [
      'a chunk size beyond numbers',
      `${POST}Transfer-Encoding: chunked\r\n\r\n${'F'.repeat(20)}\r\n`,
      400,
      'request-malformed',
    ],
    ['a large header', `${GET}X-A: ${'a'.repeat(5_000)}\r\n\r\n`, 431, 'header-too-large'],
    ['a long URL', `GET /v1/${'a'.repeat(5_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431, 'header-too-large'],
    ['many headers', `${GET}Connection: close\r\n${'A: b\r\n'.repeat(2_000)}\r\n`, 431, 'header-too-large'],
    ['a header without end', GET, 408, 'request-timeout'],
  ])('%s: %#', async (_what, bytes, status, code) => {
    broken.length = 0
    const answer = await exchange(bytes)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head.toLowerCase()).toContain('content-type: application/problem+json')
    expect(head.toLowerCase()).toContain('connection: close')
    const problem = JSON.parse(body) as Record<string, unknown>
    expect(problem).toMatchObject({ type: `/problems/${code}`, status, code })
    expect(head).toContain(String(problem.instance).replace('urn:uuid:', ''))
    // One response: what came after the broken request is not taken for another one.
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
  })

  it('is counted', async () => {
    broken.length = 0
    await exchange('hello\r\n\r\n')
    expect(broken).toEqual(['request-malformed'])
  })

  it('has no response where one before it is not answered yet, which is', async () => {
    broken.length = 0
    const answer = await exchange(`${GET}\r\nhello\r\n\r\n`)
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(broken).toEqual([])
  })

  it('does not spoil the response before it', async () => {
    const answer = await exchange(`${GET}\r\n`, 'hello\r\n\r\n')
    expect(answer).not.toMatch(/^HTTP\/1\.1 200 [^]*HTTP\/1\.1 200 /)
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400) /)
  })

  it('has no second response where its body breaks off', async () => {
    const answer = await exchange(`${POST}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`, 'zz\r\n')
    expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  })
})

describe('what servers may ignore', () => {
  it('an unknown expectation', async () => {
    expect(await exchange(`${GET}Expect: miracles\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('an upgrade to another protocol', async () => {
    const upgrade =
      'Connection: Upgrade, close\r\nUpgrade: h2c, websocket\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n'
    expect(await exchange(`${GET}${upgrade}`)).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('HTTP/1.0 without Host', async () => {
    expect(await exchange('GET /v1/accounts HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 /)
  })
})
