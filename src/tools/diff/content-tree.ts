import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { clark, type QName } from '../../base/qname.js'
import type {
  ComplexContent,
  ElementDeclaration,
  Particle,
  SchemaSet,
  Wildcard,
} from '../../xsd/model/model.js'

/** A content model with its substitution groups opened and without groups that change nothing. */
export type ContentNode = Leaf | Group

interface Occurrence {
  readonly minOccurs: number
  readonly maxOccurs: number
}

export interface Leaf extends Occurrence {
  readonly kind: 'leaf'
  /** Clark name, or `any`: equal leaves have equal keys. */
  readonly key: string
  readonly term: ElementDeclaration | Wildcard
}

export interface Group extends Occurrence {
  readonly kind: 'sequence' | 'choice' | 'all'
  readonly nodes: readonly ContentNode[]
  readonly at: SourceLocation
}

const once: Occurrence = { minOccurs: 1, maxOccurs: 1 }

/** The content model of a type; one without elements is an empty sequence. */
export function contentTree(content: ComplexContent, at: SourceLocation, schemas: SchemaSet): ContentNode {
  const none: Group = { kind: 'sequence', nodes: [], at, ...once }
  return content.kind === 'elements' ? (simplify(open(content.particle, schemas)) ?? none) : none
}

function open({ term, minOccurs, maxOccurs }: Particle, schemas: SchemaSet): ContentNode {
  const occurrence = { minOccurs, maxOccurs }
  if (term.kind === 'any') return { kind: 'leaf', key: 'any', term, ...occurrence }
  if (term.kind === 'element') {
    const substitutes = term.global ? (schemas.substitutionGroups.get(clark(term.name)) ?? []) : []
    if (substitutes.length === 0) return { ...leaf(term), ...occurrence }
    const nodes = (term.abstract ? substitutes : [term, ...substitutes]).map(leaf)
    return { kind: 'choice', nodes, at: term.at, ...occurrence }
  }
  const nodes = term.particles.map((particle) => open(particle, schemas))
  return { kind: term.kind, nodes, at: term.at, ...occurrence }
}

function leaf(term: ElementDeclaration): Leaf {
  return { kind: 'leaf', key: clark(term.name), term, ...once }
}

/** Takes out what allows the same without: empty groups, groups of one, groups within their own kind. */
export function simplify(node: ContentNode): ContentNode | undefined {
  if (node.maxOccurs === 0) return undefined
  if (node.kind === 'leaf') return node
  const nodes = node.nodes
    .map(simplify)
    .filter((inner) => inner !== undefined)
    .flatMap((inner) => (isOnce(inner) && inner.kind === node.kind && inner.kind !== 'all' ? inner.nodes : [inner])) // prettier-ignore
  const [only, ...others] = nodes
  if (!only) return undefined
  if (others.length > 0) return { ...node, nodes }
  if (isOnce(node)) return only
  if (isOnce(only)) return { ...only, minOccurs: node.minOccurs, maxOccurs: node.maxOccurs }
  return { ...node, kind: 'sequence', nodes }
}

function isOnce({ minOccurs, maxOccurs }: Occurrence): boolean {
  return minOccurs === 1 && maxOccurs === 1
}

/** How often an element may stand in a content model, all its places taken together. */
export interface Slot extends Occurrence {
  readonly key: string
  readonly term: ElementDeclaration | Wildcard
  /** Keys of what may stand in its place; empty outside of choices. */
  readonly instead: readonly string[]
}

/** Every element of a content model once, in document order. */
export function slotsOf(node: ContentNode): ReadonlyMap<string, Slot> {
  if (node.kind === 'leaf') {
    const { key, term, minOccurs, maxOccurs } = node
    return new Map([[key, { key, term, minOccurs, maxOccurs, instead: [] }]])
  }
  const branches = node.nodes.map(slotsOf)
  const slots = new Map<string, Slot>()
  for (const branch of branches) {
    for (const [key, slot] of branch) {
      const known = slots.get(key)
      slots.set(key, known ? together(known, slot, node.kind) : slot)
    }
  }
  return new Map(
    [...slots].map(([key, slot]) => {
      const isOptional = node.kind === 'choice' && branches.some((branch) => !branch.has(key))
      const others = branches.filter((branch) => !branch.has(key)).flatMap((branch) => [...branch.keys()])
      return [
        key,
        {
          ...slot,
          minOccurs: isOptional ? 0 : slot.minOccurs * node.minOccurs,
          maxOccurs: slot.maxOccurs * node.maxOccurs,
          instead: node.kind === 'choice' ? [...slot.instead, ...others] : slot.instead,
        },
      ]
    }),
  )
}

function together(a: Slot, b: Slot, kind: Group['kind']): Slot {
  const instead = [...a.instead, ...b.instead]
  if (kind !== 'choice') {
    return { ...a, minOccurs: a.minOccurs + b.minOccurs, maxOccurs: a.maxOccurs + b.maxOccurs, instead }
  }
  const [minOccurs, maxOccurs] = [Math.min(a.minOccurs, b.minOccurs), Math.max(a.maxOccurs, b.maxOccurs)]
  return { ...a, minOccurs, maxOccurs, instead }
}

export function isEmptiable(node: ContentNode): boolean {
  if (node.minOccurs === 0) return true
  if (node.kind === 'leaf') return false
  return node.kind === 'choice' ? node.nodes.some(isEmptiable) : node.nodes.every(isEmptiable)
}

/** The model without the leaves that a function does not keep, and with the keys that it gives. */
export function prune(node: ContentNode, keyOf: (leaf: Leaf) => string | undefined): ContentNode | undefined {
  const pruned = (inner: ContentNode): ContentNode | undefined => {
    if (inner.kind === 'leaf') {
      const key = keyOf(inner)
      return key === undefined ? undefined : { ...inner, key }
    }
    return { ...inner, nodes: inner.nodes.map(pruned).filter((kept) => kept !== undefined) }
  }
  const kept = pruned(node)
  return kept && simplify(kept)
}

export function localName(term: ElementDeclaration | Wildcard): string {
  return term.kind === 'any' ? 'xs:any' : term.name.localName
}

export function nameOf(term: ElementDeclaration | Wildcard): QName | undefined {
  return term.kind === 'any' ? undefined : term.name
}
