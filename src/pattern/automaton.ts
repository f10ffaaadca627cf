import { type Alphabet, BITS, type CompiledPattern, FIRST_LOOK, type Program } from './program.js'
import { Threads } from './threads.js'

/** Numbers that the states of one program may hold before they are forgotten. */
const MOST_REMEMBERED = 50_000
/** A text that makes a program forget so often leads to new states only, for a while. */
const MOST_FORGOTTEN = 3
/** So many characters, and twice as many the next time. */
const UNREMEMBERED = 10_000
/** Texts up to this length are read to a place that is kept. */
const SHORT = 256

/**
 * Runs a pattern over texts in time that is linear in their length: all ways to match are followed at once (Thompson,
 * Regular Expression Search Algorithm, 1968), and what follows from where is remembered.
 */
export class Automaton {
  readonly #alphabet: Alphabet
  readonly #short = new Uint16Array(SHORT)
  readonly #main: Runner
  readonly #looks: readonly { readonly backwards: boolean; readonly runner: Runner }[]

  /**
   * @param anchored whether a match must begin where the text does
   * @param generation see Threads
   */
  constructor(
    { main, looks, alphabet }: CompiledPattern,
    { anchored, generation = 0 }: { readonly anchored: boolean; readonly generation?: number },
  ) {
    this.#alphabet = alphabet
    this.#main = new Runner(main, alphabet, { anchored, generation })
    this.#looks = looks.map(({ backwards, program }) => ({
      backwards,
      runner: new Runner(program, alphabet, { anchored: false, generation }),
    }))
  }

  test(text: string): boolean {
    const letters = text.length <= SHORT ? this.#short : new Uint16Array(text.length)
    const length = this.#alphabet.read(text, letters)
    const involved = this.#alphabet.word !== undefined || this.#looks.length > 0
    return this.#main.test(letters, length, involved ? this.#circumstances(letters, length) : undefined)
  }

  /** Steps taken since it was made: what the time is proportional to. */
  get work(): number {
    return this.#looks.reduce((sum, { runner }) => sum + runner.work, this.#main.work)
  }

  /** What holds at each place between characters. */
  #circumstances(letters: Uint16Array, length: number): Uint32Array {
    const circumstances = new Uint32Array(length + 1)
    const { word } = this.#alphabet
    let before = 0
    for (let at = 0; at <= length; at++) {
      const after = at < length ? (word?.[letters[at] ?? 0] ?? 0) : 0
      circumstances[at] = ends(at, length) | (before === after ? 0 : BITS.boundary)
      before = after
    }
    this.#looks.forEach(({ backwards, runner }, index) => {
      runner.mark(circumstances, { letters, length, backwards, bit: 1 << (FIRST_LOOK + index) })
    })
    return circumstances
  }
}

function ends(at: number, length: number): number {
  return (at === 0 ? BITS.start : 0) | (at === length ? BITS.end : 0)
}

/** Where a program may be after some characters, and what it has been found to lead to. */
interface State {
  /** Steps, not yet followed to those that take characters. */
  readonly steps: readonly number[]
  readonly settled: (Settled | undefined)[]
}

/** A state under given circumstances. */
interface Settled {
  readonly matched: boolean
  /** Steps that take a character. */
  readonly takers: Int32Array
  readonly next: (State | undefined)[]
}

/** One program on one text at a time. Gives the answer for each place of the text to a caller that may stop it. */
class Runner {
  readonly #threads: Threads
  readonly #anchored: boolean
  readonly #counts: boolean
  readonly #start: number
  readonly #letters: number
  /** Small numbers for the circumstances that have come up. */
  #numbers = new Map<number, number>()
  #states = new Map<string, State>()
  #remembered = 0
  #forgotten = 0

  constructor(
    program: Program,
    alphabet: Alphabet,
    { anchored, generation }: { readonly anchored: boolean; readonly generation: number },
  ) {
    this.#threads = new Threads(program, alphabet, generation)
    this.#start = program.start
    this.#counts = program.counts
    this.#letters = alphabet.size
    this.#anchored = anchored
  }

