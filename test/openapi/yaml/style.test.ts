import { spawnSync } from 'node:child_process'
import { DEFAULT_SCHEMA, JSON_SCHEMA, load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { plainYaml } from '../../../src/openapi/yaml/parse.js'
import { yamlText } from '../../../src/openapi/yaml/style.js'
import fc from '../../oracle/property.js'

const MISREAD = [
  ...['NO', 'no', 'No', 'yes', 'Y', 'n', 'on', 'Off', 'true', 'TRUE', 'False'],
  ...[
    '1:30',
    '190:20:30',
    '-1:30.5',
    '1_000',
    '0b11',
    '0o7',
    '017',
    '0x1F',
    '+1',
    '-0',
    '.5',
    '5.',
    '1e3',
    '1.0e+3',
  ],
  ...['.inf', '-.INF', '.nan', '.NaN', '1_0.5', '08', '09', '0_', '12e03'],
  ...['2026-01-15', '2026-1-5', '2026-01-15T09:30:00Z', '2026-01-15 09:30:00 +01:00', '2026-01-15t9:3:1.5'],
  ...[
    '',
    '~',
    'null',
    'Null',
    'NULL',
    '=',
    '<<',
    '!',
    '*a',
    '&a',
    '?',
    '-',
    '- a',
    '---',
    '...',
    '%a',
    '@a',
    '`a',
  ],
  ...['a: b', 'a:', ':a', 'a #b', '#a', ' a', 'a ', '[a]', '{a}', ',', '"a"', "'a'", '|', '>', 'a\tb', '\ta'],
  ...[
    'a\nb',
    'a\n',
    '\na',
    'a\r\nb',
    'a\rb',
    '\u0085',
    'a\u0085b',
    'a\u2028b',
    '\u2029',
    '\uFEFFa',
    'a\u007F',
    '\u0000',
  ],
  ...['é', '😀', 'a\u00A0', 'x'.repeat(300), `${'word '.repeat(60)}end`, '^[0-9]{4}$', '\\d', "it's"],
]
const NUMBERS = [0, -1, 1.5, 1e21, 1e-7, -2.5e-9, 1.5e300, 9007199254740991]

const document = {
  list: MISREAD,
  numbers: NUMBERS,
  others: [true, false, null],
  keys: Object.fromEntries(MISREAD.filter((key) => key !== '').map((key, index) => [key, index])),
}

const python = spawnSync('python3', ['-c', 'import yaml'])
const hasPython = python.status === 0
if (!hasPython) console.warn('python3 has no yaml here: PyYAML is not asked')

function readByPython(text: string): unknown {
  const script =
    'import sys, json, yaml; print(json.dumps(yaml.safe_load(sys.stdin.buffer.read().decode("utf-8"))))'
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script], { input: text, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

describe('YAML that is written', () => {
  const text = yamlText(document)

  it.each<[string, (text: string) => unknown]>([
    ['yaml, version 1.2', (written) => parse(written) as unknown],
    ['yaml, version 1.1', (written) => parse(written, { version: '1.1' }) as unknown],
    ['js-yaml', (written) => load(written, { schema: DEFAULT_SCHEMA })],
    ['js-yaml, JSON', (written) => load(written, { schema: JSON_SCHEMA })],
    ['the reader of contracts', (written) => (plainYaml(written) as { value: unknown }).value],
    ...(hasPython ? [['PyYAML', readByPython] as [string, typeof readByPython]] : []),
  ])('is read alike by %s', (_, read) => {
    expect(read(text)).toEqual(document)
  })

  it('is read alike whatever a text says', () => {
    const words = fc.stringMatching(/^[-+0-9:._eEoxTZ ynNYO~!=<]{1,12}$/)
    const property = fc.property(
      fc.array(fc.oneof(words, fc.string({ unit: 'binary' })), { maxLength: 8 }),
      (texts) => {
        const written = yamlText({ texts })
        expect(parse(written, { version: '1.1' })).toEqual({ texts })
        expect(parse(written)).toEqual({ texts })
        expect(load(written)).toEqual({ texts })
      },
    )
    fc.assert(property, { numRuns: 300 })
  })

  it.skipIf(!hasPython)('is read alike by PyYAML whatever a text says', () => {
    const words = fc.sample(fc.stringMatching(/^[-+0-9:._eEoxTZ ynNYO~!=<]{1,12}$/), {
      numRuns: 3000,
      seed: 7,
    })
    expect(readByPython(yamlText(words))).toEqual(words)
  })

  it('says plainly what no reader mistakes', () => {
    expect(yamlText({ a: 'word', b: 'two words', 'c-d': 1 })).toBe('a: word\nb: two words\nc-d: 1\n')
  })
})
