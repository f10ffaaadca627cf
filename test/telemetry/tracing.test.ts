import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import * as conventions from '@opentelemetry/semantic-conventions'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { compileContract } from '../../src/adapter/adapter.js'
import { defaultSettings } from '../../src/config/settings.js'
import { type RunningServer, startServer } from '../../src/server.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { SEMANTIC_CONVENTIONS } from '../../src/telemetry/tracing.js'
import { closeAll, closing } from '../backend/calls.js'
import { Peer, type Script } from '../backend/peer.js'
import { faulty, http, paid, paymentContract } from '../resilience/payment-adapter.js'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const parentId = '00f067aa0ba902b7'
const traceparent = `00-${traceId}-${parentId}-01`
const settings = {
  ...defaultSettings(),
  listenPort: 0,
  adminPort: 0,
  host: '127.0.0.1',
  authentication: 'off' as const,
}

const spans = new InMemorySpanExporter()
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })

/** As an SDK that is loaded before does. */
function registerSdk(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  propagation.setGlobalPropagator(new W3CTraceContextPropagator())
  trace.setGlobalTracerProvider(provider)
}

function unregisterSdk(): void {
  trace.disable()
  propagation.disable()
  context.disable()
}

const ok: Script = (socket, { text }) => socket.write(http(200, paid(text)))

interface Service {
  readonly server: RunningServer
  readonly peer: Peer
  readonly lines: Record<string, unknown>[]
  /** The log line of the request with an id. */
  readonly line: (requestId: string) => Promise<Record<string, unknown>>
}

