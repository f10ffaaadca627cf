import { daysSince } from './date-time.js'

/** A duration of XML Schema Part 2, 3.2.6: months and seconds, which do not convert into one another. */
export interface Duration {
  readonly months: number
  readonly seconds: number
}

const form = /^(-)?P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/

/** @param text a duration in lexical form */
export function durationOf(text: string): Duration {
  const match = form.exec(text) ?? []
  const part = (index: number): number => Number(match[index] ?? 0)
  const sign = match[1] === undefined ? 1 : -1
  return {
    months: sign * (part(2) * 12 + part(3)) + 0,
    seconds: sign * (part(4) * 86_400 + part(5) * 3600 + part(6) * 60 + part(7)) + 0,
  }
}

/** The four moments whose agreement decides the order (3.2.6.2): year and month. */
const references = [
  [1696, 9],
  [1697, 2],
  [1903, 3],
  [1903, 7],
] as const

/** @returns below, at or above 0; nothing where it depends on the months meant */
export function compareDurations(a: Duration, b: Duration): number | undefined {
  const signs = references.map(([year, month]) => Math.sign(after(a, year, month) - after(b, year, month)))
  return signs.every((sign) => sign === signs[0]) ? signs[0] : undefined
}

function after({ months, seconds }: Duration, year: number, month: number): number {
  const total = year * 12 + (month - 1) + months
  return daysSince(Math.floor(total / 12), (((total % 12) + 12) % 12) + 1, 1) * 86_400 + seconds
}
