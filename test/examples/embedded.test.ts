import { afterAll, beforeAll, expect, it } from 'vitest'
import { Example, SLOW } from './example.js'

let example: Example
beforeAll(async () => {
  example = await Example.start('embedded')
}, SLOW)
afterAll(() => example.stop())

it('serves points to those who have logged in to the app, and counts the calls', async () => {
  expect(await example.json('/v1/members/ann/balance')).toMatchObject({ status: 401 })
  const login = await fetch(`${example.url}/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"member":"ann"}',
  })
  const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const headers = { cookie }
  expect(await example.json('/v1/members/ann/balance', { headers })).toEqual({
    status: 200,
    body: { points: 1200, expires: '2027-12-31' },
  })
  expect(await example.json('/v1/members/bob/balance', { headers })).toMatchObject({ status: 403 })
  const metrics = await (await fetch(`${example.url}/metrics`)).text()
  expect(metrics).toContain('shop_soap_call_seconds_count{operation="getBalance",outcome="success"} 1')
})
