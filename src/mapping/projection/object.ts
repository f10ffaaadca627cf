import type { OpenApiObject } from '../../openapi/document.js'
import { isEmptiable } from '../canonical/content-walk.js'
import { wordsOf } from '../canonical/member-names.js'
import type {
  AttributeMapping,
  ContentMapping,
  ElementMapping,
  GroupMapping,
  ObjectMapping,
  WildcardMapping,
} from '../canonical/value-mapping.js'
import { withHeldValues } from './held-value.js'
import { MemberNames, type NamedMember } from './members.js'
import type { SchemaSource } from './schema-source.js'

export interface ObjectSchemaOptions {
  /** Canonical names of members that have another place in the contract. */
  readonly without?: ReadonlySet<string>
  /** Names for members, by their canonical ones. */
  readonly rename?: ReadonlyMap<string, string>
  readonly discriminator?: { readonly name: string; readonly value: string }
}

interface Property {
  readonly schema: OpenApiObject
  required: boolean
}

/** The schema of a complex type; groups are expanded, extensions too, so that nothing is left open. */
export function objectSchema(
  projection: SchemaSource,
  mapping: ObjectMapping,
  options: ObjectSchemaOptions = {},
): OpenApiObject {
  const parent = mapping.type.name?.localName ?? ''
  const object = new ObjectProjection(projection, mapping, parent, options)
  if (options.discriminator) {
    const { name, value } = options.discriminator
    object.add(name, { type: 'string', const: value }, { required: true })
  }
  for (const attribute of mapping.attributes) object.attribute(attribute)
  if (mapping.text) {
    const { member, value, fixed } = mapping.text
    const schema = projection.value(value, `${parent}_Value`)
    object.add(member.name, withHeldValues(schema, value, { fixed }), { required: true })
  }
  if (mapping.content) object.content(mapping.content, { certain: true })
  const { documentation, name } = mapping.type
  const description = [documentation, ...object.choices].filter((text) => text !== undefined && text !== '')
  return {
    ...(name && documentation !== undefined && { title: titleOf(name.localName) }),
    ...(description.length > 0 && { description: description.join('\n\n') }),
    ...object.schema(),
  }
}

class ObjectProjection {
  /** What the XSD says of choices, in words: JSON Schema would say it at the cost of every client. */
  readonly choices: string[] = []
  readonly without: ReadonlySet<string>
  readonly #properties = new Map<string, Property>()
  readonly #names: MemberNames

  constructor(
    readonly projection: SchemaSource,
    mapping: Pick<ObjectMapping, 'attributes' | 'content'>,
    readonly parent: string,
    { without, rename }: ObjectSchemaOptions = {},
  ) {
    this.without = without ?? new Set()
    this.#names = new MemberNames(projection.naming, mapping, rename)
  }

  schema(): OpenApiObject {
    const required = [...this.#properties].filter(([, property]) => property.required).map(([name]) => name)
    return {
      type: 'object',
      ...(required.length > 0 && { required }),
      ...(this.#properties.size > 0 && {
        properties: Object.fromEntries([...this.#properties].map(([name, { schema }]) => [name, schema])),
      }),
      additionalProperties: false,
    }
  }

  /** The same element in several branches of a choice is one member. */
  add(name: string, schema: OpenApiObject, { required }: { readonly required: boolean }): void {
    const twin = this.#properties.get(name)
    if (!twin) this.#properties.set(name, { schema, required })
    else
      this.#properties.set(name, {
        schema: widened(twin.schema, schema),
        required: twin.required || required,
      })
  }

  attribute(attribute: AttributeMapping): void {
    if (this.without.has(attribute.member.name)) return
    const { value, required, fixed, default: preset } = attribute
    const schema = this.projection.value(
      value,
      attribute.name.localName,
      `${this.parent}_${attribute.name.localName}`,
    )
    const named = this.#names.attribute(attribute)
    this.add(
      named.name,
      decorated(withHeldValues(schema, value, { fixed, default: preset }), attribute.documentation, named),
      { required },
    )
  }

