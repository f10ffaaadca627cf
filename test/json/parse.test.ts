import { describe, expect, it } from 'vitest'
import { JsonError, parseJson, parseWritten, restoreExactNumbers } from '../../src/json/parse.js'
import { jsonLine, jsonText } from '../../src/json/text.js'
import { ExactNumber, type JsonValue } from '../../src/json/value.js'
import fc from '../oracle/property.js'

function failure(text: string, limits = {}): JsonError {
  try {
    parseJson(text, limits)
  } catch (error) {
    if (error instanceof JsonError) return error
    throw error
  }
  throw new Error('the text was accepted')
}

describe('what RFC 8259 allows', () => {
  it.each([
    ['[]'],
    ['{}'],
    [' \t\r\n[ ] \t\r\n'],
    ['[[]   ]'],
    ['null'],
    ['true'],
    ['false'],
    ['""'],
    ['" "'],
    ['-1'],
    ['0'],
    ['[0.5,-0.25,1e+21,5e-324]'],
    ['["\\u0060\\u012a\\u12AB"]'],
    ['["\\uD801\\udc37"]'],
    ['["\\ud83d\\ude39\\ud83d\\udc8d"]'],
    ['["\\"\\\\\\/\\b\\f\\n\\r\\t"]'],
    ['["\\\\u0000"]'],
    ['["\\u0000"]'],
    ['["\\uFFFF"]'],
    ['["\u2028\u2029\u007f😀é€"]'],
    ['["new\\u00A0line"]'],
    ['{"":0}'],
    ['{"a":{"b":[1,{"c":null}]},"d":"x"}'],
    ['{"foo\\u0000bar": 42}'],
    ['{"title":"\\u041f\\u043e\\u043b" }'],
    ['[1,null,"1",{},[],true,false]'],
  ])('%s is read as JSON.parse reads it', (text) => {
    expect(parseJson(text).value).toEqual(JSON.parse(text))
    expect(parseJson(text).exact).toEqual([])
  })

  it('is read as JSON.parse reads it, whatever the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, null, indent)
        const parsed = parseJson(text)
        expect(JSON.stringify(parsed.value)).toBe(JSON.stringify(JSON.parse(text)))
      }),
    )
  })
})

describe('what RFC 8259 forbids', () => {
  it.each([
    ['', 1, 1],
    [' ', 1, 2],
    ['[1 true]', 1, 4],
    ['[a]', 1, 2],
    ['["": 1]', 1, 4],
    ['[""],', 1, 5],
    ['[,1]', 1, 2],
    ['[1,,2]', 1, 4],
    ['["x"]]', 1, 6],
    ['["x"', 1, 5],
    ['[1,]', 1, 4],
    ['[1\n,1\n,1', 3, 3],
    ['[\n1,\n  2,\n  x]', 4, 3],
    ['[\r\n*]', 2, 1],
    ['[fals]', 1, 2],
    ['[nul', 1, 2],
    ['[+1]', 1, 2],
    ['[-01]', 1, 4],
    ['[012]', 1, 3],
    ['[-]', 1, 3],
    ['[.5]', 1, 2],
    ['[1.]', 1, 4],
    ['[1.e3]', 1, 4],
    ['[1e]', 1, 4],
    ['[1e+]', 1, 5],
    ['[0x1]', 1, 3],
    ['[Infinity]', 1, 2],
    ['[-Infinity]', 1, 3],
    ['[NaN]', 1, 2],
    ['[１]', 1, 2],
    ['[1_000]', 1, 3],
    ["['x']", 1, 2],
    ['["a\\x00"]', 1, 5],
    ['["\\u00A"]', 1, 5],
    ['["\\uqqqq"]', 1, 5],
    ['["\\u 123"]', 1, 5],
    ['["\\toString"', 1, 13],
    ['["\\constructor"]', 1, 4],
    ['["tab\there"]', 1, 6],
    ['["new\nline"]', 1, 6],
    ['["\u0000"]', 1, 3],
    ['["\u001f"]', 1, 3],
    ['["open]', 1, 8],
    ['["\\', 1, 4],
    ['["\\uD800"]', 1, 2],
    ['["\\uDC00\\uD800"]', 1, 2],
    ['["\\uD800\\n"]', 1, 2],
    ['["\ud800"]', 1, 3],
    ['["\udc00x"]', 1, 3],
    ['{1:1}', 1, 2],
    ['{a:1}', 1, 2],
    ['{"a" 1}', 1, 6],
    ['{"a":}', 1, 6],
    ['{"a":1,}', 1, 8],
    ['{"a":1 "b":2}', 1, 8],
    ['{"a":1', 1, 7],
    ['{"a":1,"b":2,"a":3}', 1, 14],
    ['{"a":1,"\\u0061":3}', 1, 8],
    ['{"__proto__":1,"__proto__":2}', 1, 16],
    ['\ufeff{}', 1, 1],
    ['[\u00a0]', 1, 2],
    ['[\u000b1]', 1, 2],
    ['/* c */ 1', 1, 1],
    ['1 // c', 1, 3],
    ['{} {}', 1, 4],
  ])('%j fails at %i:%i', (text, line, column) => {
    const error = failure(text)
    expect({ line: error.line, column: error.column }).toEqual({ line, column })
    expect(error.expectation).toMatch(/^expected /)
  })

  it('never quotes the text', () => {
    const error = failure('{"iban":"GB33BUKB20201555555555","iban":4111111111111111}')
    expect(error.message).toBe('line 1, column 34: expected a member name that the object does not have yet')
  })

  it('agrees with JSON.parse about every text but repeated names and lone surrogates', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b',
      '"',
      '0',
      '1.5',
      '-',
      'e3',
      'null',
      ' ',
      '\n',
      '\\n',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 9 }), (chosen) => {
        const text = chosen.join('')
        let expected: unknown
        try {
          expected = { value: JSON.parse(text) as unknown }
        } catch {
          expected = undefined
        }
        let actual: unknown
        try {
          actual = { value: parseJson(text).value }
        } catch (error) {
          if (!(error instanceof JsonError)) throw error
          if (error.expectation.includes('does not have yet')) return
        }
        expect(actual).toEqual(expected)
      }),
      { numRuns: 3000 },
    )
  })
})

