import type { ComplexType } from '../../xsd/model/model.js'
import {
  type ContentNode,
  type Group,
  isEmptiable,
  type Leaf,
  localName,
  nameOf,
  prune,
  type Slot,
  slotsOf,
} from './content-tree.js'
import type { Comparison, Difference, TypePair } from './difference.js'
import { compareElements } from './element.js'
import { compareGroups } from './grouping.js'
import { compareWildcards } from './wildcard.js'

/** Compares what may stand in two elements, and how often; their types are left to be compared. */
export function compareContent(
  old: ContentNode,
  next: ContentNode,
  types: { readonly old: ComplexType['at']; readonly new: ComplexType['at'] },
): Comparison {
  const [was, is] = [slotsOf(old), slotsOf(next)]
  const partners = partnersOf(was, is)
  const partnerKeys = new Set(partners.values())
  const differences: Difference[] = []
  const pairs: TypePair[] = []
  const namespaces = new Set<string>()
  for (const [key, slot] of was) {
    const partner = is.get(partners.get(key) ?? '')
    if (!partner) continue
    differences.push(...compareOccurrences(slot, partner))
    const [a, b] = [slot.term, partner.term]
    if (a.kind === 'any' || b.kind === 'any') {
      if (a.kind === 'any' && b.kind === 'any') differences.push(...compareWildcards(a, b, 'xs:any'))
      continue
    }
    differences.push(...compareElements(a, b))
    if (a.name.namespace !== b.name.namespace) {
      const what = `its elements are in ${quoted(b.name.namespace)}, they were in ${quoted(a.name.namespace)}`
      if (!namespaces.has(what)) {
        differences.push({ step: '', effect: 'changed', aspect: 'wire', what, old: a.at, new: b.at })
      }
      namespaces.add(what)
    }
    pairs.push({ step: a.name.localName, old: a.type, new: b.type })
  }
  const gone = [...was.values()].filter(({ key }) => !partners.has(key))
  const more = [...is.values()].filter(({ key }) => !partnerKeys.has(key))
  differences.push(
    ...gone.map((slot) =>
      removed(slot, gone.length === 1 && more.length === 1 ? more[0] : undefined, types.new),
    ),
    ...added(next, more, partnerKeys, types.old),
  )
  const kept = (leaf: Leaf): string | undefined => partners.get(leaf.key)
  const common = (leaf: Leaf): string | undefined => (partnerKeys.has(leaf.key) ? leaf.key : undefined)
  const occurs = differences.some(({ aspect }) => aspect === 'minimum' || aspect === 'maximum')
  differences.push(...compareGroups(prune(old, kept), prune(next, common), types, { isExplained: occurs }))
  return { differences, pairs }
}

/** The same element on the other side, by its name, or by its local name where that has moved to another namespace. */
function partnersOf(
  was: ReadonlyMap<string, Slot>,
  is: ReadonlyMap<string, Slot>,
): ReadonlyMap<string, string> {
  const partners = new Map<string, string>()
  const free = new Map<string, string>()
  for (const [key, { term }] of is) if (!was.has(key)) free.set(localName(term), key)
  for (const [key, { term }] of was) {
    if (is.has(key)) {
      partners.set(key, key)
      continue
    }
    const moved = nameOf(term) && free.get(localName(term))
    if (moved === undefined) continue
    partners.set(key, moved)
    free.delete(localName(term))
  }
  return partners
}

function quoted(namespace: string): string {
  return namespace === '' ? 'no namespace' : `the namespace ${namespace}`
}

function compareOccurrences(was: Slot, is: Slot): readonly Difference[] {
  const at = { step: localName(was.term), old: was.term.at, new: is.term.at }
  const found: Difference[] = []
  if (was.minOccurs !== is.minOccurs) {
    const effect = is.minOccurs < was.minOccurs ? 'widened' : 'narrowed'
    const what =
      is.minOccurs === 0
        ? 'it is optional, it was required'
        : was.minOccurs === 0
          ? 'it is required, it was optional'
          : `it must occur ${is.minOccurs} times at least, it was ${was.minOccurs}`
    found.push({ ...at, aspect: 'minimum', effect, what })
  }
  if (was.maxOccurs !== is.maxOccurs) {
    const effect = is.maxOccurs > was.maxOccurs ? 'widened' : 'narrowed'
    const what = `it may occur ${times(is.maxOccurs)}, it was ${times(was.maxOccurs)}`
    found.push({ ...at, aspect: 'maximum', effect, what })
  }
  return found
}

function times(number: number): string {
  return number === Infinity ? 'any number of times' : number === 1 ? 'once' : `${number} times`
}

function removed(slot: Slot, renamed: Slot | undefined, parent: Difference['new']): Difference {
  const hint = renamed ? `; perhaps it is ${localName(renamed.term)} now` : ''
  return {
    step: localName(slot.term),
    effect: 'removed',
    aspect: 'presence',
    what: `it is removed${hint}`,
    old: slot.term.at,
    new: renamed ? renamed.term.at : parent,
  }
}

/** New elements; those of a choice of which one is required make one difference. */
function added(
  next: ContentNode,
  more: readonly Slot[],
  common: ReadonlySet<string>,
  parent: Difference['old'],
): readonly Difference[] {
  const told = new Set<string>()
  const choices = requiredChoices(next)
    .filter((choice) => [...slotsOf(choice).keys()].every((key) => !common.has(key)))
    .map((choice): Difference => {
      const slots = [...slotsOf(choice).values()]
      for (const { key } of slots) told.add(key)
      const names = slots.map(({ term }) => localName(term)).join(', ')
      return {
        step: '',
        effect: 'demanded',
        aspect: 'presence',
        what: `one of ${names} is required, none was known`,
        old: parent,
        new: choice.at,
      }
    })
  const elements = more
    .filter(({ key }) => !told.has(key))
    .map((slot): Difference => {
      const isRequired = slot.minOccurs > 0
      const replaces = slot.instead.some((key) => common.has(key))
      return {
        step: localName(slot.term),
        effect: isRequired ? 'demanded' : replaces ? 'alternative' : 'added',
        aspect: 'presence',
        what: isRequired
          ? 'it is new and required'
          : replaces
            ? 'it is a new alternative'
            : 'it is new and optional',
        old: parent,
        new: slot.term.at,
      }
    })
  return [...choices, ...elements]
}

/** Choices that cannot be left out, none of whose branches can be empty. */
function requiredChoices(node: ContentNode): readonly Group[] {
  if (node.kind === 'leaf' || node.minOccurs === 0) return []
  if (node.kind !== 'choice') return node.nodes.flatMap(requiredChoices)
  return isEmptiable(node) ? [] : [node]
}
