import { clark } from '../base/qname.js'
import { anySimpleType, anyType, isBuiltIn } from './built-in-types.js'
import { type ElementDeclaration, type XsdType } from './model.js'

/** Members of substitution groups by their heads, also through heads that are members themselves (Part 1, 3.3.6). */
export function substitutionGroups(
  elements: ReadonlyMap<string, ElementDeclaration>,
): Map<string, ElementDeclaration[]> {
  const groups = new Map<string, ElementDeclaration[]>()
  for (const member of elements.values()) {
    if (member.abstract) continue
    const seen = new Set([clark(member.name)])
    for (let head = member.substitutionGroup; head;) {
      const name = clark(head)
      if (seen.has(name)) break
      seen.add(name)
      append(groups, name, member)
      head = elements.get(name)?.substitutionGroup
    }
  }
  return groups
}

/** Named types by the named types that they derive from; built-in bases have no entry. */
export function derivedTypes(types: ReadonlyMap<string, XsdType>): Map<string, XsdType[]> {
  const derived = new Map<string, XsdType[]>()
  for (const type of types.values()) {
    const own = type.name && clark(type.name)
    const seen = new Set([own])
    for (let base = type.base; base && base !== anyType && base !== anySimpleType; base = base.base) {
      if (isBuiltIn(base)) break
      const name = base.name && clark(base.name)
      if (name === undefined || seen.has(name)) continue
      seen.add(name)
      append(derived, name, type)
    }
  }
  return derived
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