async function serve(script: Script, backend: object = {}, own: object = {}): Promise<Service> {
  const peer = closing(await Peer.listen(script))
  const adapter = compileContract(paymentContract({ endpoint: peer.url, ...backend }))
  const lines: Record<string, unknown>[] = []
  const waiting: (() => void)[] = []
  const logger = createLogger('info', {
    write: (line) => {
      lines.push(JSON.parse(line) as Record<string, unknown>)
      for (const wake of waiting.splice(0)) wake()
    },
  })
  const server = closing(await startServer(adapter, { ...settings, ...own }, { logger, signals: false }))
  const line = async (requestId: string) => {
    for (;;) {
      const found = lines.find((each) => each.requestId === requestId && each.msg === 'request')
      if (found) return found
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  return { server, peer, lines, line }
}

const header = (request: string | undefined, name: string) =>
  new RegExp(`^${name}: (.*)\r$`, 'im').exec(request ?? '')?.[1]

function named(name: string): ReadableSpan {
  const found = spans.getFinishedSpans().filter((span) => span.name === name)
  const [only] = found
  if (!only || found.length > 1) {
    const all = spans.getFinishedSpans().map((span) => span.name)
    throw new Error(`${found.length} spans ${name} among ${all.join(', ')}`)
  }
  return only
}

const parentOf = (span: ReadableSpan) => span.parentSpanContext?.spanId
const idOf = (span: ReadableSpan) => span.spanContext().spanId

afterEach(closeAll)

describe('with an SDK', () => {
  beforeAll(registerSdk)
  afterAll(unregisterSdk)
  beforeEach(() => {
    spans.reset()
  })

  it('a call can be followed from the client to the backend', async () => {
    const { server, peer, line } = await serve(ok)
    const headers = { traceparent, tracestate: 'vendor=1', 'x-request-id': 'order-4711' }
    const response = await fetch(`${server.url}/payments/R1`, { headers })
    expect(response.status).toBe(200)
    await line('order-4711')

    const root = named('GET /payments/{reference}')
    const [validate, encode, call] = [named('validate'), named('encode'), named('payments/GetPayment')]
    const [attempt, decode] = [named('POST'), named('decode')]
    expect(spans.getFinishedSpans()).toHaveLength(6)
    expect(spans.getFinishedSpans().map((span) => span.spanContext().traceId)).toEqual(
      Array<string>(6).fill(traceId),
    )
    expect(parentOf(root)).toBe(parentId)
    expect([validate, encode, call].map(parentOf)).toEqual([idOf(root), idOf(root), idOf(root)])
    expect(parentOf(attempt)).toBe(idOf(call))
    expect(parentOf(decode)).toBe(idOf(attempt))
    expect([root.kind, call.kind, attempt.kind]).toEqual([SpanKind.SERVER, SpanKind.CLIENT, SpanKind.CLIENT])
    expect(header(peer.requests[0], 'traceparent')).toBe(`00-${traceId}-${idOf(attempt)}-01`)
    expect(header(peer.requests[0], 'tracestate')).toBe('vendor=1')
    expect(header(peer.requests[0], 'x-request-id')).toBe('order-4711')
    expect((await line('order-4711')).traceId).toBe(traceId)

    expect(root.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/payments/{reference}',
      'http.response.status_code': 200,
      'url.scheme': 'http',
      'network.protocol.version': '1.1',
      'soapstone.operation': 'read',
      'soapstone.backend': 'payments',
    })
    expect(call.attributes).toEqual({ 'rpc.system.name': 'soap', 'rpc.method': 'payments/GetPayment' })
    expect(attempt.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': peer.port,
      'url.full': `http://127.0.0.1:${peer.port}/service`,
    })
  })

  it('shows each attempt, and why it failed', async () => {
    const { server, peer, line } = await serve(
      (socket, { number, text }) => {
        if (number === 1) socket.write(http(503, ''))
        else socket.write(http(200, paid(text)))
      },
      { retry: { attempts: 3, baseMs: 1, maxMs: 2 } },
    )
    const headers = { 'x-request-id': 'twice' }
    expect((await fetch(`${server.url}/payments/R1`, { headers })).status).toBe(200)
    await line('twice')
    const attempts = spans.getFinishedSpans().filter(({ name }) => name === 'POST')
    expect(attempts.map(({ attributes, status }) => [attributes, status.code])).toMatchObject([
      [{ 'http.response.status_code': 503, 'error.type': 'backend-not-soap' }, SpanStatusCode.ERROR],
      [{ 'http.response.status_code': 200, 'http.request.resend_count': 1 }, SpanStatusCode.UNSET],
    ])
    const call = named('payments/GetPayment')
    expect(attempts.map(parentOf)).toEqual([idOf(call), idOf(call)])
    expect(peer.requests.map((request) => header(request, 'traceparent')?.slice(36, 52))).toEqual(
      attempts.map(idOf),
    )
    expect(call.status.code).toBe(SpanStatusCode.UNSET)
  })

  const everywhere = ['POST', 'payments/GetPayment', 'GET /payments/{reference}']
  it.each<[string, readonly string[], Script]>([
    ['backend-unreachable', everywhere, (socket) => socket.resetAndDestroy()],
    ['backend-not-soap', everywhere, (socket) => socket.write(http(200, '<a>'))],
    // The backend has answered: it is the contract that does not know the fault.
    ['backend-fault', everywhere.slice(2), (socket) => socket.write(http(500, faulty('')))],
  ])('%s fails the spans %j, and the problem names the trace', async (code, failed, script) => {
    const { server, line } = await serve(script)
    const headers = { traceparent, 'x-request-id': 'failed' }
    const response = await fetch(`${server.url}/payments/R1`, { headers })
    expect(response.status).toBe(502)
    expect(await response.json()).toMatchObject({ code, traceId })
    expect(await line('failed')).toMatchObject({ traceId, problem: code })
    for (const name of everywhere) {
      const { attributes, status: ended } = named(name)
      const expected = failed.includes(name)
        ? [code, SpanStatusCode.ERROR]
        : [undefined, SpanStatusCode.UNSET]
      expect([name, attributes['error.type'], ended.code]).toEqual([name, ...expected])
    }
    expect(named('GET /payments/{reference}').attributes).toMatchObject({
      'http.response.status_code': 502,
      'soapstone.problem': code,
    })
  })

  it('a declared fault is no failure, and its problem names the trace', async () => {
    const fault =
      '<detail><t:NotFound xmlns:t="urn:test:payments"><t:Reference>R</t:Reference></t:NotFound></detail>'
    const { server, line } = await serve((socket) => socket.write(http(500, faulty(fault))))
    const headers = { traceparent, 'x-request-id': 'absent' }
    const response = await fetch(`${server.url}/payments/R1`, { headers })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ code: 'NotFoundFault', traceId })
    await line('absent')
    const root = named('GET /payments/{reference}')
    expect(root.attributes).toMatchObject({ 'soapstone.fault': 'NotFoundFault' })
    expect(root.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('a request that is wrong fails its validation alone: for a server it is no failure', async () => {
    const { server, peer, line } = await serve(ok)
    const response = await fetch(`${server.url}/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-request-id': 'wrong' },
      body: '{}',
    })
    expect(response.status).toBe(400)
    await line('wrong')
    expect(named('validate').attributes).toEqual({ 'error.type': 'request-invalid' })
    expect(named('POST /payments').status.code).toBe(SpanStatusCode.UNSET)
    expect(peer.requests).toHaveLength(0)
  })

  it('an attempt lasts until all of a long response has come', async () => {
    const rest: (() => void)[] = []
    const { server, line } = await serve(
      (socket, { text }) => {
        const whole = http(200, paid(text).replace('<t:PaymentId>P', `<t:PaymentId>${'P'.repeat(9_000)}`))
        socket.write(whole.slice(0, 6_000))
        rest.push(() => socket.write(whole.slice(6_000)))
      },
      {},
      { streamFromBytes: 1_024 },
    )
    const asked = fetch(`${server.url}/payments/R1`, { headers: { 'x-request-id': 'long' } })
    while (rest.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(spans.getFinishedSpans().map(({ name }) => name)).not.toContain('POST')
    for (const send of rest) send()
    expect((await asked).status).toBe(200)
    await line('long')
    expect(idOf(named('POST'))).toBe(parentOf(named('decode')))
  })

  it('within a span of the server that mounts it makes no second server span', async () => {
    const peer = closing(await Peer.listen(ok))
    const { loadAdapter } = await import('../../src/index.js')
    const { default: express } = await import('express')
    const adapter = closing(await loadAdapter(paymentContract({ endpoint: peer.url })))
    const host = express()
    const outer: Span[] = []
    host.use((_req, res, next) => {
      const span = trace.getTracer('host').startSpan('outer', { kind: SpanKind.SERVER })
      outer.push(span)
      res.on('close', () => {
        span.end()
      })
      context.with(trace.setSpan(context.active(), span), next)
    })
    host.use(adapter.router({ authentication: 'off' }))
    const server = createServer(host)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect((await fetch(`http://127.0.0.1:${port}/payments/R1`)).status).toBe(200)
    await new Promise((resolve) => server.close(resolve))
    const inner = named('GET /payments/{reference}')
    expect([inner.kind, parentOf(inner)]).toEqual([SpanKind.INTERNAL, outer[0]?.spanContext().spanId])
  })

  it('holds nothing that the client or the backend wrote', async () => {
    const canary = 'CANARY4711'
    const { server, line } = await serve((socket) =>
      socket.write(
        http(
          200,
          paid(`GetPayment Reference>${canary}<`).replace(
            '<t:PaymentId>P',
            `<t:Wrong>${canary}</t:Wrong><t:PaymentId>P`,
          ),
        ),
      ),
    )
    const response = await fetch(`${server.url}/payments/${canary}`, {
      headers: { 'x-request-id': 'canary', 'user-agent': canary, authorization: `Bearer ${canary}` },
    })
    expect(response.status).toBe(502)
    await line('canary')
    const told = spans.getFinishedSpans().map(({ name, attributes, events, status, links }) => ({
      ...{ name, attributes, events, status, links },
    }))
    expect(told.length).toBeGreaterThan(4)
    expect(JSON.stringify(told)).not.toContain(canary)
  })

  it('what the SDK has gathered is sent when the server has closed', async () => {
    const { server } = await serve(ok)
    const flush = vi.spyOn(provider, 'forceFlush')
    await server.close()
    expect(flush).toHaveBeenCalledOnce()
  })

  it('calls attributes as the semantic conventions do, in the version that it names', async () => {
    const { server, line } = await serve((socket) => socket.resetAndDestroy())
    await fetch(`${server.url}/payments/R1`, { headers: { 'x-request-id': 'names' } })
    await line('names')
    const known = new Set(
      Object.entries(conventions).flatMap(([key, value]) => (key.startsWith('ATTR_') ? [value] : [])),
    )
    const used = new Set(spans.getFinishedSpans().flatMap(({ attributes }) => Object.keys(attributes)))
    const own = [...used].filter((name) => !name.startsWith('soapstone.'))
    expect(own.length).toBeGreaterThan(8)
    expect(own.filter((name) => !known.has(name))).toEqual([])
    const manifest = new URL(
      '../../node_modules/@opentelemetry/semantic-conventions/package.json',
      import.meta.url,
    )
    expect(JSON.parse(readFileSync(manifest, 'utf8'))).toHaveProperty('version', SEMANTIC_CONVENTIONS)
  })
})

describe('without an SDK', () => {
  it('the trace of the client goes on to the backend as it is', async () => {
    const { server, peer, line } = await serve(ok)
    const headers = { traceparent, tracestate: 'vendor=1', 'x-request-id': 'plain' }
    expect((await fetch(`${server.url}/payments/R1`, { headers })).status).toBe(200)
    expect(header(peer.requests[0], 'traceparent')).toBe(traceparent)
    expect(header(peer.requests[0], 'tracestate')).toBe('vendor=1')
    expect(header(peer.requests[0], 'x-request-id')).toBe('plain')
    expect((await line('plain')).traceId).toBe(traceId)
  })

  it('problems name the trace of the client, whatever refuses', async () => {
    const { server } = await serve(ok)
    for (const path of ['/payments', '/nothing']) {
      const response = await fetch(server.url + path, { headers: { traceparent } })
      expect(await response.json()).toMatchObject({ traceId })
    }
  })

  it('what is no trace context is not passed on', async () => {
    const { server, peer, line } = await serve(ok)
    const headers = { traceparent: `${traceparent}-evil`, tracestate: 'vendor=1', 'x-request-id': 'evil' }
    expect((await fetch(`${server.url}/payments/R1`, { headers })).status).toBe(200)
    expect(header(peer.requests[0], 'traceparent')).toBeUndefined()
    expect(header(peer.requests[0], 'tracestate')).toBeUndefined()
    expect(await line('evil')).not.toHaveProperty('traceId')
  })

  it('a request id of a program that could break a header is not sent', async () => {
    const peer = closing(await Peer.listen(ok))
    const adapter = closing(compileContract(paymentContract({ endpoint: peer.url })))
    const request = { path: { reference: 'R1' }, query: {}, headers: {} }
    const invoke = (requestId: string) => adapter.operations.get('read')?.invoke(request, { requestId })
    expect((await invoke('a\r\nevil: 1'))?.status).toBe(200)
    expect((await invoke('good'))?.status).toBe(200)
    expect(peer.requests.map((sent) => header(sent, 'x-request-id'))).toEqual([undefined, 'good'])
  })
})
