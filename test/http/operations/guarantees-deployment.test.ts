import { describe, expect, it } from 'vitest'
import { ContractError } from '../../../src/base/errors.js'
import { defaultSettings } from '../../../src/config/settings.js'
import { guaranteesOf } from '../../../src/http/operations/guarantees-deployment.js'
import { markedFacade } from '../marked-facade.js'

const marked = () => [...markedFacade({ pay: {} }).operations.values()]
const databaseUrl = 'postgres://127.0.0.1:1/none'
const storeKeys = [Buffer.alloc(32, 1).toString('base64')]

describe('the settings of a deployment', () => {
  it('make no store where nothing is marked', () => {
    const unmarked = [...markedFacade({ getAccount: {} }).operations.values()]
    expect(guaranteesOf(unmarked, { ...defaultSettings(), databaseUrl }).store).toBeUndefined()
  })

  it('make one that is not opened before it is used', async () => {
    for (const settings of [{}, { databaseUrl, storeKeys }]) {
      const { store } = guaranteesOf(marked(), { ...defaultSettings(), ...settings })
      expect(store).toBeDefined()
      await store?.close()
    }
  })

  it('must have a key where answers go to a database', () => {
    const refused = () => guaranteesOf(marked(), { ...defaultSettings(), databaseUrl })
    expect(refused).toThrow(ContractError)
    expect(refused).toThrow(/STORE_ENCRYPTION_KEY must be set/)
  })

  it('become limits', () => {
    const settings = {
      ...defaultSettings(),
      idempotencyTtlHours: 2,
      idempotencyWaitMs: 3,
      idempotencyLeaseMs: 400,
    }
    expect(guaranteesOf(marked(), { ...settings, cacheMaxBytes: 5, cacheMaxEntries: 6 })).toMatchObject({
      idempotency: { ttlMs: 7_200_000, waitMs: 3, leaseMs: 400 },
      cache: { maxBytes: 5, maxEntries: 6 },
    })
  })
})
