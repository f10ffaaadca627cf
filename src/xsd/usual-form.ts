import { builtInType } from './built-in-types.js'
import { isUsualDay, isUsualMoment } from './date-time.js'
import type { BuiltInName, Facets, SimpleType } from './model.js'

/** Whether the octets between two offsets are a value in the form that most values of a type have. */
export type UsualForm = (octets: Uint8Array, start: number, end: number) => boolean

const HYPHEN = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39

/** Digits that every number of the type may have, and whether it may be below zero. */
const INTEGERS: Partial<Record<BuiltInName, { readonly digits: number; readonly signed: boolean }>> = {
  integer: { digits: Infinity, signed: true },
  long: { digits: 18, signed: true },
  int: { digits: 9, signed: true },
  short: { digits: 4, signed: true },
  byte: { digits: 2, signed: true },
  nonNegativeInteger: { digits: Infinity, signed: false },
  unsignedLong: { digits: 19, signed: false },
  unsignedInt: { digits: 9, signed: false },
  unsignedShort: { digits: 4, signed: false },
  unsignedByte: { digits: 2, signed: false },
}

/**
 * Compiles a check that sees in the octets of a document that they are a value of an atomic type, written as JSON has it
 * too: digits without a sign or zeros that do not count, days that every month has, words. What it does not take may be
 * valid all the same, and is for {@link compileFacets} to judge.
 *
 * @returns undefined where a type has no such form
 */
export function compileUsualForm({ variety, builtIn, facets }: SimpleType): UsualForm | undefined {
  if (variety !== 'atomic') return undefined
  const integer = INTEGERS[builtIn]
  const own = ownFacets(builtIn, facets)
  if (builtIn === 'decimal') {
    if (own.some((facet) => facet !== 'totalDigits' && facet !== 'fractionDigits')) return undefined
    return usualDecimal(facets.totalDigits ?? Infinity, facets.fractionDigits ?? Infinity)
  }
  if (own.length > 0) return undefined
  if (integer) return usualInteger(integer)
  if (builtIn === 'boolean') return isWord
  if (builtIn === 'date') return isUsualDay
  return builtIn === 'dateTime' ? isUsualMoment : undefined
}

/** Facets that the built-in type does not have so. */
function ownFacets(builtIn: BuiltInName, facets: Facets): string[] {
  const inherited = builtInType(builtIn).facets
  return Object.entries(facets)
    .filter(([facet, value]) => value !== undefined && value !== inherited[facet as keyof Facets])
    .filter(([facet]) => facet !== 'patterns' || facets.patterns.length > 0)
    .map(([facet]) => facet)
}

function usualInteger({ digits, signed }: { readonly digits: number; readonly signed: boolean }): UsualForm {
  return (octets, start, end) => {
    const isNegative = octets[start] === HYPHEN
    const first = isNegative ? start + 1 : start
    const length = end - first
    if ((isNegative && !signed) || length < 1 || length > digits) return false
    // Neither 007 nor -0.
    if (octets[first] === ZERO && (length > 1 || isNegative)) return false
    return areDigits(octets, first, end)
  }
}

function usualDecimal(totalDigits: number, fractionDigits: number): UsualForm {
  return (octets, start, end) => {
    const first = octets[start] === HYPHEN ? start + 1 : start
    let point = first
    while (isDigit(octets[point] ?? 0)) point++
    const whole = point - first
    if (whole === 0 || (octets[first] === ZERO && whole > 1)) return false
    if (point === end) return whole <= totalDigits
    const fraction = end - point - 1
    if (octets[point] !== POINT || fraction < 1 || fraction > fractionDigits) return false
    return whole + fraction <= totalDigits && areDigits(octets, point + 1, end)
  }
}

function areDigits(octets: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (!isDigit(octets[i] ?? 0)) return false
  return true
}

function isDigit(octet: number): boolean {
  return octet >= ZERO && octet <= NINE
}

const TRUE = Uint8Array.from(Buffer.from('true'))
const FALSE = Uint8Array.from(Buffer.from('false'))

/** Of xs:boolean. */
function isWord(octets: Uint8Array, start: number, end: number): boolean {
  const word = end - start === TRUE.length ? TRUE : FALSE
  if (end - start !== word.length) return false
  for (let i = 0; i < word.length; i++) if (octets[start + i] !== word[i]) return false
  return true
}
