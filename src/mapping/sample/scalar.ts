import type { JsonValue } from '../../json/value.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { sampleEcmaPattern, samplePattern } from '../../xsd/regular-expression/sample.js'
import { compileFacets } from '../../xsd/values/facets.js'
import { jsonOf } from '../canonical/json-value.js'
import { isSwaRef } from '../canonical/swa-ref.js'
import type { ScalarMapping } from '../canonical/value-mapping.js'
import { compileNarrowing } from '../fit/narrowing.js'

/** Valid values to try first, by built-in type; those that follow from facets come before them. */
const usual: Readonly<Record<string, readonly string[]>> = {
  boolean: ['true'],
  decimal: ['12.50', '1', '0', '0.5', '-1'],
  float: ['1.5', '1'],
  double: ['1.5', '1'],
  integer: ['1', '2', '0', '10', '100', '1000', '-1'],
  duration: ['P1D', 'PT1H'],
  dateTime: ['2026-01-15T09:30:00Z'],
  time: ['09:30:00Z'],
  date: ['2026-01-15'],
  gYearMonth: ['2026-01'],
  gYear: ['2026'],
  gMonthDay: ['--01-15'],
  gDay: ['---15'],
  gMonth: ['--01'],
  hexBinary: ['CAFE', 'CAFEBABE'],
  base64Binary: ['c29hcHN0b25l'],
  anyURI: ['urn:example:value'],
  QName: ['sample'],
  NOTATION: ['sample'],
  language: ['en'],
}

const integers = new Set(
  (
    'integer nonPositiveInteger negativeInteger long int short byte nonNegativeInteger unsignedLong ' +
    'unsignedInt unsignedShort unsignedByte positiveInteger'
  ).split(' '),
)

/**
 * A valid value of a scalar: by the XSD's facets and by the contract's keywords.
 *
 * @param example the contract's own, taken where it is valid
 * @param variant how many valid values to pass over, where there are as many
 */
export function sampleScalar(mapping: ScalarMapping, example?: JsonValue, variant = 0): JsonValue {
  const { type, form, values, item } = mapping
  if (values) {
    const chosen = typeof example === 'string' && values.has(example) ? example : undefined
    return chosen ?? [...values.keys()][variant % values.size] ?? ''
  }
  if (form === 'list' && item) return sampleList(mapping, item)
  if (isSwaRef(mapping)) return usual.base64Binary?.[0] ?? ''
  return jsonOf(mapping, validLexical(mapping, example, variant) ?? sampleLexicals(type)[0] ?? '')
}

/** Longer texts are no samples. */
const MAX_CHARACTERS = 50_000
const MAX_ITEMS = 5000
/** So many values of an enumeration are tried. */
const MAX_LEXICALS = 1000
/** So many characters count for one value. */
const CHARACTERS_OF_A_VALUE = 50

/** The least that a valid value takes: a text that must be long counts for several values. */
export function scalarDemand(mapping: ScalarMapping): { readonly values: number; readonly depth: number } {
  const { type, form, values, item, narrowing } = mapping
  if (values) return { values: 1, depth: 0 }
  const least = type.facets.enumeration ? 0 : (type.facets.length ?? type.facets.minLength ?? 0)
  if (form === 'list' && item) {
    const each = scalarDemand(item)
    return least > MAX_ITEMS ? tooLong : { values: 1 + each.values * Math.max(1, least), depth: 1 }
  }
  const characters = Math.max(least, narrowing?.minLength ?? 0)
  return characters > MAX_CHARACTERS
    ? tooLong
    : { values: 1 + Math.floor(characters / CHARACTERS_OF_A_VALUE), depth: 0 }
}

const tooLong = { values: Infinity, depth: Infinity }

/** Is there a valid value that we can find? The XSD may allow none: a date that matches an empty pattern. */
export function hasSample(mapping: ScalarMapping): boolean {
  return (
    mapping.values !== undefined ||
    mapping.form === 'list' ||
    validLexical(mapping, undefined, 0) !== undefined
  )
}

/** What was found without an example, by variant: the same types are in many samples. */
const found = new WeakMap<ScalarMapping, Map<number, string | undefined>>()

function validLexical(
  mapping: ScalarMapping,
  example: JsonValue | undefined,
  variant: number,
): string | undefined {
  if (example !== undefined) return findLexical(mapping, example, variant)
  const variants = found.get(mapping) ?? new Map<number, string | undefined>()
  found.set(mapping, variants)
  if (!variants.has(variant)) variants.set(variant, findLexical(mapping, undefined, variant))
  return variants.get(variant)
}

function findLexical(
  mapping: ScalarMapping,
  example: JsonValue | undefined,
  variant: number,
): string | undefined {
  const { type, form, narrowing } = mapping
  const broken = compileFacets(type)
  const narrowed = compileNarrowing(narrowing, form)
  const valid = (lexical: string): boolean =>
    broken(lexical) === undefined && narrowed?.(lexical) === undefined
  const given =
    typeof example === 'string' || typeof example === 'number' || typeof example === 'boolean'
      ? [String(example)]
      : []
  const { pattern } = narrowing ?? {}
  const patterns = pattern === undefined ? [] : generous((each) => sampleEcmaPattern(pattern, each))
  const bounds = [narrowing?.minimum, narrowing?.maximum].filter((bound) => bound !== undefined).map(String)
  const listed = (narrowing?.enum ?? []).map(String)
  const long =
    narrowing?.minLength === undefined
      ? []
      : ['text'.padEnd(Math.min(narrowing.minLength, MAX_CHARACTERS), 'x')]
  const candidates = [...given, ...listed, ...sampleLexicals(type), ...patterns, ...bounds, ...long]
  if (variant === 0) return candidates.find(valid)
  const filled = [...new Set(candidates)].filter((candidate) => valid(candidate) && candidate !== '')
  return filled[variant % filled.length] ?? candidates.find(valid)
}

