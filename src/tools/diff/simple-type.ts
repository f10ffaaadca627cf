import { XSD } from '../../base/namespaces.js'
import type { Facets, SimpleType } from '../../xsd/model/model.js'
import { valueSpace } from '../../xsd/values/value-space.js'
import type { Difference } from './difference.js'
import type { Effect } from './effect.js'

interface Finding {
  readonly effect: Effect
  readonly what: string
}

/** Compares what two simple types allow (XML Schema Part 2, 4.3), not how they are derived. */
export function compareSimpleTypes(old: SimpleType, next: SimpleType): readonly Difference[] {
  return findings(old, next).map(({ effect, what }) => ({
    step: '',
    effect,
    aspect: 'value',
    what,
    old: old.at,
    new: next.at,
  }))
}

function findings(old: SimpleType, next: SimpleType): readonly Finding[] {
  const form = compareForms(old, next)
  if (old.variety !== next.variety) return form
  return [
    ...form,
    ...compareLengths(old.facets, next.facets),
    ...(form.length === 0 ? compareBounds(old, next) : []),
    ...(form.length === 0 ? compareDigits(old.facets, next.facets) : []),
    ...comparePatterns(old.facets, next.facets),
    ...compareEnumerations(old, next),
    ...compareWhiteSpace(old, next, { isOther: form.length > 0 }),
  ]
}

function compareForms(old: SimpleType, next: SimpleType): readonly Finding[] {
  if (old.variety === next.variety) {
    if (old.itemType && next.itemType) {
      return findings(old.itemType, next.itemType).map(({ effect, what }) => ({
        effect,
        what: `items: ${what}`,
      }))
    }
    if (old.memberTypes && next.memberTypes) return compareMembers(old.memberTypes, next.memberTypes)
    if (old.builtIn === next.builtIn) return []
  }
  const what = `the type ${describe(old)} became ${describe(next)}`
  if (ancestors(next).includes(old.builtIn) && old.variety === next.variety)
    return [{ effect: 'narrowed', what }]
  if (ancestors(old).includes(next.builtIn) && old.variety === next.variety)
    return [{ effect: 'widened', what }]
  return [{ effect: 'changed', what }]
}

/** Members of a union by what they allow. */
function compareMembers(old: readonly SimpleType[], next: readonly SimpleType[]): readonly Finding[] {
  const isAmong = (type: SimpleType, types: readonly SimpleType[]): boolean =>
    types.some((other) => findings(type, other).length === 0)
  const gone = old.filter((type) => !isAmong(type, next))
  const more = next.filter((type) => !isAmong(type, old))
  if (gone.length === 0 && more.length === 0) return []
  const names = (types: readonly SimpleType[]): string => types.map(describe).join(', ')
  if (more.length === 0) return [{ effect: 'narrowed', what: `the union lost ${names(gone)}` }]
  if (gone.length === 0) return [{ effect: 'widened', what: `the union has ${names(more)} besides` }]
  return [{ effect: 'changed', what: `the union of ${names(old)} became one of ${names(next)}` }]
}

/** The built-in types that a type derives from, its own included. */
function ancestors(type: SimpleType): readonly string[] {
  const names: string[] = []
  for (let each: SimpleType | undefined = type; each; each = each.base) {
    if (each.name?.namespace === XSD) names.push(each.name.localName)
  }
  return names
}

/** A simple type for people: its name, or what it is made from. */
export function describe(type: SimpleType): string {
  if (type.itemType) return `a list of ${describe(type.itemType)}`
  if (type.memberTypes) return `a union of ${type.memberTypes.map(describe).join(', ')}`
  return `xs:${type.builtIn}`
}

function compareLengths(old: Facets, next: Facets): readonly Finding[] {
  return [
    ...numeric('length', old.length, next.length, () => 'changed'),
    ...numeric('minLength', old.minLength ?? 0, next.minLength ?? 0, less('widened', 'narrowed')),
    ...numeric('maxLength', old.maxLength, next.maxLength, less('narrowed', 'widened')),
  ]
}

function compareDigits(old: Facets, next: Facets): readonly Finding[] {
  return [
    ...numeric('totalDigits', old.totalDigits, next.totalDigits, less('narrowed', 'widened')),
    ...numeric('fractionDigits', old.fractionDigits, next.fractionDigits, less('narrowed', 'widened')),
  ]
}

function less(whereLess: Effect, whereMore: Effect): (old: number, next: number) => Effect {
  return (old, next) => (next < old ? whereLess : whereMore)
}

