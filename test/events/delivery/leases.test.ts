import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Leases } from '../../../src/events/delivery/leases.js'
import { openOutbox } from '../../../src/store/outbox/open.js'
import type { ClaimedDelivery, Outbox } from '../../../src/store/outbox/outbox.js'

const LEASE_MS = 1_000

let directory: string
let outbox: Outbox
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-leases-'))
  outbox = await openOutbox({ storeFile: join(directory, 'store.db'), storeKeys: [Buffer.alloc(32, 7)] })
})
afterAll(async () => {
  await outbox.close()
  rmSync(directory, { recursive: true, force: true })
})

async function claimed(): Promise<ClaimedDelivery> {
  const [type, id] = [randomUUID(), randomUUID()]
  const config = Buffer.from('{}')
  await outbox.subscribe({ id, owner: 'o', state: 'active', types: [type], config, createdAt: 0, reason: '' })
  await outbox.append([{ id: randomUUID(), type, order: undefined, body: Buffer.from('{}') }])
  const [delivery] = await outbox.claim([{ subscription: id, places: 1 }], 'me', LEASE_MS)
  if (!delivery) throw new Error('nothing was claimed')
  return delivery
}
const takenByAnother = async ({ subscription }: ClaimedDelivery) =>
  (await outbox.claim([{ subscription, places: 1 }], 'you', 60_000)).length

it('is nobody else’s for as long as its process lives, and another’s soon after', async () => {
  const leases = new Leases(outbox, { owner: 'me', onFailure: vi.fn(), leaseMs: LEASE_MS })
  const delivery = await claimed()
  expect(leases.add(delivery, performance.now())).toBe(true)
  leases.start()
  for (const endsAt = performance.now() + 2 * LEASE_MS; performance.now() < endsAt;) {
    expect(await takenByAnother(delivery)).toBe(0)
    expect(leases.isHeld(delivery, performance.now())).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  leases.close()
  await expect.poll(() => takenByAnother(delivery), { timeout: 10_000 }).toBe(1)
})

it('is over where the store cannot be reached, and is not begun twice by its own process', async () => {
  const onFailure = vi.fn()
  const renew = () => Promise.reject(new Error('away'))
  const leases = new Leases({ renew }, { owner: 'me', onFailure, leaseMs: 100 })
  const delivery = await claimed()
  leases.add(delivery, performance.now())
  leases.start()
  await expect.poll(() => leases.isHeld(delivery, performance.now()), { timeout: 10_000 }).toBe(false)
  expect(onFailure).toHaveBeenCalled()
  expect(leases.add(delivery, performance.now())).toBe(false)
  leases.release(delivery)
  expect(leases.add(delivery, performance.now())).toBe(true)
  leases.close()
})
