import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/base/diagnostic.js'
import { checkPatterns } from '../../src/http/pattern-check.js'

function findings(schema: object): readonly string[] {
  const diagnostics = new Diagnostics()
  checkPatterns({ paths: {}, components: { schemas: { A: schema } } }, diagnostics)
  return diagnostics.list.map(({ code, message }) => `${code} ${message.split(':')[0] ?? ''}`)
}

describe('patterns of a contract', () => {
  it.each([
    [{ pattern: '^(a+)+$' }],
    [{ patternProperties: { '^x-': {} } }],
    [{ properties: { pattern: { type: 'string' } } }],
    [{ examples: [{ pattern: '(a)\\1' }] }],
  ])('may be %j', (schema) => {
    expect(findings(schema)).toEqual([])
  })

  it.each([
    [{ pattern: '(a)\\1' }, '/pattern'],
    [{ properties: { a: { allOf: [{ pattern: '(?<b>.)\\k<b>' }] } } }, '/properties/a/allOf/0/pattern'],
    [{ propertyNames: { pattern: '(a)\\1' } }, '/propertyNames/pattern'],
    [{ patternProperties: { '^(a+)+$': {} } }, '/patternProperties/^(a+)+$'],
  ])('must not be %j', (schema, pointer) => {
    expect(findings(schema)).toEqual([`pattern-backtracks /components/schemas/A${pointer}`])
  })
})
