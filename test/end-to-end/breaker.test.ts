import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCoreBanking } from '../../src/demo/core-banking/service.js'
import type { DemoBackend } from '../../src/demo/soap-server.js'
import type { FacadeApp } from '../../src/http/app.js'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import { createMetrics } from '../../src/telemetry/metrics.js'
import { readContract, root } from '../oracle/contracts.js'
import { apiOf } from './api.js'
import { appOf, captureLog } from './deployment.js'

let banking: DemoBackend
let adapter: MountableAdapter
let app: FacadeApp

beforeAll(async () => {
  banking = await startCoreBanking()
  const contract = readContract()
  const backends = contract['x-soap-backends'] as Record<string, object>
  const breaker = { failurePercent: 50, minimumCalls: 6, windowMs: 60_000, openMs: 1_500 }
  adapter = await loadAdapter({
    contract: {
      ...contract,
      'x-soap-backends': {
        ...backends,
        'core-banking': { ...backends['core-banking'], endpoint: banking.url, breaker },
      },
    },
    baseDir: root,
    env: {},
  })
  app = appOf(adapter, captureLog())
  await app.warmUp()
})

afterAll(async () => {
  await adapter.close()
  await banking.close()
})

const account = (accountId = 'AC-00000101') => apiOf(app).get(`/v1/accounts/${accountId}`)
const breaker = () => adapter.backends().find(({ name }) => name === 'core-banking')?.breaker

/** Resolves when the breaker of core-banking gets there. */
function reached(state: string): Promise<void> {
  return new Promise((resolve) => {
    if (breaker() === state) {
      resolve()
      return
    }
    const end = adapter.onBackendChange((change) => {
      if (change.name !== 'core-banking' || change.breaker !== state) return
      end()
      resolve()
    })
  })
}

describe('the breaker of a backend', () => {
  it('is not tripped by business faults, nor by faults that no contract declares', async () => {
    for (let n = 0; n < 10; n++) await account('AC-99999999').expect(404)
    for (let n = 0; n < 10; n++) await account('AC-00000500').expect(502)
    expect(breaker()).toBe('closed')
    await account().expect(200)
  })

  it('opens under requests when the backend is killed, half-opens, and closes when it is back', async () => {
    const listenPort = Number(new URL(banking.url).port)
    await banking.close()
    const opened = reached('open')
    const statuses: number[] = []
    while (breaker() === 'closed' && statuses.length < 100) statuses.push((await account()).status)
    await opened
    expect(new Set(statuses)).toEqual(new Set([502]))
    expect(statuses.length).toBeGreaterThan(5)

    const refused = await account().expect(503)
    expect(refused.body).toMatchObject({ code: 'backend-unavailable', status: 503 })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1)
    const metrics = await createMetrics(adapter.backends).text()
    expect(metrics).toContain('backend_breaker_state{backend="core-banking",state="open"} 1')
    expect(metrics).toContain('backend_breaker_state{backend="lending",state="closed"} 1')

    await reached('half-open')
    const openAgain = reached('open')
    await account().expect(502)
    await openAgain
    await account().expect(503)

    banking = await startCoreBanking({ listenPort })
    await reached('half-open')
    const closed = reached('closed')
    const together = await Promise.all([account(), account(), account()])
    const outcome = together.map((response) => response.status)
    expect(outcome.filter((status) => status === 200).length).toBeGreaterThanOrEqual(1)
    expect(outcome.filter((status) => status !== 200 && status !== 503)).toEqual([])
    await closed
    await account().expect(200)
  })
})
