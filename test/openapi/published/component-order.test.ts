import { expect, it } from 'vitest'
import { inUseOrder } from '../../../src/openapi/published/component-order.js'
import fc from '../../oracle/property.js'

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const union = (...names: readonly string[]) => ({
  oneOf: names.map(ref),
  discriminator: { propertyName: 'type' },
})

it('puts options before unions before users', () => {
  const schemas = {
    Basket: { properties: { fruit: ref('Fruit') } },
    Fruit: union('Apple', 'Pear'),
    Pear: {},
    Apple: {},
  }
  expect(inUseOrder(schemas)).toEqual(['Apple', 'Pear', 'Fruit', 'Basket'])
})

it('puts unions first among schemas that refer to one another, those with the most options before others', () => {
  const schemas = {
    Folder: { properties: { entry: ref('Entry') } },
    Entry: union('Folder', 'Node'),
    Node: { properties: { all: ref('All') } },
    All: union('Folder', 'Node', 'File'),
    File: {},
  }
  expect(inUseOrder(schemas).slice(0, 3)).toEqual(['File', 'All', 'Entry'])
})

const names = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'G')

it('keeps every schema, and puts none before one that it needs and that does not need it', () => {
  fc.assert(
    fc.property(fc.dictionary(names, fc.array(names, { maxLength: 4 })), (uses) => {
      const schemas = Object.fromEntries(
        Object.entries(uses).map(([name, refs]) => [name, { allOf: refs.map(ref) }]),
      )
      const order = inUseOrder(schemas)
      expect([...order].sort()).toEqual(Object.keys(schemas).sort())
      const reached = (from: string, seen = new Set<string>()): Set<string> => {
        for (const next of uses[from] ?? []) if (!seen.has(next)) reached(next, seen.add(next))
        return seen
      }
      for (const name of order)
        for (const needed of reached(name))
          if (needed in schemas && !reached(needed).has(name))
            expect(order.indexOf(needed)).toBeLessThan(order.indexOf(name))
    }),
  )
})

it('orders a chain of 20,000 schemas', () => {
  const chain = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`S${n}`, ref(`S${n + 1}`)]))
  expect(inUseOrder(chain).at(-1)).toBe('S0')
})
