import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RestOperation, type RestRequest, type SoapResponse } from '../../src/adapter/rest.js'
import { defaultSettings } from '../../src/config/settings.js'
import { apiKeyLine } from '../../src/http/security/api-key.js'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import { type RunningServer, startServer } from '../../src/server.js'
import { root } from '../oracle/contracts.js'
import { captureLog, type CapturedLog } from './deployment.js'

/** What must not leave by accident; each is found again wherever it is written. */
const CANARIES = {
  card: '4929123456789012',
  patient: 'Zaphira Quillfeather',
  token: 'eyJhbGciOiJSUzI1NiJ9.Y2FuYXJ5.c2lnbmF0dXJl',
  password: 'hunter2-canary',
  key: 'ssk_canary-key-of-the-client',
} as const
const values = Object.values(CANARIES)

const directory = mkdtempSync(join(tmpdir(), 'canaries-'))
const auditPath = join(directory, 'audit.jsonl')
let adapter: MountableAdapter
let server: RunningServer
let log: CapturedLog
let backend: Server
let answer: SoapResponse
let greps = 0
let requests = 0

beforeAll(async () => {
  backend = createServer((req, res) => {
    req.resume()
    req.once('end', () => {
      res.writeHead(answer.status, { ...answer.headers })
      res.end(answer.body)
    })
  }).listen(0, '127.0.0.1')
  await once(backend, 'listening')
  const url = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`
  adapter = await loadAdapter({
    contract: `${root}openapi.yaml`,
    env: { CORE_BANKING_URL: url, LENDING_URL: url, PATIENT_REGISTRY_URL: url },
  })
  const keys = join(directory, 'keys')
  writeFileSync(keys, apiKeyLine('partner', CANARIES.key))
  log = captureLog()
  const settings = {
    ...defaultSettings(),
    host: '127.0.0.1',
    listenPort: 0,
    adminPort: 0,
    apiKeysFile: keys,
    auditLog: auditPath,
    auditChain: true,
    rateLimitRequests: 1_000_000,
  }
  server = await startServer(adapter, settings, { logger: log.logger, signals: false })
})

afterAll(async () => {
  await server.close()
  backend.closeAllConnections()
  backend.close()
  rmSync(directory, { recursive: true })
  console.log(`canaries: ${requests} requests, ${greps} greps`)
})

/** Every place of a JSON value that holds no other value. */
function leaves(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[...path]]
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]))
}

function withLeaf(value: unknown, [step, ...rest]: readonly (string | number)[], leaf: unknown): unknown {
  if (step === undefined) return leaf
  const copy = structuredClone(value) as Record<string | number, unknown>
  copy[step] = withLeaf(copy[step], rest, leaf)
  return copy
}

/** Sends a request, and gives back what is not the data of a successful answer. */
async function send(operation: RestOperation, { path, query, headers, body }: RestRequest): Promise<string> {
  requests += 1
  const filled = operation.path.replace(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  )
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      [value].flat().map((one): [string, string] => [name, one]),
    ),
  )
  const sent = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  const response = await fetch(`${server.url}/v1${filled}?${search.toString()}`, {
    method: operation.method.toUpperCase(),
    headers: {
      'X-API-Key': CANARIES.key,
      Authorization: `Bearer ${CANARIES.token}`,
      Cookie: `session=${CANARIES.password}`,
      ...(Object.fromEntries(sent) as Record<string, string>),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isOurs = response.status >= 400 && !text.includes('"fault":')
  return JSON.stringify([...response.headers].filter(([name]) => name !== 'location')) + (isOurs ? text : '')
}

function grep(what: string, text: string): void {
  for (const canary of values) {
    greps += 1
    expect(text.includes(canary), `${canary} in ${what}`).toBe(false)
  }
}

async function grepAll(): Promise<void> {
  grep('the log', log.text())
  grep('the audit log', readFileSync(auditPath, 'utf8'))
  for (const page of ['/metrics', '/readyz?verbose', '/healthz']) {
    grep(page, await (await fetch(`${server.adminUrl}${page}`)).text())
  }
}

/** The sample of an answer with one text replaced; each text of it in turn. */
function answersWithCanaries(operation: RestOperation): SoapResponse[] {
  const sample = operation.sampleResponse({ optionals: 'all' })
  const text = String(sample.body)
  const places = [...text.matchAll(/>([^<>]+)</g)]
  return places.map(({ index, 1: old = '' }, n) => ({
    ...sample,
    body: `${text.slice(0, index + 1)}${values[n % values.length] ?? ''}${text.slice(index + 1 + old.length)}`,
  }))
}

const envelope = (body: string) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`
const all = values.join(' ')
/** Names of markup – elements, fault codes, media types – are told to operators and stand for no data. */
const FAILURES: readonly (readonly [string, number, string, string])[] = [
  [
    'a fault',
    500,
    'text/xml',
    envelope(
      `<e:Fault><faultcode>e:Server</faultcode><faultstring>${all}</faultstring><detail><x>${all}</x></detail></e:Fault>`,
    ),
  ],
  ['a page', 200, 'text/html', `<html><title>${all}</title></html>`],
  ['a page with a failure', 503, 'text/html', `<html>${all}</html>`],
  ['text', 200, 'text/plain', all],
  ['broken XML', 200, 'text/xml', `<e:Envelope>${all}`],
  ['an entity', 200, 'text/xml', `<!DOCTYPE a [<!ENTITY c "${all}">]>${envelope('&c;')}`],
  ['another element', 200, 'text/xml', envelope(`<x>${all}</x>`)],
  ['an attribute', 200, 'text/xml', envelope(`<x a="${all}"/>`)],
  ['a parameter of the media type', 200, `text/plain; name="${CANARIES.password}"`, all],
  ['nothing', 200, 'text/xml', ''],
]

describe('nothing that was planted comes out', { timeout: 300_000 }, () => {
  it('of requests, whatever field it is in', async () => {
    for (const operation of adapter.operations.values()) {
      const sample = operation.sample({ optionals: 'all' })
      answer = operation.sampleResponse({ optionals: 'all' })
      grep(operation.operationId, await send(operation, sample))
      for (const [n, place] of leaves(sample).entries()) {
        const changed = withLeaf(sample, place, values[n % values.length]) as RestRequest
        grep(`${operation.operationId} ${place.join('/')}`, await send(operation, changed))
      }
      // Names are what the client wrote, too.
      const surplus = { ...sample, query: { ...sample.query, [CANARIES.patient]: '1', x: CANARIES.card } }
      grep(`${operation.operationId} names`, await send(operation, surplus))
    }
    expect(requests).toBeGreaterThan(200)
    await grepAll()
  })

  it('of answers, whatever element it is in', async () => {
    for (const operation of adapter.operations.values()) {
      const sample = operation.sample({ optionals: 'none' })
      for (const [n, one] of answersWithCanaries(operation).entries()) {
        answer = one
        grep(`${operation.operationId} text ${n}`, await send(operation, sample))
      }
    }
    await grepAll()
  })

  it.each(FAILURES)('of %s instead of an answer', async (_what, status, type, body) => {
    for (const operation of [...adapter.operations.values()].slice(0, 8)) {
      answer = { status, headers: { 'content-type': type, server: CANARIES.password }, body }
      grep(operation.operationId, await send(operation, operation.sample({ optionals: 'none' })))
    }
    await grepAll()
  })

  it('of requests that nobody serves', async () => {
    const ask = async (path: string, init: RequestInit = {}) => {
      const response = await fetch(`${server.url}${path}`, init)
      requests += 1
      grep(path, JSON.stringify([...response.headers]) + (await response.text()))
      return response.status
    }
    const path = `/v1/accounts/${CANARIES.card}`
    expect(await ask(path, { headers: { 'X-API-Key': CANARIES.password } })).toBe(401)
    expect(await ask(path, { headers: { Authorization: `Bearer ${CANARIES.token}` } })).toBe(401)
    expect(await ask(path, { method: 'PURGE' })).toBe(405)
    expect(await ask(`/${CANARIES.card}?${encodeURIComponent(CANARIES.patient)}`)).toBe(404)
    expect(await ask(`/v1/${CANARIES.card}/%zz`)).toBe(404)
    expect(await ask('/docs/', { headers: { Referer: CANARIES.password } })).toBe(200)
    await grepAll()
  })

  it('and the log says what happened all the same', () => {
    const lines = log.text().trimEnd().split('\n')
    expect(lines.filter((line) => line.includes('"msg":"request"'))).toHaveLength(requests)
    expect(log.text()).toContain('"problem":"backend-fault"')
    expect(readFileSync(auditPath, 'utf8')).toContain('"client":"partner"')
  })
})
