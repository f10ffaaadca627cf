import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Dispatcher } from '../../../src/events/delivery/dispatcher.js'
import type { Sent } from '../../../src/events/delivery/sender.js'
import { SubscriptionDirectory } from '../../../src/events/subscriptions/directory.js'
import { openOutbox } from '../../../src/store/outbox/open.js'
import type { Outbox } from '../../../src/store/outbox/outbox.js'

let directory: string
let outbox: Outbox
const subscription = randomUUID()
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-dispatcher-'))
  outbox = await openOutbox({ storeFile: join(directory, 'store.db'), storeKeys: [Buffer.alloc(32, 7)] })
})
afterAll(async () => {
  await outbox.close()
  rmSync(directory, { recursive: true })
})

it('waits, when it ends, for what is being sent, and leaves the event loop to others meanwhile', async () => {
  const failures: unknown[] = []
  const subscriptions = new SubscriptionDirectory(outbox, (error) => failures.push(error))
  const config = { url: 'https://app.example/', secrets: [] }
  const record = {
    id: subscription,
    owner: 'o',
    state: 'active',
    types: ['t'],
    createdAt: 0,
    reason: '',
  } as const
  await subscriptions.add(record, config)
  let answer: (sent: Sent) => void = () => undefined
  const answered = new Promise<Sent>((resolve) => (answer = resolve))
  const sent: string[] = []
  const send = (_: unknown, { id }: { readonly id: string }): Promise<Sent> => {
    sent.push(id)
    return answered
  }
  const dispatcher = new Dispatcher(
    outbox,
    subscriptions,
    { send },
    {
      schedule: { delaysMs: [], random: () => 0 },
      concurrency: 2,
      idleMs: 1_000,
      mayHave: () => true,
      onSettled: () => undefined,
      onFailure: (error) => failures.push(error),
    },
  )
  dispatcher.start()
  await outbox.append([{ id: 'one', type: 't', order: undefined, body: Buffer.from('{}') }])
  dispatcher.wake()
  await expect.poll(() => sent).toEqual(['one'])
  const closed = dispatcher.close()
  // It would never get here if the end were waited for without a turn of the event loop.
  await new Promise((resolve) => setImmediate(resolve))
  answer({ status: 204, reason: '', retryAfterMs: 0, body: '' })
  await closed
  expect(await outbox.deliveries({ subscription, limit: 1 })).toMatchObject([
    { state: 'delivered', status: 204 },
  ])
  expect(failures).toEqual([])
})
