import { clark, type QName } from '../../base/qname.js'
import type { OpenApiObject } from '../../openapi/document.js'
import { builtInType, isBuiltIn } from '../../xsd/model/built-in-types.js'
import type { SimpleType } from '../../xsd/model/model.js'
import { schemaName } from '../canonical/member-names.js'
import { formOfNil } from '../canonical/nil.js'
import type {
  Alternative,
  ArrayMapping,
  ElementMapping,
  ObjectMapping,
  PolymorphicMapping,
  ScalarMapping,
  ValueMapping,
} from '../canonical/value-mapping.js'
import { type ComponentKey, ComponentSchemas, type Direction } from './component-schemas.js'
import { withHeldValues } from './held-value.js'
import { objectSchema, type ObjectSchemaOptions } from './object.js'
import { scalarDescription, scalarSchema } from './scalar.js'
import type { MemberNaming, SchemaSource } from './schema-source.js'

/**
 * JSON Schemas from canonical mappings: the way back from `fit`. Named types and objects become component schemas, each
 * once; fitting a schema onto the mapping that it was projected from gives that mapping again.
 */
export class Projection implements SchemaSource {
  /** @param components shared by both directions of one WSDL */
  constructor(
    readonly naming: MemberNaming,
    readonly components = new ComponentSchemas(),
    readonly direction: Direction = 'response',
  ) {}

  /** The same for requests, with the same components where these are equal. */
  get forRequests(): Projection {
    return new Projection(this.naming, this.components, 'request')
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
      case 'document':
        return this.value(mapping.root.value, ...hints)
      case 'array':
        return this.#array(mapping, hints)
      case 'object':
        // What one element says of its text is no matter of the type that others have, too.
        if (mapping.text?.fixed !== undefined || mapping.text?.default !== undefined)
          return this.object(mapping)
        return this.#component(
          mapping,
          originOf(mapping.type, hints),
          [mapping.type.name?.localName, ...hints],
          () => this.object(mapping),
        )
      case 'polymorphic':
        return this.#component(
          mapping,
          `any ${originOf(mapping.declared, hints)}`,
          [mapping.declared.name?.localName, ...hints],
          () => this.#polymorphic(mapping),
        )
    }
  }

  /** An object schema of its own, not as a component. */
  object(mapping: ObjectMapping, options: ObjectSchemaOptions = {}): OpenApiObject {
    return objectSchema(this, mapping, options)
  }

  /** The schema of an element: a value, null where that can be said, an array where it repeats. */
  element(
    element: ElementMapping,
    { certain, parent }: { readonly certain: boolean; readonly parent: string },
  ): OpenApiObject {
    const hint = element.name.localName
    const schema = this.value(element.value, hint, `${parent}_${hint}`)
    const value = withHeldValues(schema, element.value, { fixed: element.fixed })
    const once = this.orNull(element, value)
    if (element.maxOccurs <= 1) return once
    return {
      type: 'array',
      items: once,
      ...(certain && element.minOccurs > 0 && { minItems: element.minOccurs }),
      ...(element.maxOccurs !== Infinity && { maxItems: element.maxOccurs }),
    }
  }

  /**
   * What an element may be: its value, or null where that can be said.
   *
   * @param schema of the value
   */
  orNull(element: ElementMapping, schema: OpenApiObject): OpenApiObject {
    const hasAttributes = element.nillable && formOfNil(element.value) === undefined
    if (this.direction === 'response' && hasAttributes) this.components.remark('nil-attributes')
    return this.#offersNull(element) ? nullable(schema) : schema
  }

  /** Makes a schema a component of its own. */
  named(name: string, schema: OpenApiObject): OpenApiObject {
    return this.components.named(name, schema)
  }

  /** A backend may say nil of more than can be said to it. */
  #offersNull({ nillable, value, member }: ElementMapping): boolean {
    return member.nullable && (this.direction === 'response' || (nillable && formOfNil(value) !== undefined))
  }

  #component(
    key: ComponentKey,
    origin: string,
    names: readonly (string | undefined)[],
    build: (name: string) => OpenApiObject,
  ): OpenApiObject {
    const wanted = names.filter((name) => name !== undefined)
    return this.components.of(key, { origin, names: wanted, direction: this.direction, build })
  }

  #scalar(mapping: ScalarMapping): OpenApiObject {
    const { type } = mapping
    if (type.variety === 'atomic' && type.builtIn === 'dateTime') this.components.remark('local-times')
    if (mapping.specials) this.components.remark('special-numbers')
    if (type.facets.patterns.some(({ published }) => published?.isNarrower))
      this.components.remark('ascii-digits')
    const documentation = scalarDescription(type)
    const schema = {
      ...(documentation !== undefined && { description: documentation }),
      ...scalarSchema(mapping),
    }
    if (isBuiltIn(type) || isAlias(type)) return this.#builtIn(mapping, schema)
    if (!type.name) return schema
    return this.#component(type, originOf(type, []), [type.name.localName], () => schema)
  }

  /** What needs more words than a type and a format is said once. */
  #builtIn({ type, form, specials }: ScalarMapping, schema: OpenApiObject): OpenApiObject {
    const shared = form === 'string' || specials ? SHARED[type.builtIn] : undefined
    if (!shared || type.variety !== 'atomic') return schema
    const { name, ...documentation } = shared
    const shape = builtInType(type.builtIn)
    return this.#component(shape, originOf(shape, []), [name], () => ({ ...documentation, ...schema }))
  }

  #array(mapping: ArrayMapping, hints: readonly string[]): OpenApiObject {
    const build = (): OpenApiObject => this.#items(mapping, hints)
    return containsItself(mapping) || nesting(mapping) > MAX_NESTING
      ? this.#component(
          mapping,
          originOf(mapping.type, hints),
          [mapping.type.name?.localName, ...hints],
          build,
        )
      : build()
  }

  #items({ type, item }: ArrayMapping, hints: readonly string[]): OpenApiObject {
    const parent = type.name?.localName ?? hints[0] ?? ''
    const items = this.element(item, { certain: true, parent })
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
    const origin = `${isDeclared ? 'plain' : 'option'} ${originOf(declared, [])} ${typeName ? clark(typeName) : value}`
    return this.#component(alternative, origin, names, (name) => ({
      ...this.object(mapping, { discriminator: { name: discriminator, value } }),
      ...(typeName && typeAnnotation(typeName, value, name)),
    }))
  }
}

