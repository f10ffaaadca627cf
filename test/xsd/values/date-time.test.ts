import { describe, expect, test } from 'vitest'
import { isDate, isDateTime } from '../../../src/xsd/values/date-time.js'
import fc from '../../oracle/property.js'

/** Dates with any of their characters exchanged: what is nearly one. */
function nearly(length: number, text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const change = fc.tuple(fc.nat(length - 1), fc.constantFrom(...Array.from('0123456789-:TZ. +é')))
  return fc.tuple(text, fc.array(change, { maxLength: 3 })).map(([whole, changes]) => {
    const characters = Array.from(whole)
    for (const [index, character] of changes) characters[index] = character
    return characters.join('')
  })
}

const isoText = fc
  .date({ min: new Date('0900-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString())

describe('what is seen at a glance is what the whole check says', () => {
  test('of days, which is the same with a time zone', () => {
    const days = nearly(
      10,
      isoText.map((iso) => iso.slice(0, 10)),
    )
    fc.assert(
      fc.property(days, (day) => {
        expect(isDate(day)).toBe(isDate(`${day}Z`))
      }),
      { numRuns: 20_000 },
    )
  })

  test('of moments, which is the same with a fraction of a second', () => {
    const moments = nearly(
      19,
      isoText.map((iso) => iso.slice(0, 19)),
    )
    fc.assert(
      fc.property(moments, fc.constantFrom('', 'Z'), (moment, zone) => {
        expect(isDateTime(`${moment}${zone}`)).toBe(isDateTime(`${moment}.0${zone}`))
      }),
      { numRuns: 20_000 },
    )
  })
})
