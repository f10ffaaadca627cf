import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Soapstone } from './soapstone.js'

// A command loads a contract, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 })

const REQUESTS = 40
let soapstone: Soapstone
beforeAll(() => {
  soapstone = new Soapstone('serve-log')
})
afterAll(() => {
  soapstone.dispose()
})

describe('the log of a process that ends', () => {
  it('has every request that was answered', async () => {
    const env = { AUTHENTICATION: 'off', ADMIN_PORT: '0' }
    const serving = soapstone.start(['serve', '--port', '0'], { env })
    const [, url = ''] = await serving.printed(/"url":"([^"]+)"/)
    await Promise.all(
      Array.from({ length: REQUESTS }, async () => (await fetch(`${url}/healthz`)).arrayBuffer()),
    )
    expect(await serving.stop()).toBe(0)
    const lines = serving.stdout.trimEnd().split('\n')
    const messages = lines.map((line) => (JSON.parse(line) as { msg: string }).msg)
    expect(messages.filter((message) => message === 'request')).toHaveLength(REQUESTS)
    expect(messages.at(-1)).toBe('closed')
  })
})
