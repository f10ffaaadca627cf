import { XSD } from '../../base/namespaces.js'
import { clark } from '../../base/qname.js'
import { isBuiltIn } from './built-in-types.js'
import type { ComplexType, ElementDeclaration, SchemaSet, XsdType } from './model.js'

/** The complex types that an element of a type may have: itself and those that derive from it, without abstract ones. */
export function concreteTypes(type: ComplexType, schemas: SchemaSet): ComplexType[] {
  const { name } = type
  const isAnything = name?.namespace === XSD && name.localName === 'anyType'
  const derived = name && !isAnything ? schemas.derivedTypes.get(clark(name)) : undefined
  if (!derived) return type.abstract ? [] : [type]
  return [type, ...derived].filter(
    (candidate): candidate is ComplexType => candidate.kind === 'complexType' && !candidate.abstract,
  )
}

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
  const byBase = new Map<XsdType, XsdType[]>()
  for (const type of types.values()) {
    for (let base = type.base; base && !isBuiltIn(base); base = base.base) {
      if (base.name) append(byBase, base, type)
    }
  }
  const derived = new Map<string, XsdType[]>()
  for (const [base, list] of byBase) {
    const name = base.name && clark(base.name)
    if (name === undefined) continue
    // What a redefinition builds upon has the name of the redefinition.
    const others = types.get(name) === base ? list : list.filter((type) => type !== types.get(name))
    const known = derived.get(name)
    if (known ?? others.length > 0) derived.set(name, [...new Set([...(known ?? []), ...others])])
  }
  return derived
}

function append<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}