  get work(): number {
    return this.#threads.work
  }

  /** @returns whether the program matches anywhere */
  test(letters: Uint16Array, length: number, circumstances: Uint32Array | undefined): boolean {
    const threads = this.#threads
    let at = 0
    let unremembered = UNREMEMBERED
    let state: State | undefined = this.#counts ? undefined : this.#state([this.#start])
    threads.reset()
    if (!state) threads.follow(this.#start, circumstances?.[0] ?? ends(0, length))
    for (;;) {
      if (state) {
        this.#forgotten = 0
        for (; this.#forgotten <= MOST_FORGOTTEN; at++) {
          const settled: Settled = this.#settle(state, circumstances?.[at] ?? ends(at, length))
          if (settled.matched) return true
          if (at === length) return false
          state = this.#after(settled, letters[at] ?? 0)
          if (state.steps.length === 0) return false
        }
        threads.reset()
        for (const step of state.steps) threads.follow(step, circumstances?.[at] ?? ends(at, length))
      }
      const end = this.#counts ? length : Math.min(length, at + unremembered)
      unremembered *= 2
      for (; !threads.matched && at < end; at++) {
        const next = circumstances?.[at + 1] ?? ends(at + 1, length)
        threads.take(letters[at] ?? 0, next)
        if (!this.#anchored) threads.follow(this.#start, next)
        else if (threads.idle) return false
      }
      if (threads.matched || at === length) return threads.matched
      state = this.#state([...threads.takers].sort((a, b) => a - b))
    }
  }

  /** Sets a bit of the circumstances of each place where the program has matched. */
  mark(
    circumstances: Uint32Array,
    {
      letters,
      length,
      backwards,
      bit,
    }: {
      readonly letters: Uint16Array
      readonly length: number
      readonly backwards: boolean
      readonly bit: number
    },
  ): void {
    const threads = this.#threads
    threads.reset()
    threads.follow(this.#start, circumstances[backwards ? length : 0] ?? 0)
    for (let done = 0; ; done++) {
      const at = backwards ? length - done : done
      if (threads.matched) circumstances[at] = (circumstances[at] ?? 0) | bit
      if (done === length) return
      const next = circumstances[backwards ? at - 1 : at + 1] ?? 0
      threads.take(letters[backwards ? at - 1 : at] ?? 0, next)
      threads.follow(this.#start, next)
    }
  }

  #settle(state: State, circumstances: number): Settled {
    let number = this.#numbers.get(circumstances)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(circumstances, number)
    }
    return (state.settled[number] ??= this.#follow(state, circumstances))
  }

  #follow({ steps }: State, circumstances: number): Settled {
    this.#threads.reset()
    for (const step of steps) this.#threads.follow(step, circumstances)
    const { matched, takers } = this.#threads
    this.#remembered += takers.length + this.#letters
    return { matched, takers, next: [] }
  }

  #after(settled: Settled, letter: number): State {
    return (settled.next[letter] ??= this.#state(this.#steps(settled, letter)))
  }

  #steps({ takers }: Settled, letter: number): number[] {
    const steps = new Set(this.#threads.nextOf(takers, letter))
    if (!this.#anchored) steps.add(this.#start)
    return [...steps].sort((a, b) => a - b)
  }

  /** The state of these steps, the same as before if it is known. */
  #state(steps: number[]): State {
    if (this.#remembered > MOST_REMEMBERED) {
      this.#states = new Map()
      this.#numbers = new Map()
      this.#remembered = 0
      this.#forgotten++
    }
    const key = steps.join()
    let state = this.#states.get(key)
    if (!state) {
      state = { steps, settled: [] }
      this.#states.set(key, state)
      this.#remembered += 2 * steps.length + 10
    }
    return state
  }
}
