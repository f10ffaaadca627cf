import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import { plainYaml } from '../../../src/openapi/yaml/parse.js'
import { places, read } from '../contract-text.js'

const byTheOther = (text: string): unknown => parseDocument(text, { version: '1.2' }).toJS()

const scalars = [
  '1',
  '-1',
  '+12',
  '010',
  '1_000',
  '0o17',
  '0x1F',
  '0b11',
  '1.5',
  '.5',
  '5.',
  '1e3',
  '-1.5E-3',
  '1e',
  '.inf',
  '-.Inf',
  '+.INF',
  '.nan',
  'true',
  'True',
  'TRUE',
  'tRue',
  'yes',
  'no',
  'on',
  'null',
  'Null',
  '~',
  '',
  'nil',
  '2024-01-01',
  '2024-01-01T00:00:00Z',
  '12:30:45',
  '3.1.0',
  '<<',
  '=',
  '9007199254740993',
  '"1"',
  "'true'",
  '!!str 1',
  '|\n    two\n    lines\n',
  '>-\n    folded\n    lines\n',
]

describe('a plain YAML document', () => {
  test.each(scalars)('reads %j as the reader with positions does', (scalar) => {
    const text = `a:\n  b: ${scalar}\n  c: [${scalar.includes('\n') ? '' : scalar}]\n`
    expect(plainYaml(text)).toEqual({ value: byTheOther(text) })
  })

  test.each(['200', '1.50', 'true', '0x10', 'on', '"200"', '2024-01-01'])(
    'reads the key %s as the reader with positions does',
    (key) => {
      expect(plainYaml(`${key}: 1`)).toEqual({ value: byTheOther(`${key}: 1`) })
    },
  )

  test.each(['openapi.yaml', 'bench/contract/openapi.yaml', '.dependency-cruiser.json'])(
    'reads %s as the reader with positions does',
    (file) => {
      const text = readFileSync(file, 'utf8')
      expect(plainYaml(text)).toStrictEqual({ value: byTheOther(text) })
    },
  )

  test.each([
    ['an anchor', 'a: &x 1\nb: *x'],
    ['an anchor in a list', 'a: [&x 1]'],
    ['a key that stands twice', 'a: 1\na: 2'],
    ['a tag of somebody’s own', 'a: !mine 1'],
    ['two documents', 'a: 1\n---\nb: 2'],
    ['what is not YAML', 'a: [1'],
  ])('leaves %s to the reader with positions', (_, text) => {
    expect(plainYaml(text)).toBeUndefined()
  })

  test.each(['a: Miller & Sons', 'a: "R&D"', 'a: [b&c]'])('takes the text %s for no anchor', (text) => {
    expect(plainYaml(text)).toEqual({ value: byTheOther(text) })
  })

  test('keeps a member with the name of the prototype a member', () => {
    const { value } = { value: undefined, ...plainYaml('__proto__: { a: 1 }') }
    expect(Object.keys(value as object)).toEqual(['__proto__'])
  })
})

describe('a document with anchors', () => {
  test('is read, and says where things are', () => {
    const { document, diagnostics } = read(
      'openapi: 3.1.0\nx-a: &a { b: 1 }\nx-c: *a\nx-d: { $ref: "#/nowhere" }\n',
    )
    expect(document?.root['x-c']).toEqual({ b: 1 })
    expect(places(diagnostics.list)).toEqual(['contract-reference api.yaml:4'])
  })
})
