import { afterEach, describe, expect, it, vi } from 'vitest'
import type { JsonValue } from '../../../src/json/value.js'
import type { OpenApiObject } from '../../../src/openapi/document.js'
import fc from '../../oracle/property.js'
import { found, validators } from './judged-bodies.js'

const TYPES = 120
const type = (index: number): OpenApiObject => ({ $ref: `#/components/schemas/T${index % TYPES}` })

/** Types as contracts of groupware have them: each derives from one, has members of others, and all reach all. */
function schemaOf(index: number): OpenApiObject {
  const own = {
    type: 'object',
    required: ['v'],
    properties: {
      v: index % 4 === 0 ? { type: 'integer', maximum: index } : { type: 'string', maxLength: 3 },
      next: type(index + 1),
      many: { type: 'array', items: type(index * 7 + 3), maxItems: 2 },
      either: { oneOf: [{ type: 'null' }, type(index + 11)] },
      code: { $ref: '#/components/schemas/Code' },
    },
  }
  if (index % 3 === 0) return { ...own, additionalProperties: false }
  if (index % 3 === 1) return { ...own, unevaluatedProperties: false }
  return {
    allOf: [type(index + 5)],
    type: 'object',
    properties: { extra: { type: 'boolean' }, next: type(index + 2) },
    // What the base type has evaluated counts, and bases do not allow more themselves.
    ...(index % 2 === 0 && { unevaluatedProperties: false }),
  }
}

const schemas: OpenApiObject = {
  Body: type(0),
  Code: {
    type: 'string',
    enum: ['a', 'b', 'c', 'd', 'e'],
    description: 'More keywords',
    maxLength: 1,
    minLength: 1,
  },
  ...Object.fromEntries(Array.from({ length: TYPES }, (_, index) => [`T${index}`, schemaOf(index)])),
}

const { thing } = fc.letrec<{ thing: JsonValue }>((tie) => {
  const inner = tie('thing')
  return {
    thing: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      { weight: 1, arbitrary: fc.constantFrom<JsonValue>(null, 1, 'x', []) },
      {
        weight: 9,
        arbitrary: fc.record(
          {
            v: fc.constantFrom<JsonValue>(0, 'x', 'long', 90),
            next: inner,
            many: fc.array(inner, { maxLength: 3 }),
            either: inner,
            code: fc.constantFrom('a', 'z', 'ab'),
            extra: fc.constantFrom<JsonValue>(true, 1),
            other: fc.constant(1),
          },
          { requiredKeys: [] },
        ),
      },
    ),
  }
})

afterEach(() => {
  vi.unstubAllGlobals()
})

describe('schemas that are compiled when values reach them', () => {
  it('find what they find when all are compiled beforehand', async () => {
    const all = validators(schemas)
    await all.judge('all')
    const reached = validators(schemas)
    let wrong = 0
    await fc.assert(
      fc.asyncProperty(thing, fc.constantFrom(1, 5000), async (body, values) => {
        const expected = await found(all, body, values)
        wrong += expected.length > 0 ? 1 : 0
        expect(await found(reached, body, values)).toEqual(expected)
      }),
      { numRuns: 400 },
    )
    expect(wrong).toBeGreaterThan(100)
  })

  it('are those alone that a request has', async () => {
    let compiled = 0
    vi.stubGlobal(
      'Function',
      new Proxy(Function, {
        construct: (target, args: string[]) => {
          compiled++
          return Reflect.construct(target, args)
        },
      }),
    )
    const judge = validators(schemas)
    expect(await found(judge, { v: 0 }, 1)).toEqual([])
    const first = compiled
    expect(first).toBeLessThan(20)
    expect(await found(judge, { v: 0, next: { v: 'x' } }, 1)).toEqual([])
    expect(compiled - first).toBeGreaterThan(0)
    expect(compiled - first).toBeLessThan(10)
    await judge.judge('all')
    expect(compiled).toBeGreaterThan(TYPES)
  })
})

it('members of a base type are not told to be unevaluated where another of them is wrong, though both refer to each other', async () => {
  const derived = {
    allOf: [{ $ref: '#/components/schemas/Base' }],
    properties: { extra: { type: 'boolean' } },
    unevaluatedProperties: false,
  }
  const base = {
    type: 'object',
    required: ['v'],
    properties: {
      v: { type: 'string' },
      w: { type: 'integer' },
      sub: { $ref: '#/components/schemas/Derived' },
    },
  }
  const judge = validators({ Body: { $ref: '#/components/schemas/Base' }, Base: base, Derived: derived })
  const missing = (pointer: string) => `${pointer}/v must have required property 'v'`
  expect(await found(judge, { v: 'x', sub: { w: 1 } }, 1)).toEqual([missing('/sub')])
  expect(await found(judge, { v: 'x', sub: { v: 'x', w: 1, other: 1 } }, 1)).toEqual([
    '/sub/other must NOT have unevaluated properties',
  ])
})

