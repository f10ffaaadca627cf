import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  GraphQLString,
} from 'graphql'
import { UniqueNames } from '../base/unique-names.js'
import type { JsonValue } from '../json/value.js'
import { isObject, type OpenApiDocument } from '../openapi/document.js'
import { takesJson } from '../openapi/json-request.js'
import { contentKind } from '../openapi/media-type.js'
import type { OpenApiOperation } from '../openapi/operations.js'
import { Arguments } from './arguments.js'
import type { Context } from './call-context.js'
import { type Call, extensionsOf, OperationWork, readsMember } from './field-work.js'
import { InputTypes } from './input-types.js'
import { Asked, followLink, type Link, linksOf } from './links.js'
import { legalName } from './names.js'
import { type Fields, OutputTypes, upperFirst } from './output-types.js'
import { Base64, Json } from './scalars.js'
import { TypeNames } from './type-names.js'

type Field = GraphQLFieldConfig<JsonValue, Context>

/** An operation that GraphQL cannot call, and why. */
export interface LeftOut {
  readonly operationId: string
  readonly reason: string
}

export interface BuiltSchema {
  readonly schema: GraphQLSchema
  readonly leftOut: readonly LeftOut[]
}

/**
 * The GraphQL schema of a contract: a query for each operation that is GET, a mutation for each other, types of the component
 * schemas, and a field for each OpenAPI link.
 *
 * @param document the published document
 * @param operations of the document
 * @param takesBytes whether an operation takes bytes, whatever media type they have
 */
export function buildSchema(
  document: OpenApiDocument,
  operations: readonly OpenApiOperation[],
  takesBytes: (operationId: string) => boolean = () => false,
): BuiltSchema {
  const reasons = new Map(
    operations.flatMap((operation) => {
      const isBytes = takesBytes(operation.operationId)
      if (takesJson(operation, { takesBytes: isBytes })) return []
      return [[operation.operationId, isBytes || hasBytesOnly(operation) ? BYTES : NO_JSON] as const]
    }),
  )
  const called = operations.filter(({ operationId }) => !reasons.has(operationId))
  const leftOut = [...reasons].map(([operationId, reason]) => ({ operationId, reason }))
  return { schema: new SchemaBuilder(document, called).build(), leftOut }
}

class SchemaBuilder {
  readonly #document: OpenApiDocument
  /** By operationId. */
  readonly #operations: ReadonlyMap<string, OpenApiOperation>
  readonly #outputs: OutputTypes
  readonly #inputs: InputTypes
  readonly #arguments = new Map<string, Arguments>()
  /** By where the schema of the objects is written that they start from. */
  readonly #links = new Map<string, Link[]>()
  readonly #asked = new Asked()
  /** Whether links take parameters from what was asked, so that this has to be kept beside each object. */
  #hasRequestLinks = false
  readonly #content = contentType()

  constructor(document: OpenApiDocument, operations: readonly OpenApiOperation[]) {
    this.#document = document
    this.#operations = new Map(operations.map((operation) => [operation.operationId, operation]))
    const names = new TypeNames(document)
    this.#outputs = new OutputTypes(document, names, ({ pointer }, taken) => this.#linkFields(pointer, taken))
    this.#inputs = new InputTypes(document, names, this.#outputs)
  }

