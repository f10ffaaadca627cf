import { expect, it } from 'vitest'
import { ContractError } from '../src/base/errors.js'
import { defaultSettings } from '../src/config/settings.js'
import { type RunningServer, startServer } from '../src/server.js'
import { createLogger } from '../src/telemetry/logger.js'
import { facadeOf, sampleDocument, type SampleFacade } from './http/sample-facade.js'

const options = { logger: createLogger('silent'), signals: false, isReplaceable: true }
const settings = { ...defaultSettings(), listenPort: 0, adminPort: 0, host: '127.0.0.1' }

/** A facade that says which it is, and complains where it is asked after it was closed. */
function generation(name: string): SampleFacade {
  const facade = facadeOf(sampleDocument)
  facade.answers.set('listAccounts', () => {
    if (facade.closed) throw new Error(`${name} is closed`)
    return { status: 200, headers: {}, body: JSON.stringify(name) }
  })
  return facade
}

async function accounts({ url }: RunningServer): Promise<string> {
  const response = await fetch(`${url}/v1/accounts`)
  return `${response.status} ${await response.text()}`
}

it('lets requests end on the facade that they began on, and closes it then', async () => {
  const first = generation('first')
  let begun: () => void = () => undefined
  let finish: () => void = () => undefined
  const hasBegun = new Promise<void>((resolve) => (begun = resolve))
  const mayFinish = new Promise<void>((resolve) => (finish = resolve))
  first.answers.set('myAccount', async () => {
    begun()
    await mayFinish
    return { status: 200, headers: {}, body: JSON.stringify(first.closed) }
  })
  const server = await startServer(first, settings, options)
  const slow = fetch(`${server.url}/v1/accounts/mine`)
  await hasBegun
  await server.replace(generation('second'))
  expect(await accounts(server)).toBe('200 "second"')
  expect(first.closed).toBe(false)
  finish()
  expect(await (await slow).text()).toBe('false')
  await expect.poll(() => first.closed).toBe(true)
  await server.close()
})

it('keeps the facade before where the next cannot be served, and closes the next', async () => {
  const server = await startServer(generation('first'), settings, options)
  const { security, ...undeclared } = sampleDocument
  expect(security).toEqual([])
  const bad = facadeOf(undeclared)
  await expect(server.replace(bad)).rejects.toThrow(ContractError)
  expect(bad.closed).toBe(true)
  expect(await accounts(server)).toBe('200 "first"')
  await server.close()
})

it.each([
  ['contract', { before: 404, after: 200 }],
  [true, { before: 200, after: 200 }],
  [false, { before: 404, after: 404 }],
] as const)(
  'serves GraphQL where the contract says so, and GRAPHQL is %s',
  async (graphql, { before, after }) => {
    const server = await startServer(generation('first'), { ...settings, graphql }, options)
    const ask = async (): Promise<number> => {
      const response = await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ __typename }' }),
      })
      await response.arrayBuffer()
      return response.status
    }
    expect(await ask()).toBe(before)
    await server.replace(Object.assign(generation('second'), { protocols: new Set(['graphql']) }))
    expect(await ask()).toBe(after)
    await server.close()
  },
)

it('loses no request while facades are replaced under load', async () => {
  const server = await startServer(generation('0'), settings, options)
  const generations: SampleFacade[] = []
  const seen = new Set<string>()
  let isOver = false
  const clients = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      const answer = await accounts(server)
      seen.add(answer)
      if (!answer.startsWith('200 ')) return
    }
  })
  for (let n = 1; n <= 10; n++) {
    const next = generation(String(n))
    generations.push(next)
    await server.replace(next)
    // Until its answers have been seen, so that there was load between any two.
    await expect.poll(() => seen.has(`200 "${n}"`), { timeout: 20_000 }).toBe(true)
  }
  isOver = true
  await Promise.all(clients)
  expect([...seen].filter((answer) => !answer.startsWith('200 '))).toEqual([])
  await expect.poll(() => generations.filter(({ closed }) => closed).length).toBe(9)
  await server.close()
  expect(generations.every(({ closed }) => closed)).toBe(true)
}, 60_000)

it('shows the backends of the facade that serves', async () => {
  const server = await startServer(generation('first'), settings, options)
  const next = Object.assign(generation('second'), {
    backends: () => [{ name: 'other', breaker: 'closed' as const, inFlight: 0 }],
  })
  await server.replace(next)
  const state: unknown = await (await fetch(`${server.adminUrl}/readyz?verbose`)).json()
  expect(state).toMatchObject({ backends: [{ name: 'other' }] })
  expect(await (await fetch(`${server.adminUrl}/metrics`)).text()).toContain('backend="other"')
  await server.close()
})
