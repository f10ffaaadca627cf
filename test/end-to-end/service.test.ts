import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultSettings } from '../../src/config/settings.js'
import { startCoreBanking } from '../../src/demo/core-banking/service.js'
import type { DemoBackend } from '../../src/demo/soap-server.js'
import { loadAdapter } from '../../src/index.js'
import { type RunningServer, startServer } from '../../src/server.js'
import { root } from '../oracle/contracts.js'
import { type CapturedLog, captureLog } from './deployment.js'

const settings = {
  ...defaultSettings(),
  listenPort: 0,
  adminPort: 0,
  host: '127.0.0.1',
  authentication: 'off' as const,
}

/** Milliseconds for programs that are started; they take a few seconds on a machine that has nothing else to do. */
const SLOW = 120_000

let banking: DemoBackend
let server: RunningServer
let log: CapturedLog
let directory: string
let documentPath: string

beforeAll(async () => {
  banking = await startCoreBanking()
  log = captureLog()
  server = await serve(banking.url, log)
  directory = mkdtempSync(join(tmpdir(), 'published-'))
  documentPath = join(directory, 'openapi.json')
  writeFileSync(documentPath, await (await fetch(`${server.url}/v1/openapi.json`)).text())
})

afterAll(async () => {
  await server.close()
  await banking.close()
  rmSync(directory, { recursive: true })
})

async function serve(bankingUrl: string, { logger }: CapturedLog): Promise<RunningServer> {
  const adapter = await loadAdapter({
    contract: `${root}openapi.yaml`,
    env: { CORE_BANKING_URL: bankingUrl },
  })
  return startServer(adapter, settings, { logger, signals: false })
}

/** Runs a program of the repository's own packages. */
function run(...args: readonly string[]) {
  const [program = '', ...rest] = args
  return spawnSync(join(root, 'node_modules/.bin', program), rest, { cwd: directory, encoding: 'utf8' })
}

describe('the running service', () => {
  it('is alive and ready, and counts what it serves', async () => {
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ready' })
    for (const accountId of ['AC-00000101', 'AC-00000102', 'AC-99999999']) {
      await (await fetch(`${server.url}/v1/accounts/${accountId}`)).text()
    }
    const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text()
    const count = 'http_server_request_duration_seconds_count{operation="getAccount",method="GET",status='
    expect(metrics).toContain(`${count}"200"} 2`)
    expect(metrics).toContain(`${count}"404"} 1`)
    expect(metrics).not.toContain('AC-')
  })

  it('logs one line for each request, with nothing personal', async () => {
    const requestId = 'e6b2f0b6-9a3c-4d7e-8d7d-0c1b2a394857'
    await (
      await fetch(`${server.url}/v1/accounts/AC-00000105`, { headers: { 'x-request-id': requestId } })
    ).text()
    await (await fetch(`${server.url}/healthz`)).text()
    const lines = log
      .text()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
      .filter((line) => line.requestId === requestId)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatchObject({
      operationId: 'getAccount',
      method: 'GET',
      status: 200,
      backend: 'core-banking',
    })
    expect(log.text().includes('AC-00000105')).toBe(false)
  })

  it('drains: not ready, but what is in flight is answered, and no longer than that', async () => {
    let release: () => void = () => undefined
    let begun: () => void = () => undefined
    const inFlight = new Promise<void>((resolve) => (begun = resolve))
    const gate = new Promise<void>((resolve) => (release = resolve))
    const slow = createServer((request, response) => {
      request.resume()
      begun()
      void gate.then(async () => {
        const answer = await fetch(banking.url, {
          method: 'POST',
          headers: { 'content-type': 'text/xml', soapaction: String(request.headers.soapaction) },
          body: envelope,
        })
        response.writeHead(200, { 'content-type': 'text/xml' })
        response.end(await answer.text())
      })
    })
    await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
    const envelope =
      '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><GetAccount xmlns="http://interchange.example/banking/core/v3"><AccountId>AC-00000101</AccountId></GetAccount></e:Body></e:Envelope>'
    const draining = await serve(`http://127.0.0.1:${(slow.address() as AddressInfo).port}/`, captureLog())
    const answer = fetch(`${draining.url}/v1/accounts/AC-00000101`)
    await inFlight
    const closing = draining.close()
    await expect(fetch(`${draining.url}/readyz`)).rejects.toThrow()
    release()
    const response = await answer
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ accountId: 'AC-00000101' })
    const answeredAt = performance.now()
    await closing
    expect(performance.now() - answeredAt).toBeLessThan(settings.shutdownGraceMs / 2)
    slow.close()
    slow.closeAllConnections()
  })
})

describe('the published document', () => {
  it(
    'has no annotation and lints without an error',
    async () => {
      const text = await (await fetch(`${server.url}/v1/openapi.json`)).text()
      expect(text).not.toContain('x-soap')
      expect(text).not.toContain('.wsdl')
      const lint = run('redocly', 'lint', documentPath, '--format=json')
      const { totals, problems } = JSON.parse(lint.stdout) as {
        totals: { errors: number }
        problems: object[]
      }
      expect([totals.errors, problems.slice(0, 5)]).toEqual([0, expect.anything()])
      expect(lint.status).toBe(0)
    },
    SLOW,
  )

  it(
    'generates a client that compiles under strict tsc',
    () => {
      expect(run('openapi-typescript', documentPath, '-o', 'api.ts').stderr).not.toContain('Error')
      writeFileSync(
        join(directory, 'client.ts'),
        `import type { components, operations } from './api.js'
type Ok = operations['getAccount']['responses'][200]['content']['application/json']
type Loan = components['schemas']['Loan']
export const status = (account: Ok): 'OPEN' | 'BLOCKED' | 'CLOSED' => account.status
export const closedOn = (account: Ok): string | null => account.closedOn
export const folio = (loan: Loan): string | undefined => (loan.type === 'mortgage' ? loan.landRegister : undefined)
export const payment: operations['createPayment']['requestBody']['content']['application/json'] = {
  instructionId: 'a', debtorAccountId: 'AC-00000101', creditor: { name: 'x', iban: 'y' }, amount: { value: '1', currency: 'EUR' },
}
// @ts-expect-error -- a number is not a decimal
payment.amount.value = 1
`,
      )
      const strict = ['--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes']
      const compiled = run(
        'tsc',
        '--noEmit',
        ...strict,
        '--module',
        'nodenext',
        '--target',
        'es2022',
        'client.ts',
      )
      expect(compiled.stdout).toBe('')
      expect(compiled.status).toBe(0)
    },
    SLOW,
  )
})
