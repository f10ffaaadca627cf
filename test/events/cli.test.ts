import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Soapstone } from '../cli/soapstone.js'
import { type Receiver, startReceiver } from './receiver.js'
import { notificationId, serve, type Served } from './served.js'

let soapstone: Soapstone
let storeFile: string
let served: Served
let receiver: Receiver
let subscription: string
/** In a process of its own, as operators do, beside the service that has the store open. */
const run = (...args: string[]) => soapstone.run(args, { env: { STORE_FILE: storeFile } })

beforeAll(async () => {
  soapstone = new Soapstone('events-cli')
  receiver = await startReceiver()
  receiver.answer = () => 400
  served = await serve({ EVENTS_SCHEDULE_SECONDS: '0' })
  const made = await served.call('POST', '/webhook-subscriptions', { url: receiver.url })
  const body = (await made.json()) as { id: string; secret: string }
  subscription = body.id
  receiver.secrets.push(body.secret)
  await served.notify(notificationId(1))
  storeFile = served.storeFile
  await vi.waitFor(
    async () => {
      const { stdout } = await run('events', 'list', '--state', 'dead')
      if (!stdout.includes(subscription)) throw new Error('the event is not dead yet')
    },
    { timeout: 60_000 },
  )
}, 120_000)
afterAll(async () => {
  soapstone.dispose()
  await served.close()
  await receiver.close()
})

describe('soapstone events', () => {
  it('lists deliveries', async () => {
    const { stdout, code } = await run('events', 'list', '--subscription', subscription)
    expect(code).toBe(0)
    expect(stdout.split('\n')[1]).toMatch(/^msg_\S+ +opportunity\.changed +\S+ +dead +2 +400 +20/)
    const { stdout: json } = await run('events', 'list', '--json', '--limit', '1')
    expect(JSON.parse(json)).toMatchObject([{ subscription, state: 'dead', attempts: 2, status: 400 }])
  })

  it('shows an event, and not what it says', async () => {
    const { id } = receiver.events[0] ?? { id: '' }
    const { stdout } = await run('events', 'show', id)
    expect(stdout).toContain('type      opportunity.changed')
    expect(stdout).toContain(subscription)
    expect(stdout).not.toContain('canary')
    expect((await run('events', 'show', 'msg_none')).code).toBe(1)
  })

  it('has dead ones sent again', async () => {
    receiver.answer = () => 204
    expect(await run('events', 'redeliver')).toMatchObject({ code: 0, stdout: '1 to be sent again\n' })
    expect((await run('events', 'list', '--state', 'dead')).stdout).toBe('No deliveries.\n')
  })

  it('ends a subscription, and forgets it', async () => {
    const { stdout } = await run('events', 'subscriptions')
    expect(stdout).toMatch(new RegExp(`^${subscription} +active +20\\S+ +opportunity\\.changed`, 'm'))
    expect(stdout).not.toContain(receiver.url)
    expect(await run('events', 'end', subscription)).toMatchObject({ code: 0, stdout: 'Ended.\n' })
    const [ended] = JSON.parse((await run('events', 'subscriptions', '--json')).stdout) as unknown[]
    expect(ended).toMatchObject({ id: subscription, state: 'ended', reason: 'operator' })
    expect(await run('events', 'end', subscription, '--forget')).toMatchObject({ code: 0 })
    expect((await run('events', 'subscriptions')).stdout).toBe('No subscriptions.\n')
    expect((await run('events', 'list')).stdout).toBe('No deliveries.\n')
    const { code, stderr } = await run('events', 'end', subscription)
    expect([code, stderr]).toEqual([1, expect.stringContaining('events subscriptions') as string])
  })

  it.each([
    [['list', '--state', 'lost'], 2],
    [['list', '--limit', '0'], 2],
  ])('says what is wrong with %j', async (args, code) => {
    expect((await run('events', ...args)).code).toBe(code)
  })

  it('says where it looked for the store', async () => {
    storeFile = '/nowhere/store.db'
    const { code, stderr } = await run('events', 'list')
    expect([code, stderr]).toEqual([1, expect.stringContaining('/nowhere/store-events.db') as string])
    storeFile = served.storeFile
  })
})
