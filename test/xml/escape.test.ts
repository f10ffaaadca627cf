import { describe, expect, test } from 'vitest'
import { escapeAttribute, escapeText, XmlCharacterError } from '../../src/xml/escape.js'
import { XmlReader } from '../../src/xml/reader.js'
import fc from '../oracle/property.js'

const TEXTS = [
  ['', '', ''],
  ['plain', 'plain', 'plain'],
  ['a & b', 'a &amp; b', 'a &amp; b'],
  ['<a>]]>', '&lt;a&gt;]]&gt;', '&lt;a&gt;]]&gt;'],
  ['"it\'s"', '"it\'s"', "&quot;it's&quot;"],
  ['a\tb\nc', 'a\tb\nc', 'a&#9;b&#10;c'],
  ['a\r\nb\r', 'a&#13;\nb&#13;', 'a&#13;&#10;b&#13;'],
  ['Ärger \u{1F600}\u0085\ufffd', 'Ärger \u{1F600}\u0085\ufffd', 'Ärger \u{1F600}\u0085\ufffd'],
] as const

describe('escape', () => {
  test.each(TEXTS)('%j', (text, inContent, inAttribute) => {
    expect(escapeText(text)).toBe(inContent)
    expect(escapeAttribute(text)).toBe(inAttribute)
  })

  test.each([
    ['a\0', 1],
    ['\x1b[0m', 0],
    ['ab\ud83d', 2],
    ['\ude00\ud83d', 0],
    ['\u{1F600}\ufffe', 2],
    ['\uffff', 0],
  ])('refuses %j, which XML cannot carry', (text, index) => {
    for (const escape of [escapeText, escapeAttribute]) {
      expect(() => escape(text)).toThrow(expect.objectContaining({ name: 'XmlCharacterError', index }))
    }
  })

  test('what is written is read back as it was', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('<', '>', '&', '"', "'", '\r', '\n', '\t', ' ', ']', 'x', '\0', '\ud800'),
      }),
    )
    fc.assert(
      fc.property(unit, (text) => {
        let document: string
        try {
          document = `<a b="${escapeAttribute(text)}">${escapeText(text)}</a>`
        } catch (error) {
          expect(error).toBeInstanceOf(XmlCharacterError)
          return
        }
        const reader = new XmlReader(document)
        reader.nextElement()
        expect(reader.attribute('b')).toBe(text)
        expect(reader.text()).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })
})
