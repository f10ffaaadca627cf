import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { JsonValue } from '../../../src/json/value.js'
import type { OpenApiObject } from '../../../src/openapi/document.js'
import { found, validators } from './judged-bodies.js'

const ref = (name: string): OpenApiObject => ({ $ref: `#/components/schemas/${name}` })

/** A type within a type that derives from another one, so that some are compiled before those that refer to them. */
const schemas: OpenApiObject = {
  Body: { type: 'object', properties: { order: ref('Order'), other: ref('Body') } },
  Order: {
    allOf: [ref('Base')],
    properties: { lines: { type: 'array', items: ref('Line') } },
    unevaluatedProperties: false,
  },
  Base: { type: 'object', required: ['id'], properties: { id: { type: 'integer' }, part: ref('Order') } },
  Line: { type: 'object', properties: { order: ref('Order'), text: { type: 'string' } } },
}

const wrong: JsonValue = {
  other: { order: { id: 1, lines: [{ text: 1 }, { order: { lines: [] } }] } },
  order: { id: 'x', secret: 1 },
}
const violations = [
  "/other/order/lines/1/order/id must have required property 'id'",
  '/order/id must be integer',
  '/order/secret must NOT have unevaluated properties',
  '/other/order/lines/0/text must be string',
].toSorted()

/** How many functions have been compiled, and for how many there is room on the stack. */
let compiled = 0
let room = Infinity

beforeEach(() => {
  compiled = 0
  room = Infinity
  // Ajv writes the code that it could not make a function of.
  vi.spyOn(console, 'error').mockReturnValue()
  vi.stubGlobal(
    'Function',
    new Proxy(Function, {
      construct: (target, args: string[]) => {
        if (compiled >= room) throw new RangeError('the stack is full')
        compiled++
        return Reflect.construct(target, args)
      },
    }),
  )
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const sorted = async (judge: ReturnType<typeof validators>, values: number) =>
  (await found(judge, wrong, values)).toSorted()

describe('a compilation that fails once, for want of stack', () => {
  it.each([
    ['all violations', 1],
    ['the first violation', 5000],
  ])('is done again for the next value: %s', async (_, values) => {
    const expected = await sorted(validators(schemas), values)
    if (values === 1) expect(expected).toEqual(violations)
    const count = compiled
    expect(count).toBeGreaterThan(3)
    for (let before = 0; before < count; before++) {
      compiled = 0
      room = before
      const judge = validators(schemas)
      await expect(found(judge, wrong, values)).rejects.toThrow('the stack is full')
      room = Infinity
      expect(await sorted(judge, values)).toEqual(expected)
      expect(await found(judge, { order: { id: 1, part: { id: 2 } } }, values)).toEqual([])
      expect(compiled).toBe(count)
    }
  })

  it('is told of where all are compiled, and goes on from there when they are compiled again', async () => {
    const judge = validators(schemas)
    // The document itself is judged once, and none of its schemas is doubtful.
    await judge.judge('doubtful')
    const start = compiled
    let said = ''
    for (let runs = 0; runs < 100; runs++) {
      room = compiled + 1
      said = await judge.judge('all').then(() => '', String)
      if (said === '') break
      expect(said).toContain('a schema cannot be compiled: the stack is full')
    }
    expect(said).toBe('')
    expect(compiled).toBeGreaterThan(start + 5)
    room = compiled
    expect(await sorted(judge, 1)).toEqual(violations)
  })
})

it.each([
  ['cannot be compiled', { type: 'thing' }, 'type must be JSONType or JSONType[]: thing'],
  ['cannot be rewritten', { pattern: '(' }, 'Invalid regular expression: /(/'],
])('a schema that %s is refused in the same words whenever a value reaches it', async (_, v, reason) => {
  const judge = validators({
    Body: { type: 'object', properties: { right: { type: 'string' }, holder: ref('Holder') } },
    Holder: { type: 'object', properties: { thing: ref('Thing') } },
    Thing: { type: 'object', properties: { v, next: ref('Thing') } },
  })
  for (let time = 0; time < 3; time++) {
    await expect(found(judge, { holder: { thing: {} } })).rejects.toThrow(reason)
    expect(await found(judge, { right: 1 })).toEqual(['/right must be string'])
  }
})
