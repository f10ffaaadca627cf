import { spawnSync } from 'node:child_process'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Example, SLOW } from './example.js'

let example: Example
beforeAll(async () => {
  example = await Example.start('minimal')
}, SLOW)
afterAll(() => example.stop())

it('gets a rate, and a fault', async () => {
  expect(await example.json('/v1/rates/EUR/USD')).toEqual({
    status: 200,
    body: { rate: '1.250000', day: '2026-11-29' },
  })
  expect(await example.json('/v1/rates/EUR/XXX')).toMatchObject({
    status: 404,
    body: { code: 'NoRate', fault: { currency: 'XXX' } },
  })
})

it('is among the names that are listed where none is given', () => {
  const { status, stderr } = spawnSync('npm', ['run', '--silent', 'example'], { encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toMatch(/ minimal {2,}minimal: one WSDL/)
})
