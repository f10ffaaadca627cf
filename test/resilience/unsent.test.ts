import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import express from 'express'
import supertest from 'supertest'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRouter } from '../../src/http/router.js'
import { loadAdapter } from '../../src/index.js'
import { openStore } from '../../src/store/open.js'
import { CountingBackend } from './counting-backend.js'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'soapstone-unsent-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

describe('a payment that could not be sent', () => {
  it('is carried out by its repetition, and one that was cut off is not', async () => {
    const gone = new CountingBackend()
    const url = await gone.start()
    gone.close()
    const contract = fileURLToPath(new URL('payments.yaml', import.meta.url))
    const adapter = await loadAdapter({ contract, env: { PAYMENTS_URL: url } })
    const store = openStore({ storeFile: join(directory, 'store.db'), storeKeys: [] })
    const app = express()
    app.use(createRouter(adapter, { authentication: 'off', store }))
    const pay = (reference: string, key: string) =>
      supertest(app)
        .post('/v1/blind-payments')
        .set('Idempotency-Key', key)
        .send({ reference, amount: '1.00' })
        .then(({ status, body }) => [status, (body as { code?: string }).code])

    const [reference, key] = [randomUUID(), randomUUID()]
    expect(await pay(reference, key)).toEqual([502, 'backend-unreachable'])
    const backend = new CountingBackend()
    await backend.start(Number(new URL(url).port))
    expect(await pay(reference, key)).toEqual([201, undefined])
    expect(backend.executions.get(reference)).toBe(1)

    const [other, otherKey] = [randomUUID(), randomUUID()]
    backend.onStep = (step) => {
      if (step === 'executed') backend.close()
      return Promise.resolve()
    }
    expect(await pay(other, otherKey)).toEqual([502, 'backend-unreachable'])
    expect(await pay(other, otherKey)).toEqual([409, 'idempotency-outcome-unknown'])
    expect(backend.executions.get(other)).toBe(1)
    await adapter.close()
    await store.close()
  })
})
