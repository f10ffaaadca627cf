import { describe, expect, it } from 'vitest'
import {
  looksAnchored,
  publishedPattern,
  translatePattern,
} from '../../../src/xsd/regular-expression/pattern.js'
import fc from '../../oracle/property.js'

function published(source: string, isAscii = false): string | undefined {
  return publishedPattern(source, { isAscii })?.javaScript
}

describe('a pattern as a JSON Schema has it', () => {
  it.each([
    ['[A-Z]{3}', '^[A-Z]{3}$'],
    ['\\d{4}', '^[0-9]{4}$'],
    ['\\D', '^[^0-9]$'],
    ['a|bc', '^(a|bc)$'],
    ['(a|b)c', '^(a|b)c$'],
    ['[a-z-[aeiou]]+', '^[b-df-hj-np-tv-z]+$'],
    ['\\s', '^[\\t\\n\\r ]$'],
    ['.*', '^[^\\n\\r]*$'],
    ['\\p{Lu}x', '^[^\\u0000-@\\[-\\u007F]x$'],
    ['[\\p{L} ]', '^[^\\u0000-\\u001F!-@\\[-`{-\\u007F]$'],
    ['\\p{IsGreek}', '^[\\u0370-\\u03FF]$'],
    ['[é-ü]', '^[\\u00E9-\\u00FC]$'],
    ['^a$', '^\\^a\\$$'],
    ['\\-/\\.', '^-/\\.$'],
    ['😀+', '^(😀)+$'],
    ['[😀a]', '^[^\\u0000-`b-\\uFFFF]$'],
    ['[\\s\\S]', '^[\\s\\S]$'],
    ['', '^$'],
  ])('%s', (source, right) => {
    expect(published(source)).toBe(right)
  })

  it.each([
    ['\\d+', true],
    ['[\\d-]+', true],
    ['\\D', false],
    ['[^\\d]', true],
    ['\\w+', false],
    ['\\i\\c*', false],
    ['\\p{L}\\p{Nd}', true],
    ['\\p{L}\\p{N}', false],
  ])('%s may refuse what the schema takes: %s', (source, isNarrower) => {
    expect(publishedPattern(source, { isAscii: false })?.isNarrower).toBe(isNarrower)
    expect(publishedPattern(source, { isAscii: true })?.isNarrower).toBe(false)
  })

  it('takes what the schema takes, with the flag u and without, and the same of ASCII', () => {
    const atoms = fc.constantFrom(
      ...['a', 'é', '٣', '-', '\\d', '\\D', '\\w', '\\W', '\\s', '\\S', '\\i', '\\C', '.', '[a-z-[aeiou]]'],
      ...['\\p{Lu}', '\\P{L}', '[^\\p{L}0-9]', '[\\p{IsGreek}x]', '[\\S-[a]]', '\\^', '\\$', '[$^]', '(a|b)'],
    )
    const sources = fc.array(
      fc.tuple(atoms, fc.constantFrom('', '?', '*', '{2}')).map((part) => part.join('')),
      {
        maxLength: 4,
      },
    )
    const letters = fc.constantFrom(...Array.from('aAbeé٣α5- _$^\t\n!Δ'))
    const texts = fc.array(letters, { maxLength: 5 }).map((parts) => parts.join(''))
    const property = fc.property(sources, fc.array(texts, { minLength: 5, maxLength: 20 }), (parts, all) => {
      const source = parts.join('')
      const exact = new RegExp(translatePattern(source) as string, 'u')
      const { javaScript, isNarrower } = publishedPattern(source, { isAscii: false }) ?? {
        javaScript: '(',
        isNarrower: false,
      }
      const [plain, unicode] = [new RegExp(javaScript), new RegExp(javaScript, 'u')]
      for (const text of all) {
        expect([source, text, unicode.test(text)]).toEqual([source, text, plain.test(text)])
        const isAscii = /^[\x00-\x7F]*$/.test(text)
        if (isAscii) expect([source, text, plain.test(text)]).toEqual([source, text, exact.test(text)])
        else if (!isNarrower && exact.test(text))
          expect([source, text, plain.test(text)]).toEqual([source, text, true])
      }
    })
    fc.assert(property, { numRuns: 500 })
  })

  it.each([
    ['^\\d{13}$', true],
    ['^[A-Z]+', true],
    ['[A-Z]+$', true],
    ['(^a)|b', true],
    ['a|b$', true],
    ['[$^]', false],
    ['[(^]a', false],
    ['\\^a\\$', false],
    ['\\$|€', false],
    ['$|€', false],
    ['a^b', false],
  ])('%s looks as if it had anchors: %s', (source, looks) => {
    expect(looksAnchored(source)).toBe(looks)
  })
})
