import { memberName } from '../../../mapping/canonical/member-names.js'
import type {
  ElementDeclaration,
  IdentityConstraint,
  IdentityPath,
  NameTest,
  Particle,
  XsdType,
} from '../../../xsd/model/model.js'

/** A member that a key selects, and that may be left out by what holds it. */
export interface KeyMember {
  /** The type that has it, or the element where that has no name. */
  readonly holder: string
  readonly name: string
  readonly kind: IdentityConstraint['kind']
}

/**
 * What tells the elements of a message apart by an xs:key or an xs:unique of the XSD (XML Schema Part 1, 3.11), and may be left out
 * all the same.
 *
 * @param message its elements
 */
export function optionalKeyMembers(message: readonly ElementDeclaration[]): KeyMember[] {
  const members: KeyMember[] = []
  for (const declaration of declarationsIn(message)) {
    for (const constraint of declaration.identityConstraints ?? [])
      members.push(...membersOf(constraint, declaration))
  }
  return members
}

function membersOf({ kind, selector, fields }: IdentityConstraint, scope: ElementDeclaration): KeyMember[] {
  // Unique together, values may be absent one by one.
  if (kind === 'unique' && fields.length > 1) return []
  return selector
    .flatMap((path) => selectedBy(path, scope))
    .flatMap((selected) => fields.flatMap((paths) => paths.flatMap((path) => passedBy(path, selected))))
    .flatMap(({ holder, name, isOptional }) => (isOptional ? [{ holder, name, kind }] : []))
}

interface Passed {
  readonly holder: string
  readonly name: string
  readonly isOptional: boolean
}

/** The elements that a selector selects. */
function selectedBy({ isDeep, steps }: IdentityPath, scope: ElementDeclaration): ElementDeclaration[] {
  let found = isDeep ? [...declarationsIn([scope])] : [scope]
  for (const step of steps)
    found = found.flatMap((each) =>
      childrenOf(each.type).flatMap(({ declaration }) =>
        isNamed(declaration.name, step) ? [declaration] : [],
      ),
    )
  return found
}

/** What a field passes on its way, and what it ends at. */
function passedBy({ isDeep, steps }: IdentityPath, selected: ElementDeclaration): Passed[] {
  const passed: Passed[] = []
  let found = isDeep ? [...declarationsIn([selected])] : [selected]
  for (const step of steps) {
    const next: ElementDeclaration[] = []
    for (const holder of found) {
      const { type } = holder
      const name = type.name?.localName ?? holder.name.localName
      if (step.isAttribute && type.kind === 'complexType') {
        for (const { attribute, required, default: preset, fixed } of type.attributes) {
          if (!isNamed(attribute.name, step)) continue
          const isOptional = !required && preset === undefined && fixed === undefined
          passed.push({ holder: name, name: memberName(attribute.name.localName), isOptional })
        }
      } else {
        for (const { declaration, isOptional } of childrenOf(type)) {
          if (!isNamed(declaration.name, step)) continue
          passed.push({ holder: name, name: memberName(declaration.name.localName), isOptional })
          next.push(declaration)
        }
      }
    }
    found = next
  }
  return passed
}

function isNamed(name: ElementDeclaration['name'], { namespace, localName }: NameTest): boolean {
  return (
    (namespace === undefined || name.namespace === namespace) &&
    (localName === undefined || name.localName === localName)
  )
}

interface Child {
  readonly declaration: ElementDeclaration
  /** It may be left out by itself, not for another of a choice. */
  readonly isOptional: boolean
}

const children = new WeakMap<XsdType, readonly Child[]>()

/** They are asked for again by each operation that leads to the type. */
function childrenOf(type: XsdType): readonly Child[] {
  const known = children.get(type) ?? findChildren(type)
  children.set(type, known)
  return known
}

function findChildren(type: XsdType): readonly Child[] {
  if (type.kind !== 'complexType' || type.content.kind !== 'elements') return []
  const below = ({ minOccurs, term }: Particle, inChoice: boolean): Child[] => {
    if (term.kind === 'element') return [{ declaration: term, isOptional: minOccurs === 0 && !inChoice }]
    return term.kind === 'any'
      ? []
      : term.particles.flatMap((each) => below(each, inChoice || term.kind === 'choice'))
  }
  return below(type.content.particle, false)
}

/** Elements, and all that may stand below them. */
function declarationsIn(elements: readonly ElementDeclaration[]): ReadonlySet<ElementDeclaration> {
  const found = new Set<ElementDeclaration>()
  const types = new Set<XsdType>()
  const open = [...elements]
  for (let next = open.pop(); next; next = open.pop()) {
    found.add(next)
    if (types.has(next.type)) continue
    types.add(next.type)
    for (const { declaration } of childrenOf(next.type)) open.push(declaration)
  }
  return found
}
