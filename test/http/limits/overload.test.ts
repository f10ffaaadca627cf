import { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../../src/config/settings.js'
import { measureLag, Overload } from '../../../src/http/limits/overload.js'
import { startServer } from '../../../src/server.js'
import { createLogger } from '../../../src/telemetry/logger.js'
import { facadeOf, sampleDocument } from '../sample-facade.js'

const settings = { ...defaultSettings(), listenPort: 0, adminPort: 0, host: '127.0.0.1' }
const options = { logger: createLogger('silent'), signals: false }

describe('requests in flight', () => {
  it('are so many and no more; the others get 503 at once, and health is told all the same', async () => {
    const facade = facadeOf(sampleDocument)
    const finish: (() => void)[] = []
    facade.answers.set('listAccounts', async () => {
      await new Promise<void>((resolve) => finish.push(resolve))
      return { status: 200, headers: {}, body: '"done"' }
    })
    const server = await startServer(facade, { ...settings, maxInFlight: 3 }, options)
    const ask = () => fetch(`${server.url}/v1/accounts`)
    const taken = [ask(), ask(), ask()]
    await expect.poll(() => finish.length).toBe(3)
    for (let i = 0; i < 20; i++) {
      const refused = await ask()
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
      expect(await refused.json()).toMatchObject({ code: 'overloaded', type: '/problems/overloaded' })
    }
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(facade.calls).toHaveLength(3)
    for (const resolve of finish.splice(0)) resolve()
    for (const response of await Promise.all(taken)) expect(await response.text()).toBe('"done"')
    facade.answers.delete('listAccounts')
    await expect.poll(async () => (await ask()).status).toBe(200)
    await server.close()
  })
})

/** What becomes of some requests that never end. */
function verdicts(overload: Overload, count: number): string[] {
  return Array.from({ length: count }, () => {
    const place = overload.place(new Socket())
    return typeof place === 'string' ? place : 'taken'
  })
}

describe('the event loop', () => {
  const four = ['taken', 'taken', 'taken', 'taken']

  it.each<[number, number, string]>([
    [500, 500, 'taken'],
    [500, 501, 'busy'],
    [0, 9999, 'taken'],
  ])('may lag %i ms; with %i ms the fifth request in flight is %s', (maxEventLoopLagMs, lagMs, expected) => {
    const meter = { lagMs, close: () => undefined }
    const overload = new Overload({ maxInFlight: 0, maxEventLoopLagMs }, meter)
    // The first ones are not why it lags: a process that has just started takes them.
    expect(verdicts(overload, 6)).toEqual([...four, expected, expected])
  })

  it('is measured: it lags while it is blocked, and no longer when it is free', async () => {
    const meter = measureLag()
    const block = setInterval(() => {
      const until = performance.now() + 80
      while (performance.now() < until);
    }, 1)
    await expect.poll(() => meter.lagMs, { timeout: 10_000 }).toBeGreaterThan(40)
    clearInterval(block)
    await expect.poll(() => meter.lagMs, { timeout: 10_000 }).toBeLessThan(40)
    meter.close()
  })
})
