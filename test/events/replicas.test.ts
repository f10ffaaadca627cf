import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { postgresqlIsMissing, type TestDatabase, testDatabase } from '../store/postgresql.js'
import { environment } from './contract.js'
import { type Receiver, startReceiver } from './receiver.js'
import { notificationId, outboundMessage, serve, type Served } from './served.js'

const MESSAGES = 60
const IN_A_MESSAGE = 5

describe.skipIf(postgresqlIsMissing !== undefined)('two replicas on one database', () => {
  let database: TestDatabase
  let replicas: readonly Served[]
  let receiver: Receiver
  beforeAll(async () => {
    database = await testDatabase()
    receiver = await startReceiver()
    const env = {
      DATABASE_URL: database.url,
      STORE_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      EVENTS_SCHEDULE_SECONDS: Array.from({ length: 40 }, () => '0').join(','),
    }
    // At the same time: one of them makes the tables.
    replicas = await Promise.all([serve(env), serve(env)])
  }, 60_000)
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()))
    await receiver.close()
    await database.drop()
  })

  it('deliver each event once, although the subscriber refuses a third of them at first', async () => {
    const made = await replicas[0]?.call('POST', '/webhook-subscriptions', { url: receiver.url })
    const { secret } = (await made?.json()) as { secret: string }
    receiver.secrets.push(secret)
    const taken = new Map<string, number>()
    receiver.answer = ({ id }) => {
      if (Math.random() < 0.3) return 500
      taken.set(id, (taken.get(id) ?? 0) + 1)
      return 204
    }
    const send = async (message: number) => {
      const ids = Array.from({ length: IN_A_MESSAGE }, (_, index) => notificationId(message * 100 + index))
      const { url = '' } = replicas[message % 2] ?? {}
      const response = await fetch(`${url}/soap/crm/${environment.CRM_PATH_SECRET}`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml', soapaction: '""' },
        body: outboundMessage(ids, `006${String(message % 20).padStart(15, '0')}`),
      })
      expect(response.status).toBe(200)
    }
    await Promise.all(Array.from({ length: MESSAGES }, (_, message) => send(message)))
    await expect.poll(() => taken.size, { timeout: 60_000 }).toBe(MESSAGES * IN_A_MESSAGE)
    const delivered = async (): Promise<number> => {
      const metrics = await Promise.all(
        replicas.map(async ({ adminUrl }) => (await fetch(`${adminUrl}/metrics`)).text()),
      )
      const counts = metrics.map((text) => /events_total\{outcome="delivered"\} (\d+)/.exec(text)?.[1] ?? 0)
      return counts.reduce<number>((sum, count) => sum + Number(count), 0)
    }
    // Where there is nothing else to do one of them may deliver all.
    await expect.poll(delivered, { timeout: 30_000 }).toBe(MESSAGES * IN_A_MESSAGE)
    expect([...taken.values()].filter((times) => times > 1)).toEqual([])
    expect(receiver.unverified).toEqual([])
  })
})
