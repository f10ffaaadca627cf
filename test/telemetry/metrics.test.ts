import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { compileContract } from '../../src/adapter/adapter.js'
import { defaultSettings } from '../../src/config/settings.js'
import { type RunningServer, startServer } from '../../src/server.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { closeAll, closing } from '../backend/calls.js'
import { Peer, type Script } from '../backend/peer.js'
import { markedFacade } from '../http/marked-facade.js'
import { faulty, http, paid, paymentContract } from '../resilience/payment-adapter.js'

afterEach(closeAll)

const base = {
  ...defaultSettings(),
  listenPort: 0,
  adminPort: 0,
  host: '127.0.0.1',
  authentication: 'off' as const,
}
const options = { logger: createLogger('silent'), signals: false }

async function serve(script: Script, backend: object = {}): Promise<RunningServer> {
  const peer = closing(await Peer.listen(script))
  const adapter = compileContract(paymentContract({ endpoint: peer.url, ...backend }))
  return closing(await startServer(adapter, base, options))
}

const scrape = async ({ adminUrl }: RunningServer) => (await fetch(`${adminUrl}/metrics`)).text()

/** The value of a series; undefined where there is none. */
const valueOf = (page: string, series: string) =>
  page
    .split('\n')
    .find((line) => line.startsWith(`${series} `))
    ?.slice(series.length + 1)

const ok: Script = (socket, { text }) => socket.write(http(200, paid(text)))
const read = (server: RunningServer) => fetch(`${server.url}/payments/R1`)

describe('calls of backends', () => {
  it.each<[string, Script, number]>([
    ['success', ok, 200],
    ['fault', (socket) => socket.write(http(500, faulty(''))), 502],
    ['backend-not-soap', (socket) => socket.write(http(200, '')), 502],
    ['backend-unreachable', (socket) => socket.resetAndDestroy(), 502],
  ])('are counted by operation, backend and outcome: %s', async (outcome, script, status) => {
    const server = await serve(script)
    for (let i = 0; i < 3; i++) expect((await read(server)).status).toBe(status)
    const page = await scrape(server)
    const labels = 'backend="payments",operation="read"'
    expect(valueOf(page, `backend_call_duration_seconds_count{${labels},outcome="${outcome}"}`)).toBe('3')
    expect(valueOf(page, `translation_duration_seconds_count{${labels},direction="encode"}`)).toBe('3')
    expect(valueOf(page, `translation_duration_seconds_count{${labels},direction="decode"}`)).toBe(
      outcome === 'backend-unreachable' ? undefined : '3',
    )
    expect(Number(valueOf(page, `backend_request_size_bytes_sum{${labels}}`))).toBeGreaterThan(500)
    expect(
      valueOf(
        page,
        `http_server_request_duration_seconds_count{operation="read",method="GET",status="${status}"}`,
      ),
    ).toBe('3')
  })

  it('sizes are those on the wire', async () => {
    const answers: string[] = []
    const requests: string[] = []
    const server = await serve((socket, { text }) => {
      requests.push(text.slice(text.indexOf('\r\n\r\n') + 4))
      const answer = http(200, paid(text))
      answers.push(answer.slice(answer.indexOf('\r\n\r\n') + 4))
      socket.write(answer)
    })
    await read(server)
    const page = await scrape(server)
    const labels = '{backend="payments",operation="read"}'
    expect(valueOf(page, `backend_request_size_bytes_sum${labels}`)).toBe(String(requests[0]?.length))
    expect(valueOf(page, `backend_response_size_bytes_sum${labels}`)).toBe(String(answers[0]?.length))
  })

  it('a breaker that opened between two scrapes is seen all the same', async () => {
    const server = await serve((socket) => socket.resetAndDestroy(), { breaker: { minimumCalls: 2 } })
    const changes = 'backend_breaker_changes_total{backend="payments",state="open"}'
    expect(valueOf(await scrape(server), changes)).toBe('0')
    for (let i = 0; i < 3; i++) await read(server)
    expect(valueOf(await scrape(server), changes)).toBe('1')
  })

  it('the limit of a backend is told, so that what is left can be', async () => {
    const server = await serve(ok, { maxConcurrent: 7 })
    expect(valueOf(await scrape(server), 'backend_requests_limit{backend="payments"}')).toBe('7')
  })
})

