import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../src/json/value.js'
import type { OpenApiObject } from '../../../src/openapi/document.js'
import { found, validators } from './judged-bodies.js'

const COUNT = 1500
const numbers = Array.from({ length: COUNT }, (_, index) => index)
const schemasOf = (each: (index: number) => object): OpenApiObject =>
  Object.fromEntries(numbers.map((index) => [`T${index}`, each(index)]))

/** Values nested in each other as deep as clients may, the innermost with a wrong member. */
const nested = (depth: number): JsonValue => (depth === 0 ? { v: 1 } : { v: 'x', next: nested(depth - 1) })

describe.each([
  ['a chain of types', COUNT],
  ['a circle of types', 0],
])('%s', (_, last) => {
  const schemas = {
    Body: { $ref: '#/components/schemas/T0' },
    ...schemasOf((index) => ({
      type: 'object',
      properties: {
        v: { type: 'string' },
        ...(index + 1 < COUNT || last === 0
          ? { next: { $ref: `#/components/schemas/T${(index + 1) % COUNT}` } }
          : {}),
      },
    })),
  }

  it('is judged however many there are', async () => {
    const judge = validators(schemas)
    await judge.judge('all')
    expect(await found(judge, nested(50))).toEqual([`${'/next'.repeat(50)}/v must be string`])
    expect(await found(judge, nested(50), 5000)).toEqual([`${'/next'.repeat(50)}/v must be string`])
  })
})

describe('thousands of members', () => {
  const members = (closed: OpenApiObject): OpenApiObject => ({
    Body: {
      type: 'object',
      required: ['m0', 'm1499'],
      properties: Object.fromEntries(
        numbers.map((index) => [
          `m${index}`,
          index % 2 === 0 ? { type: 'string' } : { $ref: `#/components/schemas/T${index}` },
        ]),
      ),
      ...closed,
    },
    ...schemasOf((index) => ({ type: 'object', properties: { v: { type: 'integer', maximum: index } } })),
  })
  const right = Object.fromEntries(
    numbers.map((index) => [`m${index}`, index % 2 === 0 ? 'x' : { v: index }]),
  )

  it('are all judged, and no others', async () => {
    const judge = validators(members({ additionalProperties: false }))
    const wrong = { ...right, m2: 1, m1498: 1, m1497: { v: 1498 }, other: 1 }
    expect(await found(judge, right)).toEqual([])
    expect((await found(judge, wrong)).toSorted()).toEqual([
      '/m1497/v must be <= 1497',
      '/m1498 must be string',
      '/m2 must be string',
      '/other must NOT have additional properties',
    ])
    expect(await found(judge, {})).toEqual([
      "/m0 must have required property 'm0'",
      "/m1499 must have required property 'm1499'",
    ])
  })

  it('are judged by the first violation where a body has more than 1,000 values', async () => {
    const judge = validators(members({ additionalProperties: false }))
    expect(await found(judge, right, COUNT * 2)).toEqual([])
    for (const name of ['m2', 'm1498', 'other']) {
      const [first, ...others] = await found(judge, { ...right, [name]: 1 }, COUNT * 2)
      expect(others).toEqual([])
      expect(first).toMatch(new RegExp(`^/${name} `))
    }
  })
})

it('of thousands of alternatives the one that is named judges', async () => {
  const judge = validators({
    Body: {
      oneOf: numbers.map((index) => ({ $ref: `#/components/schemas/T${index}` })),
      discriminator: { propertyName: 'type' },
    },
    ...schemasOf((index) => ({
      type: 'object',
      required: ['type'],
      properties: { type: { const: `T${index}` }, v: { type: 'integer', maximum: index } },
    })),
  })
  for (const values of [1, 5000]) {
    for (const index of [0, 1, 99, 100, 1499]) {
      expect(await found(judge, { type: `T${index}`, v: index }, values)).toEqual([])
      expect(await found(judge, { type: `T${index}`, v: index + 1 }, values)).toEqual([
        `/v must be <= ${index}`,
      ])
    }
  }
  const [unknown = ''] = await found(judge, { type: 'T1500' })
  expect(unknown).toMatch(/^\/type must be equal to one of the allowed values: T0, T1, .*…$/)
  expect(unknown.length).toBeLessThan(600)
})