/** Components for built-in types that JSON has no format for. */
const SHARED: Readonly<
  Record<string, { readonly name: string; readonly title: string; readonly description: string }>
> = {
  dateTime: {
    name: 'XsdDateTime',
    title: 'Date and time',
    description: 'A date and a time of XML Schema: without an offset, it is a local time of the backend.',
  },
  date: {
    name: 'XsdDate',
    title: 'Date',
    description: 'A calendar date of XML Schema: an offset may follow it.',
  },
  float: {
    name: 'XsdFloat',
    title: 'Number',
    description: 'A number; `INF`, `-INF` and `NaN`, which JSON has no numbers for, are texts.',
  },
  double: {
    name: 'XsdDouble',
    title: 'Number',
    description: 'A number; `INF`, `-INF` and `NaN`, which JSON has no numbers for, are texts.',
  },
}

/** What a component stands for: a type by its name, and one without by where it is. */
function originOf({ name }: { readonly name?: QName | undefined }, hints: readonly string[]): string {
  return name ? clark(name) : `in ${hints.at(-1) ?? ''}`
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
  if (typeof type !== 'string' && !Array.isArray(type)) return { anyOf: [schema, { type: 'null' }] }
  return {
    ...schema,
    type: [...(Array.isArray(type) ? (type as unknown[]) : [type]), 'null'],
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

/** Arrays within arrays to here are written where they stand. */
const MAX_NESTING = 8

function nesting(mapping: ArrayMapping): number {
  let levels = 0
  for (
    let value: ValueMapping = mapping;
    value.kind === 'array' && levels <= MAX_NESTING;
    value = value.item.value
  )
    levels++
  return levels
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
