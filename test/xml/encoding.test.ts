import { describe, expect, test } from 'vitest'
import { decodeXml, sourceOf } from '../../src/xml/encoding.js'
import { XmlError } from '../../src/xml/reader.js'
import fc from '../oracle/property.js'

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  )
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const declaration = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>`

describe('decodeXml', () => {
  test.each<[string, Uint8Array, string | undefined, string]>([
    ['ASCII', bytes('<a/>'), undefined, '<a/>'],
    ['UTF-8 by default', Buffer.from('<a>Ä€\u{1F600}</a>'), undefined, '<a>Ä€\u{1F600}</a>'],
    ['a byte order mark', bytes([0xef, 0xbb, 0xbf], '<a/>'), undefined, '<a/>'],
    ['a second byte order mark stays', bytes([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf]), undefined, '\ufeff'],
    ['a byte order mark before a charset', bytes([0xef, 0xbb, 0xbf, 0xc3, 0x84]), 'iso-8859-1', 'Ä'],
    ['UTF-16LE by its mark', bytes([0xff, 0xfe], [0x3c, 0, 0xac, 0x20]), undefined, '<€'],
    ['UTF-16BE by its mark', bytes([0xfe, 0xff], [0, 0x3c, 0x20, 0xac]), undefined, '<€'],
    ['UTF-16LE by its first bytes', Buffer.from('<a>€</a>', 'utf16le'), undefined, '<a>€</a>'],
    ['UTF-16BE by its first bytes', utf16be('<a>€</a>'), undefined, '<a>€</a>'],
    ['UTF-16 by charset and first bytes', utf16be('<a/>'), 'UTF-16', '<a/>'],
    ['UTF-16LE by charset', Buffer.from('€<a/>', 'utf16le'), 'utf-16le', '€<a/>'],
    [
      'a charset before the declaration',
      bytes(declaration('utf-8'), [0xe4]),
      'ISO-8859-1',
      `${declaration('utf-8')}ä`,
    ],
    [
      'ISO-8859-1 declared',
      bytes(declaration('ISO-8859-1'), [0xe4, 0x80]),
      undefined,
      `${declaration('ISO-8859-1')}ä\x80`,
    ],
    [
      'windows-1252 declared',
      bytes(declaration('Windows-1252'), [0x80, 0xe4, 0x92]),
      undefined,
      `${declaration('Windows-1252')}€ä’`,
    ],
    [
      'single quotes',
      bytes(`<?xml version='1.0' encoding='latin1'?>`, [0xe4]),
      undefined,
      `<?xml version='1.0' encoding='latin1'?>ä`,
    ],
    ['US-ASCII', bytes('<a/>'), 'us-ascii', '<a/>'],
    ['windows-1251', bytes([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2]), 'windows-1251', 'Привет'],
    ['windows-1250', bytes([0x8a, 0xe8, 0x9e]), 'CP1250', 'Ščž'],
    ['windows-1253', bytes([0xc1, 0xe1]), 'windows-1253', 'Αα'],
    ['ISO-8859-15', bytes([0xa4, 0xbd]), 'ISO-8859-15', '€œ'],
    ['ISO-8859-9', bytes([0xdd, 0xfd]), 'iso-8859-9', 'İı'],
    [
      'ISO-8859-2 declared',
      bytes(declaration('ISO-8859-2'), [0xb1]),
      undefined,
      `${declaration('ISO-8859-2')}ą`,
    ],
    ['KOI8-R', bytes([0xf0]), 'koi8-r', 'П'],
    ['nothing', bytes(''), undefined, ''],
  ])('%s', (_, document, charset, text) => {
    expect(decodeXml(document, charset)).toBe(text)
  })

  test.each<[string, Uint8Array, string | undefined, number]>([
    ['not UTF-8', bytes('<a>', [0xe4], '</a>'), undefined, 3],
    ['a UTF-8 character cut short', bytes('<a>', [0xef, 0xbf, 0xbd, 0xe2, 0x82]), undefined, 6],
    ['one byte that is not UTF-8', bytes([0xff]), undefined, 0],
    ['a surrogate in UTF-8', bytes('ab', [0xed, 0xa0, 0x80]), undefined, 2],
    ['an overlong form', bytes([0xc0, 0xaf]), undefined, 0],
    ['half a UTF-16 unit', bytes([0xff, 0xfe, 0x3c]), undefined, 2],
    ['a lone surrogate in UTF-16', bytes([0xff, 0xfe, 0x3d, 0xd8]), undefined, 2],
    ['beyond ASCII', bytes('ab', [0x80]), 'us-ascii', 2],
    ['a hole of windows-1252', bytes('a', [0x81]), 'windows-1252', 1],
    ['a hole of windows-1253', bytes('a', [0xd2]), 'windows-1253', 0],
    ['a hole of windows-1250', bytes('a', [0x81]), 'windows-1250', 1],
    ['a hole of ISO-8859-9', bytes('a', [0x80]), 'iso-8859-9', 1],
    ['an unknown charset', bytes('<a/>'), 'ebcdic-cp-us', 0],
    ['an unknown declared encoding', bytes(declaration('ebcdic-cp-us')), undefined, 0],
    ['UTF-16 that does not show', bytes('<a/>'), 'utf-16', 0],
    ['UTF-16 declared in bytes', bytes(declaration('utf-16')), undefined, 0],
    [
      'a mark that contradicts the declaration',
      bytes([0xef, 0xbb, 0xbf], declaration('iso-8859-1')),
      undefined,
      0,
    ],
    ['UTF-32', bytes([0xff, 0xfe, 0, 0, 0x3c, 0, 0]), undefined, 2],
  ])('refuses %s', (_, document, charset, position) => {
    expect(() => decodeXml(document, charset)).toThrow(
      expect.objectContaining({ code: 'encoding', position }),
    )
  })

  test('a second byte order mark hides no declaration that contradicts the first', () => {
    const document = bytes([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], declaration('iso-8859-1'), '<a/>')
    expect(() => sourceOf(document)).toThrow('An encoding declaration that contradicts the bytes')
  })

  test('any text comes back, whatever part of a larger buffer holds it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(5), (text, before) => {
        const document = bytes('x'.repeat(before), declaration('utf-8'), [...Buffer.from(text)])
        expect(decodeXml(document.subarray(before))).toBe(declaration('utf-8') + text)
      }),
    )
  })

  test('any bytes are decoded or refused', () => {
    const charset = fc.constantFrom(undefined, 'utf-8', 'utf-16', 'utf-16be', 'us-ascii', 'windows-1252')
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), charset, (document, name) => {
        try {
          expect(decodeXml(document, name).length).toBeLessThanOrEqual(document.length)
        } catch (error) {
          expect(error).toBeInstanceOf(XmlError)
        }
      }),
      { numRuns: 2000 },
    )
  })
})
