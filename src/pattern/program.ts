import { isAnchored, longest } from './ambiguity.js'
import type { CharacterSet, CodePoints } from './characters.js'
import { type PatternNode, type Place, wordCharacters } from './syntax.js'

/** A step of a program: what it does before it goes on at `next`. */
export type Step =
  | { readonly kind: 'match' }
  /** Takes a character of the set with this number. */
  | { readonly kind: 'take'; readonly set: number; readonly next: number }
  /** Takes several characters of a set: so a long text is counted and not written out. */
  | {
      readonly kind: 'count'
      readonly set: number
      readonly least: number
      readonly most: number
      readonly next: number
    }
  | { readonly kind: 'fork'; readonly nexts: readonly number[] }
  /** Goes on where a bit of the circumstances is as it should be. */
  | { readonly kind: 'check'; readonly bit: number; readonly expected: boolean; readonly next: number }

/** A non-deterministic automaton. */
export interface Program {
  readonly steps: readonly Step[]
  readonly start: number
  /** Whether it has steps of the kind `count`, which remember more than that they have been reached. */
  readonly counts: boolean
}

/** Look-around: at which places of the text a program matches. */
export interface LookProgram {
  /** Looks ahead: reads the text backwards, from what it sees to where it stands. */
  readonly backwards: boolean
  readonly program: Program
}

export interface CompiledPattern {
  readonly main: Program
  /** Inner ones first. The first is told by the bit FIRST_LOOK. */
  readonly looks: readonly LookProgram[]
  readonly alphabet: Alphabet
}

/** Bits of the circumstances of a place between characters. */
export const BITS: Readonly<Record<Place, number>> = { start: 1, end: 2, boundary: 4 }
export const FIRST_LOOK = 3

const MOST_STEPS = 2000
/** Each may cost its time at each character: measured in docs/design.md. */
const MOST_LASTING = 60
/** What ends after so many characters costs little, whatever it is. */
const SHORT = 2000
/** Counting takes longer than other steps, and must remember where it began. */
const COST_OF_COUNTING = 8
const MOST_ENTRIES = 10_000
/** Repetitions of one character are counted beyond these, and written out up to it. */
const MOST_WRITTEN = 20
const MOST_LOOKS = 20

/**
 * @throws RangeError where the pattern is too large: repetitions are written out
 */
export function assertSize(node: PatternNode): void {
  if (stepsOf(node) > MOST_STEPS || lastingOf(node, { late: !isAnchored(node) }) > MOST_LASTING) {
    throw new RangeError('its repetitions or choices make it too large')
  }
  if (looksIn(node) > MOST_LOOKS) throw new RangeError('it looks around too often')
}

export function compileProgram(node: PatternNode): CompiledPattern {
  const compiler = new Compiler()
  const main = compiler.program(node, { backwards: false })
  return {
    main,
    looks: compiler.looks,
    alphabet: new Alphabet(compiler.sets, { tellsWords: compiler.usesBoundary }),
  }
}

class Compiler {
  readonly looks: LookProgram[] = []
  readonly sets: CharacterSet[] = []
  usesBoundary = false
  readonly #numbers = new Map<CharacterSet, number>()
  readonly #bits = new Map<Look, number>()
  #steps: Step[] = []
  #backwards = false

  program(node: PatternNode, { backwards }: { readonly backwards: boolean }): Program {
    const outer = { steps: this.#steps, backwards: this.#backwards }
    this.#steps = [{ kind: 'match' }]
    this.#backwards = backwards
    const start = this.#node(node, 0)
    const steps = this.#steps
    const program = { steps, start, counts: steps.some(({ kind }) => kind === 'count') }
    this.#steps = outer.steps
    this.#backwards = outer.backwards
    return program
  }

  /** @returns where the steps of the node begin */
  #node(node: PatternNode, next: number): number {
    switch (node.kind) {
      case 'set':
        return this.#add({ kind: 'take', set: this.#number(node.set), next })
      case 'place':
        this.usesBoundary ||= node.place === 'boundary'
        return this.#add({ kind: 'check', bit: BITS[node.place], expected: !node.negative, next })
      case 'look':
        return this.#add({ kind: 'check', bit: this.#look(node), expected: !node.negative, next })
      case 'sequence': {
        const parts = this.#backwards ? node.parts : [...node.parts].reverse()
        return parts.reduce((at, part) => this.#node(part, at), next)
      }
      case 'choice':
        return this.#add({ kind: 'fork', nexts: node.options.map((option) => this.#node(option, next)) })
      case 'repeat':
        if (isCounted(node) && node.body.kind === 'set') {
          const { least, most } = node
          return this.#add({ kind: 'count', set: this.#number(node.body.set), least, most, next })
        }
        return this.#repeat(node.body, node.least, node.most, next)
    }
  }

  #repeat(body: PatternNode, least: number, most: number, next: number): number {
    let at = next
    let required = least
    if (most === Infinity) {
      const nexts = [next]
      const again = this.#add({ kind: 'fork', nexts })
      const start = this.#node(body, again)
      nexts.push(start)
      at = least > 0 ? start : again
      required--
    } else {
      for (let more = least; more < most; more++) {
        at = this.#add({ kind: 'fork', nexts: [next, this.#node(body, at)] })
      }
    }
    for (let copy = 0; copy < required; copy++) at = this.#node(body, at)
    return at
  }

  /** A copy looks at what the original looks at. */
  #look(node: Look): number {
    const known = this.#bits.get(node)
    if (known !== undefined) return known
    const program = this.program(node.body, { backwards: !node.behind })
    const bit = 1 << (FIRST_LOOK + this.looks.length)
    this.looks.push({ backwards: !node.behind, program })
    this.#bits.set(node, bit)
    return bit
  }

  #add(step: Step): number {
    return this.#steps.push(step) - 1
  }

  #number(set: CharacterSet): number {
    const known = this.#numbers.get(set)
    if (known !== undefined) return known
    const number = this.sets.push(set) - 1
    this.#numbers.set(set, number)
    return number
  }
}

