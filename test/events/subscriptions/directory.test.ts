import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { SubscriptionDirectory } from '../../../src/events/subscriptions/directory.js'
import type { Outbox } from '../../../src/store/outbox/outbox.js'
import { SqliteOutbox } from '../../../src/store/outbox/sqlite-outbox.js'

let folder: string
let outbox: Outbox
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'soapstone-directory-'))
  outbox = await SqliteOutbox.open(join(folder, 'events.db'))
})
afterAll(async () => {
  await outbox.close()
  rmSync(folder, { recursive: true })
})

let told: string[]
let directory: SubscriptionDirectory
beforeEach(() => {
  told = []
  directory = new SubscriptionDirectory(outbox, (error) => told.push(String(error)))
})

async function keep(id: string, config: string): Promise<void> {
  const record = { id, owner: 'o', state: 'active', types: ['booked'], createdAt: 0, reason: '' } as const
  await outbox.subscribe({ ...record, config: Buffer.from(config) })
}

const url = 'https://app.example/'
const secrets = [{ secret: 'whsec_one' }, { secret: 'whsec_two', until: 1 }]

describe('a subscription that is kept', () => {
  it('has the secrets that sign now', async () => {
    const config = { url, secrets, description: 'd', scopes: ['s'], apiKeyClient: 'c' }
    await keep('whole', JSON.stringify(config))
    await directory.refresh()
    expect(directory.get('whole')).toMatchObject({ config, url, secrets: ['whsec_one'] })
    await outbox.unsubscribe('whole')
  })

  it.each<[string, string]>([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no URL', JSON.stringify({ secrets })],
    ['no secrets', JSON.stringify({ url })],
    ['a secret that is no object', JSON.stringify({ url, secrets: ['whsec_one'] })],
    [
      'a secret with a date',
      JSON.stringify({ url, secrets: [{ secret: 'whsec_one', until: '2026-11-29' }] }),
    ],
    ['a description that is no text', JSON.stringify({ url, secrets, description: 1 })],
    ['scopes that are no list', JSON.stringify({ url, secrets, scopes: 's' })],
    ['a scope that is no text', JSON.stringify({ url, secrets, scopes: [1] })],
    ['a client that is no text', JSON.stringify({ url, secrets, apiKeyClient: {} })],
  ])('gets nothing where it has %s, which is told once', async (_what, config) => {
    await keep('damaged', config)
    await directory.refresh()
    await directory.refresh()
    expect(directory.get('damaged')).toBeUndefined()
    expect(told).toEqual([
      'Error: The subscription damaged gets nothing: it is not what this version keeps of one.',
    ])
    await outbox.unsubscribe('damaged')
  })
})
