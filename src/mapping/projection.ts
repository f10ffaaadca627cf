import { clark, type QName } from '../base/qname.js'
import { type OpenApiObject } from '../openapi/document.js'
import { isBuiltIn } from '../xsd/built-in-types.js'
import { type SimpleType } from '../xsd/model.js'
import { ComponentNames } from './component-names.js'
import { schemaName } from './names.js'
import { objectSchema, type ObjectSchemaOptions } from './projection-object.js'
import { type MemberNaming, type SchemaSource } from './schema-source.js'
import { scalarDescription, scalarSchema } from './projection-scalar.js'
import {
  type Alternative,
  type ArrayMapping,
  type ElementMapping,
  type ObjectMapping,
  type PolymorphicMapping,
  type ScalarMapping,
  type ValueMapping,
} from './value-mapping.js'

/**
 * JSON Schemas from canonical mappings: the way back from `fit`. Named types and objects become component schemas, each
 * once; fitting a schema onto the mapping that it was projected from gives that mapping again.
 */
export class Projection implements SchemaSource {
  readonly #names: ComponentNames
  readonly #refs = new Map<object, string>()
  readonly #pending: (() => void)[] = []
  readonly #components = new Map<string, OpenApiObject>()

  /**
   * @param names shared where several WSDLs make one document
   * @param owner goes before names that are taken: what the WSDL is about
   */
  constructor(
    readonly naming: MemberNaming,
    names = new ComponentNames(),
    readonly owner?: string,
  ) {
    this.#names = names
  }

