import { createCipheriv } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import type { Socket } from 'node:net'
import type { Transform } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import zlib, {
  brotliCompressSync,
  brotliDecompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  inflateRawSync,
  unzipSync,
} from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ContentDecoder } from '../../../src/backend/connection/content-coding.js'
import type { BackendPolicy } from '../../../src/backend/policy.js'
import type { SoapAnswer } from '../../../src/backend/soap-call.js'
import { bytesOf } from '../../../src/base/bytes/source.js'
import { AdapterError, type AdapterErrorCode } from '../../../src/base/errors.js'
import fc from '../../oracle/property.js'
import { backendWith, closeAll, closing } from '../calls.js'
import { Peer, type Script } from '../peer.js'

const MiB = 1024 * 1024
const STREAM_FROM = 65_536

interface Coder {
  readonly coding: string
  readonly code: (content: Buffer) => Buffer
  readonly undo: (coded: Buffer) => Buffer
}

const gzip: Coder = { coding: 'gzip', code: gzipSync, undo: unzipSync }
const br: Coder = { coding: 'br', code: quickBrotli, undo: brotliDecompressSync }
const deflate: Coder = { coding: 'deflate', code: deflateSync, undo: unzipSync }
const bare: Coder = { coding: 'deflate', code: deflateRawSync, undo: inflateRawSync }
const coders: readonly (readonly [name: string, coder: Coder])[] = [
  ['gzip', gzip],
  ['x-gzip', { ...gzip, coding: 'X-GZip' }],
  ['deflate', deflate],
  ['bare deflate', bare],
  ['br', br],
]

function quickBrotli(content: Buffer): Buffer {
  return brotliCompressSync(content, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 1 } })
}

/** Octets that can hardly be compressed, always the same. */
function noise(length: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(length))
}

/** All that have been made to decompress. */
let engines: Transform[]

beforeEach(() => {
  engines = []
  for (const name of ['createUnzip', 'createInflateRaw', 'createBrotliDecompress'] as const) {
    const create: () => Transform = zlib[name]
    vi.spyOn(zlib as Record<typeof name, () => Transform>, name).mockImplementation(() => {
      const engine = create()
      engines.push(engine)
      return engine
    })
  }
  syncBuiltinESMExports()
})

afterEach(async () => {
  vi.useRealTimers()
  await closeAll()
  vi.restoreAllMocks()
  syncBuiltinESMExports()
  for (const engine of engines)
    if (!engine.closed) await new Promise((resolve) => engine.once('close', resolve))
})

/** What a decoder makes of chunks. */
interface Decoding {
  readonly decoder: ContentDecoder
  readonly log: string[]
  readonly content: () => Buffer
  /** Resolves at the end, with what was wrong. */
  readonly over: Promise<AdapterError | undefined>
}

/** @param isSlow takes one piece of the content in each turn of the event loop */
function decoding(coding: string, maxBytes = 64 * MiB, isSlow = false): Decoding {
  const pieces: Uint8Array[] = []
  const log: string[] = []
  let settle: (error: AdapterError | undefined) => void = () => undefined
  const over = new Promise<AdapterError | undefined>((resolve) => (settle = resolve))
  const decoder = new ContentDecoder(coding, maxBytes, {
    push: (content) => {
      pieces.push(content)
      if (!isSlow) return
      decoder.pause()
      void setImmediate().then(() => {
        decoder.resume()
      })
    },
    end: settle,
    pause: () => log.push('pause'),
    resume: () => log.push('resume'),
  })
  return { decoder, log, content: () => Buffer.concat(pieces), over }
}

function* chunksOf(octets: Buffer, size: number): Generator<Buffer> {
  for (let from = 0; from < octets.length; from += size) yield octets.subarray(from, from + size)
}

