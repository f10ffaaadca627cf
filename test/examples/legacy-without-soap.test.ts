import { afterAll, beforeAll, expect, it } from 'vitest'
import { Example, SLOW } from './example.js'

let example: Example
beforeAll(async () => {
  example = await Example.start('legacy-without-soap')
}, SLOW)
afterAll(() => example.stop())

it('searches by a query, reads by a path, adds by a document', async () => {
  const rent = { number: 1, text: 'Rent', amount: '-845.00' }
  expect(await example.json('/v1/entries?text=Rent')).toEqual({ status: 200, body: { items: [rent] } })
  expect(await example.json('/v1/entries/1')).toEqual({ status: 200, body: rent })
  const lamp = { text: 'A lamp <&>', amount: '19.90' }
  expect(await example.post('/v1/entries', lamp)).toEqual({ status: 201, body: { number: 3, ...lamp } })
})

it('tells errors by their element and by their status', async () => {
  expect(await example.post('/v1/entries', { text: 'Nothing', amount: '0' })).toMatchObject({
    status: 422,
    body: { code: 'Refused', fault: { why: 'An entry of nothing' } },
  })
  expect(await example.json('/v1/entries/99')).toMatchObject({ status: 404, body: { code: 'EntryNotFound' } })
})
