import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type SelectionSetNode,
} from 'graphql'
import { isJsonObject, type JsonValue } from '../json/value.js'
import { ReadWork, workOf } from './field-work.js'

/**
 * Makes of a value what a selection asks for.
 *
 * @throws Error where it does not fit its type: what becomes of it then, graphql says
 */
export type Projection = (value: unknown) => unknown

/** A selection that is more than a projection: it calls, it has directives, or it is very large. */
export class NotPlain extends Error {
  override readonly name = 'NotPlain'
}

/** So many selections are compiled; a query that comes to more is executed as it stands. */
const MOST = 2_000

/**
 * Compiles the selections of one document (GraphQL, October 2021, sections 6.3.2 and 6.4.3). Without arguments, directives and
 * calls a selection only picks members of JSON: no field needs a resolver, a path and a promise for that.
 */
export class Projections {
  readonly #schema: GraphQLSchema
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>
  #left = MOST

  constructor(schema: GraphQLSchema, fragments: readonly FragmentDefinitionNode[]) {
    this.#schema = schema
    this.#fragments = new Map(fragments.map((fragment) => [fragment.name.value, fragment]))
  }

  /**
   * The fields of an object by the names that they are asked for by, each with all places that ask for it (section 6.3.2).
   *
   * @throws NotPlain
   */
  fieldsOf(
    type: GraphQLObjectType,
    selectionSets: readonly SelectionSetNode[],
  ): ReadonlyMap<string, readonly [FieldNode, ...FieldNode[]]> {
    const fields = new Map<string, [FieldNode, ...FieldNode[]]>()
    const spread = new Set<string>()
    const visit = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (--this.#left < 0 || (selection.directives?.length ?? 0) > 0) throw new NotPlain()
        if (selection.kind === Kind.FIELD) {
          const key = (selection.alias ?? selection.name).value
          // It cannot be set like any other member.
          if (key === '__proto__') throw new NotPlain()
          const nodes = fields.get(key)
          if (nodes) nodes.push(selection)
          else fields.set(key, [selection])
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          if (this.#applies(selection.typeCondition, type)) visit(selection.selectionSet)
        } else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value)
          const fragment = this.#fragments.get(selection.name.value)
          if (fragment && this.#applies(fragment.typeCondition, type)) visit(fragment.selectionSet)
        }
      }
    }
    for (const selectionSet of selectionSets) visit(selectionSet)
    return fields
  }

  /** @throws NotPlain */
  of(type: GraphQLOutputType, nodes: readonly FieldNode[]): Projection {
    if (isNonNullType(type)) {
      const project = this.#present(type.ofType, nodes)
      return (value) => (isNothing(value) ? misfit() : project(value))
    }
    const project = this.#present(type, nodes)
    return (value) => (isNothing(value) ? null : project(value))
  }

  /** Of values that are neither null nor absent. */
  #present(type: GraphQLOutputType, nodes: readonly FieldNode[]): Projection {
    if (isLeafType(type))
      return (value) => {
        const written = type.serialize(value)
        return isNothing(written) ? misfit() : written
      }
    if (isListType(type)) {
      const project = this.of(type.ofType, nodes)
      return (value) => (Array.isArray(value) ? value.map(project) : misfit())
    }
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? [])
    if (isObjectType(type)) return this.#object(type, sets)
    const work = workOf(type)
    if (!(work instanceof ReadWork)) throw new NotPlain()
    const kinds = this.#schema.getPossibleTypes(type)
    const projections = new Map<unknown, Projection>(
      kinds.map((kind) => [kind.name, this.#object(kind, sets)]),
    )
    return (value) => (projections.get(work.read(value as JsonValue)) ?? misfit)(value)
  }

  #object(type: GraphQLObjectType, selectionSets: readonly SelectionSetNode[]): Projection {
    const fields = [...this.fieldsOf(type, selectionSets)].map(([key, nodes]) => {
      const name = nodes[0].name.value
      if (name === '__typename') return { key, read: () => type.name, project: (value: unknown) => value }
      const field = type.getFields()[name]
      const work = field && workOf(field)
      if (!(work instanceof ReadWork) || !field) throw new NotPlain()
      return { key, read: work.read, project: this.of(field.type, nodes) }
    })
    return (value) => {
      if (!isJsonObject(value)) return misfit()
      const made: Record<string, unknown> = {}
      for (const { key, read, project } of fields) made[key] = project(read(value))
      return made
    }
  }

  #applies(condition: NamedTypeNode | undefined, type: GraphQLObjectType): boolean {
    if (!condition) return true
    const wanted = this.#schema.getType(condition.name.value)
    return wanted === type || (isAbstractType(wanted) && this.#schema.isSubType(wanted, type))
  }
}

function isNothing(value: unknown): value is null | undefined {
  return value === null || value === undefined
}

const MISFIT = new Error('A value does not fit its type.')

function misfit(): never {
  throw MISFIT
}