describe('a content decoder', () => {
  const xml = Buffer.from('<Row>some text that repeats, some text that repeats</Row>\n'.repeat(20))
  const spoilt = fc.oneof(
    fc.constant((coded: Buffer) => coded),
    fc.nat(2000).map((length) => (coded: Buffer) => coded.subarray(0, length)),
    fc.uint8Array({ maxLength: 20 }).map((more) => (coded: Buffer) => Buffer.concat([coded, more])),
    fc.nat(20).map((length) => (coded: Buffer) => Buffer.concat([coded, Buffer.alloc(length), coded])),
    fc.tuple(fc.nat(), fc.nat(255)).map(([place, value]) => (coded: Buffer) => {
      const changed = Buffer.from(coded)
      changed[place % changed.length] = value
      return changed
    }),
  )

  it.each(coders)('finds in %s in pieces what there is in the whole', async (_, { coding, code, undo }) => {
    await fc.assert(
      fc.asyncProperty(
        spoilt,
        fc.integer({ min: 1, max: 300 }),
        fc.boolean(),
        async (spoil, size, isSlow) => {
          const coded = spoil(code(xml))
          let whole: Buffer | undefined
          try {
            whole = coded.length === 0 ? coded : undo(coded)
          } catch {
            whole = undefined
          }
          const { decoder, content, over } = decoding(coding, MiB, isSlow)
          for (const [index, chunk] of [...chunksOf(coded, size)].entries()) {
            decoder.write(chunk)
            if (index % 3 === 0) await setImmediate()
          }
          decoder.end()
          const error = await over
          expect(error?.code).toBe(whole ? undefined : 'backend-malformed')
          if (whole) expect(content()).toEqual(whole)
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each(coders)('takes content of %s of just the largest size', async (_, { coding, code }) => {
    for (const [maxBytes, found] of [
      [xml.length, undefined],
      [xml.length - 1, 'backend-too-large'],
    ] as const) {
      const { decoder, over } = decoding(coding, maxBytes)
      decoder.write(code(xml))
      decoder.end()
      expect((await over)?.code).toBe(found)
    }
  })

  it.each(coders)('holds little of %s while nobody wants it, however much it becomes', async (_, coder) => {
    const coded = coder.code(Buffer.alloc(32 * MiB))
    expect(coded.length).toBeLessThan(MiB / 8)
    const { decoder, content, over } = decoding(coder.coding)
    for (const chunk of chunksOf(coded, 4096)) decoder.write(chunk)
    decoder.end()
    decoder.pause()
    const [engine] = engines
    while (engine && engine.readableLength < engine.readableHighWaterMark) await setImmediate()
    // Another is through with as much meanwhile.
    const other = decoding(coder.coding)
    other.decoder.write(coded)
    other.decoder.end()
    expect(await other.over).toBeUndefined()
    expect(content().length).toBe(0)
    expect(engine?.readableLength).toBeLessThan(MiB / 8)
    decoder.resume()
    expect(await over).toBeUndefined()
    expect(content().length).toBe(32 * MiB)
  })

  it.each(coders)('tells the sender of %s to wait, and to go on', async (_, coder) => {
    const octets = noise(2 * MiB)
    const { decoder, log, content, over } = decoding(coder.coding)
    const chunks = [...chunksOf(coder.code(octets), 65_536)]
    const half = chunks.splice(0, chunks.length / 2)
    decoder.write(half.shift() ?? Buffer.alloc(0))
    decoder.pause()
    for (const chunk of half) decoder.write(chunk)
    expect(decoder.isBehind).toBe(true)
    expect(log).toEqual(['pause'])
    decoder.resume()
    while (decoder.isBehind) await setImmediate()
    expect(log).toEqual(['pause', 'resume'])
    for (const chunk of chunks) decoder.write(chunk)
    decoder.end()
    expect(await over).toBeUndefined()
    expect(content().equals(octets)).toBe(true)
  })

  it.each(coders)('of %s that is destroyed says no more', async (_, { coding, code }) => {
    const { decoder, content } = decoding(coding)
    for (const chunk of chunksOf(code(noise(MiB)), 65_536)) decoder.write(chunk)
    await setImmediate()
    const { length } = content()
    decoder.destroy()
    decoder.write(Buffer.from('x'))
    decoder.end()
    const other = decoding(coding)
    other.decoder.write(code(noise(MiB)))
    other.decoder.end()
    await other.over
    expect(content().length).toBe(length)
  })
})

async function peerWith(script: Script): Promise<Peer> {
  return closing(await Peer.listen(script))
}

function call(peer: Peer, policy: Partial<BackendPolicy> = {}) {
  const backend = backendWith({ timeoutMs: 20_000, maxResponseBytes: 16 * MiB, ...policy })
  const request = { url: peer.url, headers: {}, body: '<Envelope/>' }
  const given = backend.call(request, (answer) => answer, { streamFrom: STREAM_FROM, effect: 'read' })
  return { backend, given }
}

/** The rest of the response, or the code of what is wrong with it. */
async function restOf({ rest }: SoapAnswer): Promise<Buffer | string> {
  if (!rest) return 'is whole'
  const chunks: Uint8Array[] = []
  try {
    for await (const chunk of rest) chunks.push(chunk)
    rest.close()
    return Buffer.concat(chunks)
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    rest.close(error)
    return error.code
  }
}

function codeIn(error: unknown): string {
  if (!(error instanceof AdapterError)) throw error
  return error.code
}

function codeOf(call: Promise<unknown>): Promise<string> {
  return call.then(() => 'is a response', codeIn)
}

const head = (coding: string, ...fields: string[]): string =>
  ['HTTP/1.1 200 OK', 'Content-Type: text/xml', `Content-Encoding: ${coding}`, ...fields, '', ''].join('\r\n')

const whole =
  (coding: string, body: Buffer, type = 'text/xml'): Script =>
  (socket) => {
    socket.write(head(coding, `Content-Length: ${body.length}`).replace('text/xml', type))
    socket.write(body)
  }

describe('a coded answer', () => {
  const long = Buffer.from(noise(3 * MiB).toString('base64'))
  const short = long.subarray(0, STREAM_FROM)

  it.each(coders)('in %s is given while it arrives where it is long', async (_, { coding, code }) => {
    const peer = await peerWith(whole(coding, code(long)))
    const { backend, given } = call(peer)
    const answer = await given
    expect(answer.headers).toEqual({ 'content-type': 'text/xml' })
    expect(answer.body.byteLength).toBeGreaterThan(STREAM_FROM)
    const rest = await restOf(answer)
    expect(typeof rest === 'string' ? rest : Buffer.concat([bytesOf(answer.body), rest]).equals(long)).toBe(
      true,
    )
    expect(backend.state()).toMatchObject({ breaker: 'closed', inFlight: 0 })
  })

  it.each(coders)('in %s is long by what it holds, however few bytes come', async (_, { coding, code }) => {
    const content = Buffer.alloc(STREAM_FROM + 1, ' ')
    const coded = code(content)
    expect(coded.length).toBeLessThan(1000)
    const answer = await call(await peerWith(whole(coding, coded))).given
    const rest = await restOf(answer)
    expect(
      typeof rest === 'string' ? rest : Buffer.concat([bytesOf(answer.body), rest]).equals(content),
    ).toBe(true)
  })

  it.each(coders)('in %s is given whole where it is short', async (_, { coding, code }) => {
    const { rest, body, headers } = await call(await peerWith(whole(coding, code(short)))).given
    expect(rest).toBeUndefined()
    expect(short.equals(bytesOf(body))).toBe(true)
    expect(headers).toEqual({ 'content-type': 'text/xml' })
  })

  it('is given whole where it is not XML', async () => {
    const peer = await peerWith(whole('gzip', gzipSync(long), 'multipart/related'))
    const { rest, body } = await call(peer).given
    expect(rest).toBeUndefined()
    expect(long.equals(bytesOf(body))).toBe(true)
  })

  it.each(['identity', 'Identity', ''])('in %j is one without a coding', async (coding) => {
    const answer = await call(await peerWith(whole(coding, long))).given
    const rest = await restOf(answer)
    expect(typeof rest === 'string' ? rest : Buffer.concat([bytesOf(answer.body), rest]).equals(long)).toBe(
      true,
    )
    expect(answer.headers).toEqual({ 'content-type': 'text/xml' })
  })

  it.each(['gzip, br', 'br, gzip', 'gzip, gzip', 'gzip\r\nContent-Encoding: gzip', 'zstd', 'gzip;q=1'])(
    'in %j is refused',
    async (coding) => {
      const peer = await peerWith(whole(coding, gzipSync(gzipSync(long))))
      expect(await codeOf(call(peer).given)).toBe('backend-malformed')
    },
  )

  it.each(['gzip', 'zstd'])('in %s may be empty', async (coding) => {
    expect((await call(await peerWith(whole(coding, Buffer.alloc(0)))).given).body.byteLength).toBe(0)
  })

  it.each(coders)('in %s leaves its place when it has arrived, read or not', async (_, { coding, code }) => {
    const peer = await peerWith(whole(coding, code(Buffer.alloc(8 * MiB))))
    const { backend, given } = call(peer, { maxConcurrent: 1, timeoutMs: 3000 })
    const { rest } = await given
    const other = { url: (await peerWith(whole(coding, code(short)))).url, headers: {}, body: '<Envelope/>' }
    while (!rest?.isPaused) await setImmediate()
    const answer = await backend
      .call(other, ({ body }) => body)
      .finally(() => {
        rest.close()
      })
    expect(short.equals(bytesOf(answer))).toBe(true)
  })

  it.each(coders)('in %s is read on where the reader is slow', async (_, { coding, code }) => {
    const answer = await call(await peerWith(whole(coding, code(long)))).given
    const chunks: Uint8Array[] = [bytesOf(answer.body)]
    for await (const chunk of answer.rest ?? []) {
      chunks.push(chunk)
      await setImmediate()
    }
    answer.rest?.close()
    expect(Buffer.concat(chunks).equals(long)).toBe(true)
  })
})

describe('a coded answer that fails', () => {
  /** Sends these bytes, and a chunk that ends the response or not. */
  type End = (socket: Socket) => void
  const end: End = (socket) => socket.write('0\r\n\r\n')
  const cut: End = (socket) => socket.destroy()
  const silent: End = () => undefined
  const chunk = (octets: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${octets.length.toString(16)}\r\n`), octets, Buffer.from('\r\n')])
  const sends =
    ({ coding }: Coder, octets: Buffer, how: End): Script =>
    (socket) => {
      socket.write(head(coding, 'Transfer-Encoding: chunked'))
      for (const piece of chunksOf(octets, 65_536)) socket.write(chunk(piece))
      // What has been written is on its way before the connection is cut.
      socket.write('', () => {
        how(socket)
      })
    }
  const spoil = (octets: Buffer): Buffer => {
    const spoilt = Buffer.from(octets)
    spoilt.fill(0xff, octets.length - 500)
    return spoilt
  }
  /** Longer than it may be, and its end is kept back. */
  const bomb = (code: Coder['code']): Buffer => code(Buffer.alloc(32 * MiB, ' ')).subarray(0, -8)

  type Failure = readonly [
    what: string,
    code: AdapterErrorCode,
    octets: (coded: Buffer, code: Coder['code']) => Buffer,
    how: End,
  ]
  const failures: readonly Failure[] = [
    ['is cut off', 'backend-unreachable', (coded) => coded.subarray(0, -8), cut],
    ['ends too early', 'backend-malformed', (coded) => coded.subarray(0, -8), end],
    ['is damaged', 'backend-malformed', spoil, end],
    ['falls silent', 'backend-timeout', (coded) => coded.subarray(0, -8), silent],
    ['is a bomb', 'backend-too-large', (_, code) => bomb(code), silent],
  ]
  const table = failures.flatMap(([what, code, octets, how]) =>
    coders
      .filter(([name]) => name !== 'x-gzip')
      .map(([name, coder]) => [name, what, code, coder, octets, how] as const),
  )

  it.each(table)(
    '%s that %s when some of it has been given: %s',
    async (_, what, code, coder, octets, how) => {
      const content = Buffer.from(noise(2 * MiB).toString('base64'))
      const peer = await peerWith(sends(coder, octets(coder.code(content), coder.code), how))
      const { backend, given } = call(peer, { timeoutMs: what === 'falls silent' ? 1000 : 20_000 })
      expect(await given.then(restOf, codeIn)).toBe(code)
      expect(backend.state().inFlight).toBe(0)
      if (how !== end) await peer.gone(0)
    },
  )

  it.each(table)('%s that %s before any of it is given: %s', async (_, what, code, coder, octets, how) => {
    const content = Buffer.from(noise(STREAM_FROM / 2).toString('base64'))
    const peer = await peerWith(sends(coder, octets(coder.code(content), coder.code), how))
    const maxResponseBytes = STREAM_FROM - 1
    const timeoutMs = what === 'falls silent' ? 100 : 20_000
    const { backend, given } = call(peer, { timeoutMs, maxResponseBytes })
    expect(await codeOf(given)).toBe(code)
    expect(backend.state().inFlight).toBe(0)
    if (how !== end) await peer.gone(0)
  })

  it.each(coders)('%s of more coded bytes than it may have', async (_, coder) => {
    const octets = coder.code(noise(4 * MiB))
    const peer = await peerWith(sends(coder, octets, silent))
    const answer = await call(peer, { maxResponseBytes: 3 * MiB }).given
    expect(await restOf(answer)).toBe('backend-too-large')
    await peer.gone(0)
  })

  it.each(coders)('%s that nobody wants any more', async (_, coder) => {
    const peer = await peerWith(sends(coder, coder.code(noise(8 * MiB)).subarray(0, -8), silent))
    const { backend, given } = call(peer)
    const { rest } = await given
    await rest?.[Symbol.asyncIterator]().next()
    rest?.close()
    await peer.gone(0)
    expect(await rest?.over).toBeUndefined()
    await setImmediate()
    expect(backend.state()).toMatchObject({ breaker: 'closed', inFlight: 0 })
    expect(engines.map(({ destroyed }) => destroyed)).toEqual([true])
  })

  it.each(coders)('%s that has arrived, and nobody wants', async (_, coder) => {
    const peer = await peerWith(whole(coder.coding, coder.code(Buffer.alloc(8 * MiB))))
    const { backend, given } = call(peer)
    const { rest } = await given
    rest?.close()
    expect(await rest?.over).toBeUndefined()
    await setImmediate()
    expect(backend.state().inFlight).toBe(0)
    expect(engines.map(({ destroyed }) => destroyed)).toEqual([true])
  })

  it.each([gzip, { coding: 'identity', code: (content: Buffer) => content }])(
    'is not one in $coding that is silent because it has been told to wait',
    async ({ coding, code }) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
      const octets = noise(8 * MiB)
      const { given } = call(await peerWith(whole(coding, code(octets))))
      const { rest, body } = await given
      while (!rest?.isPaused) await setImmediate()
      vi.advanceTimersByTime(100_000)
      expect(rest.broke).toBeUndefined()
      let length = body.byteLength
      for await (const piece of rest) length += piece.byteLength
      rest.close()
      expect(length).toBe(octets.length)
    },
  )

  it.each(coders)('is not one in %s that has arrived, and is still decoded', async (_, { coding, code }) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const content = Buffer.alloc(8 * MiB)
    const answer = await call(await peerWith(whole(coding, code(content)))).given
    vi.advanceTimersByTime(100_000)
    const rest = await restOf(answer)
    expect(typeof rest === 'string' ? rest : answer.body.byteLength + rest.length).toBe(content.length)
  })
})
