import { expect, test } from 'vitest'
import { parseQuery } from '../../../src/http/request/query.js'

const declared = new Set(['tag', 'size'])

test.each([
  ['tag=a', { tag: 'a' }],
  ['tag=a&tag=b', { tag: ['a', 'b'] }],
  ['tag=a&size=1&tag=b&tag=c&tag=', { tag: ['a', 'b', 'c', ''], size: '1' }],
  ['', {}],
])('%s', (search, values) => {
  expect(parseQuery(search, declared)).toEqual({ values, violations: [] })
})
