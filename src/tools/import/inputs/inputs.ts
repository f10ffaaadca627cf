import { memberName } from '../../../mapping/canonical/member-names.js'
import type {
  ContentMapping,
  ElementMapping,
  ObjectMapping,
  ScalarMapping,
  ValueMapping,
} from '../../../mapping/canonical/value-mapping.js'
import type { BodyMapping } from '../../../mapping/operation/mapping.js'

/** A scalar of the input, or an array of scalars: what can be a parameter. */
export interface ScalarInput {
  readonly name: string
  readonly xmlName: string
  /** Elements that it stands in, below the input element. */
  readonly steps: readonly string[]
  readonly repeated: boolean
  /** The XSD asks for it wherever its parent is. */
  readonly required: boolean
  readonly scalar: ScalarMapping
  readonly value: ValueMapping
  readonly element: ElementMapping | undefined
  readonly documentation: string | undefined
}

export interface OtherInput {
  readonly element: ElementMapping
  readonly required: boolean
}

/** The input of an operation as a REST design sees it. */
export interface Inputs {
  /** Name of the element that is all of the body, as the WSDL writes it. */
  readonly element?: string | undefined
  /** Steps of the elements that hold the members and nothing else: `request`. */
  readonly path: readonly string[]
  /** None of these may be absent. */
  readonly certain: boolean
  readonly object: ObjectMapping
  readonly scalars: readonly ScalarInput[]
  /** Members that are no scalars. */
  readonly others: readonly OtherInput[]
  /** Something is there that is neither: a wildcard, a repeated group. */
  readonly isOpen: boolean
  /** The same, where it may not be left out: more than a slot for extensions. */
  readonly asksForMore: boolean
}

const MAX_DEPTH = 3

/** Reads the members of an input; an object that is the only child is opened, if all that it holds are scalars. */
export function readInputs({ object, wrapper }: BodyMapping): Inputs {
  const outer: Inputs = { ...inputsOf(object, [], { sure: true }), element: wrapper?.localName }
  let inner = outer
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const [only, ...more] = inner.others
    const value = only && objectOf(only)
    if (!value || more.length > 0 || inner.scalars.length > 0 || inner.isOpen) break
    inner = inputsOf(value, [...inner.path, only.element.name.localName], { sure: only.required })
  }
  const isFlat = inner.others.length === 0 && !inner.isOpen && inner.scalars.length > 0
  return isFlat && namesAreDistinct(inner) ? { ...inner, element: outer.element } : outer
}

/** The input as it is, nothing taken out of it. */
export function wholeInput({ object }: BodyMapping): Inputs {
  const inputs = inputsOf(object, [], { sure: true })
  const isEmpty = inputs.scalars.length === 0 && inputs.others.length === 0 && !inputs.isOpen
  return { ...inputs, isOpen: !isEmpty, asksForMore: !isEmpty }
}

/**
 * The input of a read as scalars alone: groups such as a page or a range of dates are opened, each of their members is
 * a parameter. Where two have one name, that of their group goes before it.
 *
 * @returns undefined where something cannot be a parameter
 */
export function flatten(inputs: Inputs, depth = 2): Inputs | undefined {
  if (inputs.asksForMore || (inputs.others.length > 0 && (depth === 0 || !namesAreDistinct(inputs))))
    return undefined
  const groups = inputs.others
    .filter((other) => !isSlot(other))
    .map((other): Inputs | undefined => {
      const value = objectOf(other)
      const steps = [...inputs.path, other.element.name.localName]
      const group = value && inputsOf(value, steps, { sure: other.required })
      // An element that holds nothing says what it says by being there, which no scalar does.
      if (!group || (group.scalars.length === 0 && group.others.length === 0)) return undefined
      return namesAreDistinct(group) ? flatten(group, depth - 1) : undefined
    })
  if (groups.some((group) => group === undefined)) return undefined
  const scalars = [...inputs.scalars, ...groups.flatMap((group) => group?.scalars ?? [])]
  const names = scalars.map(({ name }) => name)
  const named = scalars.map((scalar) => {
    const isTaken = names.filter((name) => name === scalar.name).length > 1
    const group = scalar.steps.at(-1)
    return isTaken && group !== undefined && scalar.steps.length > inputs.path.length
      ? { ...scalar, name: memberName(`${group}_${scalar.name}`) }
      : scalar
  })
  if (new Set(named.map(({ name }) => name)).size < named.length) return undefined
  return { ...inputs, scalars: named, others: [], isOpen: false, asksForMore: false }
}

/** The members of a group of nothing but scalars. */
export function readGroup(inputs: Inputs, other: OtherInput): readonly ScalarInput[] | undefined {
  const value = objectOf(other)
  if (!value) return undefined
  const path = [...inputs.path, other.element.name.localName]
  const group = inputsOf(value, path, { sure: other.required })
  return group.others.length > 0 || group.isOpen || !namesAreDistinct(group) ? undefined : group.scalars
}

/** A scalar of a message, and where JSON has it. */
export interface PlacedScalar {
  readonly input: ScalarInput
  /** JSON names from the body on. */
  readonly names: readonly string[]
}