function sampleList(mapping: ScalarMapping, item: ScalarMapping): JsonValue {
  const { length, minLength, enumeration } = mapping.type.facets
  const listed = mapping.narrowing?.enum?.find((value) => Array.isArray(value)) as JsonValue | undefined
  if (listed !== undefined) return listed
  if (enumeration?.[0]) return jsonOf(mapping, enumeration[0].value)
  return Array.from({ length: Math.min(length ?? minLength ?? 1, MAX_ITEMS) }, () => sampleScalar(item))
}

/** Lexical forms that are likely to be valid, best first; the caller checks them. */
function sampleLexicals(type: SimpleType): string[] {
  const { facets } = type
  if (facets.enumeration) return facets.enumeration.map((entry) => entry.value)
  if (type.variety === 'union') return unionLexicals(type)
  if (type.variety === 'list') return [(type.itemType ? sampleLexicals(type.itemType) : []).at(0) ?? '']
  const least = leastOf(type)
  const patterns = facets.patterns.flatMap(({ source }) =>
    source.split('|').length > 1
      ? [...fromPattern(source, least), ...source.split('|').flatMap((part) => fromPattern(part, least))]
      : fromPattern(source, least),
  )
  const known = usual[type.builtIn] ?? (integers.has(type.builtIn) ? usual.integer : undefined)
  const bounds = [facets.minInclusive, facets.maxInclusive].filter((bound) => bound !== undefined)
  if (!known) return [...patterns, ...texts(type)]
  return [...patterns, ...known, ...bounds, ...numbersBeside(type), ...yearsBeside(type), ...binaries(type)]
}

/** Of all that a union leads to, each once. */
function unionLexicals(union: SimpleType): string[] {
  const seen = new Set<SimpleType>()
  const lexicals: string[] = []
  const pending = [union]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    const isOpen = next.variety === 'union' && (next === union || !next.facets.enumeration)
    if (!isOpen) lexicals.push(...sampleLexicals(next).slice(0, MAX_LEXICALS))
    else for (const inner of (next.memberTypes ?? []).toReversed()) pending.push(inner)
  }
  return lexicals
}

/** The length that the XSD asks for, as far as we go. */
function leastOf({ facets }: Pick<SimpleType, 'facets'>): number {
  return Math.min(facets.length ?? facets.minLength ?? 0, MAX_CHARACTERS)
}

/** @param least the length asked for, which a few repetitions fewer may reach */
function fromPattern(source: string, least = 0): string[] {
  const towards = [0, 1, 2, 3, 4].map((fewer) => least - fewer).filter((generosity) => generosity > 0)
  return generous((generosity) => samplePattern(source, generosity), towards)
}

function generous(sample: (generosity: number) => string, towards: readonly number[] = []): string[] {
  return [0, 1, 2, 3, 5, 8, 13, 21, 34, ...towards].map(sample)
}

/** Within exclusive bounds, and with as many digits as asked for. */
function numbersBeside({ facets, builtIn }: SimpleType): string[] {
  const near = (bound: string | undefined, step: 1 | -1): string[] => {
    if (bound === undefined || Number.isNaN(Number(bound))) return []
    if (/^[+-]?\d+$/.test(bound))
      return [String(BigInt(bound) + BigInt(step)), `${bound}.5`, String(Number(bound) + step / 100)]
    return [String(Number(bound) + step), String(Number(bound) + step / 100)]
  }
  if (builtIn !== 'decimal' && builtIn !== 'float' && builtIn !== 'double' && !integers.has(builtIn))
    return []
  return [...near(facets.minExclusive, 1), ...near(facets.maxExclusive, -1), ...near(facets.minInclusive, 1)]
}

/** Dates a year within exclusive bounds. */
function yearsBeside({ facets }: SimpleType): string[] {
  const moved = (bound: string | undefined, years: number): string[] => {
    const match = /^(\d{4})(-.*)$/.exec(bound ?? '')
    return match ? [String(Number(match[1]) + years).padStart(4, '0') + (match[2] ?? '')] : []
  }
  return [...moved(facets.minExclusive, 1), ...moved(facets.maxExclusive, -1)]
}

function binaries({ facets, builtIn }: SimpleType): string[] {
  const bytes = leastOf({ facets })
  if (builtIn === 'hexBinary') return ['CA'.repeat(bytes)]
  return builtIn === 'base64Binary' ? [Buffer.alloc(bytes, 'a').toString('base64')] : []
}

function texts({ facets, builtIn }: SimpleType): string[] {
  const least = leastOf({ facets })
  const most = facets.length ?? facets.maxLength ?? Infinity
  const word =
    builtIn === 'ID' || builtIn === 'IDREF' || builtIn === 'NCName' || builtIn === 'Name' ? 'sample' : 'text'
  const long = least > word.length ? word + 'x'.repeat(least - word.length) : word
  const short = long.slice(0, Math.min(long.length, most))
  return [short, `${short}2`, '1'.repeat(Math.max(least, 1)), '']
}
