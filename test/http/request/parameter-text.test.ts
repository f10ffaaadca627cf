import { expect, test } from 'vitest'
import { ParameterTexts } from '../../../src/http/request/parameter-text.js'
import type { OpenApiParameter } from '../../../src/openapi/operations.js'

function parameter(place: OpenApiParameter['in'], name: string, explode = true): OpenApiParameter {
  const schema = { value: {}, pointer: '' }
  return { name, in: place, required: false, schema, explode, isArray: false, pointer: '' }
}

test.each(['id', '__proto__', 'constructor'])('parameters that are called %s are kept', (name) => {
  const texts = new ParameterTexts()
  for (const place of ['path', 'query', 'header'] as const) texts.add(parameter(place, name), 'x')
  const { path, query, headers } = texts.values(undefined)
  expect([path, query, headers].map((each) => Object.entries(each))).toEqual([
    [[name, 'x']],
    [[name, 'x']],
    [[name, 'x']],
  ])
})

test('arrays are several texts, or one with commas', () => {
  const texts = new ParameterTexts()
  texts.add(parameter('query', 'several'), [1, 'b', true])
  texts.add(parameter('query', 'one', false), [1, 'b', true])
  expect(texts.values('{}')).toEqual({
    path: {},
    query: { several: ['1', 'b', 'true'], one: '1,b,true' },
    headers: {},
    body: '{}',
  })
})