/** Steps that a node is compiled to, with those of what it looks at. */
function stepsOf(node: PatternNode): number {
  switch (node.kind) {
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + stepsOf(part), 0)
    case 'choice':
      return node.options.reduce((sum, option) => sum + stepsOf(option), 1)
    case 'repeat':
      if (node.most === 0) return 0
      if (isCounted(node)) return COST_OF_COUNTING + Math.floor(entriesOf(node) / MOST_ENTRIES)
      // What takes no step takes its time when it is written out.
      return (
        Math.max(1, stepsOf(node.body)) * copiesOf(node) +
        (node.most === Infinity ? 1 : node.most - node.least)
      )
    case 'look':
      return stepsOf(node.body) + 1
    case 'set':
    case 'place':
      return 1
  }
}

/**
 * Steps that may be taken at each character of a long text.
 *
 * @param late whether many characters may have come before the node
 */
function lastingOf(node: PatternNode, { late }: { readonly late: boolean }): number {
  switch (node.kind) {
    case 'sequence': {
      let sum = 0
      let before = late ? Infinity : 0
      for (const part of node.parts) {
        sum += lastingOf(part, { late: before > SHORT })
        before += longest(part)
      }
      return sum
    }
    case 'choice':
      return node.options.reduce((sum, option) => sum + lastingOf(option, { late }), late ? 1 : 0)
    case 'repeat':
      return late || longest(node) > SHORT ? stepsOf(node) : looksWithin(node.body)
    case 'look':
      // Looked for at each place, wherever it is asked for.
      return stepsOf(node)
    case 'set':
    case 'place':
      return late ? 1 : 0
  }
}

function looksWithin(node: PatternNode): number {
  return looksIn(node) > 0 ? stepsOf(node) : 0
}

type Repeat = Extract<PatternNode, { readonly kind: 'repeat' }>
type Look = Extract<PatternNode, { readonly kind: 'look' }>

function isCounted(node: Repeat): boolean {
  return node.body.kind === 'set' && copiesOf(node) > MOST_WRITTEN
}

/** How many places a counter has to remember. */
function entriesOf({ least, most }: Repeat): number {
  return most === Infinity ? 1 : (2 * most) / (most - least + 1)
}

function copiesOf({ least, most }: Repeat): number {
  return most === Infinity ? Math.max(1, least) : most
}

function looksIn(node: PatternNode): number {
  switch (node.kind) {
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + looksIn(part), 0)
    case 'choice':
      return node.options.reduce((sum, option) => sum + looksIn(option), 0)
    case 'repeat':
      return looksIn(node.body)
    case 'look':
      return looksIn(node.body) + 1
    case 'set':
    case 'place':
      return 0
  }
}

const LATIN = 0x180

/** Numbers for characters: those that no set tells apart have the same one. */
export class Alphabet {
  /** How many letters there are. */
  readonly size: number
  /** Where another letter begins, ascending. */
  readonly #starts: readonly number[]
  readonly #letters: readonly number[]
  readonly #latin = new Uint16Array(LATIN)
  /** Which letters each set has. */
  readonly members: readonly Uint8Array[]
  /** Which letters words have, where that matters. */
  readonly word: Uint8Array | undefined

  /** @param tellsWords whether characters of words are told from others */
  constructor(sets: readonly CharacterSet[], { tellsWords }: { readonly tellsWords: boolean }) {
    const points = [...sets, ...(tellsWords ? [wordCharacters] : [])].map((set) => set.points)
    const starts = new Set([0])
    for (const set of points) {
      set.forEach((point, index) => starts.add(index % 2 === 0 ? point : point + 1))
    }
    this.#starts = [...starts].sort((a, b) => a - b)
    const numbers = new Map<string, number>()
    const keys = signatures(this.#starts, points)
    this.#letters = keys.map((key) => {
      const number = numbers.get(key) ?? numbers.size
      numbers.set(key, number)
      return number
    })
    this.size = numbers.size
    const members = points.map(() => new Uint8Array(this.size))
    keys.forEach((key, index) => {
      for (const set of key === '' ? [] : key.split(',')) {
        members[Number(set)]?.fill(1, this.#letters[index], (this.#letters[index] ?? 0) + 1)
      }
    })
    this.members = members
    this.word = tellsWords ? members.at(-1) : undefined
    for (let point = 0; point < LATIN; point++) this.#latin[point] = this.#search(point)
  }

  /**
   * @param letters where the letter of each character is written; a lone surrogate is a character
   * @returns how many there are
   */
  read(text: string, letters: Uint16Array): number {
    let count = 0
    for (let i = 0; i < text.length; i++) {
      const point = text.codePointAt(i) ?? 0
      if (point > 0xffff) i++
      letters[count++] = point < LATIN ? (this.#latin[point] ?? 0) : this.#search(point)
    }
    return count
  }

  #search(point: number): number {
    let [low, high] = [0, this.#starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= point) low = middle
      else high = middle - 1
    }
    return this.#letters[low] ?? 0
  }
}

/** For each stretch the numbers of the sets that it is in. */
function signatures(starts: readonly number[], sets: readonly CodePoints[]): string[] {
  const within: number[][] = starts.map(() => [])
  sets.forEach((points, number) => {
    let range = 0
    starts.forEach((start, index) => {
      while (range < points.length && (points[range + 1] ?? 0) < start) range += 2
      if (range < points.length && (points[range] ?? 0) <= start) within[index]?.push(number)
    })
  })
  return within.map((numbers) => numbers.join())
}
