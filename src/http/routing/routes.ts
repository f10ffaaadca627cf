import type { RestOperation } from '../../adapter/rest.js'
import { AdapterError } from '../../base/errors.js'
import { setMember } from '../../json/value.js'
import { compileSegment, type SegmentPattern } from './path-segment.js'

export interface Route {
  /** Methods in upper case, as the Allow header wants them (RFC 9110, section 10.2.1). */
  readonly allow: string
  /** @param method upper case; HEAD is answered by GET where the contract does not declare it */
  operation(method: string): RestOperation | undefined
  /** Percent-decoded path parameters, by the names of the operation's template. */
  parameters(operation: RestOperation): Record<string, string>
}

interface Node {
  readonly literals: Map<string, Node>
  /** Segments with text around the parameter, the longest text first: `{id}.pdf`. */
  readonly patterns: { readonly pattern: SegmentPattern; readonly node: Node }[]
  parameter: Node | undefined
  leaf: Leaf | undefined
}

interface Leaf {
  readonly operations: Map<string, RestOperation>
  readonly names: Map<RestOperation, readonly string[]>
  allow: string
}

/**
 * Finds the operation of a path in a trie of path segments: what it costs depends on the length of the path,
 * not on how many operations there are. Text goes before parameters (OpenAPI 3.1, section 4.8.8.2).
 */
export class Routes {
  readonly #root = newNode()

  constructor(operations: Iterable<RestOperation>) {
    for (const operation of operations) this.#add(operation)
  }

  /**
   * @param path the raw path below the base path, with its leading slash
   * @throws AdapterError `request-malformed` where a segment has a broken percent-encoding
   */
  find(path: string): Route | undefined {
    if (!path.startsWith('/')) return undefined
    const values: string[] = []
    const leaf = descend(this.#root, path, 1, values)
    return leaf && route(leaf, values)
  }

  #add(operation: RestOperation): void {
    let node = this.#root
    const names: string[] = []
    for (const segment of operation.path.slice(1).split('/')) {
      const pattern = compileSegment(segment)
      names.push(...pattern.names)
      node = child(node, pattern)
    }
    node.leaf ??= { operations: new Map(), names: new Map(), allow: '' }
    const { operations } = node.leaf
    operations.set(operation.method.toUpperCase(), operation)
    node.leaf.names.set(operation, names)
    const implied = operations.has('GET') && !operations.has('HEAD') ? ['HEAD'] : []
    const options = operations.has('OPTIONS') ? [] : ['OPTIONS']
    node.leaf.allow = [...operations.keys(), ...implied, ...options].join(', ')
  }
}

function newNode(): Node {
  return { literals: new Map(), patterns: [], parameter: undefined, leaf: undefined }
}

function child(node: Node, pattern: SegmentPattern): Node {
  if (pattern.names.length === 0) {
    const text = pattern.texts.join('')
    const next = node.literals.get(text) ?? newNode()
    node.literals.set(text, next)
    return next
  }
  if (pattern.textLength === 0 && pattern.names.length === 1) return (node.parameter ??= newNode())
  const same = node.patterns.find((p) => p.pattern.texts.join('{}') === pattern.texts.join('{}'))
  if (same) return same.node
  const next = newNode()
  node.patterns.push({ pattern, node: next })
  node.patterns.sort((a, b) => b.pattern.textLength - a.pattern.textLength)
  return next
}

/** @param start of the segment that comes next; after the end of the path there is none */
function descend(node: Node, path: string, start: number, values: string[]): Leaf | undefined {
  if (start > path.length) return node.leaf
  const slash = path.indexOf('/', start)
  const end = slash === -1 ? path.length : slash
  const segment = decode(path.slice(start, end))
  const literal = node.literals.get(segment)
  const found = literal && descend(literal, path, end + 1, values)
  if (found) return found
  if (segment === '') return undefined
  const before = values.length
  for (const { pattern, node: next } of node.patterns) {
    const matched = pattern.match(segment)
    if (!matched) continue
    values.push(...matched)
    const leaf = descend(next, path, end + 1, values)
    if (leaf) return leaf
    values.length = before
  }
  if (!node.parameter) return undefined
  values.push(segment)
  const leaf = descend(node.parameter, path, end + 1, values)
  if (!leaf) values.length = before
  return leaf
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new AdapterError('request-malformed', 'The path has a broken percent-encoding.')
  }
}

function route(leaf: Leaf, values: readonly string[]): Route {
  return {
    allow: leaf.allow,
    operation: (method) =>
      leaf.operations.get(method) ?? (method === 'HEAD' ? leaf.operations.get('GET') : undefined),
    parameters: (operation) => {
      const parameters: Record<string, string> = {}
      for (const [index, name] of (leaf.names.get(operation) ?? []).entries()) {
        setMember(parameters, name, values[index] ?? '')
      }
      return parameters
    },
  }
}
