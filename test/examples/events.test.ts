import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Example, SLOW } from './example.js'

let example: Example
let api: string
let receiver: string
let secret: string
beforeAll(async () => {
  example = await Example.start('events', { BANK_EVERY_MS: '200' })
  const [, url = '', to = '', from = ''] =
    /-d '\{"url":"(\S+?)\/hooks".*?\}' (\S+)\/v1\/webhook-subscriptions \| curl -d @- (\S+)\/subscription/.exec(
      example.printed,
    ) ?? []
  ;[receiver, api] = [url, to]
  expect(from).toBe(receiver)
}, SLOW)
afterAll(() => example.stop())

const WAIT = { timeout: 60_000, interval: 100 }

interface Payment {
  readonly bookingId: string
  readonly account: string
}
const taken = async (): Promise<readonly Payment[]> => {
  const events = (await (await fetch(`${receiver}/events`)).json()) as { readonly data: Payment }[]
  return events.map(({ data }) => data)
}
/** How many payments have come of those that followed the first: one account may be ahead of the other. */
function withoutGap(payments: readonly Payment[]): number {
  const numbers = new Set(payments.map(({ bookingId }) => Number(bookingId.slice(2))))
  const first = Math.min(...numbers)
  let count = 0
  while (numbers.has(first + count)) count++
  return count
}
const post = (url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

describe('a bank that tells of payments', () => {
  it('reaches a receiver that has subscribed', async () => {
    const subscription = JSON.stringify({ url: `${receiver}/hooks`, types: ['payment.received'] })
    const answer = await post(`${api}/v1/webhook-subscriptions`, subscription)
    expect(answer.status).toBe(201)
    const text = await answer.text()
    secret = (JSON.parse(text) as { secret: string }).secret
    expect(await (await post(`${receiver}/subscription`, text)).text()).toBe('Subscribed.\n')
    await expect.poll(async () => (await taken()).length, WAIT).toBeGreaterThan(5)
    expect((await taken())[0]).toMatchObject({
      bookingId: expect.stringMatching(/^B-\d{6}$/) as unknown,
      bookedAt: expect.stringMatching(/Z$/) as unknown,
      amount: { currency: 'EUR', value: expect.stringMatching(/\.50$/) as unknown },
      payer: expect.any(String) as unknown,
    })
  }, 90_000)

  it('is heard once, in order and without a gap by one that was down, though it repeats itself', async () => {
    await post(`${receiver}/break`, '')
    await expect
      .poll(async () => withoutGap(await taken()), WAIT)
      .toBeGreaterThan((await taken()).length + 20)
    const all = await taken()
    for (const account of ['AC-00000101', 'AC-00000102']) {
      const ids = all.filter((each) => each.account === account).map(({ bookingId }) => bookingId)
      expect(ids.length).toBeGreaterThan(5)
      expect(ids).toEqual([...new Set(ids)].sort())
    }
  }, 120_000)

  it.each([
    ['another signature', 'v1,AAAA', 0, 401],
    ['an old message', undefined, -3_600, 401],
    ['its own secret', undefined, 0, 204],
  ] as const)(
    'is not impersonated: %s',
    async (_, signature, seconds, status) => {
      const body = `{"type":"payment.received","timestamp":"","data":{"bookingId":"X","amount":{}}}`
      const [id, time] = ['msg_test', String(Math.floor(Date.now() / 1_000) + seconds)]
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
      const own = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest('base64')
      const sent = await post(`${receiver}/hooks`, body, {
        ...{ 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature ?? `v1,${own}` },
      })
      expect(sent.status).toBe(status)
    },
    60_000,
  )

  it('is read from the log by whoever cannot be called', async () => {
    const { items } = (await (await fetch(`${api}/v1/events?after=0&limit=2`)).json()) as {
      items: { type: string; data: Payment }[]
    }
    expect(items.map(({ type, data }) => [type, data.bookingId])).toEqual([
      ['payment.received', 'B-000001'],
      ['payment.received', 'B-000002'],
    ])
  })

  it('has to know its password', async () => {
    const refused = await post(`${api}/soap/bank`, '<e/>', { authorization: 'Basic YmFuazpndWVzcw==' })
    expect(refused.status).toBe(401)
  })
})
