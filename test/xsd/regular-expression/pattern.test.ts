import { describe, expect, it } from 'vitest'
import { translatePattern } from '../../../src/xsd/regular-expression/pattern.js'
import fc from '../../oracle/property.js'
import { loadSchemas, schema } from '../load-schemas.js'
import { libxml2Judge } from '../oracle.js'

function compile(source: string): RegExp {
  const javaScript = translatePattern(source)
  if (typeof javaScript !== 'string') throw new Error(javaScript.reason)
  return new RegExp(javaScript, 'u')
}

describe('a pattern', () => {
  it.each<[string, string[], string[]]>([
    ['abc', ['abc'], ['xabc', 'abcx', 'ab']],
    ['a|bc', ['a', 'bc'], ['abc', 'ac']],
    ['^a$', ['^a$'], ['a']],
    ['[^a]b', ['bb', '^b'], ['ab']],
    ['a.c', ['abc', 'a😀c'], ['a\nc', 'a\rc']],
    ['\\d{2,3}', ['12', '١٢٣'], ['1', '1234', 'ab']],
    ['\\D\\S\\W', ['ab-', 'x😀 '], ['1b-', 'a -', 'abc']],
    ['\\w+', ['aé1$+'], ['a b', 'a-b', 'a_b']],
    ['\\i\\c*', ['a1', ':x-1', '_.é'], ['1a', '-a', '']],
    ['\\I\\C', ['1 ', '-,'], ['a ', '1a']],
    ['[\\i-[:]][\\c-[:]]*', ['ab', '_1'], [':a', 'a:b']],
    ['[a-z-[aeiou]]+', ['xyz'], ['xay', 'XY']],
    ['[a-z-[b-y-[m]]]', ['a', 'm', 'z'], ['b', 'n']],
    ['[^0-9-[a]]', ['b', 'x'], ['a', '1']],
    ['\\p{Lu}\\p{IsGreek}\\P{N}', ['Aαx'], ['aαx', 'Aa1']],
    ['\\P{IsBasicLatin}+', ['äö'], ['a']],
    ['[\\p{L}\\d\\-/]+', ['ä1-/'], ['_', ' ']],
    ['[+\\-]?[0-9]{1,3}([.][0-9]*)?', ['+12.5', '-1', '7.'], ['1234', 'x']],
    ['[-a]+[a-]', ['-a-', 'aa'], ['b']],
    ['\\-\\.\\\\\\?\\*\\+\\(\\)\\{\\}\\[\\]\\^\\|', ['-.\\?*+(){}[]^|'], ['']],
    ['a{3}b{0,}c{1}', ['aaac', 'aaabbc'], ['aac']],
    ['', [''], ['a']],
    ['()|x', ['', 'x'], ['y']],
    // libxml2 refuses I, A and A1: findings/libxml2-pattern-of-one-or-more.sh
    ['I|I{2,3}|IV', ['I', 'II', 'III', 'IV'], ['', 'IIII', 'V']],
    ['A([0-9]?){3}', ['A', 'A1', 'A12', 'A123'], ['', 'A1234']],
    ['(a|b)?c', ['c', 'ac'], ['abc']],
    ['[\\s]', [' ', '\t'], ['\u00A0', 'a']],
    ['a/b', ['a/b'], ['ab']],
    ['[$^]', ['$', '^'], ['a']],
    ['\\/', ['/'], ['\\/']],
  ])('%s', (source, matching, others) => {
    const expression = compile(source)
    for (const text of matching) expect([text, expression.test(text)]).toEqual([text, true])
    for (const text of others) expect([text, expression.test(text)]).toEqual([text, false])
  })

  it.each([
    '(',
    ')',
    'a**',
    '*',
    'a{2',
    'a{,2}',
    '[a',
    '[]',
    '[z-a]',
    '\\',
    '\\1',
    '\\b',
    '\\p{Foo}',
    '\\p{IsNowhere}',
    '\\p{L',
    '(?:a)',
    '(?=a)',
    'a+?',
    'a{2,1}',
    '[a[b]]',
    '['.repeat(1000),
    'a'.repeat(30_000),
  ])('that is none of XML Schema is refused: %s', (source) => {
    expect(translatePattern(source)).toHaveProperty('reason')
  })

  it('that cannot be translated is a warning and is not checked', () => {
    const { diagnostics, schemas } = loadSchemas({
      'a.xsd': schema(
        `<xs:simpleType name="T"><xs:restriction base="xs:string"><xs:pattern value="(?i)a"/></xs:restriction></xs:simpleType>`,
      ),
    })
    expect(diagnostics.list).toMatchObject([{ code: 'xsd-pattern', severity: 'warning', at: { line: 2 } }])
    expect(schemas.types.get('{urn:t}T')).toMatchObject({ facets: { patterns: [{ source: '(?i)a' }] } })
  })

  it('never makes an expression that JavaScript refuses or that is not anchored', () => {
    const parts = fc.constantFrom(
      'a',
      '1',
      '.',
      '[',
      ']',
      '-',
      '^',
      '$',
      '\\',
      '(',
      ')',
      '|',
      '*',
      '+',
      '?',
      '{',
      '}',
      '2',
      ',',
      'd',
      'p',
      'i',
      ':',
      '/',
      '😀',
    )
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (source) => {
        const javaScript = translatePattern(source.join(''))
        if (typeof javaScript === 'string') {
          expect(javaScript).toMatch(/^\^\(\?:[^]*\)\$$/)
          expect(() => new RegExp(javaScript, 'u')).not.toThrow()
        }
      }),
      { numRuns: 3000 },
    )
  })
})

describe('libxml2 agrees', () => {
  it.each([
    '[a-c-[b]]+',
    '\\i\\c*',
    '\\d+-[A-C]?',
    '(ab|c){1,2}',
    '[^a\\-]',
    '\\w\\W?',
    '[\\-+]?\\.',
    'a{0,2}b|\\p{Lu}',
    '[.^$]+',
  ])('on %s', (source) => {
    const judge = libxml2Judge(
      `<xs:restriction base="xs:string"><xs:pattern value="${source}"/></xs:restriction>`,
    )
    const expression = compile(source)
    fc.assert(
      fc.property(fc.stringMatching(/^[abcABC01_:.+$^ äÄ-]{0,5}$/u), (text) => {
        expect([text, expression.test(text)]).toEqual([text, judge(text)])
      }),
      { numRuns: 500 },
    )
  })
})