  /** @param certain false inside a choice or an optional group, where everything may be absent */
  content(content: ContentMapping, { certain }: { readonly certain: boolean }): void {
    if (content.kind === 'element') this.#element(content, { certain })
    else if (content.kind === 'any') this.#wildcard(content, { certain })
    else if (content.member) this.#repeatedGroup(content, content.member.name, { certain })
    else {
      const inside = certain && content.minOccurs > 0 && content.kind !== 'choice'
      if (content.kind === 'choice') this.#describe(content)
      for (const particle of content.particles) this.content(particle, { certain: inside })
    }
  }

  #element(element: ElementMapping, { certain }: { readonly certain: boolean }): void {
    if (this.without.has(element.member.name)) return
    const schema = this.projection.element(element, { certain, parent: this.parent })
    const named = this.#names.element(element)
    this.add(named.name, decorated(schema, element.documentation, named), {
      required: certain && element.minOccurs > 0,
    })
  }

  #wildcard(
    { member, minOccurs, maxOccurs }: WildcardMapping,
    { certain }: { readonly certain: boolean },
  ): void {
    if (this.without.has(member.name)) return
    const one = { type: 'string', contentMediaType: 'application/xml' }
    const description = 'XML elements that the WSDL leaves open, each as a text.'
    const many = {
      type: 'array',
      items: one,
      ...(certain && minOccurs > 0 && { minItems: minOccurs }),
      ...(maxOccurs !== Infinity && { maxItems: maxOccurs }),
    }
    this.add(
      member.name,
      { description, ...(maxOccurs > 1 ? many : one) },
      { required: certain && minOccurs > 0 },
    )
  }

  #repeatedGroup(group: GroupMapping, name: string, { certain }: { readonly certain: boolean }): void {
    if (this.without.has(name)) return
    const content: GroupMapping = { kind: group.kind, minOccurs: 1, maxOccurs: 1, particles: group.particles }
    const item = new ObjectProjection(this.projection, { attributes: [], content }, this.parent)
    item.content(content, { certain: true })
    const needed = certain && group.minOccurs > 0
    const items =
      item.choices.length === 0 ? item.schema() : { description: item.choices.join('\n\n'), ...item.schema() }
    this.add(
      name,
      {
        type: 'array',
        items,
        ...(needed && !isEmptiable(content) && { minItems: group.minOccurs }),
        ...(group.maxOccurs !== Infinity && { maxItems: group.maxOccurs }),
      },
      { required: needed },
    )
  }

  #describe(choice: GroupMapping): void {
    const branches = choice.particles.map((particle) => {
      return [...new Set(this.#members(particle))].map((name) => `\`${name}\``).join(' with ')
    })
    const distinct = [...new Set(branches)].filter((branch) => branch !== '')
    if (distinct.length < 2 || distinct.length > 12) return
    const demand =
      choice.minOccurs === 0 || choice.particles.some(isEmptiable) ? 'At most one' : 'Exactly one'
    this.choices.push(`${demand} of: ${distinct.join('; ')}.`)
  }

  #members(content: ContentMapping): string[] {
    if (content.kind === 'element') return [this.#names.element(content).name]
    if (content.member) return [content.member.name]
    return content.kind === 'any' ? [] : content.particles.flatMap((particle) => this.#members(particle))
  }
}

/** A schema for both of two occurrences of an element, which differ in their number at most. */
function widened(first: OpenApiObject, second: OpenApiObject): OpenApiObject {
  if (first.type !== 'array' || second.type !== 'array') return first
  const most = Math.max(Number(first.maxItems ?? Infinity), Number(second.maxItems ?? Infinity))
  const open = without(first, 'minItems', 'maxItems')
  return most === Infinity ? open : { ...open, maxItems: most }
}

function decorated(
  schema: OpenApiObject,
  documentation: string | undefined,
  { xml }: NamedMember,
): OpenApiObject {
  const described =
    documentation === undefined || documentation === ''
      ? schema
      : { description: documentation, ...without(schema, 'description') }
  return xml === undefined ? described : { ...described, xml }
}

function without(schema: OpenApiObject, ...keywords: readonly string[]): OpenApiObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)))
}

/** `MortgageLoanType` → `Mortgage loan`. */
export function titleOf(name: string): string {
  const words = wordsOf(name.replace(/(?<=.)(?:_?Type|_?type)$/, ''))
  const lower = words.map((word) => (/^\p{Lu}{2,}$/u.test(word) ? word : word.toLowerCase())).join(' ')
  return lower.charAt(0).toUpperCase() + lower.slice(1)
}
