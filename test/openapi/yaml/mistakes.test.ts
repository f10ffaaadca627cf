import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Diagnostics, formatDiagnostic } from '../../../src/base/diagnostic/diagnostic.js'
import { loadOpenApi } from '../../../src/openapi/document.js'

const directory = mkdtempSync(join(tmpdir(), 'yaml-mistakes-'))
afterAll(() => {
  rmSync(directory, { recursive: true })
})

function findings(text: string): readonly string[] {
  const path = join(directory, 'api.yaml')
  writeFileSync(path, text)
  const diagnostics = new Diagnostics()
  loadOpenApi(path, 'api.yaml', diagnostics)
  return diagnostics.list.map(formatDiagnostic)
}

const SKEWED = /: The line is indented by \d+, the keys beside it by \d+: /

test.each<[string, string, string, RegExp, string?]>([
  ['a line too deep', 'a:\n  b: 1\n   c: 2\n  d: 3\n', 'api.yaml:3:4', SKEWED, 'api.yaml:2:3'],
  ['a first line too shallow', 'a:\n b: 1\n  c: 2\n  d: 3\n', 'api.yaml:2:2', SKEWED, 'api.yaml:3:3'],
  ['a line too shallow', 'a:\n  b:\n    c: 1\n   d: 2\n  e: 3\n', 'api.yaml:4:4', SKEWED],
  ['a line at the level above', 'a:\n  b:\n    c: 1\n  d: 2\n    e: 3\n    f: 4\n', 'api.yaml:4:3', SKEWED],
  [
    'a line between those of its map',
    'a:\n  b:\n    c: 1\n    d: 2\n  e: 5\n    f: 3\n',
    'api.yaml:5:3',
    SKEWED,
  ],
  ['a tab', 'a:\n  b: 1\n\tc: 2\n', 'api.yaml:3:1', /a tab/],
  [
    'a text that is not closed',
    "a:\n  '200:\n    b: 1\n  '404':\n    c: 1\n",
    'api.yaml:2:3',
    /quotation mark/,
  ],
  ['a bracket that is not closed', 'a: [1, 2\nb: 3\n', 'api.yaml:2', /./],
])('%s is one finding where it was made', (_what, text, place, message, beside) => {
  const found = findings(text)
  expect(found).toHaveLength(1)
  expect(found[0]).toMatch(message)
  expect(found[0]?.startsWith(place)).toBe(true)
  if (beside !== undefined) expect(found[0]).toContain(`\n  ${beside}: a key beside it`)
})

test('a key that stands twice is told with both places, each time', () => {
  const found = findings('openapi: 3.1.0\na: { b: 1, b: 2 }\nc: 1\nd: { b: 1 }\nc: 2\n')
  expect(found.map((each) => each.replace(/: error [^]*?\n +/, ' | '))).toEqual(
    expect.arrayContaining([
      'api.yaml:2:12 | api.yaml:2:6: it stands here first',
      'api.yaml:5:1 | api.yaml:3:1: it stands here first',
    ]),
  )
  expect(found).toHaveLength(2)
})

test('the content of a block scalar is nobody’s indentation', () => {
  const found = findings('a: |\n  text: x\n     more: y\n  less: z\nb:\n  c: 1\n   d: 2\n')
  expect(found).toEqual([expect.stringMatching(/^api\.yaml:7:4: [^]*\n {2}api\.yaml:6:3: a key beside it$/)])
})

test('what a mistake brings with it is told as a number', () => {
  expect(findings('a:\n  b: 1\n   c: 2\n   d: 3\n')[0]).toMatch(/\d+ more complaints follow from it/)
})

test('thousands of keys are looked through in one pass', () => {
  const keys = Array.from({ length: 50_000 }, (_, n) => `k${n}: 1`)
  const found = findings(`openapi: 3.1.0\n${keys.join('\n')}\nk7: 2\n`)
  expect(found).toEqual([
    expect.stringMatching(/^api\.yaml:50002:1: [^]*api\.yaml:9:1: it stands here first$/),
  ])
})
