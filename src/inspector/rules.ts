import { matchContent, matchValue, occurrenceOf, partsOf } from '../mapping/canonical/content-walk.js'
import type {
  AttributeMapping,
  ElementMapping,
  ObjectMapping,
  ScalarMapping,
  ValueMapping,
} from '../mapping/canonical/value-mapping.js'
import type { XsdType } from '../xsd/model/model.js'

/** A step of a place in JSON; null stands for each item of an array. */
export type JsonStep = string | null

/** A step of a place in XML: a local name, `@` before that of an attribute. */
export interface XmlStep {
  readonly name: string
  /** The items of the nearest array above are its occurrences. */
  readonly many?: true
}

/** Where a value of REST stands, and from which it comes where it comes from none. */
export interface RestPlace {
  readonly in: 'path' | 'query' | 'header' | 'body' | 'call'
  readonly steps: readonly JsonStep[]
}

/** What moves one value. */
export interface Rule {
  readonly rest: RestPlace
  /** From `Body` or `Header` on. */
  readonly xml: readonly XmlStep[]
  /** For people. */
  readonly says: string
}

/** A place of the XSD that no value of the contract moves to or from. */
export interface Unmapped {
  readonly xml: readonly XmlStep[]
  readonly isRequired: boolean
  readonly says: string
}

export interface Rules {
  readonly rules: readonly Rule[]
  readonly unmapped: readonly Unmapped[]
  /** There are more than are listed. */
  readonly isCut: boolean
}

/** Nobody reads more of one message; types may lead into one another without end. */
const MOST_RULES = 2_000
const DEEPEST = 24

/** Gathers what moves the values of one message. */
export class RuleWriter {
  readonly #rules: Rule[] = []
  readonly #unmapped: Unmapped[] = []
  #isCut = false

  get result(): Rules {
    return { rules: this.#rules, unmapped: this.#unmapped, isCut: this.#isCut }
  }

  /** @returns whether there is still room */
  add(rule: Rule): boolean {
    if (this.#rules.length >= MOST_RULES) this.#isCut = true
    else this.#rules.push(rule)
    return !this.#isCut
  }

  leaveOut(element: ElementMapping, above: readonly XmlStep[]): void {
    this.#leaveOut([...above, { name: element.name.localName }], {
      isRequired: element.minOccurs > 0,
      says: `${typeName(element.value)}${element.minOccurs > 0 ? '' : ', optional'}`,
    })
  }

  /** An element whose value stands at a place of REST, and whatever is within it. */
  element(
    element: ElementMapping,
    rest: RestPlace,
    above: readonly XmlStep[],
    within: readonly ValueMapping[] = [],
  ): void {
    const many = element.maxOccurs > 1
    const xml = [...above, { name: element.name.localName, ...(many && { many: true as const }) }]
    const place = many ? { ...rest, steps: [...rest.steps, null] } : rest
    if (many)
      this.add({
        rest,
        xml: above,
        says: `${stepText(rest)} is an array: one item for each ${element.name.localName}`,
      })
    if (!this.add({ rest: place, xml, says: elementSays(element, place) })) return
    this.value(element.value, place, xml, within)
  }

  value(
    value: ValueMapping,
    rest: RestPlace,
    xml: readonly XmlStep[],
    within: readonly ValueMapping[],
  ): void {
    if (within.length > DEEPEST || within.filter((each) => each === value).length > 1) return
    const inner = [...within, value]
    matchValue(value, {
      scalar: ({ form }) => {
        if (form !== 'list') return
        const place = { ...rest, steps: [...rest.steps, null] }
        this.add({
          rest: place,
          xml,
          says: `${stepText(place)} stands between blanks in the text of the element`,
        })
      },
      xml: () => undefined,
      document: ({ root }) => {
        const inside = [...xml, { name: '#document' }, { name: root.name.localName }]
        this.value(root.value, rest, inside, inner)
      },
      array: ({ item }) => {
        const place = { ...rest, steps: [...rest.steps, null] }
        const items = [...xml, { name: item.name.localName, many: true as const }]
        if (this.add({ rest: place, xml: items, says: elementSays(item, place) })) {
          this.value(item.value, place, items, inner)
        }
      },
      polymorphic: ({ alternatives, discriminator }) => {
        const place = { ...rest, steps: [...rest.steps, discriminator] }
        this.add({
          rest: place,
          xml: [...xml, { name: '@xsi:type' }],
          says: `${discriminator} ↔ xsi:type: which type the element is of`,
        })
        for (const { mapping } of alternatives) this.#object(mapping, rest, xml, inner)
      },
      object: (object) => {
        this.#object(object, rest, xml, inner)
      },
    })
  }

