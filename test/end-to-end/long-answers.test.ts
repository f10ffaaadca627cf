import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Transform, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { rootCertificates } from 'node:tls'
import {
  constants,
  createBrotliCompress,
  createDeflate,
  createDeflateRaw,
  createGzip,
  type Zlib,
} from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import { wsdlText } from '../adapter/wsdl-text.js'
import { type Front, openFront } from './front.js'

const schema = `
  <xs:complexType name="Row"><xs:sequence>
    <xs:element name="Id" type="xs:long"/><xs:element name="Text" type="xs:string"/>
  </xs:sequence></xs:complexType>
  <xs:element name="List"><xs:complexType><xs:sequence>
    <xs:element name="Day" type="xs:date" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
  <xs:element name="ListResponse"><xs:complexType><xs:sequence>
    <xs:element name="Title" type="xs:string"/>
    <xs:element name="Row" type="t:Row" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="Count" type="xs:int" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>`

const rowSchema = {
  type: 'object',
  required: ['id', 'text'],
  properties: { id: { type: 'integer', format: 'int64' }, text: { type: 'string' } },
}
const rows = { type: 'array', items: rowSchema }

const onLists = { backend: 'lists', operation: 'List' }

const listOperation = (operationId: string) => ({
  operationId,
  responses: {
    '200': {
      description: 'All of it',
      content: {
        'application/json': {
          schema: {
            type: 'object',
            required: ['title', 'row'],
            properties: { title: { type: 'string' }, row: rows, count: { type: 'integer' } },
          },
        },
      },
    },
  },
})

const contract = (endpoint: string) => ({
  openapi: '3.1.0',
  info: { title: 'Lists', version: '1' },
  servers: [{ url: '/v1' }],
  security: [],
  'x-soap-backends': {
    lists: {
      wsdl: 'lists.wsdl',
      endpoint,
      maxResponseBytes: 100_000_000,
      timeoutMs: 20_000,
      breaker: { minimumCalls: 4, failurePercent: 100, openMs: 60_000 },
    },
    stamped: {
      wsdl: 'lists.wsdl',
      endpoint,
      maxResponseBytes: 100_000_000,
      security: { timestamp: {} },
    },
    verified: {
      wsdl: 'lists.wsdl',
      endpoint,
      maxResponseBytes: 100_000_000,
      security: { verify: { trust: rootCertificates[0] } },
    },
    retried: {
      wsdl: 'lists.wsdl',
      endpoint,
      maxResponseBytes: 100_000_000,
      retry: { attempts: 3 },
      breaker: { minimumCalls: 1000 },
    },
  },
  paths: {
    '/lists': { get: { ...listOperation('list'), 'x-soap': onLists } },
    '/hurried-lists': { get: { ...listOperation('hurried'), 'x-soap': { ...onLists, timeoutMs: 1000 } } },
    '/retried-lists': { get: { ...listOperation('retried'), 'x-soap': { ...onLists, backend: 'retried' } } },
    '/stamped-lists': { get: { ...listOperation('stamped'), 'x-soap': { ...onLists, backend: 'stamped' } } },
    '/verified-lists': {
      get: { ...listOperation('verified'), 'x-soap': { ...onLists, backend: 'verified' } },
    },
    '/rows': {
      get: {
        operationId: 'rows',
        'x-soap': { backend: 'lists', operation: 'List', response: '/Row' },
        responses: {
          '200': { description: 'The rows', content: { 'application/json': { schema: rows } } },
        },
      },
    },
  },
})

const head =
  '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
  '<ListResponse xmlns="urn:t"><Title>t</Title>'
/** Long before its first row. */
const longHead = head.replace('<Title>', `<Title>${'t'.repeat(2_000_000)}`)
const tail = '</ListResponse></s:Body></s:Envelope>'
const rowXml = (id: number): string => `<Row><Id>${id}</Id><Text>row ${id} &amp; 'é'</Text></Row>\n`
/** Some 100 kB. */
const BLOCK = 2000
const block = (from: number, length = BLOCK): string =>
  Array.from({ length }, (_, index) => rowXml(from + index)).join('')
const rowsAsJson = (length: number): unknown[] =>
  Array.from({ length }, (_, id) => ({ id, text: `row ${id} & 'é'` }))

