import { statSync } from 'node:fs'

/**
 * Files that are looked at again and again, those that are not there yet included. A change counts once two looks have found
 * the same: whoever writes the files may be in the middle of it at the first.
 */
export class WatchedFiles {
  readonly #timer: NodeJS.Timeout
  readonly #onChange: (changed: readonly string[]) => void
  #taken: ReadonlyMap<string, string>
  #candidate: ReadonlyMap<string, string> | undefined

  /** @param onChange gets the paths of what has changed, come or gone */
  constructor(files: Iterable<string>, intervalMs: number, onChange: (changed: readonly string[]) => void) {
    this.#taken = statesOf(files)
    this.#onChange = onChange
    this.#timer = setInterval(() => {
      this.look()
    }, intervalMs)
    this.#timer.unref()
  }

  /** Watches other files from now on; those that were watched before are compared with what they were then. */
  watch(files: Iterable<string>): void {
    const before = this.#taken
    this.#taken = new Map([...statesOf(files)].map(([file, state]) => [file, before.get(file) ?? state]))
    this.#candidate = undefined
  }

  /** Looks at once. */
  look(): void {
    const found = statesOf(this.#taken.keys())
    const changed = differing(found, this.#taken)
    if (changed.length === 0) {
      this.#candidate = undefined
      return
    }
    if (!this.#candidate || differing(found, this.#candidate).length > 0) {
      this.#candidate = found
      return
    }
    this.#taken = found
    this.#candidate = undefined
    this.#onChange(changed)
  }

  close(): void {
    clearInterval(this.#timer)
  }
}

function differing(
  found: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): readonly string[] {
  return [...found].flatMap(([file, state]) => (before.get(file) === state ? [] : [file]))
}

function statesOf(files: Iterable<string>): ReadonlyMap<string, string> {
  return new Map([...files].map((file) => [file, stateOf(file)]))
}

function stateOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
  return stat ? `${stat.mtimeNs} ${stat.ino} ${stat.size}` : ''
}
