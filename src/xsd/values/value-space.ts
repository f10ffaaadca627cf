import type { BuiltInName } from '../model/model.js'
import { compareMoments, type DateTimeKind, momentOf } from './date-time.js'
import { canonicalDecimal, compareDigits, digitsOf } from './decimal.js'
import { compareDurations, durationOf } from './duration.js'

/** @returns below, at or above 0; nothing where the two have no order */
type Order = (lexical: string) => number | undefined

/** How values of a built-in type are told apart and ordered, from their lexical forms. */
export interface ValueSpace {
  /** A text that equal values share. */
  readonly canonical: (lexical: string) => string
  /** A value against a bound; absent where the type has no order. */
  readonly orderAgainst?: (bound: string) => Order
}

const text: ValueSpace = { canonical: (lexical) => lexical }

const decimal: ValueSpace = {
  canonical: canonicalDecimal,
  orderAgainst: (bound) => {
    const limit = digitsOf(bound)
    return (lexical) => compareDigits(digitsOf(lexical), limit)
  },
}

function floating(round: (value: number) => number): ValueSpace {
  const read = (lexical: string): number => round(Number(lexical.replace('INF', 'Infinity')))
  return {
    canonical: (lexical) => String(read(lexical)),
    orderAgainst: (bound) => {
      const limit = read(bound)
      return (lexical) => {
        const value = read(lexical)
        if (Number.isNaN(value) || Number.isNaN(limit)) return undefined
        return value < limit ? -1 : value > limit ? 1 : 0
      }
    },
  }
}

function calendar(kind: DateTimeKind): ValueSpace {
  return {
    canonical: (lexical) => {
      const { seconds, fraction, zoned } = momentOf(kind, lexical)
      return `${seconds}.${fraction}${zoned ? 'Z' : ''}`
    },
    orderAgainst: (bound) => {
      const limit = momentOf(kind, bound)
      return (lexical) => compareMoments(momentOf(kind, lexical), limit)
    },
  }
}

const duration: ValueSpace = {
  canonical: (lexical) => {
    const { months, seconds } = durationOf(lexical)
    return `${months}M${seconds}S`
  },
  orderAgainst: (bound) => {
    const limit = durationOf(bound)
    return (lexical) => compareDurations(durationOf(lexical), limit)
  },
}

const spaces: Partial<Record<BuiltInName, ValueSpace>> = {
  boolean: { canonical: (lexical) => (lexical === '1' || lexical === 'true' ? 'true' : 'false') },
  decimal,
  float: floating(Math.fround),
  double: floating((value) => value),
  duration,
  dateTime: calendar('dateTime'),
  date: calendar('date'),
  time: calendar('time'),
  gYearMonth: calendar('gYearMonth'),
  gYear: calendar('gYear'),
  gMonthDay: calendar('gMonthDay'),
  gDay: calendar('gDay'),
  gMonth: calendar('gMonth'),
  hexBinary: { canonical: (lexical) => lexical.toUpperCase() },
  base64Binary: { canonical: (lexical) => lexical.replaceAll(' ', '') },
}

const integers = /nteger$|^(?:unsigned)?(?:long|int|short|byte)$|^unsigned/i

export function valueSpace(builtIn: BuiltInName): ValueSpace {
  return spaces[builtIn] ?? (integers.test(builtIn) ? decimal : text)
}

/** Whether each value of a built-in type has one lexical form only. */
export function hasOneSpelling(builtIn: BuiltInName): boolean {
  return valueSpace(builtIn) === text
}
