import { expect, it } from 'vitest'
import { defaultSettings } from '../../src/config/settings.js'
import { startServer } from '../../src/server.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { facadeOf, sampleDocument } from '../http/sample-facade.js'

it('a service with one backend down is ready, and tells its operators which', async () => {
  const facade = facadeOf(sampleDocument)
  const endpoints = [
    { host: 'a.example', breaker: 'open' },
    { host: 'b.example:8443', breaker: 'open' },
  ] as const
  const down = { name: 'lending', breaker: 'open', inFlight: 0, queued: 2, retries: 7, endpoints } as const
  const states = [{ name: 'core', breaker: 'closed', inFlight: 1 } as const, down]
  const settings = { ...defaultSettings(), listenPort: 0, adminPort: 0, host: '127.0.0.1' }
  const options = { logger: createLogger('silent'), signals: false }
  const server = await startServer(Object.assign(facade, { backends: () => states }), settings, options)

  const ready = await fetch(`${server.url}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
  const verbose = await fetch(`${server.adminUrl}/readyz?verbose`)
  expect([verbose.status, await verbose.json()]).toEqual([200, { status: 'ready', backends: states }])

  const metrics = await (await fetch(`${server.adminUrl}/metrics`)).text()
  for (const line of [
    'backend_breaker_state{backend="core",state="closed"} 1',
    'backend_breaker_state{backend="lending",state="open"} 1',
    'backend_endpoint_breaker_state{backend="lending",endpoint="b.example:8443",state="open"} 1',
    'backend_requests_queued{backend="lending"} 2',
    'backend_retries_total{backend="lending"} 7',
  ]) {
    expect(metrics).toContain(`${line}\n`)
  }
  await server.close()
})
