import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { compileContracts } from '../src/adapter/adapter.js'
import { ContractError } from '../src/base/errors.js'
import { defaultSettings } from '../src/config/settings.js'
import type { Settings } from '../src/config/settings-table.js'
import { startCoreBanking } from '../src/demo/core-banking/service.js'
import type { DemoBackend } from '../src/demo/soap-server.js'
import { type RunningServer, startServer } from '../src/server.js'
import { createLogger } from '../src/telemetry/logger.js'
import { runInProcess } from './cli/in-process.js'
import { facadeOf, sampleDocument } from './http/sample-facade.js'

const root = fileURLToPath(new URL('../', import.meta.url))
const CHROMIUM = '/usr/bin/chromium'
const hasChromium = existsSync(CHROMIUM)
if (!hasChromium) console.log(`${CHROMIUM} is not installed: links between versions are not tried`)
const v1 = `${root}openapi.yaml`
const v2 = `${root}examples/versions/v2.yaml`

let folder: string
let backend: DemoBackend
let server: RunningServer | undefined
let log: Record<string, unknown>[] = []
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'soapstone-versions-'))
  backend = await startCoreBanking()
})
afterAll(async () => {
  await backend.close()
  rmSync(folder, { recursive: true })
})

async function stop(): Promise<void> {
  await server?.close()
  server = undefined
  log = []
}

/** Serves `/v1` and `/v2`, each of which may have an endpoint of its own for the same backend. */
async function serve(
  own: Partial<Settings> = {},
  { contracts = [v1, v2] }: { readonly contracts?: readonly string[] } = {},
): Promise<RunningServer> {
  const settings: Settings = {
    ...{ ...defaultSettings(), listenPort: 0, adminPort: 0, host: '127.0.0.1' },
    ...{ authentication: 'off', storeFile: join(folder, 'store.db'), ...own },
  }
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(JSON.parse(chunk.toString()) as Record<string, unknown>)
      done()
    },
  })
  const adapters = compileContracts(contracts, { env: { CORE_BANKING_URL: backend.url } })
  server = await startServer(adapters, settings, {
    logger: createLogger('info', destination),
    signals: false,
    isReplaceable: true,
  })
  return server
}

/** The example with another endpoint, in a file of its own. */
function apart(endpoint: string): string {
  const path = join(folder, 'apart.yaml')
  const text = readFileSync(v2, 'utf8')
    .replace('../../wsdl', `${root}wsdl`)
    .replace(/endpoint: .*/, `endpoint: ${endpoint}`)
  writeFileSync(path, text)
  return path
}

async function get(at: string): Promise<{ status: number; body: Record<string, unknown>; to: string }> {
  const response = await fetch(`${server?.url}${at}`, { redirect: 'manual' })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return {
    status: response.status,
    body: isJson ? (JSON.parse(text) as Record<string, unknown>) : { text },
    to: response.headers.get('location') ?? '',
  }
}

async function metrics(): Promise<string> {
  const response = await fetch(`${server?.adminUrl}/metrics`)
  return response.text()
}

