import { describe, expect, it } from 'vitest'
import { decodeBase64 } from '../../../src/base/bytes/base64.js'
import { ByteCollector } from '../../../src/base/bytes/collector.js'
import {
  Base64,
  bytesOf,
  chunksOf,
  lengthOf,
  lentChunksOf,
  Pieces,
  Segments,
  textOf,
} from '../../../src/base/bytes/source.js'

const octets = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 7) & 0xff))

/** Of 1, 2, 3, … characters, and the rest. */
function inPieces(text: string): Pieces {
  const bytes = Buffer.from(text, 'latin1')
  const starts = Array.from({ length: 12 }, (_, at) => (at * (at + 1)) / 2)
  return new Pieces(starts.map((start, at) => bytes.subarray(start, starts[at + 1])))
}

describe('base64', () => {
  it.each([0, 1, 2, 3, 4, 49_151, 49_152, 49_153, 98_304, 200_001])(
    'of %i bytes goes there and back',
    (length) => {
      const bytes = octets(length)
      const written = new Base64(bytes)
      const text = bytesOf(written).toString('latin1')
      expect(text).toBe(bytes.toString('base64'))
      expect(written.byteLength).toBe(text.length)
      // Each is gone when the next is asked for.
      const lent = Array.from(lentChunksOf(new Segments(['', written])), (chunk) => bytesOf(chunk).toString())
      expect(lent.join('')).toBe(text)
      for (const source of [
        text,
        Buffer.from(text),
        inPieces(text),
        ` ${text.replace(/(.{76})/g, '$1\r\n')} \t`,
      ]) {
        expect(decodeBase64(source)?.equals(bytes)).toBe(true)
      }
    },
  )

  it.each([
    'A',
    'AA',
    'AAA',
    'AB==',
    'AAB=',
    'AA=A',
    'AA==AAAA',
    '====',
    'A===',
    'AA-_',
    'AA\u00c1A',
    `${'A'.repeat(65_536)}=`,
    `AA==${'A'.repeat(70_000)}`,
  ])('is not %#', (text) => {
    expect(decodeBase64(text)).toBeUndefined()
    expect(decodeBase64(Buffer.from(text, 'latin1'))).toBeUndefined()
    expect(decodeBase64(inPieces(text))).toBeUndefined()
  })
})

describe('segments', () => {
  it('are sent in pieces that split no character, as often as asked', () => {
    const text = 'a' + '\u{1f600}\u00fc'.repeat(70_000)
    const source = new Segments([text, octets(3), new Base64(octets(100_000)), ''])
    const whole = Buffer.concat([
      Buffer.from(text),
      octets(3),
      Buffer.from(octets(100_000).toString('base64')),
    ])
    expect(source.byteLength).toBe(whole.byteLength)
    for (let time = 0; time < 2; time++) expect(Buffer.concat([...source]).equals(whole)).toBe(true)
    expect(Math.max(...[...chunksOf(text)].map((chunk) => chunk.byteLength))).toBeLessThanOrEqual(4 * 65_536)
  })

  it.each([[[1, 1, 1]], [[49_152, 1]], [[49_151, 2, 49_150, 7]], [[100_000, 65_536, 0, 4]], [[]]])(
    'are written in base64 whatever pieces they are in: %j',
    (lengths) => {
      const pieces = lengths.map((length) => octets(length))
      const base64 = new Base64(new Pieces(pieces))
      const whole = Buffer.concat(pieces).toString('base64')
      expect(Buffer.concat([...base64]).toString()).toBe(whole)
      // Read before the next is asked for.
      expect([...lentChunksOf(base64)].length).toBe([...base64].length)
      let lent = ''
      for (const chunk of lentChunksOf(base64)) lent += bytesOf(chunk).toString('latin1')
      expect(lent).toBe(whole)
      expect([base64.byteLength, String(base64)]).toEqual([whole.length, whole])
    },
  )

  it('have a text where they are text', () => {
    expect(textOf(['<a>', new Base64(Buffer.from('abc')), '</a>'])).toBe('<a>YWJj</a>')
    expect(lengthOf('\u00fc')).toBe(2)
  })
})

describe('a collector', () => {
  it.each([
    ['what was announced', 200_000, [100_000, 100_000]],
    ['less than that', 200_000, [70_000]],
    ['more than that', 100_000, [70_000, 70_000, 5]],
    ['what was not announced', 0, [3, 70_000]],
    ['one chunk', 0, [5]],
    ['nothing', 0, []],
  ])('puts together %s', (_, announced, lengths) => {
    const collector = new ByteCollector(announced)
    const chunks = lengths.map((length, index) => octets(length).fill(index + 1))
    for (const chunk of chunks) collector.add(chunk)
    expect(collector.byteLength).toBe(lengths.reduce((sum, length) => sum + length, 0))
    expect(collector.take().equals(Buffer.concat(chunks))).toBe(true)
    expect(collector.take().byteLength).toBe(0)
  })
})