function numeric(
  facet: string,
  old: number | undefined,
  next: number | undefined,
  effect: (old: number, next: number) => Effect,
): readonly Finding[] {
  if (old === next) return []
  if (old === undefined) return [{ effect: 'narrowed', what: `${facet} is ${String(next)}, none was set` }]
  if (next === undefined) return [{ effect: 'widened', what: `${facet} was ${old}, none is set` }]
  return [{ effect: effect(old, next), what: `${facet} ${old} became ${next}` }]
}

interface Bound {
  readonly facet: 'minInclusive' | 'minExclusive' | 'maxInclusive' | 'maxExclusive'
  readonly value: string
}

function boundOf(facets: Facets, side: 'min' | 'max'): Bound | undefined {
  for (const facet of [`${side}Exclusive`, `${side}Inclusive`] as const) {
    const value = facets[facet]
    if (value !== undefined) return { facet, value }
  }
  return undefined
}

function compareBounds(old: SimpleType, next: SimpleType): readonly Finding[] {
  return (['min', 'max'] as const).flatMap((side): readonly Finding[] => {
    const [was, is] = [boundOf(old.facets, side), boundOf(next.facets, side)]
    if (!was && !is) return []
    if (!was) return [{ effect: 'narrowed', what: `${is?.facet ?? ''} is ${is?.value ?? ''}, none was set` }]
    if (!is) return [{ effect: 'widened', what: `${was.facet} was ${was.value}, none is set` }]
    const order = valueSpace(next.builtIn).orderAgainst?.(was.value)(is.value)
    const exclusive = (bound: Bound): boolean => bound.facet.endsWith('Exclusive')
    if (order === 0 && exclusive(was) === exclusive(is)) return []
    const what = `${was.facet} ${was.value} became ${is.facet} ${is.value}`
    if (order === undefined) return [{ effect: 'changed', what }]
    const isNarrower = order === 0 ? exclusive(is) : side === 'min' ? order > 0 : order < 0
    return [{ effect: isNarrower ? 'narrowed' : 'widened', what }]
  })
}

function comparePatterns(old: Facets, next: Facets): readonly Finding[] {
  const was = old.patterns.map(({ source }) => source)
  const is = next.patterns.map(({ source }) => source)
  const gone = was.filter((source) => !is.includes(source))
  const more = is.filter((source) => !was.includes(source))
  if (gone.length === 0 && more.length === 0) return []
  if (gone.length === 0) return [{ effect: 'narrowed', what: `it has the pattern ${more.join(' and ')}` }]
  if (more.length === 0) return [{ effect: 'widened', what: `it lost the pattern ${gone.join(' and ')}` }]
  return [{ effect: 'changed', what: `the pattern ${gone.join(' and ')} became ${more.join(' and ')}` }]
}

function compareEnumerations(old: SimpleType, next: SimpleType): readonly Finding[] {
  const [was, is] = [valuesOf(old), valuesOf(next)]
  if (!was && !is) return []
  if (!was) return [{ effect: 'narrowed', what: `only ${list([...(is?.values() ?? [])])} are allowed` }]
  if (!is) return [{ effect: 'widened', what: 'any value is allowed, an enumeration was' }]
  const gone = [...was].filter(([value]) => !is.has(value)).map(([, text]) => text)
  const more = [...is].filter(([value]) => !was.has(value)).map(([, text]) => text)
  return [
    ...(gone.length > 0 ? [{ effect: 'narrowed' as const, what: `the enumeration lost ${list(gone)}` }] : []),
    ...(more.length > 0
      ? [{ effect: 'widened' as const, what: `the enumeration has ${list(more)} besides` }]
      : []),
  ]
}

/** Enumerated values by what they are, with what is written. */
function valuesOf({ builtIn, facets }: SimpleType): ReadonlyMap<string, string> | undefined {
  const { canonical } = valueSpace(builtIn)
  return facets.enumeration && new Map(facets.enumeration.map(({ value }) => [canonical(value), value]))
}

const SHOWN = 8

function list(values: readonly string[]): string {
  const rest = values.length - SHOWN
  return rest > 0 ? `${values.slice(0, SHOWN).join(', ')} and ${rest} more` : values.join(', ')
}

const looseness = { preserve: 0, replace: 1, collapse: 2 }

/** White space counts for strings alone; a change of the built-in type says it already. */
function compareWhiteSpace(
  old: SimpleType,
  next: SimpleType,
  { isOther }: { readonly isOther: boolean },
): readonly Finding[] {
  const [was, is] = [old.facets.whiteSpace, next.facets.whiteSpace]
  if (was === is || isOther) return []
  const effect = looseness[is] > looseness[was] ? 'silent' : 'changed'
  return [{ effect, what: `whiteSpace ${was} became ${is}` }]
}
