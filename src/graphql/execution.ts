import {
  type DocumentNode,
  execute,
  type ExecutionArgs,
  type ExecutionResult,
  type FieldNode,
  getArgumentValues,
  getOperationAST,
  getVariableValues,
  type GraphQLField,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  type VariableDefinitionNode,
} from 'graphql'
import type { JsonValue } from '../json/value.js'
import type { Context } from './call-context.js'
import { OperationWork, workOf } from './field-work.js'
import { NotPlain, type Projection, Projections } from './projection.js'

/** A field at the root that calls an operation, and what is wanted of its answer. */
interface PlainField {
  readonly key: string
  readonly node: FieldNode
  readonly field: GraphQLField<unknown, unknown>
  readonly call: OperationWork['call']
  readonly project: Projection
}

/** A query that calls operations at its root and picks members of what they answer. */
interface PlainQuery {
  readonly variables: readonly VariableDefinitionNode[]
  readonly fields: readonly PlainField[]
}

/**
 * Executes queries. One that calls operations at its root alone and picks members of their answers, as most do, is compiled
 * once, and costs no resolver, path and promise for each value. Everything else is executed by graphql: links, directives, and
 * whatever has an error, so that no rule of what an error does to its surroundings is written twice.
 */
export class Execution {
  readonly #schema: GraphQLSchema
  /** By document and the name of the operation; null for what is not plain. */
  readonly #queries = new WeakMap<DocumentNode, Map<string, PlainQuery | null>>()

  constructor(schema: GraphQLSchema) {
    this.#schema = schema
  }

  /** @param args of a document that is valid, with a {@link Context} */
  execute(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
    const query = this.#queryOf(args)
    return query ? this.#plain(query, args) : execute(args)
  }

  async #plain({ variables, fields }: PlainQuery, args: ExecutionArgs): Promise<ExecutionResult> {
    const answered = new Map<string, Promise<JsonValue>>()
    const context = args.contextValue as Context
    try {
      const { coerced } = getVariableValues(this.#schema, variables, args.variableValues ?? {}, {
        maxErrors: 1,
      })
      if (!coerced) return await execute(args)
      const given = fields.map(({ field, node }) => getArgumentValues(field, node, coerced))
      fields.forEach(({ key, call }, index) =>
        answered.set(key, call(given[index] ?? {}, context.calls, null)),
      )
      const answers = await Promise.all(answered.values())
      const data: Record<string, unknown> = {}
      fields.forEach(({ key, project }, index) => (data[key] = project(answers[index])))
      return { data }
    } catch {
      // Nothing is called again: what has failed fails as it did, and is told as GraphQL has it.
      return execute({ ...args, contextValue: { ...context, answered } })
    }
  }

  #queryOf({ document, operationName }: ExecutionArgs): PlainQuery | null {
    const known = this.#queries.get(document) ?? new Map<string, PlainQuery | null>()
    this.#queries.set(document, known)
    const name = operationName ?? ''
    let query = known.get(name)
    if (query === undefined) known.set(name, (query = this.#compile(document, operationName)))
    return query
  }

  #compile(document: DocumentNode, operationName: string | null | undefined): PlainQuery | null {
    const operation = getOperationAST(document, operationName)
    const type = operation && this.#schema.getRootType(operation.operation)
    if (!type) return null
    const fragments = document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [definition] : [],
    )
    const projections = new Projections(this.#schema, fragments)
    try {
      const fields = [...projections.fieldsOf(type, [operation.selectionSet])].map(
        ([key, nodes]): PlainField => {
          const [node] = nodes
          const field = type.getFields()[node.name.value]
          const work = field && workOf(field)
          if (!field || !(work instanceof OperationWork)) throw new NotPlain()
          return { key, node, field, call: work.call, project: projections.of(field.type, nodes) }
        },
      )
      // Of several that change something each waits for the one before.
      if (operation.operation !== OperationTypeNode.QUERY && fields.length > 1) return null
      return { variables: operation.variableDefinitions ?? [], fields }
    } catch (error) {
      if (error instanceof NotPlain) return null
      throw error
    }
  }
}
