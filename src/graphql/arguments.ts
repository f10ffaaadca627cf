import { type GraphQLFieldConfigArgumentMap, GraphQLNonNull } from 'graphql'
import { UniqueNames } from '../base/unique-names.js'
import { ParameterTexts } from '../http/request/parameter-text.js'
import type { RequestValues } from '../http/request/reader.js'
import { jsonLine } from '../json/text.js'
import type { JsonValue } from '../json/value.js'
import { isObject, type OpenApiDocument } from '../openapi/document.js'
import { contentKind } from '../openapi/media-type.js'
import { isNamed, type OpenApiOperation, type OpenApiParameter } from '../openapi/operations.js'
import type { Input, InputTypes } from './input-types.js'
import { argumentName } from './names.js'
import { upperFirst } from './output-types.js'

/** A parameter of an operation as an argument. */
interface Argument {
  readonly name: string
  readonly parameter: OpenApiParameter
  readonly input: Input
  readonly description: string | undefined
}

/** Parameters that are told by other means than arguments, as JSON, by their argument's name. */
export type Given = ReadonlyMap<string, JsonValue>

/** What a client gives an operation, as arguments of its field. */
export class Arguments {
  readonly #parameters: readonly Argument[]
  readonly #body: { readonly name: string; readonly required: boolean; readonly input: Input } | undefined

  constructor(
    document: OpenApiDocument,
    { operationId, parameters, requestBody }: OpenApiOperation,
    inputs: InputTypes,
  ) {
    const names = new UniqueNames()
    this.#parameters = parameters.map((parameter) => {
      const name = names.take(argumentName(parameter.name))
      const input = inputs.of(parameter.schema, `${upperFirst(operationId)}${upperFirst(name)}`)
      const located = document.at(parameter.pointer)?.value
      const description =
        isObject(located) && typeof located.description === 'string' ? located.description : undefined
      return { name, parameter, input, description }
    })
    const content = requestBody?.content.find(({ mediaType }) => contentKind(mediaType) === 'json')
    this.#body = content && {
      name: names.take('input'),
      required: requestBody?.required === true,
      input: inputs.of(content.schema, `${upperFirst(operationId)}Body`),
    }
  }

  /** The name of the argument that a parameter became. @param name of the contract, `path.accountId` where it is ambiguous */
  nameOf(name: string): string | undefined {
    const [place, ...rest] = name.split('.')
    const qualified = this.#parameters.find(
      ({ parameter }) => parameter.in === place && isNamed(parameter, rest.join('.')),
    )
    return (qualified ?? this.#parameters.find(({ parameter }) => isNamed(parameter, name)))?.name
  }

  /** @param without arguments that need not be given */
  config(without: ReadonlySet<string> = new Set()): GraphQLFieldConfigArgumentMap {
    const config: GraphQLFieldConfigArgumentMap = {}
    for (const { name, parameter, input, description } of this.#parameters) {
      if (without.has(name)) continue
      const type = parameter.required ? new GraphQLNonNull(input.type) : input.type
      config[name] = { type, ...(description !== undefined && { description }) }
    }
    if (this.#body) {
      const { name, required, input } = this.#body
      config[name] = { type: required && !input.nullable ? new GraphQLNonNull(input.type) : input.type }
    }
    return config
  }

  /** @param given what links tell; it goes before arguments */
  values(args: Readonly<Record<string, unknown>>, given: Given = new Map()): RequestValues {
    const texts = new ParameterTexts()
    for (const { name, parameter, input } of this.#parameters) {
      const own = args[name]
      texts.add(
        parameter,
        given.get(name) ?? (own === undefined || own === null ? undefined : input.toJson(own)),
      )
    }
    const sent = this.#body && args[this.#body.name]
    if (!this.#body || sent === undefined) return texts.values(undefined)
    return texts.values(jsonLine(sent === null ? null : this.#body.input.toJson(sent)))
  }
}