function pay(version: string, key: string, instructionId: string): Promise<Response> {
  return fetch(`${server?.url}${version}/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({
      instructionId,
      debtorAccountId: 'AC-00000101',
      creditor: { name: 'Harbour Row Lettings', iban: 'XK051212012345678906' },
      amount: { value: '1.00', currency: 'EUR' },
    }),
  })
}

describe('two versions in one process', () => {
  describe('given in the other order', () => {
    beforeAll(() => serve({}, { contracts: [v2, v1] }))
    afterAll(stop)

    it('are told apart in log and metrics', async () => {
      await get('/v1/accounts/AC-00000101')
      await get('/v2/accounts/AC-00000101')
      await expect
        .poll(() =>
          log.filter(({ msg }) => msg === 'request').map(({ api, operationId }) => [api, operationId]),
        )
        .toEqual([
          ['/v1', 'getAccount'],
          ['/v2', 'getAccount'],
        ])
      const text = await metrics()
      for (const api of ['/v1', '/v2']) {
        expect(text).toContain(
          `http_server_request_duration_seconds_count{api="${api}",operation="getAccount",method="GET",status="200"} 1`,
        )
        expect(text).toContain(
          `backend_call_duration_seconds_count{api="${api}",backend="core-banking",operation="getAccount",outcome="success"} 1`,
        )
      }
    })

    it('answer each by its own contract, and both are described', async () => {
      expect((await get('/v1/accounts/AC-00000101')).body).toHaveProperty('iban')
      expect((await get('/v2/accounts/AC-00000101')).body).toHaveProperty('bankDetails.iban')
      for (const form of ['openapi.json', 'openapi-3.0.json']) {
        expect((await get(`/v1/${form}`)).body).toHaveProperty('info.version', '1.0.0')
        expect((await get(`/v2/${form}`)).body).toHaveProperty('info.version', '2.0.0')
      }
      expect((await get('/v2/customers/C000000101')).status).toBe(404)
      expect((await get('/v3/accounts/AC-00000101')).status).toBe(404)
    })

    it('have a page each, which lead to each other; what is of no version leads to the newest', async () => {
      const led = async (from: string) => {
        const { status, to } = await get(from)
        return `${status} ${new URL(to, `${server?.url}${from}`).pathname}`
      }
      expect(await led('/')).toBe('307 /docs/v2/')
      expect(await led('/docs')).toBe('307 /docs/v2/')
      expect(await led('/docs/')).toBe('307 /docs/v2/')
      expect(await led('/v1')).toBe('307 /docs/v1/')
      expect(await led('/v1/')).toBe('307 /docs/v1/')
      expect(await led('/v2/')).toBe('307 /docs/v2/')
      expect(await led('/docs/v1')).toBe('308 /docs/v1/')
      expect((await get('/docs/v1/')).body.text).toContain('<title>Fernhill Bank and Clinic API</title>')
      expect((await get('/docs/v2/')).body.text).toContain('<title>Fernhill Bank API</title>')
      expect((await get('/docs/v2/page.js')).status).toBe(200)
      expect((await get('/docs/v2/outline.json')).body).toMatchObject({
        root: '../..',
        versions: [
          { name: '/v2', version: '2.0.0', page: '../../docs/v2/', current: true },
          { name: '/v1', version: '1.0.0', page: '../../docs/v1/', current: false },
        ],
      })
      expect((await get('/docs/v2/operations/getAccount')).body).toHaveProperty(
        'paths./accounts/{accountId}.get.operationId',
        'getAccount',
      )
    })

    it.skipIf(!hasChromium)(
      'lead to each other in a browser, by the keyboard',
      async () => {
        const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
        try {
          const page = await browser.newPage()
          const shown = async () => {
            const versions = page.getByRole('navigation', { name: 'Versions' })
            await versions.waitFor()
            return {
              path: new URL(page.url()).pathname,
              title: await page.title(),
              current: await versions.locator('[aria-current=page]').innerText(),
              others: await versions.getByRole('link').allInnerTexts(),
              document: await page
                .getByRole('link', { name: 'openapi.json', exact: true })
                .getAttribute('href'),
            }
          }
          const newest = {
            ...{ path: '/docs/v2/', title: 'Fernhill Bank API', current: '/v2 (2.0.0)' },
            ...{ others: ['/v1 (1.0.0)'], document: '../../v2/openapi.json' },
          }
          await page.goto(`${server?.url}/`)
          expect(await shown()).toEqual(newest)
          await page.getByRole('link', { name: '/v1 (1.0.0)' }).focus()
          await page.keyboard.press('Enter')
          await page.waitForURL('**/docs/v1/')
          expect(await shown()).toEqual({
            ...{ path: '/docs/v1/', title: 'Fernhill Bank and Clinic API', current: '/v1 (1.0.0)' },
            ...{ others: ['/v2 (2.0.0)'], document: '../../v1/openapi.json' },
          })
          await page.getByRole('link', { name: '/v2 (2.0.0)' }).click()
          await page.waitForURL('**/docs/v2/')
          expect(await shown()).toEqual(newest)
        } finally {
          await browser.close()
        }
      },
      120_000,
    )
  })

  describe('as they are used', () => {
    afterEach(stop)

    it('do not share keys or limits of clients, whose operations are called alike', async () => {
      await serve({ rateLimitRequests: 2 })
      const [first, second] = [await pay('/v1', 'same', 'VERSIONS-1'), await pay('/v2', 'same', 'VERSIONS-2')]
      expect([first.status, second.status]).toEqual([201, 201])
      const [one, two] = [await first.json(), await second.json()] as { paymentId: string }[]
      expect(one?.paymentId).not.toBe(two?.paymentId)
      const again = await pay('/v2', 'same', 'VERSIONS-2')
      expect(again.headers.get('idempotency-replayed')).toBe('true')
      const statuses = async (version: string) => {
        const got: number[] = []
        for (let i = 0; i < 3; i++) got.push((await get(`${version}/accounts/AC-00000101`)).status)
        return got
      }
      expect(await statuses('/v1')).toEqual([200, 200, 429])
      expect(await statuses('/v2')).toEqual([200, 200, 429])
    })

    it('share a backend that both describe alike: its breaker opens for both, and is shown once', async () => {
      const gone = await startCoreBanking()
      await gone.close()
      const adapters = compileContracts([v1, v2], { env: { CORE_BANKING_URL: gone.url } })
      const settings = { ...defaultSettings(), listenPort: 0, adminPort: 0, host: '127.0.0.1' }
      server = await startServer(
        adapters,
        { ...settings, authentication: 'off', storeFile: join(folder, 'store.db') },
        { logger: createLogger('silent'), signals: false },
      )
      for (let i = 0; i < 30; i++) await get('/v1/accounts/AC-00000101')
      expect((await get('/v2/accounts/AC-00000101')).body).toHaveProperty('code', 'backend-unavailable')
      const states = (await metrics()).split('\n').filter((line) => line.startsWith('backend_breaker_state'))
      expect(states.filter((line) => line.includes('core-banking'))).toEqual([
        'backend_breaker_state{backend="core-banking",state="closed"} 0',
        'backend_breaker_state{backend="core-banking",state="open"} 1',
        'backend_breaker_state{backend="core-banking",state="half-open"} 0',
      ])
      expect(states).toContain('backend_breaker_state{api="/v1",backend="lending",state="closed"} 1')
    })

    it('have backends apart where they describe them otherwise, though they are called alike', async () => {
      const other = await startCoreBanking()
      await serve({}, { contracts: [v1, apart(other.url)] })
      await other.close()
      for (let i = 0; i < 30; i++) await get('/v2/accounts/AC-00000101')
      expect((await get('/v2/accounts/AC-00000101')).body).toHaveProperty('code', 'backend-unavailable')
      expect((await get('/v1/accounts/AC-00000101')).status).toBe(200)
      const text = await metrics()
      expect(text).toContain('backend_breaker_state{api="/v1",backend="core-banking",state="open"} 0')
      expect(text).toContain('backend_breaker_state{api="/v2",backend="core-banking",state="open"} 1')
      expect(log).toContainEqual(
        expect.objectContaining({ msg: 'breaker', api: '/v2', backend: 'core-banking', breaker: 'open' }),
      )
    })

    it('are replaced together', async () => {
      const running = await serve()
      const next = compileContracts([v1, v2], { env: { CORE_BANKING_URL: backend.url } })
      await running.replace(next)
      expect((await get('/v1/accounts/AC-00000101')).status).toBe(200)
      expect((await get('/v2/accounts/AC-00000101')).status).toBe(200)
      await running.replace(compileContracts([v1], { env: { CORE_BANKING_URL: backend.url } }))
      expect((await get('/v2/accounts/AC-00000101')).status).toBe(404)
    })
  })
})

describe('contracts whose paths collide', () => {
  afterEach(stop)

  const below = (url: string) => facadeOf({ ...sampleDocument, servers: [{ url }] }, url)

  it.each([
    ['/v1', '/v1', 'Two contracts have the base path /v1:'],
    ['/v1', '/v1/next', 'The base path /v1/next and that of another contract, /v1, lie within each other:'],
    ['/v1', '', 'The base path / and that of another contract, /v1, lie within each other:'],
  ])('%s and %s are refused', async (one, other, message) => {
    const settings = { ...defaultSettings(), listenPort: 0, adminPort: 0 }
    const starting = startServer([below(one), below(other)], settings, { signals: false })
    await expect(starting).rejects.toThrow(ContractError)
    await expect(starting).rejects.toThrow(message)
  })

  it('/v1 and /v10 are served', async () => {
    const settings = { ...defaultSettings(), listenPort: 0, adminPort: 0, host: '127.0.0.1' }
    server = await startServer([below('/v1'), below('/v10')], settings, {
      logger: createLogger('silent'),
      signals: false,
    })
    expect((await get('/v1/accounts')).status).toBe(200)
    expect((await get('/v10/accounts')).status).toBe(200)
  })
})

describe('the command line', () => {
  it('checks two, and says of which is what, and whether they fit beside each other', async () => {
    const { code, stdout } = await runInProcess('check', v1, v2, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ contracts: [v1, v2], operations: 41, backends: 3, errors: 0 })
    const twice = await runInProcess('check', '--contract', v2, '--contract', apart(backend.url))
    expect(twice.code).toBe(1)
    expect(twice.stdout).toMatch(
      /apart\.yaml:\d+:5: error base-path-taken: Two contracts have the base path \/v2: .*\n {2}v2\.yaml:\d+:5: the other contract/,
    )
  })

  it('shows the variables of both', async () => {
    const path = apart('${SECOND_URL}')
    const { stdout } = await runInProcess('config', '-c', v1, '-c', path, '--json')
    const { variables } = JSON.parse(stdout) as { variables: { variable: string; source: string }[] }
    expect(variables.map(({ variable, source }) => `${variable} ${source}`)).toEqual([
      'CORE_BANKING_URL default',
      'LENDING_URL default',
      'PATIENT_REGISTRY_URL default',
      'SECOND_URL missing',
    ])
  })
})
