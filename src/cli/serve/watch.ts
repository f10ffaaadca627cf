import { basename, relative } from 'node:path'
import { counted } from '../../base/count.js'
import type { Diagnostic } from '../../base/diagnostic/diagnostic.js'
import { WatchedFiles } from '../../config/watched-files.js'
import { contractFiles } from '../contract/files.js'

/** How often files are looked at; what was written counts once it has stayed the same from one look to the next. */
const INTERVAL_MS = 250

export interface ContractWatchOptions {
  readonly contracts: readonly string[]
  /** Serves the contracts as they are now. @throws ContractError, and serves what it has served then */
  readonly reload: () => Promise<Reloaded>
  /** Told of each attempt, when it is over. */
  readonly onReload: (changed: string, outcome: Reloaded | Refused) => void
}

export interface Reloaded {
  readonly operations: number
  readonly diagnostics: readonly Diagnostic[]
}

/** The contract cannot be served; the one before still is. */
export interface Refused {
  /** Why. */
  readonly error: unknown
}

/** Has contracts served anew whenever one of their files has changed. One attempt at a time. */
export class ContractWatch {
  readonly #options: ContractWatchOptions
  readonly #files: WatchedFiles
  #attempt = Promise.resolve()

  constructor(options: ContractWatchOptions) {
    this.#options = options
    this.#files = new WatchedFiles(this.#found() ?? options.contracts, INTERVAL_MS, (changed) => {
      this.#attempt = this.#attempt.then(() => this.#reload(changed))
    })
  }

  /** Ends when an attempt that has begun is over. */
  async close(): Promise<void> {
    this.#files.close()
    await this.#attempt
  }

  #found(): ReadonlySet<string> | undefined {
    const found = this.#options.contracts.map((contract) => contractFiles(contract, process.env))
    return found.every((files) => files !== undefined)
      ? new Set(found.flatMap((files) => [...files]))
      : undefined
  }

  async #reload(paths: readonly string[]): Promise<void> {
    const { reload, onReload } = this.#options
    const changed = named(paths)
    // Before it is read: what changes meanwhile is a change.
    const files = this.#found()
    if (files) this.#files.watch(files)
    try {
      onReload(changed, await reload())
    } catch (error) {
      onReload(changed, { error })
    }
  }
}

function named([first = '', ...others]: readonly string[]): string {
  const path = relative('.', first)
  const name = path.startsWith('..') ? basename(first) : path
  return others.length === 0 ? name : `${name} and ${counted(others.length, 'other file')}`
}
