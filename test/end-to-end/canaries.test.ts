import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RestOperation, RestRequest, SoapResponse } from '../../src/adapter/rest.js'
import { defaultSettings } from '../../src/config/settings.js'
import { apiKeyLine } from '../../src/http/authentication/api-key.js'
import type { MountableAdapter } from '../../src/index.js'
import { type RunningServer, startServer } from '../../src/server.js'
import { type CapturedLog, captureLog } from './deployment.js'
import { shippedAdapter } from './front.js'
import { ScriptedBackend } from './peers/scripted-backend.js'
import { targetOf, textsOf } from './rest-call.js'

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
const backend = new ScriptedBackend()
let adapter: MountableAdapter
let server: RunningServer
let log: CapturedLog
let answer: SoapResponse
let greps = 0
let requests = 0

beforeAll(async () => {
  await backend.start()
  backend.script = (response) => {
    response.writeHead(answer.status, { ...answer.headers })
    response.end(answer.body)
  }
  adapter = await shippedAdapter(backend.url)
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
  await backend.stop()
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

/** Sends a request, and gives back what is not the data of a successful response. */
async function send(operation: RestOperation, request: RestRequest): Promise<string> {
  requests += 1
  const { headers, body } = request
  const response = await fetch(`${server.url}/v1${targetOf(operation, request)}`, {
    method: operation.method.toUpperCase(),
    headers: {
      'X-API-Key': CANARIES.key,
      Authorization: `Bearer ${CANARIES.token}`,
      Cookie: `session=${CANARIES.password}`,
      ...textsOf(headers),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isOurs = response.status >= 400 && !text.includes('"fault":')
  return JSON.stringify([...response.headers].filter(([name]) => name !== 'location')) + (isOurs ? text : '')
}

function grep(what: string, text: string): void {
  const lowered = text.toLowerCase()
  for (const canary of values) {
    greps += 1
    expect(lowered.includes(canary.toLowerCase()), `${canary} in ${what}`).toBe(false)
  }
}

async function grepAll(): Promise<void> {
  grep('the log', log.text())
  grep('the audit log', readFileSync(auditPath, 'utf8'))
  for (const page of ['/metrics', '/readyz?verbose', '/healthz']) {
    grep(page, await (await fetch(`${server.adminUrl}${page}`)).text())
  }
}

/** The sample of a response with one element renamed, and with one put before it; each element of it in turn. */
function answersWithNames(operation: RestOperation): SoapResponse[] {
  const sample = operation.sampleResponse({ optionals: 'all' })
  const text = String(sample.body)
  const leafElements = [...text.matchAll(/<([\w.:-]+)((?: [^<>]*)?)>([^<>]*)<\/\1>/g)]
  return leafElements.flatMap(({ index, 0: old, 2: attributes = '', 3: content = '' }, n) => {
    const name = names[n % names.length] ?? ''
    const [before, after] = [text.slice(0, index), text.slice(index + old.length)]
    return [
      `<${name}${attributes}>${content}</${name}>`,
      `<${name}/>${old}`,
      old.replace('>', ` ${name}="1">`),
      old.replace(`>${content}<`, `><${name}/><`),
    ].map((one) => ({ ...sample, body: before + one + after }))
  })
}

/** The sample of a response with one text replaced; each text of it in turn. */
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
const withHeader = (header: string) =>
  envelope('').replace('<e:Body>', `<e:Header>${header}</e:Header><e:Body>`)
const RELATED = 'multipart/related; boundary=b; type="text/xml"'
const relatedPart = (fields: string) => `--b\r\n${fields}\r\n\r\n${envelope('')}\r\n--b--\r\n`
/** What a backend may call things; blanks no name can have. */
const names = values.filter((value) => !value.includes(' ')).map((value) => `x-${value}`)
const elements = names.map((name) => `<${name} ${name}="1"><${name}/></${name}>`).join('')
const envelope12 = (body: string) =>
  envelope(body).replace(
    'http://schemas.xmlsoap.org/soap/envelope/',
    'http://www.w3.org/2003/05/soap-envelope',
  )
const fault11 = (code: string, detail = '') =>
  envelope(`<e:Fault><faultcode>${code}</faultcode><faultstring/><detail>${detail}</detail></e:Fault>`)
const fault12 = (code: string, subcode: string) =>
  envelope12(
    `<e:Fault><e:Code><e:Value>${code}</e:Value><e:Subcode><e:Value>${subcode}</e:Value></e:Subcode></e:Code></e:Fault>`,
  )
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
  ...names.flatMap((name): (readonly [string, number, string, string])[] => [
    [`a fault code ${name}`, 500, 'text/xml', fault11(name)],
    [`a fault code after a dot, ${name}`, 500, 'text/xml', fault11(`e:Server.${name}`)],
    [`a fault code of SOAP 1.2 ${name}`, 500, 'text/xml', fault12(`e:${name}`, `e:${name}`)],
    [`a subcode ${name}`, 500, 'text/xml', fault12('e:Receiver', `e:${name}`)],
    [`a media type ${name}`, 200, `text/${name}`, 'text'],
    [`a media type of XML ${name}`, 200, `${name}/xml`, 'text'],
    [`a header block ${name}`, 200, 'text/xml', withHeader(`<${name} e:mustUnderstand="1"/>`)],
    [`an element ${name} for an envelope`, 200, 'text/xml', `<${name}/>`],
    [`a field ${name} twice`, 200, RELATED, relatedPart(`Content-${name}: a\r\nContent-${name}: b`)],
  ]),
  ['names in a detail', 500, 'text/xml', fault11('e:Server', elements)],
  ['names in soap:Body', 200, 'text/xml', envelope(elements)],
  [
    'a name in the way of what is broken',
    200,
    'text/xml',
    `<e:Envelope xmlns:e="urn:e"><${names[0] ?? ''}><`,
  ],
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

  it('of responses, whatever element it is in', async () => {
    for (const operation of adapter.operations.values()) {
      const sample = operation.sample({ optionals: 'none' })
      for (const [n, one] of answersWithCanaries(operation).entries()) {
        answer = one
        grep(`${operation.operationId} text ${n}`, await send(operation, sample))
      }
    }
    await grepAll()
  })

  it('of responses, whatever their elements and attributes are called', async () => {
    for (const operation of adapter.operations.values()) {
      const sample = operation.sample({ optionals: 'none' })
      for (const [n, one] of answersWithNames(operation).entries()) {
        answer = one
        grep(`${operation.operationId} name ${n}`, await send(operation, sample))
      }
    }
    await grepAll()
  })

  it.each(FAILURES)('of %s instead of a response', async (_what, status, type, body) => {
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
