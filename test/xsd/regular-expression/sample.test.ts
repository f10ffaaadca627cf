import { describe, expect, test } from 'vitest'
import { translatePattern } from '../../../src/xsd/regular-expression/pattern.js'
import { sampleEcmaPattern, samplePattern } from '../../../src/xsd/regular-expression/sample.js'

/** Does one of the samples match the pattern? */
function hits(pattern: string): string[] {
  const javaScript = translatePattern(pattern)
  if (typeof javaScript !== 'string') throw new Error(javaScript.reason)
  const expression = new RegExp(javaScript, 'u')
  return [0, 1, 2, 3, 5]
    .map((generosity) => samplePattern(pattern, generosity))
    .filter((t) => expression.test(t))
}

describe('a sample matches its own pattern', () => {
  test.each([
    ['IBAN', '[A-Z]{2,2}[0-9]{2,2}[a-zA-Z0-9]{1,30}'],
    ['BIC', '[A-Z]{6,6}[A-Z2-9][A-NP-Z0-9]([A-Z0-9]{3,3}){0,1}'],
    ['BIC of ISO 20022, 2019', '[A-Z0-9]{4,4}[A-Z]{2,2}[A-Z0-9]{2,2}([A-Z0-9]{3,3}){0,1}'],
    ['LEI', '[A-Z0-9]{18,18}[0-9]{2,2}'],
    ['OID', '[0-2](\\.(0|[1-9][0-9]*))*'],
    ['OID of HL7', '[1-9][0-9]*(\\.(0|([1-9][0-9]*)))+|[0-2](\\.(0|[1-9][0-9]*))*'],
    ['letters that look like anchors', '^\\d{13}$'],
    ['a letter that looks like an anchor at the end', '[0-9]+\\$'],
    ['SSN', '\\d{3}-\\d{2}-\\d{4}'],
    ['phone of ISO 20022', '\\+[0-9]{1,3}-[0-9()+\\-]{1,30}'],
    ['email', '[^@\\s]+@[^@\\s]+\\.[A-Za-z]{2,}'],
    [
      'email, stricter',
      "[A-Za-z0-9!#-'\\*\\+\\-/=\\?\\^_`\\{-~]+(\\.[A-Za-z0-9!#-'\\*\\+\\-/=\\?\\^_`\\{-~]+)*@[A-Za-z0-9\\-]+(\\.[A-Za-z0-9\\-]+)*",
    ],
    ['email, simple', "\\w+([\\-+.']\\w+)*@\\w+([\\-.]\\w+)*\\.\\w+([\\-.]\\w+)*"],
    ['UUID', '[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}'],
    ['UUID in braces', '\\{[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\\}'],
    ['country', '[A-Z]{2,2}'],
    ['currency', '[A-Z]{3,3}'],
    ['language', '[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*'],
    ['version', '([0-9]+\\.){2}[0-9]+(-[a-z]+)?'],
    ['time stamp of HL7 v3', '[1-2]?[0-9]{1,7}|[1-2]?[0-9]{9,13}([+\\-][0-9]{1,4})?'],
    ['UK postcode', '[A-Z]{1,2}[0-9R][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}'],
    ['US ZIP', '\\d{5}(-\\d{4})?'],
    ['hexadecimal', '(0x)?([0-9A-F]{2})+'],
    ['no white space', '[^\\s]+'],
    ['not empty', '\\S.*'],
    ['no control characters', '[^\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*'],
    ['NCName', '[\\i-[:]][\\c-[:]]*'],
    ['consonants', '[a-z-[aeiou]]{3}'],
    ['subtraction of what is preferred', '[A-Z-[A]][a-z-[a]][0-9-[1]]'],
    ['subtraction of a range', '[A-Z-[A-M]]{2}'],
    ['nested subtraction', '[a-z-[a-y-[m]]]'],
    ['negated class', '[^A-Za-z0-9]+'],
    ['negated, with subtraction', '[^0-9-[a]]'],
    ['escapes in a class', '[\\d\\-/]+'],
    ['\\w in a class', '[\\w\\s]{2,}'],
    ['properties in a class', '[\\p{L}\\p{N}]{3}'],
    ['an upper-case letter', '\\p{Lu}\\p{Ll}+'],
    ['anything but letters', '\\P{L}{2}'],
    ['a block', '\\p{IsGreek}+'],
    ['a letter outside ASCII', '[À-ÿ]+'],
    ['characters outside the BMP', '[😀-😎]{2}'],
    ['circumflex and dollar are literal', '\\$[0-9]+\\^'],
    ['alternatives in a group', '(EUR|USD)[0-9]+'],
    ['alternatives in alternatives', '((a|b)c|d)e'],
    ['an empty alternative', '(|x)y'],
    ['an optional group', '(a(b(c)?)?)?d'],
    ['exact count of a group', '(ab){3}'],
    ['open count', 'a{2,}'],
    ['zero', 'a{0}b'],
    ['dot', '.{5}'],
    ['amount', '(([0-9]{1,13})|([0-9]{1,11}\\.[0-9]{2}))'],
    ['date', '\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])'],
    [
      'IPv4',
      '((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])',
    ],
    ['quantifier on a class with a brace', '[{}]{2}'],
    ['literal brackets', '\\[[0-9]\\]'],
  ])('%s: %s', (_, pattern) => {
    expect(hits(pattern)).not.toEqual([])
  })
})

describe('of ECMA-262 too', () => {
  test.each([
    '^[A-Z]{2}\\d{2}$',
    '^(?:a|b)+$',
    '^AC-[0-9]{8}$',
    '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
    '^\\S+(?: \\S+)*$',
    '^[^/]+$',
    'x',
    '^$',
    '^a|b$',
    '^(?!0)[0-9]+$',
    '^a\\$',
    '^(?<year>[0-9]{4})$',
    '^a+?b$',
  ])('%s', (pattern) => {
    const expression = new RegExp(pattern, 'u')
    const samples = [0, 1, 2, 3, 5].map((generosity) => sampleEcmaPattern(pattern, generosity))
    expect(samples.filter((text) => expression.test(text))).not.toEqual([])
  })
})

test('is the same at every call, and longer the more generous', () => {
  expect(samplePattern('[a-z]+', 3)).toBe(samplePattern('[a-z]+', 3))
  expect(samplePattern('a*', 0)).toBe('')
  expect(samplePattern('a*', 4)).toBe('aaaa')
  expect(samplePattern('a{2,3}', 9)).toBe('aaa')
})

test.each(['(', '[', '\\', '[a-', 'a{', '\\p', '\\p{', ')', '(?', '|', '[]', '{2}', 'a{999999999}'])(
  'comes to an end for %j',
  (pattern) => {
    expect(() => samplePattern(pattern, 1)).not.toThrow()
  },
)
