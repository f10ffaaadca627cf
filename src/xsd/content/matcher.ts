import { allows } from '../model/wildcards.js'
import { type ContentModel, isNullable, isWildcard, type ModelGroup, type ModelLeaf } from './model.js'

/** A child element, as far as a content model looks at it. */
export interface Child {
  /** In Clark notation. */
  readonly name: string
  readonly namespace: string
}

/** So many steps may a content model come to with all that it counts written out: 9,999 of an element are two for each. */
export const MAX_STEPS = 50_000

type Step<S> =
  | { readonly kind: 'take'; readonly leaf: ModelLeaf<S> }
  | { readonly kind: 'enter'; readonly group: ModelGroup<S> }
  | { readonly kind: 'jump'; to: number }
  /** First the one way, and where that leads nowhere the other. */
  | { readonly kind: 'either'; first: number; second: number; readonly id: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'never' }

/**
 * Matches the children of an element with a content model where one of them is not enough to tell what it belongs to.
 * All ways are tried, each state at each child once, so that time is bounded by the product of both sizes: elements
 * that are declared before wildcards, more occurrences before fewer.
 */
export class ContentMatcher<S> {
  readonly #steps: Step<S>[] = []
  #choices = 0

  private constructor(model: ContentModel<S>) {
    this.#emit(model)
    this.#steps.push({ kind: 'end' })
  }

  /** @returns undefined where the content model counts too far */
  static of<S>(model: ContentModel<S>): ContentMatcher<S> | undefined {
    return sizeOf(model) > MAX_STEPS ? undefined : new ContentMatcher(model)
  }

  /**
   * @returns for each child the particle that takes it, and before those of an occurrence of a group that repeats the
   *   group; undefined where the children do not match
   */
  match(children: readonly Child[]): S[] | undefined {
    // A child meets few of the choices: room for all of them at each would be gigabytes.
    const seen: (Set<number> | undefined)[] = []
    const taken: S[] = []
    const ways = [{ step: 0, at: 0, length: 0 }]
    for (let way = ways.pop(); way; way = ways.pop()) {
      taken.length = way.length
      let { at } = way
      let next: number | undefined = way.step
      while (next !== undefined) {
        const step: Step<S> | undefined = this.#steps[next]
        const here: number = next
        next = undefined
        switch (step?.kind) {
          case 'take': {
            const child = children[at]
            if (!child || !accepts(step.leaf, child)) break
            taken.push(step.leaf.source)
            at++
            next = here + 1
            break
          }
          case 'enter':
            taken.push(step.group.source)
            next = here + 1
            break
          case 'jump':
            next = step.to
            break
          case 'either': {
            const tried = (seen[at] ??= new Set())
            if (tried.has(step.id)) break
            tried.add(step.id)
            ways.push({ step: step.second, at, length: taken.length })
            next = step.first
            break
          }
          case 'end':
            if (at === children.length) return taken
            break
          case 'never':
          case undefined:
            break
        }
      }
    }
    return undefined
  }

  #emit(model: ContentModel<S>): void {
    const { maxOccurs } = model
    const least = model.minOccurs > 0 && isNullable(model) ? 0 : model.minOccurs
    for (let i = 0; i < least; i++) this.#once(model)
    const isLast = model.kind === 'leaf' && isWildcard(model)
    if (maxOccurs === Infinity) {
      const start = this.#steps.length
      const leave = this.#either({ leavesFirst: isLast })
      this.#once(model)
      this.#steps.push({ kind: 'jump', to: start })
      leave()
      return
    }
    const leaves: (() => void)[] = []
    for (let i = least; i < maxOccurs; i++) {
      leaves.push(this.#either({ leavesFirst: isLast }))
      this.#once(model)
    }
    for (const leave of leaves) leave()
  }

  /** Goes on, or leaves for where the function that is returned is called. @param leavesFirst which is tried first */
  #either({ leavesFirst }: { readonly leavesFirst: boolean }): () => void {
    const here = this.#steps.length
    const step: Extract<Step<S>, { kind: 'either' }> = {
      kind: 'either',
      first: here + 1,
      second: here + 1,
      id: this.#choices++,
    }
    this.#steps.push(step)
    return () => {
      if (leavesFirst) step.first = this.#steps.length
      else step.second = this.#steps.length
    }
  }

  #once(model: ContentModel<S>): void {
    if (model.kind === 'leaf') {
      this.#steps.push({ kind: 'take', leaf: model })
      return
    }
    if (model.maxOccurs > 1) this.#steps.push({ kind: 'enter', group: model })
    switch (model.kind) {
      case 'sequence':
        for (const part of model.parts) this.#emit(part)
        break
      case 'choice':
        this.#choice(model.parts)
        break
      case 'all': {
        // In any order; that each is there once, and all are, is seen to by who reads them.
        const start = this.#steps.length
        const leave = this.#either({ leavesFirst: false })
        this.#choice(model.parts.map((part) => ({ ...part, minOccurs: 1 })))
        this.#steps.push({ kind: 'jump', to: start })
        leave()
      }
    }
  }

  #choice(parts: readonly ContentModel<S>[]): void {
    const isOpen = (part: ContentModel<S>): boolean => part.kind === 'leaf' && isWildcard(part)
    const inOrder = [...parts.filter((part) => !isOpen(part)), ...parts.filter(isOpen)]
    const ends: Extract<Step<S>, { kind: 'jump' }>[] = []
    for (const part of inOrder) {
      const leave = this.#either({ leavesFirst: false })
      this.#emit(part)
      const end = { kind: 'jump' as const, to: 0 }
      this.#steps.push(end)
      ends.push(end)
      leave()
    }
    this.#steps.push({ kind: 'never' })
    for (const end of ends) end.to = this.#steps.length
  }
}

function accepts<S>({ names }: ModelLeaf<S>, { name, namespace }: Child): boolean {
  return 'kind' in names ? allows(names, namespace) : names.includes(name)
}

/** How many steps a content model comes to. */
function sizeOf<S>(model: ContentModel<S>): number {
  const once = model.kind === 'leaf' ? 1 : model.parts.reduce((size, part) => size + sizeOf(part) + 2, 3)
  const { minOccurs, maxOccurs } = model
  return maxOccurs === Infinity ? once * (minOccurs + 1) + 2 : (once + 1) * maxOccurs
}