let backend: Server
let adapter: MountableAdapter
let front: Front
let directory: string
/** What the backend does with the next calls. */
let answer: (res: ServerResponse) => void | Promise<void>

async function open(): Promise<void> {
  adapter = await loadAdapter({ contract: join(directory, 'openapi.json'), env: {} })
  front = await openFront(adapter)
}

beforeAll(async () => {
  backend = createServer((req, res) => {
    req.resume().once('end', () => {
      res.setHeader('content-type', 'text/xml; charset=utf-8')
      void answer(res)
    })
  }).listen(0, '127.0.0.1')
  await once(backend, 'listening')
  const endpoint = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/lists`
  directory = mkdtempSync(join(tmpdir(), 'long-answers-'))
  writeFileSync(join(directory, 'lists.wsdl'), wsdlText(schema, 'List', endpoint))
  writeFileSync(join(directory, 'openapi.json'), JSON.stringify(contract(endpoint)))
  await open()
})

afterAll(async () => {
  await front.close()
  backend.close()
  backend.closeAllConnections()
  rmSync(directory, { recursive: true })
})

/** Each test has a breaker of its own. */
afterEach(async () => {
  await front.close()
  await open()
})

async function fetchAnswer(path: string, method = 'GET'): Promise<IncomingMessage> {
  const [res] = (await once(get(`${front.url}/v1${path}`, { method }), 'response')) as [IncomingMessage]
  return res
}

/** Writes and waits until there is room for more. */
async function send(res: Writable, xml: string): Promise<void> {
  if (res.write(xml)) return
  const settled = new AbortController()
  const { signal } = settled
  await Promise.race([once(res, 'drain', { signal }), once(res, 'close', { signal })])
  settled.abort()
}

async function sendBlocks(res: Writable, count: number): Promise<void> {
  await send(res, head)
  await sendRows(res, count)
}

async function sendRows(res: Writable, count: number): Promise<void> {
  for (let index = 0; index < count && !res.destroyed; index++) await send(res, block(index * BLOCK))
}

const blocks =
  (count: number) =>
  async (res: ServerResponse): Promise<void> => {
    await sendBlocks(res, count)
    res.end(`<Count>${count}</Count>${tail}`)
  }

describe('a response of many rows', () => {
  test.each([5, 60])('has every row, in order (%i blocks)', async (count) => {
    answer = blocks(count)
    const res = await fetchAnswer('/lists')
    expect(res.headers['content-length'] === undefined).toBe(count === 60)
    expect(res.headers['content-type']).toBe('application/json')
    expect(JSON.parse(await text(res))).toEqual({ title: 't', row: rowsAsJson(count * BLOCK), count })
  })

  test.each([5, 60])('can be the rows alone (%i blocks)', async (count) => {
    answer = blocks(count)
    expect(JSON.parse(await text(await fetchAnswer('/rows')))).toEqual(rowsAsJson(count * BLOCK))
  })

  test('is given while it arrives where only requests are secured', async () => {
    answer = blocks(60)
    const res = await fetchAnswer('/stamped-lists')
    expect(res.headers['content-length']).toBeUndefined()
    expect(JSON.parse(await text(res))).toMatchObject({ row: rowsAsJson(60 * BLOCK) })
  })

  test('gives nothing of it where nothing is believed unverified', async () => {
    answer = blocks(60)
    const res = await fetchAnswer('/verified-lists')
    expect(res.statusCode).toBe(502)
    expect(JSON.parse(await text(res))).toMatchObject({ code: 'backend-untrusted' })
  })

  test('begins before the backend has ended its own', async () => {
    let goOn: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (goOn = resolve))
    answer = async (res) => {
      await sendBlocks(res, 30)
      await asked
      res.end(tail)
    }
    const res = await fetchAnswer('/lists')
    const [first] = (await once(res, 'data')) as [Buffer]
    expect(first.toString()).toMatch(/^\{"title":"t","row":\[\{"id":0,/)
    goOn()
    expect((await text(res)).endsWith(']}')).toBe(true)
  })

  test('slows the backend where the client is slow', async () => {
    let sent = 0
    const all = 700
    let stalled: () => void = () => undefined
    const stall = new Promise<void>((resolve) => (stalled = resolve))
    answer = async (res) => {
      await send(res, head)
      for (let index = 0; index < all; index++) {
        const room = res.write(block(index * BLOCK))
        sent++
        if (room) continue
        // While nobody reads, everything between here and there fills up, and this never comes.
        const idle = setTimeout(stalled, 1000)
        await once(res, 'drain')
        clearTimeout(idle)
      }
      res.end(tail)
    }
    const res = await fetchAnswer('/lists')
    res.pause()
    await stall
    expect(sent).toBeLessThan(all / 2)
    const { row } = JSON.parse(await text(res)) as { row: unknown[] }
    expect(row).toHaveLength(all * BLOCK)
    expect(sent).toBe(all)
  }, 30_000)

  const broken: readonly (readonly [what: string, end: (res: ServerResponse) => void, code: string])[] = [
    ['is cut off', (res) => res.destroy(), 'backend-unreachable'],
    ['ends too early', (res) => res.end(), 'backend-malformed'],
    ['is not well-formed', (res) => res.end(`</Rows>${tail}`), 'backend-malformed'],
    ['has a row that is none', (res) => res.end(`<Row><Id>x</Id><Text/></Row>${tail}`), 'backend-mismatch'],
    ['has something else in it', (res) => res.end(`<Other/>${tail}`), 'backend-mismatch'],
    ['has something after its end', (res) => res.end(`${tail}<a/>`), 'backend-malformed'],
    ['has a value that is not UTF-8', (res) => res.end(Buffer.from([0x3c, 0xff])), 'backend-malformed'],
  ]
  test.each(broken)('breaks off where the backend %s', async (_, end, code) => {
    answer = async (res) => {
      await sendBlocks(res, 60)
      end(res)
    }
    const res = await fetchAnswer('/lists')
    expect(res.statusCode).toBe(200)
    await expect(text(res)).rejects.toThrow('aborted')
    const line = await logged(code)
    expect(line).toMatchObject({ problem: code, operationId: 'list', status: 502 })
  })

  test.each(broken.filter(([what]) => what !== 'is cut off'))(
    'is a problem document where a short one %s',
    async (_, end, code) => {
      answer = async (res) => {
        await sendBlocks(res, 1)
        end(res)
      }
      const res = await fetchAnswer('/lists')
      expect(res.statusCode).toBe(502)
      expect(JSON.parse(await text(res))).toMatchObject({ code })
    },
  )

  test('is a problem document where the contract is broken before the first row', async () => {
    answer = (res) => {
      res.write(head.replace('<Title>t</Title>', '<Titel/>'))
      for (let index = 0; index < 60; index++) res.write(block(index * BLOCK))
      res.end(tail)
    }
    const res = await fetchAnswer('/lists')
    expect(res.statusCode).toBe(502)
    expect(JSON.parse(await text(res))).toMatchObject({ code: 'backend-mismatch' })
  })

  test('is a fault, however long', async () => {
    answer = (res) => {
      const detail = `<x>${'y'.repeat(3_000_000)}</x>`
      res.end(
        '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault>' +
          `<faultcode>s:Server</faultcode><faultstring>f</faultstring><detail>${detail}</detail></s:Fault></s:Body></s:Envelope>`,
      )
    }
    const res = await fetchAnswer('/lists')
    expect(JSON.parse(await text(res))).toMatchObject({ code: 'backend-fault', status: 502 })
  })

  test('has no body for HEAD, and the backend is let go', async () => {
    const gone = new Promise<void>((resolve) => {
      answer = async (res) => {
        res.once('close', resolve)
        await sendBlocks(res, 700)
      }
    })
    const res = await fetchAnswer('/lists', 'HEAD')
    expect(res.statusCode).toBe(200)
    expect(await text(res)).toBe('')
    await gone
  })

  test('is whole for HTTP/1.0, which could not tell that it breaks off', async () => {
    answer = blocks(30)
    const socket = connect(front.port, '127.0.0.1')
    socket.write('GET /v1/lists HTTP/1.0\r\nHost: x\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*content-length: \d{6}/i)
  })

  test('lets the backend go with its client, and the next call has its place', async () => {
    const gone = new Promise<void>((resolve) => {
      answer = async (res) => {
        res.once('close', resolve)
        await sendBlocks(res, 700)
      }
    })
    const res = await fetchAnswer('/lists')
    await once(res, 'data')
    expect(adapter.backends()[0]?.inFlight).toBe(1)
    res.destroy()
    await gone
    answer = blocks(1)
    const next = await fetchAnswer('/lists')
    expect(next.statusCode).toBe(200)
    await text(next)
    expect(adapter.backends()[0]?.inFlight).toBe(0)
  })

  test.each(broken.filter(([, , code]) => code !== 'backend-mismatch'))(
    'counts against the breaker where the backend %s',
    async (_, end) => {
      answer = async (res) => {
        await sendBlocks(res, 30)
        end(res)
      }
      for (let call = 0; call < 4; call++) {
        await expect(text(await fetchAnswer('/lists'))).rejects.toThrow('aborted')
      }
      expect(adapter.backends()[0]?.breaker).toBe('open')
    },
  )

  test('has a deadline as a whole until its first piece is given', async () => {
    answer = (res) => {
      res.write(longHead.slice(0, -20))
      const drip = setInterval(() => res.write('t'), 50)
      res.once('close', () => {
        clearInterval(drip)
      })
    }
    const res = await fetchAnswer('/hurried-lists')
    expect(res.statusCode).toBe(504)
    expect(JSON.parse(await text(res))).toMatchObject({ code: 'backend-timeout' })
    expect(adapter.backends()[0]?.inFlight).toBe(0)
  })

  test('is asked for again where it breaks off before anything is given', async () => {
    let calls = 0
    answer = async (res) => {
      calls++
      await send(res, longHead)
      res.destroy()
    }
    const res = await fetchAnswer('/retried-lists')
    expect(JSON.parse(await text(res))).toMatchObject({ code: 'backend-unreachable' })
    expect(calls).toBe(3)
  })

  test.each([
    ['after its beginning', async (res: ServerResponse) => sendBlocks(res, 30)],
    ['before its beginning', async (res: ServerResponse) => send(res, longHead)],
  ])('is waited for when the service ends %s', async (when, begin) => {
    let goOn: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (goOn = resolve))
    let begun: () => void = () => undefined
    const isBegun = new Promise<void>((resolve) => (begun = resolve))
    answer = async (res) => {
      await begin(res)
      begun()
      await asked
      if (when === 'before its beginning') await sendRows(res, 30)
      res.end(tail)
    }
    const response = fetchAnswer('/lists')
    await isBegun
    if (when === 'after its beginning') await once(await response, 'data')
    const closed = adapter.close()
    goOn()
    expect((await text(await response)).endsWith(']}')).toBe(true)
    await closed
  })
})

type Coder = Transform & Zlib
type Coding = readonly [coding: string, coder: () => Coder]

describe('a response of many rows in a content coding', () => {
  const gzip: Coding = ['gzip', () => createGzip({ level: 1 })]
  const codings: readonly Coding[] = [
    gzip,
    ['x-gzip', createGzip],
    ['deflate', createDeflate],
    ['deflate', createDeflateRaw],
    ['br', () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ]

  /** Has the backend write its next answers through a coder. */
  function answerCoded(
    [coding, create]: Coding,
    write: (coder: Coder, res: ServerResponse) => Promise<void>,
  ): void {
    answer = async (res) => {
      res.setHeader('content-encoding', coding)
      const coder = create()
      coder.pipe(res)
      res.once('close', () => coder.destroy())
      await write(coder, res)
    }
  }

  const flushed = (coder: Coder): Promise<void> =>
    new Promise((resolve) => {
      coder.flush(resolve)
    })

  test.each(codings.flatMap((coding) => [2, 30].map((count) => [...coding, count] as const)))(
    'in %s has every row, in order (%#)',
    async (coding, create, count) => {
      answerCoded([coding, create], async (coder) => {
        await sendBlocks(coder, count)
        coder.end(`<Count>${count}</Count>${tail}`)
      })
      const res = await fetchAnswer('/lists')
      expect(res.headers['content-length'] === undefined).toBe(count === 30)
      expect(JSON.parse(await text(res))).toEqual({ title: 't', row: rowsAsJson(count * BLOCK), count })
      expect(adapter.backends()[0]).toMatchObject({ inFlight: 0, breaker: 'closed' })
    },
  )

  test('slows the backend where the client is slow, and lets it go with the client', async () => {
    let sent = 0
    const all = 1000
    let stalled: () => void = () => undefined
    const stall = new Promise<void>((resolve) => (stalled = resolve))
    let left: () => void = () => undefined
    const gone = new Promise<void>((resolve) => (left = resolve))
    // Nothing becomes smaller, so that what is between here and there cannot hold all of it.
    answerCoded(['gzip', () => createGzip({ level: 0 })], async (coder, res) => {
      res.once('close', left)
      for (; sent < all && !coder.destroyed; sent++) {
        const idle = setTimeout(stalled, 1000)
        await send(coder, sent === 0 ? head : block(sent * BLOCK))
        clearTimeout(idle)
      }
    })
    const res = await fetchAnswer('/lists')
    res.pause()
    await stall
    expect(sent).toBeLessThan(all / 2)
    expect(adapter.backends()[0]?.inFlight).toBe(1)
    res.destroy()
    await gone
    answerCoded(gzip, async (coder) => {
      await sendBlocks(coder, 1)
      coder.end(tail)
    })
    const next = await fetchAnswer('/lists')
    expect(next.statusCode).toBe(200)
    await text(next)
    expect(adapter.backends()[0]?.inFlight).toBe(0)
  }, 30_000)

  type End = (coder: Coder, res: ServerResponse) => void
  /** What follows does not go through the coder. */
  const instead = (coder: Coder, res: ServerResponse): ServerResponse => {
    coder.unpipe(res)
    return res
  }
  const broken: readonly (readonly [what: string, end: End, code: string])[] = [
    ['is cut off', (_, res) => res.destroy(), 'backend-unreachable'],
    ['ends before its coding does', (coder, res) => instead(coder, res).end(), 'backend-malformed'],
    ['is not so coded', (coder, res) => instead(coder, res).end('y'.repeat(99)), 'backend-malformed'],
    [
      'goes on after its coding',
      (coder, res) => {
        instead(coder, res)
        coder.on('data', (coded: Buffer) => res.write(coded)).once('end', () => res.end('more'))
        coder.resume().end(tail)
      },
      'backend-malformed',
    ],
    ['ends too early', (coder) => coder.end(), 'backend-malformed'],
    ['has a row that is none', (coder) => coder.end(`<Row><Id>x</Id></Row>${tail}`), 'backend-mismatch'],
  ]

  /** Gets a response that the backend ends in some way when the client has some of it. */
  async function begun(coding: Coding, end: End): Promise<IncomingMessage> {
    let goOn: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (goOn = resolve))
    answerCoded(coding, async (coder, res) => {
      await sendBlocks(coder, 30)
      await flushed(coder)
      await asked
      end(coder, res)
    })
    const res = await fetchAnswer('/lists')
    expect(res.statusCode).toBe(200)
    await once(res, 'data')
    goOn()
    return res
  }

  test.each(broken)('breaks off where the backend %s', async (_, end, code) => {
    const res = await begun(gzip, end)
    await expect(text(res)).rejects.toThrow('aborted')
    const line = await logged(code)
    expect(line).toMatchObject({ problem: code, operationId: 'list', status: 502 })
    expect(adapter.backends()[0]?.inFlight).toBe(0)
  })

  test.each(broken)('is a problem document where a short one %s', async (_, end, code) => {
    answerCoded(gzip, async (coder, res) => {
      await sendBlocks(coder, 1)
      await flushed(coder)
      end(coder, res)
    })
    const res = await fetchAnswer('/lists')
    expect(res.statusCode).toBe(502)
    expect(JSON.parse(await text(res))).toMatchObject({ code })
  })

  test.each(broken.filter(([, , code]) => code !== 'backend-mismatch'))(
    'counts against the breaker where the backend %s',
    async (_, end) => {
      for (let call = 0; call < 4; call++) {
        await expect(text(await begun(gzip, end))).rejects.toThrow('aborted')
      }
      expect(adapter.backends()[0]?.breaker).toBe('open')
    },
  )
})

/** The line of the log with that problem; the response may be over before it is written. */
async function logged(code: string): Promise<unknown> {
  for (;;) {
    const lines = front.log.text().split('\n').filter(Boolean)
    const found = lines
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .find((line) => line.problem === code)
    if (found) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}
