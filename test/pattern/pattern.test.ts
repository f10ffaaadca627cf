import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { isAnchored } from '../../src/pattern/ambiguity.js'
import { Automaton } from '../../src/pattern/automaton.js'
import { escapedCharacters } from '../../src/pattern/characters.js'
import { compilePattern, type TextPattern } from '../../src/pattern/pattern.js'
import { assertSize, compileProgram } from '../../src/pattern/program.js'
import { parsePattern } from '../../src/pattern/syntax.js'
import { LAST_GENERATION } from '../../src/pattern/threads.js'
import { translatePattern } from '../../src/xsd/regular-expression/pattern.js'
import { samplePattern } from '../../src/xsd/regular-expression/sample.js'
import fc from '../oracle/property.js'

/** On these an engine that goes back can take time that grows faster than the text. */
const EVIL = [
  '^(a+)+$',
  '^(a|a)*$',
  '^(a|aa)+$',
  '(x+x+)+y',
  '^\\s+|\\s+$',
  '.*.*=.*',
  '^(a*)*$',
  '^(a|b|ab)*c$',
  '^([a-zA-Z0-9]+\\s?)*$',
  '(.*a){12}$',
  '^(\\w+\\s?){1,12}$',
  '^\\w*\\w*\\w*-$',
  '^(?=.*\\d)(?=.*[A-Z])(?!.*\\s\\s).{8,}!$',
  '\\bx\\b.*\\bx\\b$',
  '(?<=a+)b$',
  '=.{0,4000}x',
  '^(.{2,300}=)+$',
  '^((a{1,50})|(a{2,30}))*b$',
  '(x|y)*x(x|y){12}z',
  '^(?:\\p{L}+[ ,.]*)+$',
].map((source) => [source] as const)

function automatonOf(source: string, generation = 0): Automaton {
  const node = parsePattern(source)
  return new Automaton(compileProgram(node), { anchored: isAnchored(node), generation })
}

