import { describe, expect, it } from 'vitest'
import { PieceScanner } from '../../../src/base/bytes/piece-scanner.js'
import { bytesOf, Pieces } from '../../../src/base/bytes/source.js'
import fc from '../../oracle/property.js'

const text = (pieces: readonly string[]): PieceScanner =>
  new PieceScanner(new Pieces(pieces.map((piece) => Buffer.from(piece))))

describe('bytes in pieces', () => {
  it.each<[string[], string, number, number]>([
    [['abc'], 'b', 0, 1],
    [['abc'], 'a', 1, -1],
    [['abc', 'def'], 'cd', 0, 2],
    [['abc', 'def'], 'cd', 2, 2],
    [['abc', 'def'], 'cd', 3, -1],
    [['a', 'b', '', 'c', 'd'], 'bcd', 0, 1],
    [['aa', 'ab'], 'aab', 0, 1],
    [['ab', 'ab', 'ab'], 'ba', 2, 3],
    [['abc', 'd'], 'cde', 0, -1],
    [['x', 'ab', 'abab'], 'abab', 0, 1],
    [[], 'a', 0, -1],
  ])('%j hold %j from %i on at %i', (pieces, needle, from, position) => {
    expect(text(pieces).indexOf(Buffer.from(needle), from)).toBe(position)
  })

  it('are looked at as if they were in one', () => {
    const octets = fc.uint8Array({ min: 0x61, max: 0x62, maxLength: 8 })
    const position = fc.nat({ max: 40 })
    fc.assert(
      fc.property(
        fc.array(octets, { maxLength: 8 }),
        fc.uint8Array({ min: 0x61, max: 0x62, minLength: 1, maxLength: 5 }),
        fc.array(fc.tuple(position, position), { maxLength: 10 }),
        (pieces, needle, looks) => {
          const whole = Buffer.concat(pieces)
          const scanner = new PieceScanner(new Pieces(pieces))
          expect(scanner.byteLength).toBe(whole.byteLength)
          for (const [from, to] of looks) {
            expect(scanner.at(from)).toBe(whole[from])
            expect(scanner.indexOf(needle, from)).toBe(
              from < whole.byteLength ? whole.indexOf(needle, from) : -1,
            )
            const [start, end] = [Math.min(from, to), Math.max(from, to)]
            expect(bytesOf(scanner.slice(start, end)).equals(whole.subarray(start, end))).toBe(true)
          }
        },
      ),
    )
  })

  it('have none before the first and after the last', () => {
    const scanner = text(['ab', 'c'])
    expect([scanner.at(-1), scanner.at(3)]).toEqual([undefined, undefined])
  })

  it('are not copied', () => {
    const pieces = [Buffer.alloc(10), Buffer.alloc(20)]
    const slice = new PieceScanner(new Pieces(pieces)).slice(5, 15)
    expect(slice instanceof Pieces && slice.pieces.map(({ buffer }) => buffer)).toEqual(
      pieces.map(({ buffer }) => buffer),
    )
    expect(new PieceScanner(new Pieces(pieces)).slice(10, 15)).toBeInstanceOf(Uint8Array)
  })
})

it('views of pieces are what they are of all of them, and none of their views is empty', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 6 })
  fc.assert(
    fc.property(pieces, fc.nat({ max: 30 }), fc.nat({ max: 30 }), (given, from, length) => {
      const whole = Buffer.concat(given)
      const start = Math.min(from, whole.byteLength)
      const views = new PieceScanner(new Pieces(given)).views(start, start + length)
      expect(Buffer.concat(views)).toEqual(whole.subarray(start, start + length))
      expect(views.filter(({ byteLength }) => byteLength === 0)).toEqual([])
    }),
  )
})
