import { clark } from '../../base/qname.js'
import type { AttributeUse, ComplexType, Wildcard } from '../../xsd/model/model.js'
import type { Comparison, Difference, TypePair } from './difference.js'
import { compareValues } from './element.js'
import { compareWildcards } from './wildcard.js'

type Attributed = Pick<ComplexType, 'attributes' | 'attributeWildcard' | 'at'>

/** Compares the attributes of two types (XML Schema Part 1, 3.4.2). */
export function compareAttributes(old: Attributed, next: Attributed): Comparison {
  const differences: Difference[] = []
  const pairs: TypePair[] = []
  const free = new Map(next.attributes.map((use) => [clark(use.attribute.name), use]))
  for (const use of old.attributes) {
    const partner = partnerOf(use, free, old.attributes)
    const step = `@${use.attribute.name.localName}`
    if (!partner) {
      const effect = 'removed'
      differences.push({ step, effect, aspect: 'presence', what: 'it is removed', old: use.attribute.at, new: next.at }) // prettier-ignore
      continue
    }
    free.delete(clark(partner.attribute.name))
    differences.push(...compareUses(use, partner, step))
    pairs.push({ step, old: use.attribute.type, new: partner.attribute.type })
  }
  for (const { attribute, required } of free.values()) {
    differences.push({
      step: `@${attribute.name.localName}`,
      effect: required ? 'demanded' : 'added',
      aspect: 'presence',
      what: required ? 'it is new and required' : 'it is new and optional',
      old: old.at,
      new: attribute.at,
    })
  }
  differences.push(
    ...compareAny(old.attributeWildcard, next.attributeWildcard, { old: old.at, new: next.at }),
  )
  return { differences, pairs }
}

function partnerOf(
  use: AttributeUse,
  free: ReadonlyMap<string, AttributeUse>,
  siblings: readonly AttributeUse[],
): AttributeUse | undefined {
  const same = free.get(clark(use.attribute.name))
  if (same) return same
  const taken = new Set(siblings.map(({ attribute }) => clark(attribute.name)))
  return [...free.values()].find(
    ({ attribute }) =>
      attribute.name.localName === use.attribute.name.localName && !taken.has(clark(attribute.name)),
  )
}

function compareUses(old: AttributeUse, next: AttributeUse, step: string): readonly Difference[] {
  const at = { step, old: old.attribute.at, new: next.attribute.at }
  const found: Difference[] = [...compareValues(old, next, at)]
  if (old.required !== next.required) {
    const what = next.required ? 'it is required, it was optional' : 'it is optional, it was required'
    found.push({ ...at, aspect: 'minimum', effect: next.required ? 'narrowed' : 'widened', what })
  }
  const [was, is] = [old.attribute.name.namespace, next.attribute.name.namespace]
  if (was !== is) {
    const what = `it is in ${is === '' ? 'no namespace' : is}, it was in ${was === '' ? 'none' : was}`
    found.push({ ...at, aspect: 'wire', effect: 'changed', what })
  }
  return found
}

function compareAny(
  old: Wildcard | undefined,
  next: Wildcard | undefined,
  types: Pick<Difference, 'old' | 'new'>,
): readonly Difference[] {
  const step = 'xs:anyAttribute'
  if (old && next) return compareWildcards(old, next, step)
  const at = { step, aspect: 'presence' as const, ...types }
  if (old) return [{ ...at, effect: 'narrowed', what: 'it is removed', old: old.at }]
  return next ? [{ ...at, effect: 'added', what: 'it is new', new: next.at }] : []
}