  build(): GraphQLSchema {
    const operations = [...this.#operations.values()]
    for (const operation of operations) {
      const args = new Arguments(this.#document, operation, this.#inputs)
      this.#arguments.set(operation.operationId, args)
      for (const link of linksOf(this.#document, operation)) this.#addLink(link)
    }
    const queries = operations.filter(({ method }) => method === 'get')
    const mutations = operations.filter(({ method }) => method !== 'get')
    return new GraphQLSchema({
      description: this.#description(),
      query: new GraphQLObjectType({
        name: 'Query',
        fields: queries.length > 0 ? this.#rootFields(queries, queryName) : nothingToQuery,
      }),
      ...(mutations.length > 0 && {
        mutation: new GraphQLObjectType({ name: 'Mutation', fields: this.#rootFields(mutations, legalName) }),
      }),
    })
  }

  #description(): string | undefined {
    const { info } = this.#document.root
    return isObject(info) && typeof info.title === 'string' ? info.title : undefined
  }

  #rootFields(operations: readonly OpenApiOperation[], nameOf: (operationId: string) => string): Fields {
    const wanted = operations.map(({ operationId }) => nameOf(operationId))
    const names = new UniqueNames()
    const fields: Fields = {}
    operations.forEach((operation, index) => {
      const { operationId } = operation
      const short = wanted[index] ?? operationId
      const isUnique = wanted.filter((other) => other === short).length === 1
      fields[names.take(isUnique ? short : legalName(operationId))] = this.#field(operation)
    })
    return fields
  }

  #field(operation: OpenApiOperation, link?: Link): Field {
    const { operationId, pointer } = operation
    const args = this.#argumentsOf(operation)
    const told = new Map(
      [...(link?.parameters.keys() ?? [])].map((name) => [name, args.nameOf(name) ?? name]),
    )
    const located = this.#document.at(pointer)?.value
    const { summary, description, deprecated } = isObject(located) ? located : {}
    const texts = [summary, description].filter((text) => typeof text === 'string')
    const says = link?.description ?? texts.join('\n\n')
    const empty = returnsNothing(operation) ? true : null
    const call: Call = async (given, calls, source) => {
      const found = link && followLink(link, source, this.#asked.of(source))
      if (link && !found) return null
      const linked = new Map([...(found ?? [])].map(([name, value]) => [told.get(name) ?? name, value]))
      const result = await calls.call(operationId, args.values(given, linked))
      if (this.#hasRequestLinks) this.#asked.note(result)
      return result.content ?? empty
    }
    return {
      type: this.#resultType(operation, { mayLeadNowhere: link !== undefined }),
      args: args.config(new Set(told.values())),
      ...(says !== '' && { description: says }),
      ...(deprecated === true && { deprecationReason: 'Deprecated in the contract.' }),
      extensions: extensionsOf(new OperationWork(operationId, call)),
      resolve: (source, given: Record<string, unknown>, { calls, answered }, { path }) =>
        (path.prev === undefined ? answered?.get(path.key) : undefined) ?? call(given, calls, source),
    }
  }

  #argumentsOf({ operationId }: OpenApiOperation): Arguments {
    const args = this.#arguments.get(operationId)
    if (!args) throw new Error(`${operationId} is not called by GraphQL`)
    return args
  }

  /** @param mayLeadNowhere a link may: its field is null then */
  #resultType(
    operation: OpenApiOperation,
    { mayLeadNowhere }: { readonly mayLeadNowhere: boolean },
  ): GraphQLOutputType {
    if (returnsNothing(operation)) return mayLeadNowhere ? GraphQLBoolean : new GraphQLNonNull(GraphQLBoolean)
    const success = operation.responses.filter(({ status }) => status.startsWith('2'))
    const content = success.flatMap((response) => response.content)
    const json = content.find(({ mediaType }) => contentKind(mediaType) === 'json')
    if (json) return this.#outputs.of(json.schema, `${upperFirst(operation.operationId)}Result`)
    return content.every(({ mediaType }) => contentKind(mediaType) === 'text') ? GraphQLString : this.#content
  }

  #addLink(link: Link): void {
    const target = this.#operations.get(link.operationId)
    // A field must not change anything: links that do are for REST.
    if (target?.method !== 'get') return
    this.#hasRequestLinks ||= [...link.parameters.values()].some(({ from }) => from === 'request')
    for (const pointer of link.at) {
      const links = this.#links.get(pointer) ?? []
      if (!links.some(({ name }) => name === link.name)) this.#links.set(pointer, [...links, link])
    }
  }

  #linkFields(pointer: string, taken: UniqueNames): Fields {
    const fields: Fields = {}
    for (const link of this.#links.get(pointer) ?? []) {
      const target = this.#operations.get(link.operationId)
      if (target) fields[taken.take(legalName(link.name))] = this.#field(target, link)
    }
    return fields
  }
}

const nothingToQuery: Fields = {
  _empty: { type: Json, description: 'The contract has no operation that is GET.', resolve: () => null },
}

function contentType(): GraphQLObjectType {
  return new GraphQLObjectType<JsonValue, Context>({
    name: 'Content',
    description: 'Bytes, and what they are.',
    fields: {
      mediaType: { type: new GraphQLNonNull(GraphQLString), ...readsMember('mediaType') },
      base64: { type: new GraphQLNonNull(Base64), ...readsMember('base64') },
    },
  })
}

function returnsNothing({ responses }: OpenApiOperation): boolean {
  return responses.filter(({ status }) => status.startsWith('2')).every(({ content }) => content.length === 0)
}

const BYTES = 'its request is bytes'
const NO_JSON = 'its request is no JSON'

function hasBytesOnly({ requestBody }: OpenApiOperation): boolean {
  return requestBody?.content.every(({ mediaType }) => contentKind(mediaType) === 'bytes') === true
}

/** `getCustomer` is asked for as `customer`, `listAccounts` as `accounts`. */
function queryName(operationId: string): string {
  const noun = /^(?:get|list|find|read|search)(?=[A-Z])(.+)$/.exec(operationId)?.[1]
  return legalName(noun === undefined ? operationId : noun.charAt(0).toLowerCase() + noun.slice(1))
}
