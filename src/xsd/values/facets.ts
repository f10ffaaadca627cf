import { compilePattern } from '../../pattern/pattern.js'
import { builtInType } from '../model/built-in-types.js'
import type { Facets, Pattern, SimpleType } from '../model/model.js'
import { digitsOf } from './decimal.js'
import { isExpandedName, isLexical, lexicalCheck } from './lexical.js'
import { valueSpace } from './value-space.js'
import { normalizeWhiteSpace } from './white-space.js'

/** @returns nothing, or the rule that the text breaks; never the text itself */
export type FacetCheck = (lexical: string) => string | undefined

const compiled = new WeakMap<SimpleType, FacetCheck>()

/**
 * Compiles the rules of a simple type: lexical form and all facets (XML Schema Part 2, 4.1.4).
 *
 * @returns a check of texts whose white space has been dealt with by the type's whiteSpace facet, and whose qualified
 *   names are in Clark notation
 */
export function compileFacets(type: SimpleType): FacetCheck {
  const known = compiled.get(type)
  if (known) return known
  const check =
    type.variety === 'list'
      ? compileList(type)
      : type.variety === 'union'
        ? compileUnion(type)
        : compileAtomic(type)
  compiled.set(type, check)
  return check
}

function compileAtomic(type: SimpleType): FacetCheck {
  const isName = type.builtIn === 'QName' || type.builtIn === 'NOTATION'
  const isOfType = isName ? isExpandedName : lexicalCheck(type.builtIn)
  const wrongForm = isName
    ? 'must be a name in Clark notation: {namespace}name'
    : `must be a valid xs:${type.builtIn}`
  const own = facetsBeyond(type)
  const checks = [
    ...(isName ? [] : patternChecks(type.facets.patterns)),
    ...lengthChecks(own, measureOf(type)),
    ...digitChecks(own),
    ...boundChecks(type, own),
    ...enumerationChecks(type),
  ]
  const rest = all(checks)
  if (!rest) return (lexical) => (isOfType(lexical) ? undefined : wrongForm)
  const check: FacetCheck = (lexical) => (isOfType(lexical) ? rest(lexical) : wrongForm)
  if (!type.facets.enumeration) return check
  // The values of an enumeration are judged once.
  const values = type.facets.enumeration.map(({ value }) => value)
  const valid = new Set(values.filter((value) => check(value) === undefined))
  return (lexical) => (valid.has(lexical) ? undefined : check(lexical))
}

function compileList(type: SimpleType): FacetCheck {
  const item = compileFacets(type.itemType ?? builtInType('anySimpleType'))
  const rest = all([
    ...patternChecks(type.facets.patterns),
    ...lengthChecks(type.facets, { measure: (lexical) => itemsOf(lexical).length, unit: 'items' }),
    ...enumerationChecks(type),
  ])
  return (lexical) => {
    for (const one of itemsOf(lexical)) {
      const broken = item(one)
      if (broken !== undefined) return `each item ${broken}`
    }
    return rest?.(lexical)
  }
}

function compileUnion(type: SimpleType): FacetCheck {
  const members = (type.memberTypes ?? []).map(compileMember)
  const rest = all([...patternChecks(type.facets.patterns), ...enumerationChecks(type)])
  // Unions may lead to one another in many ways: the last text is not judged again for each.
  let last: { readonly lexical: string; readonly broken: string | undefined } | undefined
  return (lexical) => {
    if (last?.lexical !== lexical) {
      const isOne = members.some((member) => member(lexical) === undefined)
      last = { lexical, broken: isOne ? rest?.(lexical) : 'must be valid for a member of the union' }
    }
    return last.broken
  }
}

/** A member normalizes white space by itself where the union leaves it as it stands. */
function compileMember(type: SimpleType): FacetCheck {
  const check = compileFacets(type)
  if (type.facets.whiteSpace === 'preserve') return check
  return (lexical) => check(normalizeWhiteSpace(type.facets.whiteSpace, lexical))
}

function all(checks: readonly FacetCheck[]): FacetCheck | undefined {
  const [first, second] = checks
  if (checks.length <= 1) return first
  if (checks.length === 2 && first && second) return (lexical) => first(lexical) ?? second(lexical)
  return (lexical) => {
    for (const check of checks) {
      const broken = check(lexical)
      if (broken !== undefined) return broken
    }
    return undefined
  }
}

/** The facets that the check of the built-in type does not cover already. */
function facetsBeyond(type: SimpleType): Facets {
  const inherited = builtInType(type.builtIn).facets
  const own = Object.entries(type.facets).filter(
    ([facet, value]) => value !== inherited[facet as keyof Facets],
  )
  return { patterns: [], whiteSpace: 'collapse', ...Object.fromEntries(own) }
}

function patternChecks(patterns: readonly Pattern[]): FacetCheck[] {
  return patterns.flatMap(({ source, javaScript }) => {
    if (javaScript === undefined) return []
    const { test } = compilePattern(javaScript)
    const rule = `must match the pattern ${source}`
    return [(lexical: string) => (test(lexical) ? undefined : rule)]
  })
}

interface Measure {
  readonly measure: (lexical: string) => number
  readonly unit: string
}

/** Names have no length that means anything, nor a pattern: the prefix is arbitrary. */
function measureOf({ builtIn }: SimpleType): Measure | undefined {
  if (builtIn === 'hexBinary') return { measure: (lexical) => lexical.length / 2, unit: 'bytes' }
  if (builtIn === 'base64Binary') return { measure: base64Length, unit: 'bytes' }
  if (builtIn === 'QName' || builtIn === 'NOTATION') return undefined
  return { measure: characters, unit: 'characters' }
}

