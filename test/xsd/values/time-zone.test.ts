import { describe, expect, it } from 'vitest'
import { isTimeZone, TimeZone } from '../../../src/xsd/values/time-zone.js'

describe('a time zone', () => {
  it.each<[string, string, string]>([
    ['Europe/Brussels', '2026-01-15T09:30:00', '2026-01-15T09:30:00+01:00'],
    ['Europe/Brussels', '2026-07-15T09:30:00.1230', '2026-07-15T09:30:00.1230+02:00'],
    ['Europe/Brussels', '2026-07-15T09:30:00Z', '2026-07-15T09:30:00Z'],
    ['Europe/Brussels', '2026-10-25T02:30:00', '2026-10-25T02:30:00+02:00'],
    ['Europe/Brussels', '2026-10-25T03:00:00', '2026-10-25T03:00:00+01:00'],
    ['Europe/Brussels', '2026-03-29T02:30:00', '2026-03-29T02:30:00+01:00'],
    ['Europe/Brussels', '2026-03-29T03:00:00', '2026-03-29T03:00:00+02:00'],
    ['Europe/Brussels', '2026-03-28T24:00:00', '2026-03-28T24:00:00+01:00'],
    ['America/New_York', '2026-11-01T01:30:00', '2026-11-01T01:30:00-04:00'],
    ['Asia/Kolkata', '2026-01-15T09:30:00', '2026-01-15T09:30:00+05:30'],
    ['UTC', '2026-01-15T09:30:00', '2026-01-15T09:30:00+00:00'],
    ['+01:00', '0001-01-01T00:00:00', '0001-01-01T00:00:00+01:00'],
    ['Z', '2026-01-15T09:30:00', '2026-01-15T09:30:00Z'],
    ['UTC', '0001-01-01T00:00:00', '0001-01-01T00:00:00+00:00'],
    ['UTC', '-0044-03-15T00:00:00', '-0044-03-15T00:00:00'],
    ['UTC', '12026-03-15T00:00:00', '12026-03-15T00:00:00+00:00'],
  ])('%s locates %s', (zone, local, located) => {
    expect(new TimeZone(zone).located(local)).toBe(located)
  })

  it.each([
    ['Europe/Brussels', true],
    ['UTC', true],
    ['Z', true],
    ['-05:30', true],
    ['Europe/Nowhere', false],
    ['+1', false],
    ['+15:00', false],
    ['', false],
  ])('%j is one: %s', (name, is) => {
    expect(isTimeZone(name)).toBe(is)
  })
})
