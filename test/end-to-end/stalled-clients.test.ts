import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defaultSettings } from '../../src/config/settings.js'
import { loadAdapter } from '../../src/index.js'
import { type RunningServer, startServer } from '../../src/server.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { wsdlText } from '../adapter/wsdl-text.js'

const schema = `
  <xs:element name="List"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
  <xs:element name="ListResponse"><xs:complexType><xs:sequence>
    <xs:element name="Row" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType></xs:element>`

const contract = (endpoint: string) => ({
  openapi: '3.1.0',
  info: { title: 'Lists', version: '1' },
  servers: [{ url: '/v1' }],
  security: [],
  'x-soap-backends': {
    lists: { wsdl: 'lists.wsdl', endpoint, maxConcurrent: 1, maxResponseBytes: 1_000_000_000 },
  },
  paths: {
    '/rows': {
      get: {
        operationId: 'rows',
        'x-soap': { backend: 'lists', operation: 'List', response: '/Row' },
        responses: {
          '200': {
            description: 'The rows',
            content: { 'application/json': { schema: { type: 'array', items: { type: 'string' } } } },
          },
        },
      },
    },
  },
})

const HEAD =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><ListResponse xmlns="urn:t">'
const TAIL = '</ListResponse></s:Body></s:Envelope>'
const ROWS = `<Row>${'x'.repeat(1_000)}</Row>`.repeat(100)

let backend: Server
let server: RunningServer
let directory: string
let calls = 0

beforeAll(async () => {
  backend = createServer((req, res) => {
    req.resume()
    res.setHeader('content-type', 'text/xml; charset=utf-8')
    res.write(HEAD)
    if (calls++ > 0) {
      res.end(`<Row>short</Row>${TAIL}`)
      return
    }
    const more = (): void => {
      while (!res.destroyed && res.write(ROWS));
      if (!res.destroyed) res.once('drain', more)
    }
    more()
  }).listen(0, '127.0.0.1')
  await once(backend, 'listening')
  const endpoint = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/lists`
  directory = mkdtempSync(join(tmpdir(), 'stalled-clients-'))
  writeFileSync(join(directory, 'lists.wsdl'), wsdlText(schema, 'List', endpoint))
  writeFileSync(join(directory, 'openapi.json'), JSON.stringify(contract(endpoint)))
  const adapter = await loadAdapter({ contract: join(directory, 'openapi.json'), env: {} })
  const settings = { ...defaultSettings(), listenPort: 0, adminPort: 0, host: '127.0.0.1' }
  server = await startServer(adapter, settings, { logger: createLogger('silent'), signals: false })
})

afterAll(async () => {
  await server.close()
  backend.closeAllConnections()
  backend.close()
  rmSync(directory, { recursive: true })
})

async function ask(): Promise<IncomingMessage> {
  const [res] = (await once(get(`${server.url}/v1/rows`, { agent: false }), 'response')) as [IncomingMessage]
  return res
}

test('a client that stalls gives its place at the backend to one that waits', async () => {
  const stalled = await ask()
  stalled.pause()
  stalled.on('error', () => undefined)
  const next = await ask()
  expect(next.statusCode).toBe(200)
  expect(await json(next)).toEqual(['short'])
  const closed = new Promise((resolve) => stalled.once('close', resolve))
  stalled.resume()
  await closed
  expect(stalled.complete).toBe(false)
})