function compiledUnlessTooLarge(source: string): TextPattern | undefined {
  try {
    return compilePattern(source)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const CHARACTERS = [
  'a',
  'b',
  'A',
  'é',
  'Σ',
  '0',
  '7',
  ' ',
  '\n',
  '\u2028',
  '_',
  '-',
  '😀',
  '\ud83d',
  '\ude00',
  '\uffff',
]

const atom = fc.constantFrom(
  ...[
    'a',
    'b',
    'A',
    'é',
    '0',
    ' ',
    '_',
    '-',
    '😀',
    '.',
    '[ab]',
    '[^a]',
    '[a-z0]',
    '[^\\d\\s]',
    '[\\w-]',
    '[]',
  ],
  ...['[^]', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\p{L}', '\\P{Lu}', '[\\p{N}_]', '\\x61', '\\u0061'],
  ...[
    '\\u{1F600}',
    '\\ud83d\\ude00',
    '\\ud83d',
    '\\n',
    '\\cJ',
    '[\\0]',
    '\\/',
    '\\.',
    '[\\b\\-😀]',
    '[\\u{1F5FF}-\\u{1F601}]',
  ],
  ...['(?![ab])\\w', '(?=[a-z])[^b]'],
)
const quantifier = fc.constantFrom(
  '',
  '',
  '',
  '*',
  '+',
  '?',
  '*?',
  '+?',
  '??',
  '{2}',
  '{0}',
  '{1,}',
  '{0,2}',
  '{1,3}?',
  '{2,30}',
)

/** Few, since JavaScript's engine has to come to an end. */
const groupQuantifier = fc.constantFrom('', '', '', '*', '+', '?', '+?', '{2}', '{0,2}')

const { pattern } = fc.letrec<{ pattern: string; branch: string; term: string }>((tie) => ({
  pattern: fc.array(tie('branch'), { minLength: 1, maxLength: 3 }).map((branches) => branches.join('|')),
  branch: fc.array(tie('term'), { maxLength: 4 }).map((terms) => terms.join('')),
  term: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc
      .tuple(atom, quantifier)
      .map(([one, often]) => (one.startsWith('(?') ? `(?:${one})${often}` : one + often)),
    fc.constantFrom('^', '$', '\\b', '\\B'),
    fc.tuple(tie('pattern'), groupQuantifier).map(([inner, often]) => `(${inner})${often}`),
    fc.tuple(tie('pattern'), groupQuantifier).map(([inner, often]) => `(?:${inner})${often}`),
    fc
      .tuple(fc.constantFrom('?=', '?!', '?<=', '?<!'), tie('pattern'))
      .map(([look, inner]) => `(${look}${inner})`),
  ),
}))
const anchored = fc
  .tuple(pattern, fc.constantFrom(['', ''], ['^', ''], ['', '$'], ['^(?:', ')$']))
  .map(([inner, [before, after]]) => `${before}${inner}${after}`)
const text = fc
  .array(fc.constantFrom(...CHARACTERS), { maxLength: 7 })
  .map((characters) => characters.join(''))

/**
 * As ECMA-262 has it (22.2.7.2): tried from character to character. V8 alone tries from the middle of a surrogate pair
 * too, where an empty text may be found.
 */
function matches(source: string, text: string): boolean {
  const expression = new RegExp(source, 'uy')
  for (let at = 0; at <= text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
    expression.lastIndex = at
    if (expression.test(text)) return true
  }
  return false
}

describe('a pattern', () => {
  it('matches what JavaScript says that it matches', () => {
    fc.assert(
      fc.property(anchored, fc.array(text, { minLength: 4, maxLength: 4 }), (source, texts) => {
        const compiled = compiledUnlessTooLarge(source)
        fc.pre(compiled !== undefined)
        const automaton = automatonOf(source)
        for (const one of texts) {
          const expected = matches(source, one)
          if (!compiled.native) expect(compiled.test(one), 'as compiled').toBe(expected)
          expect(automaton.test(one), 'by the automaton').toBe(expected)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('an engine that goes back', () => {
  it.each([
    ['^[A-Z]{6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3})?$'],
    ['^[A-Z]{2}\\d{2}[A-Z0-9]{1,30}$'],
    ['^\\d{4}-\\d{2}-\\d{2}$'],
    ['^.{1,4000}$'],
    ['^-?\\d+(\\.\\d+)?$'],
    ['^[^@]+@[^@]+$'],
    ['^(?:EUR|ESP|USD)$'],
    ['^[a-z]+(-[a-z]+)*$'],
    ['^(?:(?![aeiou])[a-z])+$'],
    ['[0-9]{5}'],
    ['^(?:\\p{L}+)$'],
  ])('runs %s, which it is linear on', (source) => {
    expect(compilePattern(source).native).toBe(true)
  })

  it.each(EVIL)('does not run %s', (source) => {
    expect(compilePattern(source).native).toBe(false)
  })

  it.each([['[ab]{100}[ab]{100}c'], ['(?:[ab]{60}|[ab]{61})c'], ['(?![ab]{101}c)[ab]d']])(
    'does not read again for each character what %s reads',
    (source) => {
      expect(compilePattern(source).native).toBe(false)
    },
  )
})

describe('characters that were counted up to the last number', () => {
  const texts = [
    '',
    'a',
    'aab',
    'xyyxz',
    `x${'xy'.repeat(20)}z`,
    'a1 B2',
    `=${'a'.repeat(12)}x`,
    'b'.repeat(60),
  ]
  const cases = [
    ...EVIL.map(([source]) => source),
    '^(?:a{22,30}|b{25,})+$',
    '(?:x|y)*x(?:x|y){3}z',
    '(?<=\\b[ax]+)[bz]$',
  ].flatMap((source) => [1, 2, 5, 20].map((left) => [source, left] as const))
  it.each(cases)('%s judges as ever, %i characters before it', (source, left) => {
    for (const text of texts) {
      const automaton = automatonOf(source, LAST_GENERATION - left)
      const verdicts = [1, 2, 3].map(() => automaton.test(text))
      expect(verdicts, text).toEqual(Array(3).fill(matches(source, text)))
    }
  })

  it.each(['^(?=(?:a|aa)*$)(?:a|a)*$', '(?<!(?:x|xx)*y)z'])('%s takes no more steps after it', (source) => {
    const workOf = (automaton: Automaton): number => {
      automaton.test('a'.repeat(40))
      automaton.test('xxyz'.repeat(10))
      return automaton.work
    }
    expect(workOf(automatonOf(source, LAST_GENERATION - 3))).toBe(workOf(automatonOf(source)))
  })
})

describe('what is counted', () => {
  const counts = fc.constantFrom('{21}', '{0,21}', '{20,22}', '{21,40}', '{25,}', '{2,30}', '{0,45}')
  const letter = fc.constantFrom('a', '[ab]', '[^b]', '.')
  const term = fc.oneof(
    fc.tuple(letter, counts).map((both) => both.join('')),
    fc.constantFrom('a', 'b', 'a?', 'b*', '\\b', '(?:ab)?', '(?=a)', '(?<!b)'),
  )
  const source = fc
    .tuple(fc.constantFrom('', '^'), fc.array(term, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '$'))
    .map(([start, terms, end]) => start + terms.join('') + end)
  const runs = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'ab', ' '), fc.integer({ min: 1, max: 50 })), { maxLength: 4 })
    .map((all) => all.map(([brick, times]) => brick.repeat(times)).join(''))
  it('is what JavaScript counts', () => {
    fc.assert(
      fc.property(source, fc.array(runs, { minLength: 4, maxLength: 4 }), (pattern, texts) => {
        const automaton = automatonOf(pattern)
        for (const one of texts) expect(automaton.test(one), one).toBe(matches(pattern, one))
      }),
      { numRuns: 300 },
    )
  })
})

describe('what is written long', () => {
  it.each([
    [`^a{${'0'.repeat(50)}2}$`, 'aa', 'a'],
    [`^(?:a|a){${'0'.repeat(50)}2}$`, 'aa', 'a'],
    [`^(?:ab|ab|a{0,${'0'.repeat(50)}3}c)+$`, 'abaaac', 'abaaaac'],
    [`^\\u{${'0'.repeat(120)}61}+$`, 'aa', 'u'],
    [`^(?:a|a|[\\u{${'0'.repeat(120)}62}])*$`, 'aba', 'u'],
  ])('as number %# is, is read as JavaScript reads it', (source, matching, other) => {
    const compiled = compilePattern(source)
    const automaton = automatonOf(source)
    for (const [text, expected] of [
      [matching, true],
      [other, false],
    ] as const) {
      expect([new RegExp(source, 'u').test(text), compiled.test(text), automaton.test(text)]).toEqual(
        Array(3).fill(expected),
      )
    }
  })
})

describe('the steps of a pattern', () => {
  const bricks = ['a', 'aa', 'x', '=', ' ', 'ab', 'a ', 'aA1', 'é', '😀', '.', '-', '1,', 'x=']
  const cases = EVIL.flatMap(([source]) => bricks.map((brick) => [source, brick] as const))
  it.each(cases)('%s over many of %j grow as the text does', (source, brick) => {
    const workOn = (characters: number): number => {
      const automaton = automatonOf(source)
      automaton.test(`${brick.repeat(characters / brick.length)}\0`)
      return automaton.work
    }
    // Twice as much would be quadratic.
    expect(workOn(16_000)).toBeLessThan(2.8 * workOn(8_000) + 1000)
  })
})

describe('what has no linear time', () => {
  it.each([
    ['(a)\\1', 'it refers back to a group'],
    ['(?<n>a)\\k<n>', 'it refers back to a group'],
    ['^(?:[a-z]{1,70}\\n?|b){0,3000}$', 'its repetitions or choices make it too large'],
    ['(x|y)*x(x|y){30}z', 'its repetitions or choices make it too large'],
    ['[ab]*[ab]{1000000}c', 'its repetitions or choices make it too large'],
    ['^(?:(?:){1000000000}|a|a)*$', 'its repetitions or choices make it too large'],
  ])('%s is refused', (source, reason) => {
    expect(() => compilePattern(source)).toThrow(reason)
  })
})

describe('what is too large', () => {
  const reason = 'its repetitions or choices make it too large'
  it.each([
    ['in a loop', `^(?:${'x?y?'.repeat(40)}q)*$`, reason],
    ['in what it looks at', `^(?:a|a)(?!${'[ab]?'.repeat(70)}c)`, reason],
    ['beside what is never repeated', `^(?:(?:ab){${'9'.repeat(400)}}){0}(?:a|a){90000}$`, reason],
    ['in its length', `^(?:a|a)*${'b'.repeat(20_000)}$`, 'it is too long'],
    ['in its depth', `${'('.repeat(300)}a${')'.repeat(300)}`, 'its groups are nested too deep'],
  ])('%s is refused', (_, source, why) => {
    expect(() => compilePattern(source)).toThrow(why)
  })
})

const BYTE = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)'
const GROUP = '[0-9a-fA-F]{0,4}'

describe('what ends soon, or may do little at a time,', () => {
  it.each([
    ['an address', `^(?:${BYTE}\\.){3}${BYTE}$`],
    ['an address anywhere', `(?:${BYTE}\\.){3}${BYTE}`],
    [
      'a longer address with a zone',
      `^(?:(?::|${GROUP}):)(?:${GROUP}:){0,5}(?:(?:(?:${GROUP}:)?(?::|${GROUP}))|(?:(?:${BYTE}\\.){3}${BYTE}))(?:%[\\p{N}\\p{L}]+)?$`,
    ],
    ['a name of a host', '^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$'],
    ['an address of mail', "^\\w+(?:[-+.']\\w+)*@\\w+(?:[-.]\\w+)*\\.\\w+(?:[-.]\\w+)*$"],
    ['a password', '^(?=.*[a-z])(?=.*[A-Z])(?=.*\\d)(?=.*[^\\w\\s]).{8,64}$'],
    ['a duration', '^-?P(?:\\d*D)?(?:T(?:\\d*H)?(?:\\d*M)?(?:\\d*(?:\\.\\d*)?S)?)?$'],
  ])('such as %s, is not too large', (_, source) => {
    expect(() => {
      assertSize(parsePattern(source))
    }).not.toThrow()
  })
})

describe('the characters of', () => {
  it.each([
    ['\\p{L}'],
    ['\\P{Lu}'],
    ['\\p{Cn}'],
    ['\\p{Cs}'],
    ['\\p{Noncharacter_Code_Point}'],
    ['\\s'],
    ['.'],
  ])('%s are those of JavaScript', (escape) => {
    const points = escapedCharacters(escape)
    const expression = new RegExp(`^(?:${escape})$`, 'u')
    let range = 0
    let wrong = 0
    for (let point = 0; point <= 0x10ffff; point++) {
      while ((points[range + 1] ?? Infinity) < point) range += 2
      if ((points[range] ?? Infinity) <= point !== expression.test(String.fromCodePoint(point))) wrong++
    }
    expect(wrong).toBe(0)
  })

  it('\\s, \\w, \\d and the dot are written down as they are', () => {
    for (const [escape = '', all = ''] of [['\\s'], ['\\w'], ['\\d'], ['.'], ['\\S'], ['\\W'], ['\\D']]) {
      const node = parsePattern(escape + all)
      expect(node.kind === 'set' && node.set.points).toEqual(escapedCharacters(escape))
    }
  })
})

const corpus = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url))
const reason = existsSync(corpus) ? '' : `there is no ${corpus}`
if (reason !== '') console.warn(`patterns of the corpus: skipped: ${reason}`)

it.skipIf(reason !== '')('the patterns of the corpus are those of JavaScript', { timeout: 120_000 }, () => {
  const sources = new Set<string>()
  for (const file of readdirSync(corpus, { recursive: true, encoding: 'utf8' })) {
    if (!/\.(?:wsdl|xsd)$/.test(file)) continue
    const text = readFileSync(`${corpus}/${file}`, 'utf8')
    for (const [, source = ''] of text.matchAll(/pattern\s+value="([^"&]*)"/g)) sources.add(source)
  }
  let compared = 0
  for (const source of sources) {
    const translated = translatePattern(source)
    if (typeof translated !== 'string') continue
    const expression = new RegExp(translated, 'u')
    const automaton = automatonOf(translated)
    const samples = [0, 1, 2, 3].map((generosity) => samplePattern(source, generosity).slice(0, 200))
    for (const text of ['', 'a', '0', ...samples, ...samples.map((sample) => `${sample.slice(1)}!`)]) {
      expect(compilePattern(translated).test(text), `${source} on ${text}`).toBe(expression.test(text))
      expect(automaton.test(text), `${source} on ${text}`).toBe(expression.test(text))
      compared++
    }
  }
  console.log(`patterns of the corpus: ${sources.size}, ${compared} texts`)
  expect(sources.size).toBeGreaterThan(50)
})
