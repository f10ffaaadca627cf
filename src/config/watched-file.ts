import { readFileSync, statSync } from 'node:fs'

/**
 * A file that is looked at again and again. Asking for its time of change works where notifications do not: for
 * mounted secrets, which are replaced by switching a symbolic link.
 *
 * A change counts once two looks have found the same: whoever writes the file may be in the middle of it at the first.
 */
export class WatchedFile {
  readonly #timer: NodeJS.Timeout
  #taken: Found
  #candidate: Found | undefined
  #isReadable = true

  /**
   * @param onChange gets the new text, or the error with which it could not be read
   * @throws Error where the file cannot be read at first
   */
  constructor(
    readonly path: string,
    intervalMs: number,
    readonly onChange: (text: string | Error) => void,
  ) {
    this.#taken = find(path)
    this.#timer = setInterval(() => {
      this.look()
    }, intervalMs)
    this.#timer.unref()
  }

  /** As it was when two looks last found the same. */
  get text(): string {
    return this.#taken.text
  }

  /** Looks at once. */
  look(): void {
    try {
      const found = find(this.path)
      if (this.#isReadable && isSame(found, this.#taken)) {
        this.#candidate = undefined
        return
      }
      if (!this.#candidate || !isSame(found, this.#candidate)) {
        this.#candidate = found
        return
      }
      this.#taken = found
      this.#candidate = undefined
      this.#isReadable = true
      this.onChange(found.text)
    } catch (error) {
      this.#candidate = undefined
      // Told once, until it can be read again.
      if (!this.#isReadable) return
      this.#isReadable = false
      this.onChange(error instanceof Error ? error : new Error(String(error)))
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }
}

interface Found {
  /** Of the file: two writes within the grain of its clock may leave the same. */
  readonly state: string
  readonly text: string
}

function isSame(a: Found, b: Found): boolean {
  return a.state === b.state && a.text === b.text
}

function find(path: string): Found {
  const { mtimeNs, ino, size } = statSync(path, { bigint: true })
  return { state: `${mtimeNs} ${ino} ${size}`, text: readFileSync(path, 'utf8') }
}
