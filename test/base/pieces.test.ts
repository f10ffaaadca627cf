import { expect, it } from 'vitest'
import { Pieces } from '../../src/base/byte-source.js'
import fc from '../oracle/property.js'

it('slices of pieces are what they are of all of them, and none of their views is empty', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 6 })
  fc.assert(
    fc.property(pieces, fc.nat({ max: 30 }), fc.nat({ max: 30 }), (given, from, length) => {
      const whole = Buffer.concat(given)
      const start = Math.min(from, whole.byteLength)
      const views = new Pieces(given).slice(start, start + length)
      expect(Buffer.concat(views)).toEqual(whole.subarray(start, start + length))
      expect(views.filter(({ byteLength }) => byteLength === 0)).toEqual([])
    }),
  )
})
