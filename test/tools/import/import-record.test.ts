import { expect, it } from 'vitest'
import { readRecord, recordPath, writeRecord } from '../../../src/tools/import/import-record.js'

it.each([
  ['bank.yaml', 'bank.import.json'],
  ['api/openapi.json', 'api/openapi.import.json'],
  ['contract', 'contract.import.json'],
])('the record of %s is %s', (document, record) => {
  expect(recordPath(document)).toBe(record)
})

it('gives back what it was given', () => {
  const document = { openapi: '3.1.0', paths: { '/a': {} } }
  const options = { basePath: '/v2', names: 'preserve', operations: ['Get*'] } as const
  const components = new Map([['shop {urn:shop}Order', 'Order']])
  expect(readRecord(writeRecord({ document, components }, options))).toEqual({
    document,
    components,
    options,
  })
})

it.each(['', '[]', '{"version": 2, "options": {}, "document": {}}', '{"version": 1}'])(
  '%j is none',
  (text) => {
    expect(() => readRecord(text)).toThrow()
  },
)