/** Code points, as XML counts characters. */
function characters(lexical: string): number {
  let count = lexical.length
  for (let i = 0; i < lexical.length; i++) {
    const c = lexical.charCodeAt(i)
    if (c >= 0xdc00 && c <= 0xdfff) count--
  }
  return count
}

function base64Length(lexical: string): number {
  let count = lexical.length
  for (let i = lexical.indexOf(' '); i >= 0; i = lexical.indexOf(' ', i + 1)) count--
  const padding = /= ?=$/.test(lexical) ? 2 : lexical.endsWith('=') ? 1 : 0
  return (count / 4) * 3 - padding
}

function lengthChecks({ length, minLength, maxLength }: Facets, how: Measure | undefined): FacetCheck[] {
  const least = length ?? minLength
  const most = length ?? maxLength
  if (!how || (least === undefined && most === undefined)) return []
  const { measure, unit } = how
  const rule =
    length !== undefined
      ? `must have exactly ${length} ${unit}`
      : most === undefined
        ? `must have at least ${String(least)} ${unit}`
        : least === undefined
          ? `must have at most ${most} ${unit}`
          : `must have ${least} to ${most} ${unit}`
  const [min, max] = [least ?? 0, most ?? Infinity]
  return [
    (lexical) => {
      const n = measure(lexical)
      return n < min || n > max ? rule : undefined
    },
  ]
}

function digitChecks({ totalDigits, fractionDigits }: Facets): FacetCheck[] {
  const checks: FacetCheck[] = []
  if (totalDigits !== undefined) {
    const rule = `must have at most ${totalDigits} digits`
    checks.push((lexical) => {
      if (lexical.length <= totalDigits) return undefined
      const { whole, fraction } = digitsOf(lexical)
      return whole.length + fraction.length > totalDigits ? rule : undefined
    })
  }
  if (fractionDigits !== undefined) {
    const rule = `must have at most ${fractionDigits} fraction digits`
    checks.push((lexical) => {
      const point = lexical.indexOf('.')
      if (point < 0 || lexical.length - point - 1 <= fractionDigits) return undefined
      return digitsOf(lexical).fraction.length > fractionDigits ? rule : undefined
    })
  }
  return checks
}

function boundChecks(type: SimpleType, facets: Facets): FacetCheck[] {
  const { builtIn } = type
  const { orderAgainst } = valueSpace(builtIn)
  if (!orderAgainst) return []
  const check = (
    bound: string | undefined,
    words: string,
    allowed: (order: number) => boolean,
  ): FacetCheck[] => {
    if (bound === undefined || !isLexical(primitiveOf(type), bound)) return []
    const order = orderAgainst(bound)
    const rule = `must be ${words} ${bound}`
    return [
      (lexical) => {
        const o = order(lexical)
        return o !== undefined && allowed(o) ? undefined : rule
      },
    ]
  }
  return [
    ...check(facets.minInclusive, 'at least', (o) => o >= 0),
    ...check(facets.maxInclusive, 'at most', (o) => o <= 0),
    ...check(facets.minExclusive, 'greater than', (o) => o > 0),
    ...check(facets.maxExclusive, 'less than', (o) => o < 0),
  ]
}

/** Bounds may lie outside of the type that they bound: maxExclusive 256 on xs:unsignedByte. */
function primitiveOf({ builtIn }: SimpleType): SimpleType['builtIn'] {
  return valueSpace(builtIn) === valueSpace('decimal') ? 'decimal' : builtIn
}

function enumerationChecks(type: SimpleType): FacetCheck[] {
  const { enumeration } = type.facets
  if (!enumeration) return []
  const canonical = canonicalOf(type)
  const values = new Set(enumeration.map(({ value }) => value))
  const canonicals = new Set(enumeration.map(({ value }) => canonical(value)))
  const rule = 'must be one of the enumerated values'
  return [(lexical) => (values.has(lexical) || canonicals.has(canonical(lexical)) ? undefined : rule)]
}

const canonicals = new WeakMap<SimpleType, (lexical: string) => string>()

/** A text that equal values of a type share, from lexical forms that are valid or nearly so. */
export function canonicalOf(type: SimpleType): (lexical: string) => string {
  const known = canonicals.get(type)
  if (known) return known
  const canonical = compileCanonical(type)
  canonicals.set(type, canonical)
  return canonical
}

function compileCanonical(type: SimpleType): (lexical: string) => string {
  if (type.variety === 'list') {
    const item = canonicalOf(type.itemType ?? builtInType('anySimpleType'))
    return (lexical) => itemsOf(lexical).map(item).join(' ')
  }
  if (type.variety === 'union') {
    const members = (type.memberTypes ?? []).map(
      (member) => [compileMember(member), canonicalOf(member)] as const,
    )
    return (lexical) => {
      const index = members.findIndex(([check]) => check(lexical) === undefined)
      return `${index} ${members[index]?.[1](lexical) ?? lexical}`
    }
  }
  const isOfType = lexicalCheck(type.builtIn)
  const { canonical } = valueSpace(type.builtIn)
  return (lexical) => (isOfType(lexical) ? canonical(lexical) : lexical)
}

/** The items of a list. Namespaces of names may have spaces between their braces. */
export function itemsOf(lexical: string): readonly string[] {
  if (lexical === '') return []
  const parts = lexical.split(' ')
  if (!lexical.includes('{')) return parts
  const items: string[] = []
  let open = ''
  for (const part of parts) {
    const item = open === '' ? part : `${open} ${part}`
    open = item.startsWith('{') && !part.includes('}') ? item : ''
    if (open === '') items.push(item)
  }
  return open === '' ? items : [...items, open]
}
