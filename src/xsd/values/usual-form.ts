import { AMPERSAND, CR, LESS, LF, plainEnd, TAB } from '../../xml/chars.js'
import { builtInType } from '../model/built-in-types.js'
import type { BuiltInName, Facets, SimpleType } from '../model/model.js'
import { isUsualDay, isUsualMoment } from './date-time.js'

const INTEGER = 0
const DECIMAL = 1
const BOOLEAN = 2
const DAY = 3
const MOMENT = 4
const TEXT = 5

/** The form that most values of a type have, in which they are valid, and written as JSON has them; see {@link usualEnd}. */
export interface UsualForm {
  readonly kind: typeof INTEGER | typeof DECIMAL | typeof BOOLEAN | typeof DAY | typeof MOMENT | typeof TEXT
  /** Of numbers, or characters of a text. */
  readonly most: number
  /** Characters of a text. */
  readonly least: number
  readonly fractionDigits: number
  /** Whether a number may be below zero. */
  readonly isSigned: boolean
  /** Whether a time must be in UTC. */
  readonly isUtc: boolean
  /**
   * Of a text. Where it is collapsed, one with a space at its ends or two of them together is not in this form, and where it is
   * not preserved, none with line ends or tabs.
   */
  readonly whiteSpace: Facets['whiteSpace']
}

const UNLIMITED = {
  most: Infinity,
  least: 0,
  fractionDigits: 0,
  isSigned: false,
  isUtc: false,
  whiteSpace: 'preserve',
} as const

const SPACE = 0x20
const HASH = 0x23
const HYPHEN = 0x2d
const POINT = 0x2e
const ZERO = 0x30
const NINE = 0x39
const LOWER_T = 0x74
const ZULU = 0x5a
const MOST_OCTETS_OF_CHARACTER = 4
/** `&quot;` */
const MOST_OCTETS_OF_REFERENCE = 6
const MOST_OCTETS_OF_TEXT = 4096

/** Digits that every number of the type may have, and whether it may be below zero. */
const INTEGERS: Partial<Record<BuiltInName, { readonly most: number; readonly isSigned: boolean }>> = {
  integer: { most: Infinity, isSigned: true },
  long: { most: 18, isSigned: true },
  int: { most: 9, isSigned: true },
  short: { most: 4, isSigned: true },
  byte: { most: 2, isSigned: true },
  nonNegativeInteger: { most: Infinity, isSigned: false },
  unsignedLong: { most: 19, isSigned: false },
  unsignedInt: { most: 9, isSigned: false },
  unsignedShort: { most: 4, isSigned: false },
  unsignedByte: { most: 2, isSigned: false },
}

/**
 * The usual form of an atomic type: digits without a sign or zeros that do not count, days that every month has, words.
 * What is not in it may be valid all the same, and is for {@link compileFacets} to judge.
 *
 * @param isUtc whether times must be in UTC
 * @returns undefined where a type has no such form
 */
export function usualFormOf(
  { variety, builtIn, facets }: SimpleType,
  { isUtc = false }: { readonly isUtc?: boolean } = {},
): UsualForm | undefined {
  if (variety !== 'atomic') return undefined
  const integer = INTEGERS[builtIn]
  const own = ownFacets(builtIn, facets)
  if (builtIn === 'decimal') {
    if (own.some((facet) => facet !== 'totalDigits' && facet !== 'fractionDigits')) return undefined
    const { totalDigits: most = Infinity, fractionDigits = Infinity } = facets
    return { ...UNLIMITED, kind: DECIMAL, most, fractionDigits, isSigned: true }
  }
  if (own.length > 0) return undefined
  if (integer) return { ...UNLIMITED, kind: INTEGER, ...integer }
  if (builtIn === 'boolean') return { ...UNLIMITED, kind: BOOLEAN }
  if (builtIn === 'date') return { ...UNLIMITED, kind: DAY }
  return builtIn === 'dateTime' ? { ...UNLIMITED, kind: MOMENT, isUtc } : undefined
}

/**
 * The usual form of texts of which only the length matters.
 *
 * @param least characters
 * @param most characters
 * @param whiteSpace what is done with it in values of the type
 */
export function usualText({
  least,
  most,
  whiteSpace,
}: Pick<UsualForm, 'least' | 'most' | 'whiteSpace'>): UsualForm {
  return { ...UNLIMITED, kind: TEXT, least, most, whiteSpace }
}

/** Facets that the built-in type does not have so. */
function ownFacets(builtIn: BuiltInName, facets: Facets): string[] {
  const inherited = builtInType(builtIn).facets
  return Object.entries(facets)
    .filter(([facet, value]) => value !== undefined && value !== inherited[facet as keyof Facets])
    .filter(([facet]) => facet !== 'patterns' || facets.patterns.length > 0)
    .map(([facet]) => facet)
}

