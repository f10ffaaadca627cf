import type { DestinationStream } from 'pino'

/** A destination with this gets to know of each line how severe it is (pino, "pino.metadata"). */
const METADATA: unique symbol = Symbol.for('pino.metadata')

/** pino's number for `warn`. */
const WARN = 40
const MOST_CHARACTERS = 16_384
const LONGEST_MS = 50

/**
 * Gathers log lines, so that many go out in one write: under load each line of its own costs as much as all the rest
 * that is done for it. Warnings and errors take what was gathered along and go out at once; the rest waits for 50 ms at
 * the most. Whoever ends the process must flush.
 */
export class LogBuffer implements DestinationStream {
  readonly [METADATA] = true
  /** Set by pino before each line. */
  lastLevel = 0
  readonly #out: DestinationStream
  #lines = ''
  #timer: NodeJS.Timeout | undefined

  constructor(out: DestinationStream) {
    this.#out = out
  }

  write(line: string): void {
    this.#lines += line
    if (this.lastLevel >= WARN || this.#lines.length >= MOST_CHARACTERS) this.flush()
    else this.#timer ??= setTimeout(this.flush, LONGEST_MS).unref()
  }

  flush = (): void => {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const lines = this.#lines
    this.#lines = ''
    if (lines !== '') this.#out.write(lines)
  }
}