  #object(
    object: ObjectMapping,
    rest: RestPlace,
    xml: readonly XmlStep[],
    within: readonly ValueMapping[],
  ): void {
    for (const attribute of object.attributes) this.#attribute(attribute, rest, xml)
    if (object.text && !object.text.member.hidden) {
      const { member, value } = object.text
      const place = { ...rest, steps: [...rest.steps, member.name] }
      this.add({ rest: place, xml, says: `${member.name} ↔ the text of the element: ${scalarSays(value)}` })
    }
    this.content(object, rest, xml, within)
  }

  /** The members that are elements, at the place of their object. */
  content(
    { content }: Pick<ObjectMapping, 'content'>,
    rest: RestPlace,
    xml: readonly XmlStep[],
    within: readonly ValueMapping[],
  ): void {
    for (const part of partsOf(content)) {
      const below = (name: string): RestPlace => ({ ...rest, steps: [...rest.steps, name] })
      matchContent(part, {
        element: (element) => {
          const { member, flattened, name } = element
          if (member.hidden) this.leaveOut(element, xml)
          else if (flattened) this.value(element.value, rest, [...xml, { name: name.localName }], within)
          else this.element(element, below(member.name), xml, within)
        },
        any: ({ member }) => {
          if (!member.hidden) {
            this.add({
              rest: below(member.name),
              xml,
              says: `${member.name} ↔ elements of any name, as XML text`,
            })
          }
        },
        group: () => undefined,
        repeatedGroup: (group) => {
          if (group.member.hidden) return
          const { steps } = below(group.member.name)
          const place = { ...rest, steps: [...steps, null] }
          this.content({ content: occurrenceOf(group) }, place, xml, within)
        },
      })
    }
  }

  #attribute(
    { member, name, value, required }: AttributeMapping,
    rest: RestPlace,
    above: readonly XmlStep[],
  ): void {
    const xml = [...above, { name: `@${name.localName}` }]
    if (member.hidden) {
      this.#leaveOut(xml, { isRequired: required, says: `${typeName(value)}${required ? '' : ', optional'}` })
      return
    }
    const place = { ...rest, steps: [...rest.steps, member.name] }
    this.add({ rest: place, xml, says: `${member.name} ↔ attribute ${name.localName}: ${scalarSays(value)}` })
  }

  #leaveOut(xml: readonly XmlStep[], about: Omit<Unmapped, 'xml'>): void {
    if (this.#unmapped.length < MOST_RULES) this.#unmapped.push({ xml, ...about })
    else this.#isCut = true
  }
}

function elementSays(element: ElementMapping, rest: RestPlace): string {
  const { name, nillable, fixed, flag, minOccurs } = element
  const parts = [
    `${stepText(rest)} ↔ ${name.localName}: ${valueSays(element.value)}`,
    ...(minOccurs === 0 ? ['may be absent'] : []),
    ...(nillable ? ['null ↔ xsi:nil'] : []),
    ...(fixed === undefined ? [] : ['fixed by the XSD']),
    ...(element.member.default === undefined ? [] : ['the contract has a default']),
    ...(flag ? ['true ↔ the empty element'] : []),
  ]
  return parts.join('; ')
}

function stepText({ steps, in: place }: RestPlace): string {
  const named = steps.filter((step) => step !== null).at(-1)
  if (named === undefined) return place === 'body' ? 'the body' : 'the value'
  return steps.at(-1) === null ? `each of ${named}` : named
}

function valueSays(value: ValueMapping): string {
  return matchValue(value, {
    scalar: scalarSays,
    object: (object) => `an object, ${typeName(object)}`,
    array: ({ item }) => `an array, one item for each ${item.name.localName}`,
    polymorphic: ({ alternatives }) => `one of ${alternatives.map((each) => each.value).join(', ')}`,
    xml: () => 'the element itself as XML text',
    document: ({ root, encoding }) =>
      `a document ${root.name.localName} in the text of the element (${encoding})`,
  })
}

const FORMS: Readonly<Record<ScalarMapping['form'], string>> = {
  string: 'a string with the lexical form',
  number: 'a number with its digits',
  boolean: 'true or false',
  day: 'a date without its offset',
  list: 'an array of what stands between blanks',
}

function scalarSays(value: ScalarMapping): string {
  const renamed = value.values ? ', its values renamed' : ''
  return `${typeName(value)}, ${FORMS[value.form]}${renamed}`
}

function typeName(value: ValueMapping): string {
  const type: XsdType | undefined =
    value.kind === 'polymorphic' ? value.declared : value.kind === 'document' ? value.text.type : value.type
  if (type.name) return type.name.localName
  return type.kind === 'simpleType' ? `a kind of ${type.builtIn}` : 'an anonymous type'
}
