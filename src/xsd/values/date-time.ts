import { withoutTrailing } from '../../base/substring.js'
/** Dates and times of XML Schema Part 2, 3.2.7 to 3.2.14: lexical forms, and the partial order of appendix 3.2.7.4. */

export type DateTimeKind =
  'dateTime' | 'date' | 'time' | 'gYearMonth' | 'gYear' | 'gMonthDay' | 'gDay' | 'gMonth'

const YEAR = '(-?(?:[1-9]\\d{4,}|\\d{4}))'
const MONTH = '(0[1-9]|1[0-2])'
const DAY = '(0[1-9]|[12]\\d|3[01])'
const TIME = '(?:([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d)(?:\\.(\\d+))?|(24):00:00(?:\\.0+)?)'
const ZONE = '(Z|[+-](?:0\\d|1[0-3]):[0-5]\\d|[+-]14:00)?'

interface Form {
  readonly expression: RegExp
  /** Numbers of the capture groups; 0 is none. */
  readonly year: number
  readonly month: number
  readonly day: number
  readonly time: number
  readonly zone: number
}

/** @param groups year, month, day, time and zone, by the numbers of their groups; 0 where there is none */
const form = (source: string, groups: readonly [number, number, number, number, number]): Form => {
  const [year, month, day, time, zone] = groups
  return { expression: new RegExp(`^${source}${ZONE}$`), year, month, day, time, zone }
}

const forms: Readonly<Record<DateTimeKind, Form>> = {
  dateTime: form(`${YEAR}-${MONTH}-${DAY}T${TIME}`, [1, 2, 3, 4, 9]),
  date: form(`${YEAR}-${MONTH}-${DAY}`, [1, 2, 3, 0, 4]),
  time: form(TIME, [0, 0, 0, 1, 6]),
  gYearMonth: form(`${YEAR}-${MONTH}`, [1, 2, 0, 0, 3]),
  gYear: form(YEAR, [1, 0, 0, 0, 2]),
  gMonthDay: form(`--${MONTH}-${DAY}`, [0, 1, 2, 0, 3]),
  gDay: form(`---${DAY}`, [0, 0, 1, 0, 2]),
  gMonth: form(`--${MONTH}`, [0, 1, 0, 0, 2]),
}

const ZERO = 0x30
const HYPHEN = 0x2d
const COLON = 0x3a
const T = 0x54
const Z = 0x5a

/** Where a text is written to be looked at. */
const written = new Uint8Array(20)

export const isDateTime = isGregorian('dateTime')
export const isDate = isGregorian('date')
export const isTime = isGregorian('time')

/** The check of one of these types: the form, no year 0, a day that its month has. */
export function isGregorian(kind: DateTimeKind): (text: string) => boolean {
  const { expression, year, month, day } = forms[kind]
  if (year === 0 && day === 0) return (text) => expression.test(text)
  const isUsual =
    kind === 'date' ? ofText(isUsualDay) : kind === 'dateTime' ? ofText(isUsualMoment) : undefined
  return (text) => {
    if (isUsual?.(text)) return true
    const match = expression.exec(text)
    if (!match) return false
    const y = year === 0 ? 2000 : Number(match[year])
    if (y === 0) return false
    if (day === 0 || month === 0) return true
    const d = Number(match[day])
    return d <= 28 || d <= daysIn(y, Number(match[month]))
  }
}

/**
 * `YYYY-MM-DD` with a day that every month has and a year above 999, in ASCII. What most dates are is seen in a tenth of
 * the time that the expression takes.
 */
export function isUsualDay(octets: Uint8Array, start: number, end: number): boolean {
  return end - start === 10 && beginsWithDay(octets, start)
}

/** The same with `Thh:mm:ss`, and perhaps `Z`. */
export function isUsualMoment(octets: Uint8Array, start: number, end: number): boolean {
  const length = end - start
  return (
    (length === 19 || (length === 20 && octets[start + 19] === Z)) &&
    beginsWithDay(octets, start) &&
    octets[start + 10] === T &&
    octets[start + 13] === COLON &&
    octets[start + 16] === COLON &&
    twoDigits(octets, start + 11) < 24 &&
    twoDigits(octets, start + 14) < 60 &&
    twoDigits(octets, start + 17) < 60
  )
}

