import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { requestTimeoutMs } from '../../../src/http/request/timeout.js'
import { sampleApp } from '../sample-app.js'

describe('Request-Timeout', () => {
  it.each([
    ['1', 1000],
    ['2.5', 2500],
    ['0.0001', 1],
    ['999999999', 86_400_000],
  ])('of %s is %i ms', (field, expected) => {
    expect(requestTimeoutMs(field)).toBe(expected)
  })

  it('may be absent', () => {
    expect(requestTimeoutMs(undefined)).toBeUndefined()
  })

  it.each(['0', '0.0', '-1', '1s', '', ' 1', '1e3', 'Infinity', '1, 2', '12345678901'])(
    'of %j is refused',
    (field) => {
      expect(() => requestTimeoutMs(field)).toThrow(
        expect.objectContaining({
          code: 'request-invalid',
          violations: [
            { pointer: 'header/Request-Timeout', detail: 'must be a number of seconds above 0, such as 2.5' },
          ],
        }),
      )
    },
  )

  it('counts where the operation takes it, and is ignored elsewhere', async () => {
    const { app, facade } = sampleApp()
    const seen: unknown[] = []
    for (const [takesTimeout, field] of [
      [true, '2.5'],
      [true, 'soon'],
      [false, 'soon'],
    ] as const) {
      const operation = facade.operations.get('listAccounts')
      if (operation) Object.assign(operation, { takesTimeout })
      const { status } = await request(app).get('/v1/accounts').set('Request-Timeout', field)
      seen.push([status, facade.calls.at(-1)?.timeoutMs])
    }
    expect(seen).toEqual([
      [200, 2500],
      [400, 2500],
      [200, undefined],
    ])
  })
})
