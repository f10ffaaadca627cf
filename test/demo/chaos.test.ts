import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { Chaos, FORECAST, type Weather } from '../../src/demo/chaos.js'
import { closeAll } from '../backend/calls.js'
import { outcomeOf, paid, paymentOperations } from '../resilience/payment-adapter.js'

let chaos: Chaos
const backend = createServer((req, res) => {
  const chunks: Buffer[] = []
  req.on('data', (chunk: Buffer) => chunks.push(chunk))
  req.on('end', () => {
    res.writeHead(200, { 'content-type': 'text/xml' })
    res.end(paid(Buffer.concat(chunks).toString()))
  })
})

beforeAll(async () => {
  backend.listen(0, '127.0.0.1')
  await once(backend, 'listening')
  chaos = await Chaos.start(`http://127.0.0.1:${(backend.address() as AddressInfo).port}/service`, {
    slowMs: 400,
  })
})
afterEach(closeAll)
afterAll(async () => {
  await chaos.close()
  backend.close()
})

describe('a bad day', () => {
  const breaker = { minimumCalls: 1_000 }
  it.each<[Weather, readonly string[]]>([
    ['fair', ['200', '200', '200']],
    ['slow', ['200', '200', 'backend-timeout']],
    ['refusing', ['backend-unreachable', 'backend-unreachable', 'backend-unreachable']],
    ['garbage', ['backend-not-soap', 'backend-malformed', 'backend-not-soap']],
  ])('of %s weather gives %j', async (weather, expected) => {
    const operations = paymentOperations({ endpoint: chaos.url, timeoutMs: 3_000, breaker })
    chaos.weather = weather
    const outcomes: string[] = []
    for (let i = 0; i < 3; i++) {
      const { status, code } = await outcomeOf(operations.read)
      outcomes.push(code ?? String(status))
    }
    expect(outcomes).toEqual(expected)
  })

  it('has the breaker open, and close again when the weather is fair', async () => {
    const own = { minimumCalls: 3, openMs: 100, probes: 1 }
    const operations = paymentOperations({ endpoint: chaos.url, breaker: own })
    chaos.weather = 'refusing'
    for (let i = 0; i < 4; i++) await outcomeOf(operations.read)
    expect(operations.state().breaker).toBe('open')
    chaos.weather = 'fair'
    await vi.waitFor(async () => {
      await outcomeOf(operations.read)
      expect(operations.state().breaker).toBe('closed')
    })
    expect(await outcomeOf(operations.read)).toEqual({ status: 200 })
  })

  it('ends with every weather seen', () => {
    expect(new Set(FORECAST)).toEqual(new Set(['fair', 'slow', 'refusing', 'garbage']))
  })
})
