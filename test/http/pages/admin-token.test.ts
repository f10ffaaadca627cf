import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { FailedAttempts } from '../../../src/http/authentication/failed-attempts.js'
import { createAdminApp } from '../../../src/http/pages/admin.js'
import { Readiness } from '../../../src/http/pages/health.js'
import { createMetrics } from '../../../src/telemetry/metrics.js'

const TOKEN = 'correct-horse-battery-staple='
let server: Server

/** Asks a page of operators with what is given as Authorization. */
async function open(failedAttempts?: FailedAttempts) {
  const metrics = createMetrics(() => [])
  const app = createAdminApp({
    ...{ metrics, readiness: new Readiness(), backends: () => [], token: TOKEN },
    ...(failedAttempts && { failedAttempts }),
  })
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return async (authorization?: string, path = '/metrics') => {
    const headers = authorization === undefined ? {} : { authorization }
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
}

afterEach(() => {
  server.close()
})

it('is refused beyond the limit, with when to come again; the right one is let in', async () => {
  const ask = await open(new FailedAttempts(2))
  for (let n = 0; n < 2; n += 1) {
    const { status, headers } = await ask('Bearer wrong')
    expect([status, headers.get('www-authenticate'), headers.get('ratelimit')]).toEqual([401, 'Bearer', null])
  }
  for (const path of ['/metrics', '/readyz?verbose']) {
    const { status, headers, text } = await ask('Bearer wrong', path)
    expect(status).toBe(429)
    expect(JSON.parse(text)).toMatchObject({ code: 'rate-limited', status: 429 })
    expect(headers.get('ratelimit-policy')).toBe('"authentication";q=2;w=60')
    expect(headers.get('ratelimit')).toBe(`"authentication";r=0;t=${headers.get('retry-after') ?? ''}`)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(headers.has('www-authenticate')).toBe(false)
    expect(text).not.toContain(TOKEN)
  }
  expect((await ask(`Bearer ${TOKEN}`)).status).toBe(200)
  expect((await ask(`Bearer ${TOKEN}`, '/readyz?verbose')).status).toBe(503)
  expect((await ask('Bearer wrong', '/healthz')).status).toBe(200)
})

it('is not tried where there is none in the request', async () => {
  const ask = await open(new FailedAttempts(1))
  for (const sent of [undefined, 'Basic wrong', 'Bearer', undefined]) {
    expect((await ask(sent)).status).toBe(401)
  }
  expect((await ask('Bearer wrong')).status).toBe(401)
  expect((await ask('Bearer wrong')).status).toBe(429)
  expect((await ask()).status).toBe(401)
})

it('may be tried without end where nothing limits it', async () => {
  const ask = await open()
  for (let n = 0; n < 100; n += 1) expect((await ask('Bearer wrong')).status).toBe(401)
})
