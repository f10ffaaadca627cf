import {
  GraphQLEnumType,
  type GraphQLInputFieldConfigMap,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLScalarType,
} from 'graphql'
import { UniqueNames } from '../base/unique-names.js'
import type { JsonObject, JsonValue } from '../json/value.js'
import type { Located, OpenApiDocument } from '../openapi/document.js'
import { type SchemaView, viewSchema } from '../openapi/schema-view.js'
import { descriptionOf, isEnumeration } from './enumerations.js'
import { legalName } from './names.js'
import type { OutputTypes } from './output-types.js'
import { scalarOf, scalarOfAlternatives } from './scalar-type.js'
import { Json } from './scalars.js'
import type { TypeNames } from './type-names.js'

type NullableInput =
  GraphQLScalarType | GraphQLEnumType | GraphQLInputObjectType | GraphQLList<GraphQLInputType>

/** An input type, and how its values become JSON of the operation. */
export interface Input {
  readonly type: NullableInput
  readonly nullable: boolean
  readonly toJson: (value: unknown) => JsonValue
}

const asIs = (value: unknown): JsonValue => value as JsonValue

/** Makes input types of JSON Schemas; the same schema is the same type. */
export class InputTypes {
  readonly #document: OpenApiDocument
  readonly #names: TypeNames
  readonly #outputs: OutputTypes
  /** By pointers, and by the member that a type leaves out. */
  readonly #made = new Map<string, Omit<Input, 'nullable'>>()

  /** @param outputs enumerations are the same both ways */
  constructor(document: OpenApiDocument, names: TypeNames, outputs: OutputTypes) {
    this.#document = document
    this.#names = names
    this.#outputs = outputs
  }

  /**
   * @param place names the type where the schema is no component
   * @param without a member that is told by other means
   */
  of(schema: Located, place: string, without?: string): Input {
    const view = viewSchema(this.#document, schema)
    const key = without === undefined ? view.pointer : `${view.pointer} ${without}`
    let made = this.#made.get(key)
    if (!made) {
      this.#made.set(key, { type: Json, toJson: asIs })
      made = this.#make(schema, view, place, without)
      this.#made.set(key, made)
    }
    return { ...made, nullable: view.nullable }
  }

  #make(
    schema: Located,
    view: SchemaView,
    place: string,
    without: string | undefined,
  ): Omit<Input, 'nullable'> {
    if (view.discriminator && view.alternatives.length > 0)
      return this.#choice(view, view.discriminator, place) ?? { type: Json, toJson: asIs }
    if (view.properties.size > (without === undefined ? 0 : 1)) return this.#object(view, place, without)
    if (view.types.has('array') && view.types.size === 1) return this.#list(view, place)
    if (view.types.has('object')) return { type: Json, toJson: asIs }
    if (view.alternatives.length > 0)
      return { type: scalarOfAlternatives(this.#document, view), toJson: asIs }
    if (!isEnumeration(view)) return { type: scalarOf(view), toJson: asIs }
    const type = this.#outputs.of(schema, place)
    return { type: type instanceof GraphQLEnumType ? type : scalarOf(view), toJson: asIs }
  }

  #list({ items }: SchemaView, place: string): Omit<Input, 'nullable'> {
    if (!items) return { type: new GraphQLList(Json), toJson: asIs }
    const item = this.of(items, `${place}Item`)
    return {
      type: new GraphQLList(item.nullable ? item.type : new GraphQLNonNull(item.type)),
      toJson: (values) =>
        Array.isArray(values) ? values.map((value) => (value === null ? null : item.toJson(value))) : null,
    }
  }

  #object(view: SchemaView, place: string, without: string | undefined): Omit<Input, 'nullable'> {
    const name = this.#names.ofInput(
      view,
      without === undefined ? place : `${view.componentName ?? place}Of${place}`,
    )
    const names = new UniqueNames()
    const members = [...view.properties]
      .filter(([member]) => member !== without)
      .map(([member, schema]) => ({ member, schema, name: names.take(legalName(member)) }))
    let inputs: ReadonlyMap<string, { readonly member: string; readonly input: Input }> | undefined
    const resolved = () =>
      (inputs ??= new Map(
        members.map(({ member, schema, name: own }) => [
          own,
          {
            member,
            input: this.of(
              schema,
              `${name.replace(/Input$/, '')}${own.charAt(0).toUpperCase()}${own.slice(1)}`,
            ),
          },
        ]),
      ))
    const fields = (): GraphQLInputFieldConfigMap =>
      Object.fromEntries(
        [...resolved()].map(([own, { member, input }]) => {
          const located = view.properties.get(member)
          const description = located && descriptionOf(viewSchema(this.#document, located))
          const isRequired = view.required.has(member) && !input.nullable
          return [
            own,
            {
              type: isRequired ? new GraphQLNonNull(input.type) : input.type,
              ...(description !== undefined && { description }),
            },
          ]
        }),
      )
    return {
      type: new GraphQLInputObjectType({ name, description: descriptionOf(view), fields }),
      // An absent field is no member, a null one is null: the contract may tell them apart.
      toJson: (value) => {
        const json: Record<string, JsonValue> = {}
        for (const [own, given] of entriesOf(value)) {
          const field = resolved().get(own)
          if (field) json[field.member] = given === null ? null : field.input.toJson(given)
        }
        return json
      },
    }
  }

  /** An input of several kinds: exactly one of its fields is given (`@oneOf`). @returns undefined where one is no object */
  #choice(
    view: SchemaView,
    { propertyName, valueOf }: NonNullable<SchemaView['discriminator']>,
    place: string,
  ): Omit<Input, 'nullable'> | undefined {
    const alternatives = view.alternatives.map((schema) => ({
      schema,
      own: viewSchema(this.#document, schema),
    }))
    if (!alternatives.every(({ own }) => own.properties.size > 0)) return undefined
    const name = this.#names.ofInput(view, place)
    const names = new UniqueNames()
    const choices = alternatives.map(({ schema, own }) => {
      const value = valueOf.get(own.pointer) ?? own.componentName ?? ''
      const field = names.take(legalName(value.charAt(0).toLowerCase() + value.slice(1)))
      return { field, value, input: this.of(schema, name.replace(/Input$/, ''), propertyName) }
    })
    const byField = new Map(choices.map((choice) => [choice.field, choice]))
    return {
      type: new GraphQLInputObjectType({
        name,
        description: descriptionOf(view),
        isOneOf: true,
        fields: () => Object.fromEntries(choices.map(({ field, input }) => [field, { type: input.type }])),
      }),
      toJson: (value) => {
        const [field = '', given] = entriesOf(value)[0] ?? []
        const choice = byField.get(field)
        const json = choice && given !== null ? choice.input.toJson(given) : {}
        return { [propertyName]: choice?.value ?? null, ...(json as JsonObject) }
      },
    }
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