/**
 * Reads a value that stands in a document at `start`.
 *
 * @param octets which a zero ends
 * @returns the offset after all that can be of a value in this form, which need not be all of the text; -1 for none
 */
export function usualEnd(form: UsualForm, octets: Uint8Array, start: number): number {
  switch (form.kind) {
    case TEXT:
      return textEnd(form, octets, start)
    case INTEGER:
      return integerEnd(form, octets, start)
    case DECIMAL:
      return decimalEnd(form, octets, start)
    case DAY:
      return isUsualDay(octets, start, start + 10) ? start + 10 : -1
    case MOMENT: {
      const end = octets[start + 19] === ZULU ? start + 20 : start + 19
      return (form.isUtc && end === start + 19) || !isUsualMoment(octets, start, end) ? -1 : end
    }
    case BOOLEAN:
      return wordEnd(octets, start)
  }
}

function textEnd(form: UsualForm, octets: Uint8Array, start: number): number {
  const end = plainEnd(octets, start)
  return isUsualText(form, octets, start, end, MOST_OCTETS_OF_CHARACTER) ? end : -1
}

/**
 * Reads a text that stands in a document at `start`, as {@link usualEnd} does, but with what JSON escapes in it, line ends and
 * tabs where white space is preserved, and references to predefined entities.
 *
 * @param octets which a zero ends
 * @returns the offset after the text, at the next markup; -1 where it is not in this form, or the form is not of texts
 */
export function usualCharacterDataEnd(form: UsualForm, octets: Uint8Array, start: number): number {
  if (form.kind !== TEXT) return -1
  const areLinesKept = form.whiteSpace === 'preserve'
  let end = start
  for (; ; end++) {
    const c = octets[end] ?? 0
    if (c === LESS || c === 0) break
    if (c === CR || (!areLinesKept && (c === LF || c === TAB))) return -1
    if (c === AMPERSAND && octets[end + 1] === HASH) return -1
    // Native code makes JSON of long ones sooner.
    if (end - start === MOST_OCTETS_OF_TEXT) return -1
  }
  return isUsualText(form, octets, start, end, MOST_OCTETS_OF_REFERENCE) ? end : -1
}

/** @param mostOfCharacter octets that one character may take */
function isUsualText(
  { least, most, whiteSpace }: UsualForm,
  octets: Uint8Array,
  start: number,
  end: number,
  mostOfCharacter: number,
): boolean {
  if (whiteSpace === 'collapse' && !isTight(octets, start, end)) return false
  const length = end - start
  // Of characters that take several octets, so short a text may have too few, so long a one too many.
  const isShort = least > 1 ? length < least * mostOfCharacter : length < least
  return !isShort && length <= most
}

function isTight(octets: Uint8Array, start: number, end: number): boolean {
  let isAfterSpace = true
  for (let i = start; i < end; i++) {
    const isSpace = octets[i] === SPACE
    if (isSpace && isAfterSpace) return false
    isAfterSpace = isSpace
  }
  return !isAfterSpace || start === end
}

function integerEnd({ most, isSigned }: UsualForm, octets: Uint8Array, start: number): number {
  const isNegative = octets[start] === HYPHEN
  const first = isNegative ? start + 1 : start
  const end = digitsEnd(octets, first)
  const length = end - first
  if ((isNegative && !isSigned) || length < 1 || length > most) return -1
  // Neither 007 nor -0.
  return octets[first] === ZERO && (length > 1 || isNegative) ? -1 : end
}

function decimalEnd({ most, fractionDigits }: UsualForm, octets: Uint8Array, start: number): number {
  const first = octets[start] === HYPHEN ? start + 1 : start
  const point = digitsEnd(octets, first)
  const whole = point - first
  if (whole === 0 || (octets[first] === ZERO && whole > 1)) return -1
  if (octets[point] !== POINT) return whole <= most ? point : -1
  const end = digitsEnd(octets, point + 1)
  const fraction = end - point - 1
  return fraction < 1 || fraction > fractionDigits || whole + fraction > most ? -1 : end
}

function digitsEnd(octets: Uint8Array, p: number): number {
  for (;;) {
    const octet = octets[p] ?? 0
    if (octet < ZERO || octet > NINE) return p
    p++
  }
}

const TRUE = Uint8Array.from(Buffer.from('true'))
const FALSE = Uint8Array.from(Buffer.from('false'))

/** Of xs:boolean. */
function wordEnd(octets: Uint8Array, start: number): number {
  const word = octets[start] === LOWER_T ? TRUE : FALSE
  for (let i = 0; i < word.length; i++) if (octets[start + i] !== word[i]) return -1
  return start + word.length
}
