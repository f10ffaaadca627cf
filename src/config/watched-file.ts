import { readFileSync, statSync } from 'node:fs'

/**
 * A file that is looked at again and again. Asking for its time of change works where notifications do not: for
 * mounted secrets, which are replaced by switching a symbolic link.
 */
export class WatchedFile {
  readonly #timer: NodeJS.Timeout
  #state: string

  /**
   * @param onChange gets the new text, or the error with which it could not be read
   * @throws Error where the file cannot be read at first
   */
  constructor(
    readonly path: string,
    intervalMs: number,
    readonly onChange: (text: string | Error) => void,
  ) {
    this.#state = stateOf(path)
    this.#timer = setInterval(() => {
      this.look()
    }, intervalMs)
    this.#timer.unref()
  }

  text(): string {
    return readFileSync(this.path, 'utf8')
  }

  /** Looks at once. */
  look(): void {
    try {
      const state = stateOf(this.path)
      if (state === this.#state) return
      const text = this.text()
      this.#state = state
      this.onChange(text)
    } catch (error) {
      // Told once, until it can be read again.
      if (this.#state !== UNREADABLE) this.onChange(error instanceof Error ? error : new Error(String(error)))
      this.#state = UNREADABLE
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}

const UNREADABLE = 'unreadable'

function stateOf(path: string): string {
  const { mtimeNs, ino, size } = statSync(path, { bigint: true })
  return `${mtimeNs} ${ino} ${size}`
}
