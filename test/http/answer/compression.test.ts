import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, createBrotliDecompress, createGunzip, gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it, test } from 'vitest'
import { AdapterError } from '../../../src/base/errors.js'
import { codingFor, compress, mayCompress, takePlace } from '../../../src/http/answer/compression.js'
import { FieldList } from '../../../src/http/answer/field-list.js'
import { appOf, markedFacade } from '../marked-facade.js'
import { type SampleApp, sampleApp } from '../sample-app.js'
import type { SampleFacade } from '../sample-facade.js'

const LONG = JSON.stringify(Array.from({ length: 500 }, (_, index) => ({ index, name: 'Harbour Row' })))

let server: Server
let sample: SampleApp
let marked: SampleFacade
const servers: Server[] = []

async function listening(app: Parameters<typeof createServer>[1]): Promise<Server> {
  const started = createServer(app).listen(0, '127.0.0.1')
  servers.push(started)
  await once(started, 'listening')
  return started
}

beforeAll(async () => {
  sample = sampleApp({}, { compressFrom: 1_000 })
  server = await listening(sample.app)
  marked = markedFacade({ getAccount: { maxAgeSeconds: 60 } })
})
afterAll(() => {
  for (const each of servers) {
    each.close()
    each.closeAllConnections()
  }
})
afterEach(() => {
  sample.facade.answers.clear()
})

interface Asked {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly at?: Server
}

async function open(path: string, asked: Asked = {}): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body, at = server } = asked
  const { port } = at.address() as AddressInfo
  const sending = request({ port, path, method, headers }).end(body)
  const [response] = (await once(sending, 'response')) as [IncomingMessage]
  return response
}

async function ask(path: string, asked?: Asked) {
  const response = await open(path, asked)
  const body = await buffer(response)
  const { statusCode: status, headers } = response
  const coding = headers['content-encoding']
  const decode = body.length === 0 ? undefined : coding
  const content = decode === 'br' ? brotliDecompressSync(body) : decode === 'gzip' ? gunzipSync(body) : body
  return { status, headers, coding, length: body.length, text: content.toString() }
}

const answer = (body: string, headers: Record<string, string> = {}) => ({
  status: 200,
  headers: { 'content-type': 'application/json', ...headers },
  body,
})
const both = { 'accept-encoding': 'gzip, deflate, br' }

describe('the coding that a client likes best', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['gzip', 'gzip'],
    ['x-gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['br;q=0.5, gzip', 'gzip'],
    ['BR', 'br'],
    ['*', 'br'],
    ['br;q=0, *', 'gzip'],
    ['*;q=0', undefined],
    ['identity', undefined],
    ['identity, gzip;q=0.5', undefined],
    ['deflate, zstd', undefined],
    ['gzip;q=nonsense', undefined],
  ])('of %j is %s', (field, coding) => {
    expect(codingFor(field)).toBe(coding)
  })
})

describe('what may be compressed', () => {
  const get = { method: 'GET', headers: {} }
  const json = { status: 200, headers: { 'content-type': 'application/json' } }

  it.each([
    ['a response to GET', get, json, undefined, true],
    ['one to HEAD, of which the header is told', { ...get, method: 'HEAD' }, json, undefined, true],
    [
      'one to a key in a header field',
      get,
      json,
      { client: 'a', namedBy: 'apiKey' as const, claims: {} },
      true,
    ],
    ['one to what has a body', { ...get, method: 'POST' }, json, undefined, false],
    ['one to a certificate', get, json, { client: 'a', namedBy: 'certificate' as const, claims: {} }, false],
    ['one to a cookie', { ...get, headers: { cookie: 'session=1' } }, json, undefined, false],
    ['a problem', get, { ...json, status: 404 }, undefined, false],
    [
      'a part',
      get,
      { ...json, headers: { ...json.headers, 'content-range': 'bytes 0-1/2' } },
      undefined,
      false,
    ],
    [
      'what is coded',
      get,
      { ...json, headers: { ...json.headers, 'content-encoding': 'x' } },
      undefined,
      false,
    ],
    [
      'what its contract says is not to be transformed',
      get,
      { ...json, headers: { ...json.headers, 'cache-control': 'no-store, no-transform' } },
      undefined,
      false,
    ],
    ['a picture', get, { status: 200, headers: { 'content-type': 'image/png' } }, undefined, false],
    ['YAML', get, { status: 200, headers: { 'content-type': 'application/yaml' } }, undefined, true],
    ['text', get, { status: 200, headers: { 'content-type': 'text/csv; charset=utf-8' } }, undefined, true],
    ['events', get, { status: 200, headers: { 'content-type': 'text/event-stream' } }, undefined, false],
    ['what has no type', get, { status: 200, headers: {} }, undefined, false],
  ])('%s', (_, req, response, identity, may) => {
    const { status, headers } = response
    const fields = new FieldList(Object.entries<string>(headers).flat())
    expect(mayCompress(req, { status, fields }, identity)).toBe(may)
  })
})

