import { expect, it } from 'vitest'
import type { OpenApiObject } from '../../../../src/openapi/document.js'
import { isSameSchema } from '../../../../src/tools/import/document/same-schema.js'

const ref = (name: string): OpenApiObject => ({ $ref: `#/components/schemas/${name}` })
const listOf = (name: string): OpenApiObject => ({ type: 'array', items: ref(name) })
const components = new Map<string, OpenApiObject>([
  ['Design', { type: 'object', properties: { id: { type: 'string' } }, description: 'One.' }],
  ['Design2', { type: 'object', properties: { id: { type: 'string' } }, description: 'Another.' }],
  ['Outline', { type: 'object', properties: { id: { type: 'string' }, state: { type: 'string' } } }],
  ['Renamed', { type: 'object', properties: { id: { type: 'string', xml: { name: 'Id' } } } }],
  ['Tree', { type: 'object', properties: { children: listOf('Tree') } }],
  ['Forest', { type: 'object', properties: { children: listOf('Tree2') } }],
  ['Tree2', { type: 'object', properties: { children: listOf('Forest') } }],
  ['Hedge', { type: 'object', properties: { children: listOf('Design') } }],
])
// Each contains the next, as generated schemas do by the thousand.
const DEPTH = 20_000
for (const chain of ['A', 'B']) {
  for (let n = 0; n < DEPTH; n++)
    components.set(`${chain}${n}`, n + 1 < DEPTH ? listOf(`${chain}${n + 1}`) : { type: 'string' })
}

it.each<[unknown, unknown, boolean]>([
  [ref('Design'), ref('Design'), true],
  [ref('Design'), ref('Design2'), true],
  [ref('Design'), components.get('Design2'), true],
  [listOf('Design'), listOf('Design2'), true],
  [ref('Tree'), ref('Forest'), true],
  [ref('A0'), ref('B0'), true],
  [ref('A0'), ref('B1'), false],
  [ref('Design'), ref('Outline'), false],
  [ref('Outline'), ref('Design'), false],
  [ref('Design'), ref('Renamed'), false],
  [ref('Tree'), ref('Hedge'), false],
  [ref('Design'), undefined, false],
  [{ enum: ['a', 'b'] }, { enum: ['b', 'a'] }, false],
  [{ enum: ['a'] }, { enum: ['a', 'b'] }, false],
  [{ type: 'integer', example: 1 }, { type: 'integer' }, true],
])('%j and %j: %s', (a, b, expected) => {
  expect(isSameSchema(a, b, components)).toBe(expected)
})
