import { counted } from '../../base/count.js'
import { colours } from './colours.js'

/** What takes no longer is over before anybody wonders. */
const PATIENCE_MS = 2_000

export interface ProgressOptions {
  /** Says nothing at all. */
  readonly quiet: boolean
  /** By default of the process. */
  readonly stream?: { readonly isTTY?: boolean; write(text: string): unknown }
  /** Milliseconds; by default the clock of the process. */
  readonly now?: () => number
}

/**
 * Tells somebody who waits what a long command is at: on a terminal one line that changes, elsewhere a line for each stage, and
 * neither before two seconds have passed.
 */
export class Progress {
  readonly #stream
  readonly #quiet: boolean
  readonly #now: () => number
  readonly #begunAt: number
  #isShown = false

  constructor({ quiet, stream = process.stderr, now = () => performance.now() }: ProgressOptions) {
    this.#stream = stream
    this.#quiet = quiet
    this.#now = now
    this.#begunAt = now()
  }

  /** @param stage what begins now: `checking 40 operations` */
  at(stage: string): void {
    const seconds = Math.round((this.#now() - this.#begunAt) / 1_000)
    if (this.#quiet || this.#now() - this.#begunAt < PATIENCE_MS) return
    const line = colours(this.#stream).dim(`… ${stage} (after ${counted(seconds, 'second')})`)
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
    this.#isShown = true
  }

  /** Takes the line away, before the results are shown. */
  end(): void {
    if (this.#isShown && this.#stream.isTTY) this.#stream.write('\r\u001b[K')
    this.#isShown = false
  }
}
