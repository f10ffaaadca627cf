import { type CharacterSet, intersection } from './characters.js'
import type { PatternNode } from './syntax.js'

/** An unanchored pattern is tried from every character on: so many others may be read each time. */
const MOST_READ_UNANCHORED = 100
/** All that can be tried in vain, where that does not depend on the text. */
const MOST_WAYS = 200
/** Repetitions are written out up to this size; beyond, they are taken for endless ones. */
const MOST_COPIES = 100
const MOST_PLACES = 1000
const MOST_STEPS = 20_000

/**
 * Is an engine that backtracks linear on this pattern? Careful: says no where it does not know.
 */
export function isLinearForBacktracking(node: PatternNode): boolean {
  if (isAnchored(node)) return ways(node) <= MOST_WAYS || isUnambiguous(node)
  const reach = longest(node, { around: true })
  if (reach > MOST_READ_UNANCHORED) return false
  return reach * ways(node) <= MOST_READ_UNANCHORED || isUnambiguous(node)
}

/**
 * Nothing is ever left to try where after each character of a text at most one place of the pattern can take the next
 * one, and in one way only (Brüggemann-Klein and Wood, One-Unambiguous Regular Languages, 1998).
 */
function isUnambiguous(node: PatternNode): boolean {
  try {
    const { first } = new Analysis().of(node)
    assertDistinct(first)
    return true
  } catch (error) {
    if (error instanceof Ambiguous) return false
    throw error
  }
}

class Ambiguous extends Error {}

/** One place of a pattern that takes a character. */
interface Taker {
  readonly set: CharacterSet
  readonly follow: Taker[]
}

interface Part {
  readonly first: readonly Taker[]
  readonly last: readonly Taker[]
  /** Whether it matches the empty text. */
  readonly empty: boolean
}

const NOTHING: Part = { first: [], last: [], empty: true }

class Analysis {
  #places = 0
  #steps = 0

  of(node: PatternNode): Part {
    switch (node.kind) {
      case 'set': {
        if (++this.#places > MOST_PLACES) throw new Ambiguous()
        const taker: Taker = { set: node.set, follow: [] }
        return { first: [taker], last: [taker], empty: false }
      }
      case 'place':
        return NOTHING
      case 'look':
        if (node.body.kind !== 'set') throw new Ambiguous()
        return NOTHING
      case 'sequence':
        return node.parts.reduce<Part>((before, part) => this.#join(before, this.of(part)), NOTHING)
      case 'choice':
        return this.#choice(node.options.map((option) => this.of(option)))
      case 'repeat':
        return this.#repeat(node.body, node.least, node.most)
    }
  }

  #choice(options: readonly Part[]): Part {
    const empty = options.filter((option) => option.empty).length
    if (empty > 1) throw new Ambiguous()
    return {
      first: options.flatMap(({ first }) => first),
      last: options.flatMap(({ last }) => last),
      empty: empty === 1,
    }
  }

  #repeat(body: PatternNode, least: number, most: number): Part {
    if (most === 0) return NOTHING
    const copies = most === Infinity ? least : most
    if (copies <= 1 || copies * width(body) > MOST_COPIES) {
      const part = this.#required(body)
      if (most > 1) this.#connect(part.last, part.first)
      return { ...part, empty: least === 0 }
    }
    let whole = NOTHING
    let latest: readonly Taker[] = []
    for (let copy = 0; copy < copies; copy++) {
      const part = this.#required(body)
      if (most === Infinity && copy === copies - 1) this.#connect(part.last, part.first)
      if (copy < least) whole = this.#join(whole, part)
      else {
        // One more can only follow the one before: x{0,3} is (x(xx?)?)?.
        this.#connect(latest, part.first)
        const first = copy === 0 ? part.first : whole.first
        whole = { first, last: [...whole.last, ...part.last], empty: least === 0 }
      }
      latest = part.last
    }
    return whole
  }

  /** What repeats must take characters: else there are several ways to take none. */
  #required(body: PatternNode): Part {
    const part = this.of(body)
    if (part.empty) throw new Ambiguous()
    return part
  }

  #join(a: Part, b: Part): Part {
    this.#connect(a.last, b.first)
    return {
      first: a.empty ? [...a.first, ...b.first] : a.first,
      last: b.empty ? [...a.last, ...b.last] : b.last,
      empty: a.empty && b.empty,
    }
  }

  #connect(last: readonly Taker[], first: readonly Taker[]): void {
    for (const from of last) {
      for (const to of first) {
        if ((this.#steps += from.follow.length + 1) > MOST_STEPS) throw new Ambiguous()
        if (from.follow.some((other) => overlap(other, to))) throw new Ambiguous()
        from.follow.push(to)
      }
    }
  }
}

function assertDistinct(takers: readonly Taker[]): void {
  if (takers.length > MOST_PLACES / 10) throw new Ambiguous()
  takers.forEach((taker, index) => {
    if (takers.slice(0, index).some((other) => overlap(other, taker))) throw new Ambiguous()
  })
}

function overlap(a: Taker, b: Taker): boolean {
  return a.set === b.set || intersection(a.set.points, b.set.points).length > 0
}

/** Must a match begin where the text does? */
export function isAnchored(node: PatternNode): boolean {
  switch (node.kind) {
    case 'place':
      return node.place === 'start' && !node.negative
    case 'sequence': {
      const taking = node.parts.findIndex((part) => part.kind !== 'look' && part.kind !== 'place')
      const ahead = taking < 0 ? node.parts : node.parts.slice(0, taking + 1)
      return ahead.some(isAnchored)
    }
    case 'choice':
      return node.options.every(isAnchored)
    case 'repeat':
      return node.least > 0 && isAnchored(node.body)
    case 'set':
    case 'look':
      return false
  }
}

/** In how many ways can the pattern match any text at all? Each is a short one where there are few. */
function ways(node: PatternNode): number {
  switch (node.kind) {
    case 'sequence':
      return node.parts.reduce((product, part) => product * ways(part), 1)
    case 'choice':
      return node.options.reduce((sum, option) => sum + ways(option), 0)
    case 'look':
      return ways(node.body)
    case 'repeat': {
      const { body, least, most } = node
      const each = ways(body)
      if (most > MOST_WAYS || least * width(body) > MOST_WAYS) return Infinity
      let sum = 0
      for (let count = least; count <= most && sum <= MOST_WAYS; count++) sum += each ** count
      return sum
    }
    case 'set':
    case 'place':
      return 1
  }
}

/**
 * @param around whether what it looks at counts too
 * @returns how many characters a match takes at most
 */
export function longest(node: PatternNode, { around = false }: { readonly around?: boolean } = {}): number {
  switch (node.kind) {
    case 'set':
      return 1
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + longest(part, { around }), 0)
    case 'choice':
      return node.options.reduce((most, option) => Math.max(most, longest(option, { around })), 0)
    case 'repeat':
      return node.most === 0 ? 0 : times(longest(node.body, { around }), node.most)
    case 'look':
      return around ? longest(node.body, { around }) : 0
    case 'place':
      return 0
  }
}

function times(length: number, count: number): number {
  return length === 0 ? 0 : length * count
}

/** Places of a part, with repetitions within it written out. */
function width(node: PatternNode): number {
  switch (node.kind) {
    case 'set':
      return 1
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + width(part), 0)
    case 'choice':
      return node.options.reduce((sum, option) => sum + width(option), 0)
    case 'repeat':
      return width(node.body) * Math.max(1, node.most === Infinity ? node.least : node.most)
    case 'place':
    case 'look':
      return 0
  }
}
