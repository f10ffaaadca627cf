import type { Wildcard } from '../model/model.js'
import { allows, overlap } from '../model/wildcards.js'
import {
  type ContentModel,
  isNullable,
  isWildcard,
  type ModelGroup,
  type ModelLeaf,
  namespaceOf,
} from './model.js'

/** Two particles that a child element may belong to where only the child itself is looked at. */
export interface Conflict<S> {
  readonly first: S
  readonly second: S
  /**
   * - `particles`: XML Schema forbids it (Part 1, 3.8.6, Unique Particle Attribution)
   * - `count`: one particle that repeats inside of a group that repeats
   */
  readonly kind: 'particles' | 'count'
}

/** So many are worth telling. */
const MANY = 20

/** The leaves that may come next, by name. */
interface Starts<S> {
  readonly named: Map<string, ModelLeaf<S>>
  readonly open: (ModelLeaf<S> & { readonly names: Wildcard['namespaces'] })[]
}

/** What may follow a particle: the nearest first. */
interface Follow<S> extends Starts<S> {
  /**
   * What it means where a particle is followed by itself:
   *
   * - `clash`: which of its occurrences are whose decides whether all match
   * - `free`: nothing, if it has no upper bound: the group that repeats asks for no more than one occurrence
   * - `never`: it cannot be, each is there once
   */
  readonly itself: 'clash' | 'free' | 'never'
  readonly beyond: Follow<S> | undefined
}

/** Where a content model cannot be matched by taking for each particle as many elements as it can. */
export function conflictsOf<S>(model: ContentModel<S>): Conflict<S>[] {
  if (isPlain(model)) return []
  const attribution = new Attribution<S>()
  attribution.visit(model, undefined)
  return attribution.conflicts
}

function isPlain(model: ContentModel<unknown>): boolean {
  return hasOwnNames<ContentModel<unknown>>(model, (part) => {
    if (part.kind !== 'leaf') return { maxOccurs: part.maxOccurs, parts: part.parts }
    return isWildcard(part) ? COMPETES : { names: namesOf(part) }
  })
}

/** A group, or the names of what is an element; neither where other elements may stand, too. */
export type ParticleShape<P> =
  | { readonly maxOccurs: number; readonly parts: readonly P[] }
  | { readonly names: readonly string[] | undefined }

/** The shape of a particle for which a look is not enough. */
export const COMPETES = { names: undefined }

/**
 * Whether a look at its particles is enough to see that none compete: each name is that of one of them, none is a wildcard, and
 * no group repeats, so that none is followed by itself. Most models are such.
 */
export function hasOwnNames<P>(
  particle: P,
  shapeOf: (particle: P) => ParticleShape<P>,
  seen = new Set<string>(),
): boolean {
  const shape = shapeOf(particle)
  if ('parts' in shape)
    return shape.maxOccurs <= 1 && shape.parts.every((part) => hasOwnNames(part, shapeOf, seen))
  if (shape.names === undefined) return false
  const before = seen.size
  for (const name of shape.names) seen.add(name)
  return seen.size === before + shape.names.length
}

class Attribution<S> {
  readonly conflicts: Conflict<S>[] = []
  readonly #starts = new Map<ContentModel<S>, Starts<S>>()

  visit(model: ContentModel<S>, follow: Follow<S> | undefined): void {
    const starts = this.#startsOf(model)
    const isOpen = model.minOccurs < model.maxOccurs
    if (isOpen && follow) this.#compare(starts, follow, { isUnbounded: model.maxOccurs === Infinity })
    if (model.kind === 'leaf') return
    const { minOccurs, maxOccurs } = model
    const itself = minOccurs <= 1 || isNullable(model) ? 'free' : 'clash'
    this.#inside(model, maxOccurs > 1 ? { ...starts, itself, beyond: follow } : follow)
  }

  #inside(group: ModelGroup<S>, follow: Follow<S> | undefined): void {
    const { kind, parts } = group
    if (kind === 'sequence') {
      let rest: Follow<S> | undefined = follow
      let after: Starts<S> = none()
      for (const part of parts.toReversed()) {
        this.visit(part, rest)
        if (!isNullable(part)) {
          after = none()
          rest = undefined
        }
        add(after, this.#startsOf(part))
        rest = rest?.named === after.named ? rest : { ...after, itself: 'clash', beyond: rest }
      }
      return
    }
    const before: Starts<S> = none()
    for (const part of parts) {
      const starts = this.#startsOf(part)
      this.#compare(starts, { ...before, itself: 'clash', beyond: undefined }, { isUnbounded: false })
      add(before, starts)
    }
    const others = kind === 'all' ? { ...before, itself: 'never' as const, beyond: follow } : follow
    for (const part of parts) this.visit(part, others)
  }

  /** @param isUnbounded whether what starts may go on without end */
  #compare(starts: Starts<S>, follow: Follow<S>, { isUnbounded }: { readonly isUnbounded: boolean }): void {
    for (let next: Follow<S> | undefined = follow; next; next = next.beyond) {
      const isFree = next.itself === 'never' || (next.itself === 'free' && isUnbounded)
      for (const [name, leaf] of starts.named) {
        const other = next.named.get(name)
        if (other && !(other === leaf && isFree)) this.#add(leaf, other)
        for (const wildcard of next.open)
          if (allows(wildcard.names, namespaceOf(name))) this.#add(leaf, wildcard)
      }
      for (const wildcard of starts.open) {
        for (const [name, leaf] of next.named)
          if (allows(wildcard.names, namespaceOf(name))) this.#add(wildcard, leaf)
        for (const other of next.open)
          if (!(other === wildcard && isFree) && overlap(wildcard.names, other.names))
            this.#add(wildcard, other)
      }
    }
  }

  #add(first: ModelLeaf<S>, second: ModelLeaf<S>): void {
    if (this.conflicts.length < MANY)
      this.conflicts.push({
        first: first.source,
        second: second.source,
        kind: first === second ? 'count' : 'particles',
      })
  }

  #startsOf(model: ContentModel<S>): Starts<S> {
    const known = this.#starts.get(model)
    if (known) return known
    const starts: Starts<S> = none()
    this.#starts.set(model, starts)
    if (model.kind === 'leaf') {
      if (isWildcard(model)) starts.open.push(model)
      else for (const name of namesOf(model)) starts.named.set(name, model)
      return starts
    }
    for (const part of model.parts) {
      add(starts, this.#startsOf(part))
      if (model.kind === 'sequence' && !isNullable(part)) break
    }
    return starts
  }
}

/** Of the elements that a leaf takes, which is no wildcard. */
function namesOf({ names }: ModelLeaf<unknown>): readonly string[] {
  return 'kind' in names ? [] : names
}

function none<S>(): Starts<S> {
  return { named: new Map(), open: [] }
}

function add<S>(to: Starts<S>, from: Starts<S>): void {
  for (const [name, leaf] of from.named) if (!to.named.has(name)) to.named.set(name, leaf)
  for (const wildcard of from.open) to.open.push(wildcard)
}