describe('a response', () => {
  it.each(['br', 'gzip'])('is sent in %s, and says what it depends on', async (coding) => {
    sample.facade.answers.set('listAccounts', () => answer(LONG))
    const coded = await ask('/v1/accounts', { headers: { 'accept-encoding': coding } })
    expect([coded.status, coded.coding, coded.headers.vary]).toEqual([200, coding, 'Accept-Encoding'])
    expect(coded.text).toBe(LONG)
    expect(coded.length).toBeLessThan(LONG.length / 5)
    expect(coded.headers['content-length']).toBe(String(coded.length))
    const plain = await ask('/v1/accounts')
    expect([plain.coding, plain.headers.vary, plain.text]).toEqual([undefined, 'Accept-Encoding', LONG])
  })

  it('that is short, or to a request with a body, or a problem is sent as it is', async () => {
    sample.facade.answers.set('listAccounts', () => answer('[]'))
    const short = await ask('/v1/accounts', { headers: both })
    expect([short.coding, short.headers.vary]).toEqual([undefined, undefined])
    sample.facade.answers.set('closeAccount', () => answer(LONG))
    const write = await ask('/v1/accounts/A1', { method: 'DELETE', headers: both })
    expect([write.status, write.coding, write.headers.vary]).toEqual([200, undefined, undefined])
    const problem = await ask(`/v1/accounts/A1?limit=${'9'.repeat(2_000)}`, { headers: both })
    expect([problem.status, problem.coding]).toEqual([400, undefined])
  })

  it('to HEAD has the header of that to GET, and to Range is a whole one', async () => {
    sample.facade.answers.set('listAccounts', () => answer(LONG))
    const head = await ask('/v1/accounts', { method: 'HEAD', headers: both })
    expect([head.status, head.length, head.headers['content-encoding'], head.headers.vary]).toEqual([
      ...[200, 0, 'br', 'Accept-Encoding'],
    ])
    expect(head.headers['content-length']).toBeUndefined()
    const ranged = await ask('/v1/accounts', { headers: { ...both, range: 'bytes=0-9' } })
    expect([ranged.status, ranged.coding, ranged.text]).toEqual([200, 'br', LONG])
    expect(ranged.headers['content-range']).toBeUndefined()
  })

  it('keeps the Vary of pages from other origins', async () => {
    const app = sampleApp({}, { compressFrom: 1_000, corsOrigins: ['https://app.example'] })
    app.facade.answers.set('listAccounts', () => answer(LONG))
    const headers = { ...both, origin: 'https://app.example' }
    const { coding, headers: got } = await ask('/v1/accounts', { headers, at: await listening(app.app) })
    expect([coding, got.vary]).toEqual(['br', 'Origin, Accept-Encoding'])
  })

  it('of the cache has a weak ETag in another coding, by which it is known again in each', async () => {
    marked.answers.set('getAccount', () => answer(LONG))
    const at = await listening(appOf(marked, { cache: {}, compressFrom: 1_000 }))
    const plain = await ask('/v1/accounts/A1', { at })
    const coded = await ask('/v1/accounts/A1', { at, headers: both })
    expect(plain.headers.etag).toMatch(/^"/)
    expect(coded.headers.etag).toBe(`W/${plain.headers.etag}`)
    expect([coded.coding, coded.text]).toEqual(['br', LONG])
    for (const tag of [plain.headers.etag, coded.headers.etag]) {
      const headers = { ...both, 'if-none-match': String(tag) }
      const again = await ask('/v1/accounts/A1', { at, headers })
      expect([again.status, again.length, again.headers.etag, again.coding]).toEqual([304, 0, tag, undefined])
      expect(again.headers.vary).toBe('Accept-Encoding')
    }
  })

  it('is sent as it is while too many others are compressed', async () => {
    sample.facade.answers.set('listAccounts', () => answer(LONG))
    const places = []
    for (let place = takePlace(); place; place = takePlace()) places.push(place)
    expect(places).toHaveLength(16)
    const plain = await ask('/v1/accounts', { headers: both })
    expect([plain.coding, plain.text, plain.headers['content-length']]).toEqual([
      ...[undefined, LONG, String(LONG.length)],
    ])
    for (const release of places) release()
    expect((await ask('/v1/accounts', { headers: both })).coding).toBe('br')
  })

  test('of megabytes is compressed while it is sent', async () => {
    const megabytes = LONG.repeat(200)
    sample.facade.answers.set('listAccounts', () => answer(megabytes))
    const coded = await ask('/v1/accounts', { headers: both })
    expect(coded.coding).toBe('br')
    expect(coded.text === megabytes).toBe(true)
    expect(coded.headers['content-length']).toBeUndefined()
  })
})

describe('a response that is given while it arrives', () => {
  const streamed = (bodies: () => AsyncGenerator<string>) => () => ({
    ...answer('['),
    rest: { bodies: { [Symbol.asyncIterator]: bodies }, cancel: () => undefined },
  })

  it.each([
    ['br', createBrotliDecompress],
    ['gzip', createGunzip],
  ])('reaches the client part by part in %s', async (coding, decoderOf) => {
    let next: (text: string) => void = () => undefined
    const texts = Array.from({ length: 3 }, () => new Promise<string>((resolve) => (next = resolve)))
    expect(texts).toHaveLength(3)
    const waiting: ((text: string) => void)[] = []
    sample.facade.answers.set(
      'listAccounts',
      streamed(async function* () {
        for (;;) {
          const text = await new Promise<string>((resolve) => waiting.push(resolve))
          yield text
          if (text === ']') return
        }
      }),
    )
    const response = await open('/v1/accounts', { headers: { 'accept-encoding': coding } })
    expect(response.headers['content-encoding']).toBe(coding)
    const decoder = response.pipe(decoderOf())
    let seen = ''
    decoder.on('data', (chunk: Buffer) => (seen += chunk.toString()))
    await expect.poll(() => seen).toBe('[')
    for (const [text, all] of [
      ['1,', '[1,'],
      ['2', '[1,2'],
      [']', '[1,2]'],
    ] as const) {
      await expect.poll(() => waiting.length).toBe(1)
      waiting.splice(0)[0]?.(text)
      await expect.poll(() => seen).toBe(all)
    }
    next('')
    if (!decoder.readableEnded) await once(decoder, 'end')
  })

  it('is not ended where it breaks off', async () => {
    sample.facade.answers.set(
      'listAccounts',
      streamed(async function* () {
        yield await Promise.resolve('1,')
        throw new AdapterError('backend-malformed', 'It breaks off.')
      }),
    )
    const response = await open('/v1/accounts', { headers: both })
    await expect(buffer(response)).rejects.toThrow('aborted')
    // Its place is free again.
    sample.facade.answers.set('listAccounts', () => answer(LONG))
    expect((await ask('/v1/accounts', { headers: both })).coding).toBe('br')
  })
})

describe('pages', () => {
  it.each(['/v1/openapi.json', '/v1/openapi.yaml', '/docs/outline.json'])(
    '%s is compressed',
    async (path) => {
      const small = sampleApp({}, { compressFrom: 100 })
      const at = await listening(small.app)
      const plain = await ask(path, { at })
      const coded = await ask(path, { at, headers: both })
      expect([plain.coding, plain.headers.vary]).toEqual([undefined, 'Accept-Encoding'])
      expect([coded.coding, coded.headers.vary, coded.text]).toEqual(['br', 'Accept-Encoding', plain.text])
      if (plain.headers.etag === undefined) return
      expect(coded.headers.etag).not.toBe(plain.headers.etag)
      const headers = { ...both, 'if-none-match': String(coded.headers.etag) }
      expect((await ask(path, { at, headers })).status).toBe(304)
    },
  )
})

it('compresses a text to what others read', async () => {
  expect(gunzipSync(await compress(Buffer.from(LONG), 'gzip')).toString()).toBe(LONG)
  expect(brotliDecompressSync(await compress(Buffer.from(LONG), 'br')).toString()).toBe(LONG)
})
