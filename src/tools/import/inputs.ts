import { type BodyMapping } from '../../mapping/operation-mapping.js'
import { type ContentMapping, type ElementMapping, type ObjectMapping, type ScalarMapping, type ValueMapping } from '../../mapping/value-mapping.js'

/** A scalar of the input, or an array of scalars: what can be a parameter. */
export interface ScalarInput {
  readonly name: string
  readonly xmlName: string
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
}

const maxDepth = 3

/** Reads the members of an input; an object that is the only child is opened, if all that it holds are scalars. */
export function readInputs({ object }: BodyMapping): Inputs {
  const outer = inputsOf(object, [], true)
  let inner = outer
  for (let depth = 0; depth < maxDepth; depth++) {
    const [only, ...more] = inner.others
    if (!only || more.length > 0 || inner.scalars.length > 0 || inner.isOpen) break
    const { value, maxOccurs, name } = only.element
    if (value.kind !== 'object' || maxOccurs > 1 || value.text) break
    inner = inputsOf(value, [...inner.path, name.localName], only.required)
  }
  const isFlat = inner.others.length === 0 && !inner.isOpen && inner.scalars.length > 0
  return isFlat && namesAreDistinct(inner.object) ? inner : outer
}

function inputsOf(object: ObjectMapping, path: readonly string[], sure: boolean): Inputs {
  const scalars: ScalarInput[] = []
  const others: OtherInput[] = []
  let isOpen = object.text !== undefined
  for (const { member, name, required, value, documentation } of object.attributes) {
    scalars.push({
      name: member.name,
      xmlName: `@${name.localName}`,
      repeated: false,
      required: sure && required,
      scalar: value,
      value,
      element: undefined,
      documentation,
    })
  }
  const visit = (content: ContentMapping | undefined, certain: boolean): void => {
    if (content === undefined) return
    if (content.kind === 'any') isOpen = true
    else if (content.kind === 'element') {
      const scalar = scalarOf(content)
      if (!scalar) others.push({ element: content, required: certain && content.minOccurs > 0 })
      else {
        scalars.push({
          name: content.member.name,
          xmlName: content.name.localName,
          repeated: content.maxOccurs > 1 || content.value.kind === 'array' || scalar.form === 'list',
          required: certain && content.minOccurs > 0,
          scalar,
          value: content.value,
          element: content,
          documentation: content.documentation,
        })
      }
    } else if (content.member) isOpen = true
    else {
      const inside = certain && content.minOccurs > 0 && content.kind !== 'choice'
      for (const particle of content.particles) visit(particle, inside)
    }
  }
  visit(object.content, sure)
  return { path, certain: sure, object, scalars: distinct(scalars), others: distinctElements(others), isOpen }
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
function namesAreDistinct(object: ObjectMapping): boolean {
  const { scalars } = inputsOf(object, [], true)
  return new Set(scalars.map(({ xmlName }) => xmlName)).size === scalars.length
}