/** All single scalars of a message, down to a depth. */
export function scalarsIn({ object }: BodyMapping, depth = MAX_DEPTH): PlacedScalar[] {
  const below = (inputs: Inputs, names: readonly string[]): PlacedScalar[] => [
    ...inputs.scalars.flatMap((input) =>
      input.repeated || input.xmlName.startsWith('@') ? [] : [{ input, names: [...names, input.name] }],
    ),
    ...inputs.others.flatMap((other) => {
      const value = names.length < depth ? objectOf(other) : undefined
      const path = [...inputs.path, other.element.name.localName]
      return value
        ? below(inputsOf(value, path, { sure: other.required }), [...names, other.element.member.name])
        : []
    }),
  ]
  return below(inputsOf(object, [], { sure: true }), [])
}

/** An object somewhere below an input. */
export interface NestedObject {
  /** Its type, or the element where that has no name. */
  readonly holder: string
  /** `required` is said of where the object is. */
  readonly inputs: Inputs
}

/** All objects below an input, each once, those of derived types and in lists too. */
export function objectsIn({ others }: Inputs): NestedObject[] {
  const found = new Map<ObjectMapping, NestedObject>()
  const open = [...others]
  for (const { element } of open) {
    for (const object of objectsOf(element.value)) {
      if (found.has(object)) continue
      const holder = object.type.name?.localName ?? element.name.localName
      const inputs = ownInputs(object)
      found.set(object, { holder, inputs })
      open.push(...inputs.others)
    }
  }
  return [...found.values()]
}

const known = new WeakMap<ObjectMapping, Inputs>()

/** Of an object by itself; it is asked for again by each operation that leads to it. */
function ownInputs(object: ObjectMapping): Inputs {
  const own = known.get(object) ?? inputsOf(object, [], { sure: true })
  known.set(object, own)
  return own
}

function objectsOf(value: ValueMapping): readonly ObjectMapping[] {
  if (value.kind === 'object') return [value]
  if (value.kind === 'array') return objectsOf(value.item.value)
  return value.kind === 'polymorphic' ? value.alternatives.map(({ mapping }) => mapping) : []
}

/** An element that may be left out and has room for extensions alone: no part of what is asked. */
export function isSlot({ element, required }: OtherInput): boolean {
  const { value } = element
  if (required || value.kind !== 'object' || value.text || value.attributes.length > 0) return false
  const { scalars, others, isOpen } = inputsOf(value, [], { sure: false })
  return isOpen && scalars.length === 0 && others.length === 0
}

function objectOf({ element: { value, maxOccurs } }: OtherInput): ObjectMapping | undefined {
  return value.kind === 'object' && maxOccurs === 1 && !value.text ? value : undefined
}

function inputsOf(
  object: ObjectMapping,
  path: readonly string[],
  { sure }: { readonly sure: boolean },
): Inputs {
  const scalars: ScalarInput[] = []
  const others: OtherInput[] = []
  let isOpen = object.text !== undefined
  let asksForMore = isOpen
  for (const { member, name, required, value, documentation } of object.attributes) {
    scalars.push({
      name: member.name,
      xmlName: `@${name.localName}`,
      steps: path,
      repeated: false,
      required: sure && required,
      scalar: value,
      value,
      element: undefined,
      documentation,
    })
  }
  const visit = (content: ContentMapping | undefined, { certain }: { readonly certain: boolean }): void => {
    if (content === undefined) return
    if (content.kind === 'any') {
      isOpen = true
      asksForMore ||= content.minOccurs > 0 && certain
    } else if (content.kind === 'element') {
      const scalar = scalarOf(content)
      if (!scalar) others.push({ element: content, required: certain && content.minOccurs > 0 })
      else {
        scalars.push({
          name: content.member.name,
          xmlName: content.name.localName,
          steps: path,
          repeated: content.maxOccurs > 1 || content.value.kind === 'array' || scalar.form === 'list',
          required: certain && content.minOccurs > 0,
          scalar,
          value: content.value,
          element: content,
          documentation: content.documentation,
        })
      }
    } else if (content.member) {
      isOpen = true
      asksForMore = true
    } else {
      const inside = certain && content.minOccurs > 0 && content.kind !== 'choice'
      for (const particle of content.particles) visit(particle, { certain: inside })
    }
  }
  visit(object.content, { certain: sure })
  return {
    path,
    certain: sure,
    object,
    scalars: distinct(scalars),
    others: distinctElements(others),
    isOpen,
    asksForMore,
  }
}

/** Twins in branches of a choice are one member. */
function distinct(scalars: readonly ScalarInput[]): ScalarInput[] {
  return scalars.filter((scalar, index) => scalars.findIndex(({ name }) => name === scalar.name) === index)
}

function distinctElements(others: readonly OtherInput[]): OtherInput[] {
  const names = others.map(({ element }) => element.member.name)
  return others.filter((_, index) => names.indexOf(names[index] ?? '') === index)
}

function scalarOf({ value, maxOccurs }: ElementMapping): ScalarMapping | undefined {
  if (value.kind === 'scalar') return value.form === 'list' && maxOccurs > 1 ? undefined : value
  if (value.kind !== 'array' || maxOccurs > 1) return undefined
  const { item } = value
  return item.value.kind === 'scalar' && item.value.form !== 'list' && !item.nillable ? item.value : undefined
}

/** Targets are paths of local names: each must name one member. */
function namesAreDistinct({ scalars, others }: Inputs): boolean {
  const names = [
    ...scalars.map(({ xmlName }) => xmlName),
    ...others.map(({ element }) => element.name.localName),
  ]
  return new Set(names).size === names.length
}
