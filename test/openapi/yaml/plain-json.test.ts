import { describe, expect, test } from 'vitest'
import { MAX_DEPTH, plainYaml } from '../../../src/openapi/yaml/parse.js'
import { plainJson } from '../../../src/openapi/yaml/plain-json.js'

const nested = (depth: number): string => '{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1)

describe('a document that is JSON', () => {
  test.each([
    '{}',
    '{"a": 1, "b": [-0, 1.5, 1e3, -1.5E-3, 9007199254740993, 1e400]}',
    '{"a": [true, false, null, "true", "1", "", {}]}',
    String.raw`{"a": "\"b\": \\", "\\": "\u00e4\ud83d\ude00\/\b\t\n", "c": ": {"}`,
    '{"__proto__": {"b": 1}, "toString": 2, "200": {}, "100": {}}',
    '{\n  "a": {\n    "b": "c: d"\n  }\n}\n',
    nested(MAX_DEPTH - 1),
  ])('is read as YAML is: %j', (text) => {
    expect(plainJson(text)).toEqual(plainYaml(text))
  })

  test.each([
    ['a key twice', '{"a": 1, "a": 2}'],
    ['a key twice, written otherwise', String.raw`{"a": 1, "\u0061": 2}`],
    ['a key twice within', '{"a": [{"b": {"c": 1, "c": 1}}]}'],
    ['YAML', 'a: 1\n'],
    ['YAML that begins alike', '{a: 1}'],
    ['a list', '[{"a": 1}]'],
    ['what breaks off', '{"a": 1'],
    ['more levels than are read', nested(MAX_DEPTH + 1)],
    ['many more', nested(100_000)],
  ])('is left to the reader of YAML: %s', (_, text) => {
    expect(plainJson(text)).toBeUndefined()
  })

  test('has nothing looked for in it where it was judged before', () => {
    expect(plainJson('{"a": 1, "a": 2}', { isJudged: true })).toEqual({ value: { a: 2 } })
  })
})