describe('the store', () => {
  const keyed = (server: RunningServer) =>
    fetch(`${server.url}/v1/payments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
      body: '{}',
    })

  it('is counted, and seen where it fails: in the log, in the metrics, by operators', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'soapstone-metrics-'))
    const lines: Record<string, unknown>[] = []
    const logger = createLogger('info', {
      write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    })
    const storeFile = join(folder, 'store.db')
    try {
      const settings = { ...base, storeFile }
      const server = await startServer(markedFacade({ pay: {} }), settings, { logger, signals: false })
      const state = async () => await (await fetch(`${server.adminUrl}/readyz?verbose`)).json()
      const store = { setting: 'STORE_FILE', place: storeFile }
      expect(await state()).toMatchObject({ store: { ...store, state: 'usable' } })
      expect(valueOf(await scrape(server), 'idempotency_store_up')).toBe('1')
      const answered = await keyed(server)
      expect(answered.status).toBeLessThan(300)
      const begun = 'idempotency_store_duration_seconds_count{operation="begin",outcome="success"}'
      expect(valueOf(await scrape(server), begun)).toBe('1')
      await server.close()
      expect(lines.filter(({ level }) => level === 'error')).toEqual([])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('that cannot be reached does not hide', async () => {
    const lines: Record<string, unknown>[] = []
    const logger = createLogger('info', {
      write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
    })
    const settings = {
      ...base,
      databaseUrl: 'postgres://somebody:hunter2@127.0.0.1:1/payments',
      storeKeys: [Buffer.alloc(32, 7).toString('base64')],
    }
    const server = closing(await startServer(markedFacade({ pay: {} }), settings, { logger, signals: false }))
    const place = '127.0.0.1:1/payments'
    const [line] = lines.filter(({ msg }) => msg === 'the store of idempotency keys fails')
    expect(line).toMatchObject({
      level: 'error',
      setting: 'DATABASE_URL',
      place,
      causes: [{ code: 'ECONNREFUSED' }],
    })
    const verbose = await (await fetch(`${server.adminUrl}/readyz?verbose`)).json()
    expect(verbose).toMatchObject({
      store: { setting: 'DATABASE_URL', place, state: 'failing' },
      counters: { shared: false },
    })
    expect((await keyed(server)).status).toBe(503)
    const page = await scrape(server)
    expect(valueOf(page, 'idempotency_store_up')).toBe('0')
    expect(valueOf(page, 'shared_counters_alone')).toBe('1')
    expect(JSON.stringify([lines, verbose, page])).not.toMatch(/hunter2|somebody/)
    // Once for the failure, not once for each use.
    expect(lines.filter(({ msg }) => msg === 'the store of idempotency keys fails')).toHaveLength(1)
  })
})

const hasPromtool = spawnSync('promtool', ['--version']).status === 0
if (!hasPromtool) console.warn('skipped: promtool is not installed (Debian package prometheus)')

it.skipIf(!hasPromtool)('promtool finds nothing to say about the names', async () => {
  const server = await serve(ok)
  await read(server)
  const page = await scrape(server)
  expect(execFileSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' })).toBe('')
})

it('every series is in the table of the guide, and no other', async () => {
  const server = await serve(ok)
  const page = await scrape(server)
  const own = [...page.matchAll(/^# TYPE (\S+)/gm)].flatMap(([, name = '']) =>
    /^(?:process|nodejs)_/.test(name) ? [] : [name],
  )
  const guide = await readFile(new URL('../../docs/operations.md', import.meta.url), 'utf8')
  const told = [...guide.matchAll(/^\| `([a-z_]+)`[^|]*\|.*(?:histogram|gauge|counter)/gm)].map(
    ([, name = '']) => name,
  )
  // A contract that marks no operation has no store.
  const ofStore = told.filter((name) => name.startsWith('idempotency_store_'))
  expect(told.filter((name) => !ofStore.includes(name)).sort()).toEqual(own.sort())
  expect(ofStore).toHaveLength(2)
})
