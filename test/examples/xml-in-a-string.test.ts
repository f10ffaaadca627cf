import { afterAll, beforeAll, expect, it } from 'vitest'
import { Example, SLOW } from './example.js'

let example: Example
beforeAll(async () => {
  example = await Example.start('xml-in-a-string')
}, SLOW)
afterAll(() => example.stop())

const declare = (tariffCode: string) =>
  example.post('/v1/declarations', {
    reference: 'R-1',
    items: [{ origin: 'JP', tariffCode, value: '120.50' }],
  })

it('declares goods, in a document of its own', async () => {
  expect(await declare('85171300')).toEqual({
    status: 200,
    body: { trackingId: 'T-1', assessment: { duty: '12.05', released: true } },
  })
})

it('makes a problem of the document that refuses', async () => {
  expect(await declare('93020000')).toMatchObject({
    status: 422,
    body: { code: 'Rejection', fault: { reason: 'A permit is missing', item: 1 } },
  })
})

it('says where in the document a value is none, and does not call', async () => {
  const { status, body } = await declare('phone')
  expect(status).toBe(422)
  expect(JSON.stringify(body)).toContain('/items/0/tariffCode')
})
