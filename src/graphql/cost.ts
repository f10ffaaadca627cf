import {
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  GraphQLError,
  type GraphQLOutputType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql'
import { OperationWork, workOf } from './field-work.js'

export interface QueryLimits {
  /** Fields within each other. */
  readonly maxDepth: number
  /** Fields that are asked for by another name. */
  readonly maxAliases: number
  /** Calls of operations that the query may lead to. */
  readonly maxCost: number
}

/** What a selection comes to. */
interface Extent {
  readonly depth: number
  readonly aliases: number
  readonly cost: number
}

const NOTHING: Extent = { depth: 0, aliases: 0, cost: 0 }

/** So many items a list is taken to have where nobody says how many are wanted. */
const USUAL_ITEMS = 10
/** Arguments that say how many are wanted. */
const SIZE = /^(?:limit|first|count|size|max|(?:max|page)(?:rows|results|items|size|count)|rows|top|take)$/i

/**
 * Refuses queries that are too deep, rename too much, or may lead to too many calls. Each field that calls an operation costs one; below
 * a list it costs that for each item, as many as were asked for.
 *
 * Fragments are looked at once, however often they are spread.
 */
export function limitRule({ maxDepth, maxAliases, maxCost }: QueryLimits): ValidationRule {
  return (context: ValidationContext): ASTVisitor => {
    const measure = new Measure(context)
    return {
      OperationDefinition: (node) => {
        const { depth, aliases, cost } = measure.operation(node)
        const refuse = (message: string, code: string): void => {
          context.reportError(new GraphQLError(message, { nodes: node, extensions: { code, status: 400 } }))
        }
        if (depth > maxDepth)
          refuse(
            `Fields are ${depth} levels deep; at most ${maxDepth} are taken (GRAPHQL_MAX_DEPTH).`,
            'graphql-too-deep',
          )
        if (aliases > maxAliases)
          refuse(
            `There are ${aliases} aliases; at most ${maxAliases} are taken (GRAPHQL_MAX_ALIASES).`,
            'graphql-too-many-aliases',
          )
        if (cost > maxCost)
          refuse(
            `This may take ${cost} calls of operations; at most ${maxCost} are made (GRAPHQL_MAX_COST). Ask for fewer items or fewer fields.`,
            'graphql-too-costly',
          )
      },
    }
  }
}

/** Deeper ones are refused whatever the setting: they are not walked to their end. */
const DEEPEST = 500

class Measure {
  readonly #context: ValidationContext
  readonly #fragments = new Map<string, Extent>()

  constructor(context: ValidationContext) {
    this.#context = context
  }

  operation({ operation, selectionSet }: OperationDefinitionNode): Extent {
    const root = this.#context.getSchema().getRootType(operation)
    return root ? this.#selections(selectionSet, root, USUAL_ITEMS, 0) : NOTHING
  }

  /** @param items so many a list below is taken to have */
  #selections(
    selectionSet: SelectionSetNode,
    parent: GraphQLOutputType,
    items: number,
    level: number,
  ): Extent {
    if (level > DEEPEST) return { depth: Infinity, aliases: 0, cost: 0 }
    let [depth, aliases, cost] = [0, 0, 0]
    for (const selection of selectionSet.selections) {
      const extent = this.#selection(selection, parent, items, level)
      depth = Math.max(depth, extent.depth)
      aliases += extent.aliases
      cost += extent.cost
    }
    return { depth, aliases, cost }
  }

  #selection(
    selection: SelectionSetNode['selections'][number],
    parent: GraphQLOutputType,
    items: number,
    level: number,
  ): Extent {
    switch (selection.kind) {
      case Kind.FIELD:
        return this.#field(selection, parent, items, level)
      case Kind.INLINE_FRAGMENT: {
        const name = selection.typeCondition?.name.value
        const type = name === undefined ? parent : this.#context.getSchema().getType(name)
        return isCompositeType(type)
          ? this.#selections(selection.selectionSet, type, items, level + 1)
          : NOTHING
      }
      case Kind.FRAGMENT_SPREAD: {
        const fragment = this.#context.getFragment(selection.name.value)
        return fragment ? this.#fragment(fragment, items, level) : NOTHING
      }
    }
  }

  #fragment(
    { name, typeCondition, selectionSet }: FragmentDefinitionNode,
    items: number,
    level: number,
  ): Extent {
    const key = `${items} ${name.value}`
    const known = this.#fragments.get(key)
    if (known) return known
    // A fragment that spreads itself is refused by another rule.
    this.#fragments.set(key, NOTHING)
    const type = this.#context.getSchema().getType(typeCondition.name.value)
    const extent = isCompositeType(type) ? this.#selections(selectionSet, type, items, level + 1) : NOTHING
    this.#fragments.set(key, extent)
    return extent
  }

  #field(node: FieldNode, parent: GraphQLOutputType, items: number, level: number): Extent {
    const name = node.name.value
    if (name.startsWith('__')) return NOTHING
    const own = { depth: 1, aliases: node.alias ? 1 : 0, cost: 0 }
    const field = 'getFields' in parent ? parent.getFields()[name] : undefined
    if (!field) return own
    const cost = workOf(field) instanceof OperationWork ? 1 : 0
    if (!node.selectionSet) return { ...own, cost }
    const type = getNamedType(field.type)
    const wanted = sizeOf(node) ?? (cost > 0 ? USUAL_ITEMS : items)
    const below = isCompositeType(type)
      ? this.#selections(node.selectionSet, type, wanted, level + 1)
      : NOTHING
    const times = listsIn(field.type) > 0 ? wanted ** listsIn(field.type) : 1
    return {
      depth: below.depth + 1,
      aliases: own.aliases + below.aliases,
      cost: cost + below.cost * times,
    }
  }
}

/** How many items a field is asked for; undefined where it does not say, or by a variable. */
function sizeOf({ arguments: given = [] }: FieldNode): number | undefined {
  for (const { name, value } of given) {
    if (SIZE.test(name.value) && value.kind === Kind.INT) return Math.max(1, Number(value.value))
  }
  return undefined
}

function listsIn(type: GraphQLOutputType): number {
  if (isNonNullType(type)) return listsIn(type.ofType)
  return isListType(type) ? 1 + listsIn(type.ofType) : 0
}