function beginsWithDay(octets: Uint8Array, start: number): boolean {
  const month = twoDigits(octets, start + 5)
  const day = twoDigits(octets, start + 8)
  return (
    octets[start + 4] === HYPHEN &&
    octets[start + 7] === HYPHEN &&
    twoDigits(octets, start) >= 10 &&
    twoDigits(octets, start + 2) >= 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28
  )
}

/** The number that two digits make; NaN where one of them is none. */
function twoDigits(octets: Uint8Array, index: number): number {
  const tens = (octets[index] ?? 0) - ZERO
  const ones = (octets[index + 1] ?? 0) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN
}

/** A check of octets for texts; what is too long for it or not ASCII it does not take. */
function ofText(check: (octets: Uint8Array, start: number, end: number) => boolean) {
  return (text: string): boolean => {
    const { length } = text
    if (length > written.length) return false
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 127) return false
      written[i] = unit
    }
    return check(written, 0, length)
  }
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  // There is no year 0, so -1 is the leap year before 4.
  const y = year < 0 ? year + 1 : year
  return y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0) ? 29 : 28
}

/** A point on the time line: whole seconds, and the digits of a fraction without trailing zeros. */
export interface Moment {
  readonly seconds: number
  readonly fraction: string
  /** Whether it had a time zone; without one it may lie up to 14 hours to either side. */
  readonly zoned: boolean
}

/** @param text in the lexical space of the kind; what it does not say is that of 1972-12-31, time 00:00:00 */
export function momentOf(kind: DateTimeKind, text: string): Moment {
  const { expression, year, month, day, time, zone } = forms[kind]
  const match = expression.exec(text) ?? []
  const group = (index: number, otherwise: number): number =>
    index === 0 || match[index] === undefined ? otherwise : Number(match[index])
  const y = group(year, 1972)
  const m = group(month, 12)
  const d =
    day === 0 ? (kind === 'gMonth' || kind === 'gYear' || kind === 'gYearMonth' ? 1 : 31) : group(day, 1)
  const clock =
    time === 0
      ? 0
      : (group(time, 0) + group(time + 4, 0)) * 3600 + group(time + 1, 0) * 60 + group(time + 2, 0)
  const fraction = time === 0 ? '' : withoutTrailing(match[time + 3] ?? '', '0')
  const lexicalZone = match[zone]
  const seconds = daysSince(y < 0 ? y + 1 : y, m, d) * 86_400 + clock - offset(lexicalZone)
  return { seconds, fraction, zoned: lexicalZone !== undefined }
}

/** Seconds east of Greenwich. */
function offset(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0
  const seconds = Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4, 6)) * 60
  return zone.startsWith('-') ? -seconds : seconds
}

/** Days since the first of March of the year 0, in the proleptic Gregorian calendar. */
export function daysSince(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1
  const m = month > 2 ? month - 3 : month + 9
  return (
    365 * y +
    Math.floor(y / 4) -
    Math.floor(y / 100) +
    Math.floor(y / 400) +
    Math.floor((153 * m + 2) / 5) +
    day -
    1
  )
}

const FOURTEEN_HOURS = 14 * 3600

/** @returns below, at or above 0; nothing where only one has a time zone and it depends on the other's */
export function compareMoments(a: Moment, b: Moment): number | undefined {
  if (a.zoned === b.zoned) return compareExactly(a, b)
  if (!a.zoned) {
    const inverse = compareMoments(b, a)
    return inverse === undefined ? undefined : -inverse
  }
  const earliest = { ...b, seconds: b.seconds - FOURTEEN_HOURS }
  const latest = { ...b, seconds: b.seconds + FOURTEEN_HOURS }
  if (compareExactly(a, earliest) < 0) return -1
  return compareExactly(a, latest) > 0 ? 1 : undefined
}

function compareExactly(a: Moment, b: Moment): number {
  return a.seconds - b.seconds || (a.fraction < b.fraction ? -1 : a.fraction > b.fraction ? 1 : 0)
}
