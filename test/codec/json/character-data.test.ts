import { describe, expect, it } from 'vitest'
import { escapeCharacterData, MAX_OCTETS_ESCAPED } from '../../../src/codec/json/character-data.js'

function escaped(text: string): string | undefined {
  const octets = Buffer.from(`<a>${text}</a>`)
  const [start, end] = [3, octets.length - 4]
  const room = Buffer.alloc(1 + MAX_OCTETS_ESCAPED * (end - start))
  const after = escapeCharacterData(room, 1, octets, start, end)
  return after === -1 ? undefined : room.toString('utf8', 1, after)
}

describe('character data in a JSON string', () => {
  it.each([
    ['', ''],
    ['é\u{1d11e}\ufffd\u2028\x7f', 'é\u{1d11e}\ufffd\u2028\x7f'],
    ['"\\\n\t', '\\"\\\\\\n\\t'],
    ['&amp;&lt;&gt;&apos;&quot;', '&<>\'\\"'],
    ['&amp;lt;', '&lt;'],
    ['a > b ]] > c', 'a > b ]] > c'],
  ])('%j is written as %j', (text, json) => {
    expect(escaped(text)).toBe(json)
  })

  it.each([
    ['a line end to be normalised', 'a\r\nb'],
    ['another reference', '&#65;'],
    ['no reference', 'a & b'],
    ['an entity that is not declared', '&nbsp;'],
    ['the end of a section', ']]>'],
    ['a character that XML does not allow', '\ufffe'],
    ['a control character', '\x01'],
    ['markup', '<b/>'],
  ])('is left to the reader where there is %s', (_, text) => {
    expect(escaped(text)).toBeUndefined()
  })
})