describe('limits', () => {
  it('counts arrays and objects within each other', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(parseJson(nested(64)).values).toBe(64)
    expect(failure(nested(65)).expectation).toContain('64 arrays and objects')
    expect(failure('{"a":[{}]}', { maxDepth: 2 }).column).toBe(7)
    expect(failure('['.repeat(1_000_000)).column).toBe(65)
  })

  it('counts values', () => {
    expect(parseJson('[1,{"a":2}]').values).toBe(4)
    expect(failure('[1,2,3]', { maxValues: 3 }).column).toBe(6)
  })
})

describe('numbers that a double cannot give back', () => {
  it.each([
    ['1', false],
    ['-1', false],
    ['0', false],
    ['0.1', false],
    ['123456789012345', false],
    ['9007199254740991', false],
    ['9007199254740993', true],
    ['-9007199254740993', true],
    ['-0', true],
    ['1.10', true],
    ['1.0', true],
    ['1e400', true],
    ['-1e400', true],
    ['1e2', true],
    ['1E21', true],
    ['0.1000000000000000055511151231257827', true],
    ['123456789012345678901234567890', true],
  ])('%s', (source, inexact) => {
    const { value, exact } = parseJson(`{"n":${source}}`)
    expect(value).toEqual({ n: Number(source) })
    expect(exact.length).toBe(inexact ? 1 : 0)
    restoreExactNumbers(exact)
    expect(String((value as { n: unknown }).n)).toBe(source)
    expect((value as { n: unknown }).n instanceof ExactNumber).toBe(inexact)
  })

  it('are restored in arrays, under __proto__ and at the root', () => {
    const tree = parseJson('[[1.10],{"__proto__":2.20,"b":[3,4.40]}]')
    restoreExactNumbers(tree.exact)
    const [list, object] = tree.value as [unknown[], Record<string, unknown>]
    expect(list.map(String)).toEqual(['1.10'])
    expect(Object.entries(object).map(([name, value]) => `${name}=${String(value)}`)).toEqual([
      '__proto__=2.20',
      'b=3,4.40',
    ])
    const root = parseJson('1.0')
    expect(root.value).toBe(1)
    restoreExactNumbers(root.exact)
    expect(String(root.value)).toBe('1.0')
  })

  it('keep every digit of any decimal', () => {
    const decimal = fc.stringMatching(/^-?(0|[1-9][0-9]{0,25})(\.[0-9]{1,25})?$/)
    fc.assert(
      fc.property(fc.array(decimal), (sources) => {
        const parsed = parseJson(`[${sources.join(',')}]`)
        restoreExactNumbers(parsed.exact)
        expect((parsed.value as unknown[]).map(String)).toEqual(sources)
      }),
    )
  })
})

it('pollutes no prototype', () => {
  const parsed = parseJson('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')
  expect(Object.keys(parsed.value as object)).toEqual(['__proto__', 'constructor'])
  expect(Object.getPrototypeOf(parsed.value)).toBe(Object.prototype)
  expect(Reflect.get({}, 'polluted')).toBeUndefined()
  expect(Reflect.get(parsed.value as object, 'polluted')).toBeUndefined()
})

describe('what this process has written', () => {
  const digits = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String)
  const numbers = fc.oneof(
    fc.constantFrom('0', '-0', '1', '-7', '0.10', '1e5', '-1.5E-7', '9007199254740993', '999999999999999'),
    digits,
    fc.tuple(digits, fc.nat()).map(([whole, fraction]) => `${whole}.${fraction}`),
  )
  const { tree } = fc.letrec<{ tree: JsonValue }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      numbers.map((text) => new ExactNumber(text)),
      fc.oneof(fc.constant(null), fc.boolean(), fc.string(), fc.constantFrom('12:30.5', '[-0', ',1e9')),
      fc.array(tie('tree')),
      fc.dictionary(fc.oneof(fc.string(), fc.constant('__proto__')), tie('tree')),
    ),
  }))

  it('keeps every digit, by whichever parser it is read', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(jsonLine, jsonText), (value, write) => {
        const text = write(value)
        const expected = parseJson(text)
        restoreExactNumbers(expected.exact)
        expect(parseWritten(text)).toEqual(expected.value)
        expect(jsonLine(parseWritten(text))).toBe(jsonLine(value))
      }),
    )
  })
})
