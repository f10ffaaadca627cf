import { describe, expect, it } from 'vitest'
import { plainReferences } from '../../../src/openapi/judgement/plain-references.js'
import { places, read } from '../contract-text.js'

const plain = (schemas: object) => {
  const { root, unclear } = plainReferences({ components: { schemas } })
  return {
    schemas: (root.components as { schemas: unknown }).schemas,
    unclear: unclear.map(({ pointer }) => pointer),
  }
}
const ref = (pointer: string) => ({ $ref: `#/components/schemas/${pointer}` })

describe('references', () => {
  it('stay as they are where all are by pointer', () => {
    const root = { components: { schemas: { A: ref('B'), B: { const: { $anchor: 'a' } } } } }
    expect(plainReferences(root).root).toBe(root)
  })

  it('by anchor become pointers', () => {
    const schemas = {
      A: { properties: { b: { $ref: '#short' } } },
      B: { $defs: { s: { $anchor: 'short', type: 'string' } } },
    }
    expect(plain(schemas)).toEqual({
      schemas: { A: { properties: { b: ref('B/$defs/s') } }, B: { $defs: { s: { type: 'string' } } } },
      unclear: [],
    })
  })

  it('by $id become pointers, relative ones and those within', () => {
    const schemas = {
      A: {
        $id: 'https://a.example/dir/a',
        $defs: { s: { $anchor: 's' } },
        items: { $ref: '#/$defs/s' },
        not: { $ref: '#s' },
      },
      B: { $id: 'https://a.example/dir/b', items: { $ref: 'a' }, not: { $ref: 'a#s' }, if: { $ref: '#' } },
      C: { $ref: 'https://a.example/dir/a#/$defs/s' },
    }
    expect(plain(schemas).schemas).toEqual({
      A: { $defs: { s: {} }, items: ref('A/$defs/s'), not: ref('A/$defs/s') },
      B: { items: ref('A'), not: ref('A/$defs/s'), if: ref('B') },
      C: ref('A/$defs/s'),
    })
  })

  it('that are dynamic lead to the only anchor of their name', () => {
    const schemas = {
      Tree: { $dynamicAnchor: 'node', properties: { children: { items: { $dynamicRef: '#node' } } } },
      Beside: { $ref: '#/components/schemas/Tree', $dynamicRef: '#node' },
    }
    expect(plain(schemas)).toEqual({
      schemas: {
        Tree: { properties: { children: { items: ref('Tree') } } },
        Beside: { ...ref('Tree'), allOf: [ref('Tree')] },
      },
      unclear: [],
    })
  })

  it('that are dynamic are refused where their target depends on the way', () => {
    const schemas = {
      Tree: { $id: 'https://a.example/tree', $dynamicAnchor: 'node', items: { $dynamicRef: '#node' } },
      Strict: { $id: 'https://a.example/strict', $dynamicAnchor: 'node', $ref: 'tree' },
    }
    expect(plain(schemas).unclear).toEqual(['/components/schemas/Tree/items/$dynamicRef'])
  })

  it('are refused where two schemas have one anchor, or none has it', () => {
    const schemas = { A: { $anchor: 'a' }, B: { $anchor: 'a' }, C: { $dynamicRef: '#c' } }
    expect(plain(schemas).unclear).toEqual([
      '/components/schemas/B/$anchor',
      '/components/schemas/C/$dynamicRef',
    ])
  })

  it('are told with their lines', () => {
    const { diagnostics } = read(
      'openapi: 3.1.0\npaths: {}\ncomponents:\n  schemas:\n    A: { $id: a }\n    B:\n      $ref: other\n    C:\n      $dynamicRef: "#none"\n',
    )
    expect(places(diagnostics.list).sort()).toEqual([
      'contract-reference api.yaml:7',
      'contract-reference api.yaml:9',
    ])
  })
})