it.each<readonly [string, (schema: OpenApiObject) => OpenApiObject, JsonValue]>([
  ['a member', (schema) => schema, { w: 1 }],
  ['an item', (schema) => ({ type: 'array', items: schema }), [{ w: 1 }]],
  ['one of several', (schema) => ({ anyOf: [{ type: 'array' }, schema] }), { w: 1 }],
])('nor where it is %s that derives from it, whenever all are compiled', async (_, wrap, member) => {
  const derived = {
    allOf: [{ $ref: '#/components/schemas/Base' }],
    properties: { extra: { type: 'boolean' } },
    unevaluatedProperties: false,
  }
  const of = {
    ...schemas,
    Body: { type: 'object', properties: { thing: wrap(derived), many: type(0) } },
    Base: {
      type: 'object',
      required: ['v'],
      properties: { v: { type: 'string' }, w: { type: 'integer' }, many: type(0) },
    },
  }
  const all = validators(of)
  await all.judge('all')
  const expected = await found(all, { thing: member }, 1)
  expect(expected.join()).toContain("must have required property 'v'")
  expect(expected.join()).not.toContain('unevaluated')
  expect(await found(validators(of), { thing: member }, 1)).toEqual(expected)
})

it('nor where two types have members of each other that count on it, whichever is compiled first', async () => {
  const counting = (other: string): OpenApiObject => ({
    type: 'object',
    required: ['v'],
    properties: {
      v: { type: 'string' },
      w: { type: 'integer' },
      sub: { allOf: [{ $ref: `#/components/schemas/${other}` }], unevaluatedProperties: false },
    },
  })
  const parts = { one: { $ref: '#/components/schemas/One' }, other: { $ref: '#/components/schemas/Other' } }
  const Body = { type: 'object', properties: parts }
  const wrong: JsonValue = { v: 'x', sub: { w: 1, sub: { v: 'x', w: 'x' } } }
  for (const members of [
    ['one', 'other'],
    ['other', 'one'],
  ]) {
    const judge = validators({ Body, One: counting('Other'), Other: counting('One') })
    for (const member of members) {
      const violations = await found(judge, { [member]: wrong })
      expect(violations.join()).toContain(`/${member}/sub/sub/w must be integer`)
      expect(violations.join()).not.toContain('unevaluated')
    }
  }
})

describe('members that one schema adds to another do not count in a third', () => {
  const ref = (name: string): OpenApiObject => ({ $ref: `#/components/schemas/${name}` })
  const added = { type: 'array', items: { allOf: [ref('Base')], properties: { secret: { type: 'string' } } } }
  const Owner = { allOf: [ref('Base')], unevaluatedProperties: false }
  const Id = { type: 'object', properties: { no: { type: 'integer' } } }
  const base = { name: { type: 'string' }, id: ref('Id') }
  const cases: Record<string, OpenApiObject> = {
    'that is beside it': {
      Base: { type: 'object', properties: base },
      Order: { type: 'object', properties: { lines: added } },
    },
    'that it is a part of': {
      Base: { type: 'object', properties: { ...base, lines: added } },
      Order: ref('Base'),
    },
  }

  it.each(Object.entries(cases))('%s, whatever came before', async (_, schemas) => {
    const parts = { owner: ref('Owner'), order: ref('Order') }
    const of = { Body: { type: 'object', properties: parts }, Owner, Id, ...schemas }
    const refused = ['/owner/secret must NOT have unevaluated properties']
    const [judge, fresh] = [validators(of), validators(of)]
    expect(await found(fresh, { owner: { secret: 'x' } }, 3)).toEqual(refused)
    expect(await found(judge, { order: { lines: [{ secret: 'x' }] } }, 3)).toEqual([])
    for (const each of [judge, fresh]) {
      expect(await found(each, { owner: { secret: 'x' } }, 3)).toEqual(refused)
      expect(await found(each, { order: { lines: [{ secret: 'x' }] } }, 3)).toEqual([])
      expect(await found(each, { owner: { secret: 'x' } }, 3)).toEqual(refused)
    }
  })
})

it('conditions that go on in each other take no longer than there are of them', async () => {
  const chain = Array.from({ length: 40 }).reduceRight<OpenApiObject>(
    (otherwise, _, index) => ({
      if: { properties: { country: { const: index } } },
      then: { required: [`of${index}`] },
      else: otherwise,
    }),
    { required: ['other'] },
  )
  const Body = {
    type: 'object',
    properties: { country: { type: 'integer' }, inner: { $ref: '#/components/schemas/Body' } },
    ...chain,
  }
  expect(await found(validators({ Body }), { country: 3 }, 1)).toEqual([
    "/of3 must have required property 'of3'",
  ])
})
