import type { CharacterSet, CodePoints } from './characters.js'
import { parsePattern, type PatternNode } from './syntax.js'

/** Repetitions are written out: more places than these are too many. */
const MOST_PLACES = 5000

interface Place {
  /** What it takes; a place without goes on at once. */
  readonly set: CharacterSet | undefined
  readonly nexts: number[]
}

/** An anchored pattern as an automaton, for those who ask about all of its texts and not about one. */
class PatternPlaces {
  readonly #places: Place[] = []
  readonly start: number
  readonly #end: number
  readonly #runs = new Map<string, PatternRun>()

  constructor(node: PatternNode) {
    this.#end = this.#add(undefined)
    this.start = this.#node(node, this.#end)
  }

  /** @returns where the node begins */
  #node(node: PatternNode, next: number): number {
    switch (node.kind) {
      case 'set':
        return this.#add(node.set, next)
      case 'sequence':
        return node.parts.reduceRight((at, part) => this.#node(part, at), next)
      case 'choice':
        return this.#add(undefined, ...node.options.map((option) => this.#node(option, next)))
      case 'repeat':
        return this.#repeat(node, next)
      case 'place':
        if (node.place === 'boundary') throw new RangeError('it asks where words end')
        return next
      case 'look':
        throw new RangeError('it looks around')
    }
  }

  #repeat({ body, least, most }: PatternNode & { readonly kind: 'repeat' }, next: number): number {
    let at = next
    if (most === Infinity) {
      const again = this.#add(undefined, next)
      this.#places[again]?.nexts.push(this.#node(body, again))
      at = again
    } else for (let n = least; n < most; n++) at = this.#add(undefined, next, this.#node(body, at))
    for (let n = 0; n < least; n++) at = this.#node(body, at)
    return at
  }

  #add(set: CharacterSet | undefined, ...nexts: number[]): number {
    if (this.#places.length >= MOST_PLACES) throw new RangeError('it is too large')
    return this.#places.push({ set, nexts }) - 1
  }

  /** The run that has come to some places. */
  at(places: readonly number[]): PatternRun {
    const reached = new Set(places)
    for (const place of reached) {
      const { set, nexts } = this.#places[place] ?? { set: undefined, nexts: [] }
      if (!set) for (const next of nexts) reached.add(next)
    }
    const key = [...reached].sort((a, b) => a - b).join()
    const known = this.#runs.get(key)
    if (known) return known
    const run = new PatternRun(this, { key, places: [...reached], matches: reached.has(this.#end) })
    this.#runs.set(key, run)
    return run
  }

  after(places: readonly number[], point: number): PatternRun {
    const nexts = places.flatMap((place) => {
      const { set, nexts: following } = this.#places[place] ?? { set: undefined, nexts: [] }
      return set && contains(set.points, point) ? following : []
    })
    return this.at(nexts)
  }
}

/** How far a pattern has come after some text. The same places are the same object. */
export class PatternRun {
  readonly #pattern: PatternPlaces
  readonly #places: readonly number[]
  readonly #after = new Map<string, PatternRun>()
  /** Tells places of one pattern apart. */
  readonly key: string
  /** Whether the text is one that the pattern takes. */
  readonly matches: boolean

  constructor(
    pattern: PatternPlaces,
    {
      key,
      places,
      matches,
    }: { readonly key: string; readonly places: readonly number[]; readonly matches: boolean },
  ) {
    this.#pattern = pattern
    this.#places = places
    this.key = key
    this.matches = matches
  }

  /**
   * Where a pattern is before any text.
   *
   * @param source an anchored expression of ECMA-262
   * @throws RangeError where it is too large, or looks around
   */
  static of(source: string): PatternRun {
    const pattern = new PatternPlaces(parsePattern(source))
    return pattern.at([pattern.start])
  }

  /** Whether nothing that follows makes it a text that the pattern takes. */
  get isDead(): boolean {
    return this.#places.length === 0
  }

  after(text: string): PatternRun {
    if (text === '') return this
    const known = this.#after.get(text)
    if (known) return known
    const [first = '', ...rest] = Array.from(text)
    const next = this.#pattern.after(this.#places, first.codePointAt(0) ?? 0)
    const run = next.after(rest.join(''))
    this.#after.set(text, run)
    return run
  }
}

function contains(points: CodePoints, point: number): boolean {
  for (let i = 0; i < points.length; i += 2) {
    if (point < (points[i] ?? 0)) return false
    if (point <= (points[i + 1] ?? 0)) return true
  }
  return false
}
