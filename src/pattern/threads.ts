import type { Alphabet, Program, Step } from './program.js'

const FORK = -1
const CHECK = -2
const COUNT = -3
const MATCH = -4

/** Of those that a Uint32Array can hold. */
export const LAST_GENERATION = 0xffff_ffff

/** All the steps of a program at which a run of it may be, kept in arrays: this is the inner loop. */
export class Threads {
  /** Whether one has come to the end of the program since the last character. */
  matched = false
  /** What all this has cost: threads that were moved. */
  work = 0
  readonly #kinds: Int32Array
  /** From where on in #nexts a step has the steps it goes on at. */
  readonly #from: Int32Array
  readonly #nexts: Int32Array
  /** Of a check: its bit, and the same where that should be set. */
  readonly #bits: Int32Array
  readonly #expected: Int32Array
  readonly #counters: readonly (Counter | undefined)[]
  /** Whether a set has a letter, set by set. */
  readonly #members: Uint8Array
  readonly #letters: number
  readonly #seen: Uint32Array
  readonly #pending: Int32Array
  /** Of the steps that were seen since the last character. */
  #generation: number
  #position = 0
  #takers: Int32Array
  #others: Int32Array
  #count = 0
  #counting: Counter[] = []

  /** @param generation the number from which characters are counted, up to LAST_GENERATION */
  constructor({ steps }: Program, alphabet: Alphabet, generation = 0) {
    this.#generation = generation
    this.#kinds = Int32Array.from(steps, kindOf)
    const nexts = steps.map(nextsOf)
    let at = 0
    this.#from = Int32Array.from([0, ...nexts.map((all) => (at += all.length))])
    this.#nexts = Int32Array.from(nexts.flat())
    this.#bits = Int32Array.from(steps, (step) => (step.kind === 'check' ? step.bit : 0))
    this.#expected = Int32Array.from(steps, (step) => (step.kind === 'check' && step.expected ? step.bit : 0))
    this.#counters = steps.map((step) =>
      step.kind === 'count'
        ? new Counter(step.least, step.most, step.next, alphabet.members[step.set])
        : undefined,
    )
    this.#letters = alphabet.size
    this.#members = new Uint8Array(alphabet.members.length * alphabet.size)
    alphabet.members.forEach((letters, set) => {
      this.#members.set(letters, set * alphabet.size)
    })
    this.#seen = new Uint32Array(steps.length)
    this.#pending = new Int32Array(steps.length)
    this.#takers = new Int32Array(steps.length)
    this.#others = new Int32Array(steps.length)
  }

  /** The steps that wait for a character, other than those that count. */
  get takers(): Int32Array {
    return this.#takers.slice(0, this.#count)
  }

  /** Whether there is no thread left. */
  get idle(): boolean {
    return this.#count === 0 && this.#counting.length === 0 && !this.matched
  }

  /** Forgets all threads. */
  reset(): void {
    for (const counter of this.#counting) counter.clear()
    this.#counting = []
    this.#position = 0
    this.#begin()
  }

  #begin(): void {
    this.#count = 0
    this.matched = false
    if (++this.#generation > LAST_GENERATION) {
      this.#seen.fill(0)
      this.#generation = 1
    }
  }

  /** Adds a thread, and follows it until it waits for a character or has come to the end. */
  follow(step: number, circumstances: number): void {
    const seen = this.#seen
    const generation = this.#generation
    if (seen[step] === generation) return
    const [pending, kinds, from, nexts] = [this.#pending, this.#kinds, this.#from, this.#nexts]
    seen[step] = generation
    pending[0] = step
    for (let waiting = 1; waiting > 0;) {
      const at = pending[--waiting] ?? 0
      const kind = kinds[at] ?? MATCH
      this.work++
      if (kind >= 0) {
        this.#takers[this.#count++] = at
        continue
      }
      if (kind === MATCH) this.matched = true
      else if (kind === CHECK && (circumstances & (this.#bits[at] ?? 0)) !== this.#expected[at]) continue
      else if (kind === COUNT && !this.#wait(at)) continue
      for (let way = from[at] ?? 0, end = from[at + 1] ?? 0; way < end; way++) {
        const next = nexts[way] ?? 0
        if (seen[next] === generation) continue
        seen[next] = generation
        pending[waiting++] = next
      }
    }
  }

  /** @returns whether the thread goes on at once as well */
  #wait(step: number): boolean {
    const counter = this.#counters[step]
    if (!counter) return false
    if (counter.isIdle) this.#counting.push(counter)
    counter.enter(this.#position)
    return counter.least === 0
  }

  /** All threads take a character, or end where they cannot. */
  take(letter: number, circumstances: number): void {
    const before = this.#takers
    const count = this.#count
    const after = this.#others
    this.#takers = after
    this.#others = before
    this.#begin()
    this.#position++
    this.work += count + this.#counting.length
    if (this.#counting.length > 0) this.#countOn(letter, circumstances)
    const [kinds, from, nexts, members] = [this.#kinds, this.#from, this.#nexts, this.#members]
    const [seen, generation, letters] = [this.#seen, this.#generation, this.#letters]
    for (let i = 0; i < count; i++) {
      const taker = before[i] ?? 0
      if (members[(kinds[taker] ?? 0) * letters + letter] !== 1) continue
      const next = nexts[from[taker] ?? 0] ?? 0
      if (seen[next] === generation) continue
      if ((kinds[next] ?? MATCH) < 0) this.follow(next, circumstances)
      else {
        seen[next] = generation
        after[this.#count++] = next
      }
    }
  }

  #countOn(letter: number, circumstances: number): void {
    const before = this.#counting
    const done: Counter[] = []
    this.#counting = []
    for (const counter of before) {
      if (counter.take(letter, this.#position)) done.push(counter)
      if (!counter.isIdle) this.#counting.push(counter)
    }
    for (const counter of done) this.follow(counter.next, circumstances)
  }

  /** Where steps that wait for a character go on with it; a step may be there more than once. */
  nextOf(takers: Int32Array, letter: number): number[] {
    const steps: number[] = []
    this.work += takers.length
    for (const taker of takers) {
      if (this.#members[(this.#kinds[taker] ?? 0) * this.#letters + letter] !== 1) continue
      steps.push(this.#nexts[this.#from[taker] ?? 0] ?? 0)
    }
    return steps
  }
}

/** The number of the set of which a step takes a character, or what else it does. */
function kindOf(step: Step): number {
  switch (step.kind) {
    case 'take':
      return step.set
    case 'count':
      return COUNT
    case 'fork':
      return FORK
    case 'check':
      return CHECK
    case 'match':
      return MATCH
  }
}

function nextsOf(step: Step): readonly number[] {
  if (step.kind === 'match') return []
  return step.kind === 'fork' ? step.nexts : [step.next]
}

/**
 * The threads that count characters at one step. All of them take the same ones, so the first to have come is always
 * the furthest (Turoňová et al., Regex Matching with Counting-Set Automata, 2020).
 */
class Counter {
  /** Where threads came in, in order, from #first on. */
  #entries: number[] = []
  #first = 0

  constructor(
    readonly least: number,
    readonly most: number,
    readonly next: number,
    private readonly members: Uint8Array | undefined,
  ) {}

  get isIdle(): boolean {
    return this.#first === this.#entries.length
  }

  clear(): void {
    this.#entries = []
    this.#first = 0
  }

  enter(position: number): void {
    // Where there is no upper bound the others have nothing to add to the furthest.
    if (this.most === Infinity && !this.isIdle) return
    // Nor has one between two that between them are always there when it would be.
    const { length } = this.#entries
    const gap = position - (this.#entries[length - 2] ?? -Infinity)
    if (length - this.#first >= 2 && gap <= this.most - this.least + 1) this.#entries[length - 1] = position
    else this.#entries.push(position)
  }

  /** @returns whether one of the threads has counted enough */
  take(letter: number, position: number): boolean {
    if (this.members?.[letter] !== 1) {
      this.clear()
      return false
    }
    if (position - (this.#entries[this.#first] ?? position) > this.most) this.#first++
    if (this.#first > 1000 && this.#first * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first)
      this.#first = 0
    }
    return !this.isIdle && position - (this.#entries[this.#first] ?? position) >= this.least
  }
}