  /**
   * The schema of a value.
   *
   * @param hints names for it where its XSD type has none, the best first
   */
  value(mapping: ValueMapping, ...hints: readonly string[]): OpenApiObject {
    switch (mapping.kind) {
      case 'scalar':
        return this.#scalar(mapping)
      case 'xml':
        return xmlText
      case 'array':
        return this.#array(mapping, hints)
      case 'object':
        return this.#component(mapping, [mapping.type.name?.localName, ...hints], () => this.object(mapping))
      case 'polymorphic':
        return this.#component(mapping, [mapping.declared.name?.localName, ...hints], () =>
          this.#polymorphic(mapping),
        )
    }
  }

  /** An object schema of its own, not as a component. */
  object(mapping: ObjectMapping, options: ObjectSchemaOptions = {}): OpenApiObject {
    return objectSchema(this, mapping, options)
  }

  /** The schema of an element: a value, null where it is nillable, an array where it repeats. */
  element(element: ElementMapping, certain: boolean, parent: string): OpenApiObject {
    const hint = element.name.localName
    const value = this.value(element.value, hint, `${parent}_${hint}`)
    const once = element.member.nullable ? nullable(value) : value
    if (element.maxOccurs <= 1) return once
    return {
      type: 'array',
      items: once,
      ...(certain && element.minOccurs > 0 && { minItems: element.minOccurs }),
      ...(element.maxOccurs !== Infinity && { maxItems: element.maxOccurs }),
    }
  }

  /** Makes a schema a component of its own. */
  named(name: string, schema: OpenApiObject): OpenApiObject {
    const taken = this.#take([name])
    this.#components.set(taken, schema)
    return { $ref: `#/components/schemas/${taken}` }
  }

  /** All that was referred to, by name. */
  components(): ReadonlyMap<string, OpenApiObject> {
    for (let next = this.#pending.shift(); next; next = this.#pending.shift()) next()
    return this.#components
  }

  #take([first = 'Schema', ...others]: readonly string[]): string {
    const owned = this.owner === undefined ? [] : [`${this.owner}_${first}`]
    return this.#names.take(first, ...owned, ...others)
  }

  #component(
    key: object,
    names: readonly (string | undefined)[],
    build: (name: string) => OpenApiObject,
  ): OpenApiObject {
    let name = this.#refs.get(key)
    if (name === undefined) {
      name = this.#take(names.filter((candidate) => candidate !== undefined))
      this.#refs.set(key, name)
      const taken = name
      this.#pending.push(() => this.#components.set(taken, build(taken)))
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  #scalar(mapping: ScalarMapping): OpenApiObject {
    const { type } = mapping
    const documentation = scalarDescription(type)
    const schema = {
      ...(documentation !== undefined && { description: documentation }),
      ...scalarSchema(mapping),
    }
    if (!type.name || isBuiltIn(type) || isAlias(type)) return schema
    return this.#component(type, [type.name.localName], () => schema)
  }

  #array(mapping: ArrayMapping, hints: readonly string[]): OpenApiObject {
    const build = (): OpenApiObject => this.#items(mapping, hints)
    return containsItself(mapping)
      ? this.#component(mapping, [mapping.type.name?.localName, ...hints], build)
      : build()
  }

  #items({ type, item }: ArrayMapping, hints: readonly string[]): OpenApiObject {
    const parent = type.name?.localName ?? hints[0] ?? ''
    const items = this.element(item, true, parent)
    return type.documentation === undefined ? items : { description: type.documentation, ...items }
  }

  #polymorphic(mapping: PolymorphicMapping): OpenApiObject {
    const { declared, discriminator, alternatives } = mapping
    const refs = alternatives.map((alternative) => {
      return { alternative, schema: this.#alternative(mapping, alternative) }
    })
    return {
      ...(declared.documentation !== undefined && { description: declared.documentation }),
      oneOf: refs.map(({ schema }) => schema),
      discriminator: {
        propertyName: discriminator,
        mapping: Object.fromEntries(refs.map(({ alternative, schema }) => [alternative.value, schema.$ref])),
      },
    }
  }

  /** An alternative has the discriminator among its members, which its type by itself has not. */
  #alternative({ discriminator, declared }: PolymorphicMapping, alternative: Alternative): OpenApiObject {
    const { value, typeName, isDeclared, mapping } = alternative
    const own = typeName?.localName ?? value
    const names = isDeclared
      ? [`Plain_${own}`]
      : [own, `${schemaName(declared.name?.localName ?? '')}_${own}`]
    return this.#component(alternative, names, (name) => ({
      ...this.object(mapping, { discriminator: { name: discriminator, value } }),
      ...(typeName && typeAnnotation(typeName, value, name)),
    }))
  }
}

/** Says which XSD type an alternative is, where the name of its component does not. */
function typeAnnotation(type: QName, value: string, componentName: string): OpenApiObject {
  const own = schemaName(type.localName)
  if (own === value) return own === componentName ? {} : { 'x-soap': { type: type.localName } }
  return { 'x-soap': { type: clark(type) } }
}

const xmlText: OpenApiObject = { type: 'string', contentMediaType: 'application/xml' }

/** Allows null beside what a schema allows (JSON Schema 2020-12: `type` may be a list). */
export function nullable(schema: OpenApiObject): OpenApiObject {
  const { type, enum: values } = schema
  if (typeof type !== 'string') return { anyOf: [schema, { type: 'null' }] }
  return {
    ...schema,
    type: [type, 'null'],
    ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }),
  }
}

/** A name for a built-in type that says nothing of its own. */
function isAlias({ base, facets, documentation, variety }: SimpleType): boolean {
  if (documentation !== undefined || variety !== 'atomic' || !base) return false
  return (Object.keys(facets) as (keyof typeof facets)[]).every(
    (facet) => facet === 'whiteSpace' || facets[facet] === base.facets[facet] || isEmpty(facets[facet]),
  )
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0
}

function containsItself(mapping: ArrayMapping): boolean {
  const seen = new Set<ValueMapping>()
  let value: ValueMapping = mapping
  while (value.kind === 'array') {
    if (seen.has(value)) return true
    seen.add(value)
    value = value.item.value
  }
  return false
}
