import {
  type GraphQLEnumType,
  type GraphQLFieldConfigMap,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql'
import { UniqueNames } from '../base/unique-names.js'
import { isJsonObject, type JsonValue } from '../json/value.js'
import type { Located, OpenApiDocument } from '../openapi/document.js'
import { type SchemaView, viewSchema } from '../openapi/schema-view.js'
import type { Context } from './call-context.js'
import { descriptionOf, enumerationOf, isEnumeration } from './enumerations.js'
import { extensionsOf, reads, readsMember, ReadWork } from './field-work.js'
import { legalName } from './names.js'
import { scalarOf, scalarOfAlternatives } from './scalar-type.js'
import { Json } from './scalars.js'
import type { TypeNames } from './type-names.js'

type NullableOutput =
  GraphQLScalarType | GraphQLEnumType | GraphQLObjectType | GraphQLUnionType | GraphQLList<GraphQLOutputType>
export type Fields = GraphQLFieldConfigMap<JsonValue, Context>

/** Fields of an object that the schema does not have: those that links add. @param taken names that are in use */
export type MoreFields = (view: SchemaView, taken: UniqueNames) => Fields

/** Lists the members that may be absent and may be null: in a response of GraphQL both are `null`. */
const ABSENT = '_absent'

/** Makes output types of JSON Schemas; the same schema is the same type. */
export class OutputTypes {
  readonly #document: OpenApiDocument
  readonly #names: TypeNames
  readonly #moreFields: MoreFields
  /** By pointers. */
  readonly #made = new Map<string, NullableOutput>()

  constructor(document: OpenApiDocument, names: TypeNames, moreFields: MoreFields) {
    this.#document = document
    this.#names = names
    this.#moreFields = moreFields
  }

  /** @param place names the type where the schema is no component */
  of(schema: Located, place: string): NullableOutput {
    const view = viewSchema(this.#document, schema)
    const made = this.#made.get(view.pointer)
    if (made) return made
    // A list of itself, which has no end, is met again before it is made.
    this.#made.set(view.pointer, Json)
    const type = this.#make(view, place)
    this.#made.set(view.pointer, type)
    return type
  }

  #make(view: SchemaView, place: string): NullableOutput {
    if (view.discriminator && view.alternatives.length > 0)
      return this.#union(view, view.discriminator, place)
    if (view.properties.size > 0) return this.#object(view, place)
    if (view.types.has('array') && view.types.size === 1) return this.#list(view, place)
    if (view.types.has('object')) return Json
    if (view.alternatives.length > 0) return scalarOfAlternatives(this.#document, view)
    return isEnumeration(view) ? enumerationOf(view, this.#names.of(view, place)) : scalarOf(view)
  }

  #list({ items }: SchemaView, place: string): NullableOutput {
    if (!items) return new GraphQLList(Json)
    const { nullable } = viewSchema(this.#document, items)
    const item = this.of(items, `${place}Item`)
    return new GraphQLList(nullable ? item : new GraphQLNonNull(item))
  }

  #object(view: SchemaView, place: string): NullableOutput {
    const name = this.#names.of(view, place)
    return new GraphQLObjectType<JsonValue, Context>({
      name,
      description: descriptionOf(view),
      fields: () => this.#fields(view, name),
    })
  }

  #fields(view: SchemaView, typeName: string): Fields {
    const names = new UniqueNames([ABSENT])
    const fields: Fields = {}
    const ambiguous: string[] = []
    for (const [member, schema] of view.properties) {
      const name = names.take(legalName(member))
      const own = viewSchema(this.#document, schema)
      const type = this.of(schema, `${typeName}${upperFirst(name)}`)
      const isRequired = view.required.has(member)
      if (own.nullable && !isRequired) ambiguous.push(member)
      const description = descriptionOf(own)
      fields[name] = {
        type: isRequired && !own.nullable ? new GraphQLNonNull(type) : type,
        ...(description !== undefined && { description }),
        ...(own.keywords.deprecated === true && { deprecationReason: 'Deprecated in the contract.' }),
        ...readsMember(member),
      }
    }
    if (ambiguous.length > 0) fields[ABSENT] = absentField(ambiguous)
    return { ...fields, ...this.#moreFields(view, names) }
  }

  #union(
    view: SchemaView,
    { propertyName, valueOf }: NonNullable<SchemaView['discriminator']>,
    place: string,
  ): NullableOutput {
    const name = this.#names.of(view, place)
    const members = view.alternatives.map((schema) => {
      const own = viewSchema(this.#document, schema)
      return { own, type: this.of(schema, `${name}${own.componentName ?? ''}`) }
    })
    const objects = members.flatMap(({ own, type }) =>
      type instanceof GraphQLObjectType
        ? [{ value: valueOf.get(own.pointer) ?? own.componentName, type }]
        : [],
    )
    if (objects.length < members.length || objects.length === 0) return Json
    const byValue = new Map(objects.map(({ value, type }) => [value, type.name]))
    const kindOf = (source: JsonValue): string | undefined => {
      const value = isJsonObject(source) ? source[propertyName] : undefined
      return typeof value === 'string' ? byValue.get(value) : undefined
    }
    return new GraphQLUnionType({
      name,
      description: descriptionOf(view),
      types: objects.map(({ type }) => type),
      resolveType: kindOf,
      extensions: extensionsOf(new ReadWork(kindOf)),
    })
  }
}

function absentField(members: readonly string[]): Fields[string] {
  return {
    type: new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString))),
    description:
      'Members that are null here because the backend did not send them; others that are null were sent so.',
    ...reads((source) => members.filter((member) => isJsonObject(source) && source[member] === undefined)),
  }
}

export function upperFirst(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
