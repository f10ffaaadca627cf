import { describe, expect, it } from 'vitest'
import { COPY_SLACK, copyShort, FixedOctets } from '../../../src/base/bytes/fixed.js'

function viewOf(octets: Buffer): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
}

const texts = ['a', 'ab', 'abc', 'abcd', 'abcde', 'élan', '</booked><value>', 'ÿÿÿÿÿ']

describe('octets taken four at a time', () => {
  it.each(texts)('%s is found where it stands, and nowhere else', (text) => {
    const words = new FixedOctets(text)
    const length = Buffer.byteLength(text)
    expect(words.length).toBe(length)
    for (const before of ['', '.', '..', '...', '....']) {
      const view = viewOf(Buffer.from(`${before}${text}z\0\0\0\0`))
      expect(words.after(view, before.length)).toBe(before.length + length)
      expect(words.after(view, before.length + 1)).toBe(-1)
    }
    for (let i = 0; i < length; i++) {
      const other = Buffer.from(`${text}\0\0\0\0`)
      other[i] = 0x2e
      expect(words.after(viewOf(other), 0)).toBe(-1)
      expect(words.after(viewOf(Buffer.concat([other.subarray(0, i), Buffer.alloc(4)])), 0)).toBe(-1)
    }
  })

  it.each(texts)('%s is written, and copied, with what stands before it kept', (text) => {
    const length = Buffer.byteLength(text)
    for (const before of ['', '.', '..', '...', '....']) {
      const rooms = [0, 1].map(() => Buffer.from(before.padEnd(before.length + length + COPY_SLACK, '#')))
      const [written = Buffer.of(), copied = Buffer.of()] = rooms
      const from = Buffer.from(`--${text}-----`)
      const after = [
        new FixedOctets(text).writeTo(viewOf(written), before.length),
        copyShort(viewOf(copied), before.length, viewOf(from), 2, 2 + length),
      ]
      expect(after).toEqual([before.length + length, before.length + length])
      expect(rooms.map((room) => room.toString('utf8', 0, before.length + length))).toEqual([
        before + text,
        before + text,
      ])
    }
  })
})
