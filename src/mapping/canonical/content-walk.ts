import type {
  ContentMapping,
  DocumentMapping,
  ElementMapping,
  GroupMapping,
  Member,
  ObjectMapping,
  ValueMapping,
  WildcardMapping,
} from './value-mapping.js'

/** A group that repeats: a member of its own, an array of objects. */
export type RepeatedGroupMapping = GroupMapping & { readonly member: Member }

/** What to do with each kind of particle. A kind that a caller forgets does not compile. */
export interface ContentCases<R> {
  element(element: ElementMapping): R
  any(wildcard: WildcardMapping): R
  /** A group whose parts are members of the object around it. */
  group(group: GroupMapping): R
  repeatedGroup(group: RepeatedGroupMapping): R
}

/** The one place that tells particles of a content model apart. */
export function matchContent<R>(content: ContentMapping, cases: ContentCases<R>): R {
  switch (content.kind) {
    case 'element':
      return cases.element(content)
    case 'any':
      return cases.any(content)
    case 'sequence':
    case 'choice':
    case 'all':
      return isRepeatedGroup(content) ? cases.repeatedGroup(content) : cases.group(content)
  }
}

/** What to do with each kind of value. */
export interface ValueCases<R> {
  scalar(value: Extract<ValueMapping, { kind: 'scalar' }>): R
  object(value: ObjectMapping): R
  array(value: Extract<ValueMapping, { kind: 'array' }>): R
  polymorphic(value: Extract<ValueMapping, { kind: 'polymorphic' }>): R
  xml(value: Extract<ValueMapping, { kind: 'xml' }>): R
  document(value: DocumentMapping): R
}

/** The one place that tells values apart. */
export function matchValue<R>(value: ValueMapping, cases: ValueCases<R>): R {
  switch (value.kind) {
    case 'scalar':
      return cases.scalar(value)
    case 'object':
      return cases.object(value)
    case 'array':
      return cases.array(value)
    case 'polymorphic':
      return cases.polymorphic(value)
    case 'xml':
      return cases.xml(value)
    case 'document':
      return cases.document(value)
  }
}

function isRepeatedGroup(group: GroupMapping): group is RepeatedGroupMapping {
  return group.member !== undefined
}

/** One occurrence of a repeated group: its parts are the members of an item. */
export function occurrenceOf({ kind, particles }: GroupMapping): GroupMapping {
  return { kind, minOccurs: 1, maxOccurs: 1, particles }
}

type Part = ElementMapping | WildcardMapping | RepeatedGroupMapping

const parts = new WeakMap<ContentMapping, readonly Part[]>()
const ownElements = new WeakMap<ContentMapping, readonly ElementMapping[]>()

/** The parts of a content model that are members of its own JSON object: groups opened, but not those that are members. */
export function partsOf(content: ContentMapping | undefined): readonly Part[] {
  if (!content) return []
  const known = parts.get(content)
  if (known) return known
  const found: Part[] = []
  const keep = (part: Part): unknown => found.push(part)
  const cases: ContentCases<unknown> = {
    element: keep,
    any: keep,
    repeatedGroup: keep,
    group: ({ particles }) => {
      for (const particle of particles) matchContent(particle, cases)
    },
  }
  matchContent(content, cases)
  parts.set(content, found)
  return found
}

/** The elements among them. */
export function ownElementsOf(content: ContentMapping | undefined): readonly ElementMapping[] {
  if (!content) return []
  const known = ownElements.get(content)
  if (known) return known
  const found = partsOf(content).filter((part) => part.kind === 'element')
  ownElements.set(content, found)
  return found
}

/** Elements of a content model in document order, all groups opened. */
export function elementsOf(content: ContentMapping | undefined): ElementMapping[] {
  return partsOf(content).flatMap((part) =>
    matchContent(part, {
      element: (element) => [element],
      any: () => [],
      group: elementsOf,
      repeatedGroup: (group) => elementsOf(occurrenceOf(group)),
    }),
  )
}

/** A value, and the element whose value it is, if it is one's. */
export interface Visited {
  readonly value: ValueMapping
  readonly element: ElementMapping | undefined
}

/**
 * All values that values lead to, themselves first, each once: without recursion, for types lead into one another as
 * often as a schema likes.
 *
 * @param follows whether the value of an element is visited
 */
export function* valuesWithin(
  roots: Iterable<ValueMapping>,
  follows: (element: ElementMapping) => boolean = () => true,
): Generator<ValueMapping> {
  const seen = new Set<ValueMapping>()
  const pending = [...roots]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    yield next
    for (const { value, element } of childrenOf(next)) {
      if (!element || follows(element)) pending.push(value)
    }
  }
}

/** The values that stand directly in a value. */
export function childrenOf(value: ValueMapping): readonly Visited[] {
  const none = (): Visited[] => []
  const ofElements = (content: ContentMapping | undefined): Visited[] =>
    elementsOf(content).map((element) => ({ value: element.value, element }))
  return matchValue<readonly Visited[]>(value, {
    scalar: none,
    xml: none,
    array: ({ item }) => ofElements(item),
    document: ({ root }) => ofElements(root),
    polymorphic: ({ alternatives }) =>
      alternatives.map(({ mapping }) => ({ value: mapping, element: undefined })),
    object: ({ attributes, text, content }) => [
      ...attributes.map((attribute) => ({ value: attribute.value, element: undefined })),
      ...(text ? [{ value: text.value, element: undefined }] : []),
      ...ofElements(content),
    ],
  })
}

/** Can a particle match nothing at all? */
export function isEmptiable(content: ContentMapping): boolean {
  if (content.minOccurs === 0) return true
  const never = (): boolean => false
  const group = ({ kind, particles }: GroupMapping): boolean =>
    kind === 'choice' ? particles.some(isEmptiable) : particles.every(isEmptiable)
  return matchContent(content, { element: never, any: never, group, repeatedGroup: group })
}
