import { describe, expect, it } from 'vitest'
import { sourceOf } from '../../src/xml/encoding.js'
import { XmlError, XmlReader } from '../../src/xml/reader.js'
import { XmlSource } from '../../src/xml/source.js'
import fc from '../oracle/property.js'

const character = fc.constantFrom('a', '<', '\n', '\r', '\r\n', 'é', '€', '\ufffd', '\u{1d11e}', '"', 'z')
const text = fc.array(character, { maxLength: 60 }).map((all) => all.join(''))

/** Straight from XML 1.0, section 2.11. */
function locationIn(document: string, position: number): string {
  const lines = document.slice(0, position).split(/\r\n|\r|\n/)
  const isWithinBreak = document.slice(position - 1, position + 1) === '\r\n'
  if (!isWithinBreak) return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`
  lines.pop()
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 2}`
}

describe('a document as octets', () => {
  it('tells offsets, texts and places as its string has them', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(60)), (document, wanted) => {
        const units = [...wanted.map((at) => at % (document.length + 1)), document.length]
        for (const source of [XmlSource.ofText(document), XmlSource.ofUtf8(Buffer.from(document))]) {
          expect(source.document).toBe(document)
          for (const at of units) {
            if (/[\ud800-\udfff]/u.test(document.slice(0, at))) continue
            const octet = Buffer.byteLength(document.slice(0, at))
            expect(source.unitsBefore(octet)).toBe(at)
            expect(source.text(0, octet)).toBe(document.slice(0, at))
            expect(source.codePointAt(octet)).toBe(document.codePointAt(at) ?? 0)
            expect(source.location(octet)).toBe(locationIn(document, at))
          }
        }
      }),
    )
  })

  it('tells of a part that breaks off at which byte, and of what is wrong otherwise the place', () => {
    const errorIn = (xml: string): unknown => {
      const reader = new XmlReader(XmlSource.ofUtf8(Buffer.from(xml), { isPart: true }))
      try {
        reader.nextElement()
        reader.nextElement()
        return undefined
      } catch (error) {
        return error
      }
    }
    expect(errorIn('<a>\n')).toMatchObject({
      code: 'not-well-formed',
      position: 4,
      message: expect.stringMatching(/at byte 4$/) as string,
    })
    expect(errorIn('<é>x')).toMatchObject({
      code: 'unexpected-text',
      position: 3,
      message: expect.stringMatching(/at 1:4$/) as string,
    })
  })

  it.each([
    ['<a>é\ud800</a>', 4],
    ['<a b="\ufffd\udc00"/>', 7],
    ['<a><!--\ud834--></a>', 7],
  ])('refuses the lone surrogate of %j', (document, position) => {
    const read = (): void => {
      const reader = new XmlReader(document)
      reader.nextElement()
      reader.skip()
    }
    expect(read).toThrow(expect.objectContaining({ code: 'not-well-formed', position }))
  })

  it('is refused wherever it breaks off, and as a whole is what was written', () => {
    const document = Buffer.from(
      '<?xml version="1.0"?><é:a xmlns:é="u"><b>€ \u{1d11e}</b><c><![CDATA[ü]]></c></é:a>',
    )
    const textsIn = (octets: Uint8Array): string[] => {
      const reader = new XmlReader(sourceOf(octets))
      const texts: string[] = []
      reader.nextElement()
      texts.push(reader.name)
      while (reader.nextElement()) texts.push(reader.text())
      reader.end()
      return texts
    }
    expect(textsIn(document)).toEqual(['{u}a', '€ \u{1d11e}', 'ü'])
    for (let end = 0; end < document.length; end++) {
      expect(() => textsIn(document.subarray(0, end)), `after ${end} octets`).toThrow(XmlError)
    }
  })
})
