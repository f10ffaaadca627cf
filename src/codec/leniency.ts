import type { LenientKind } from '../base/lenient-kind.js'

/** What a backend is forgiven, and how often it was. */
export class Leniency {
  readonly #counts = new Map<LenientKind, number>()
  readonly #listeners = new Set<(kind: LenientKind) => void>()
  /** What is made use of, while nobody knows whether it counts. */
  #tentative: LenientKind[] | undefined

  constructor(readonly kinds: ReadonlySet<LenientKind> = new Set()) {}

  allows(kind: LenientKind): boolean {
    return this.kinds.has(kind)
  }

  /** How often each kind was made use of. */
  get counts(): ReadonlyMap<LenientKind, number> {
    return this.#counts
  }

  count(kind: LenientKind): void {
    if (this.#tentative) {
      this.#tentative.push(kind)
      return
    }
    const before = this.#counts.get(kind) ?? 0
    this.#counts.set(kind, before + 1)
    if (before === 0) for (const listener of this.#listeners) listener(kind)
  }

  /** Does what is done in another way where it throws: what it makes use of counts only where it does not. */
  tentatively(run: () => void): void {
    const used: LenientKind[] = []
    this.#tentative = used
    try {
      run()
    } finally {
      this.#tentative = undefined
    }
    for (const kind of used) this.count(kind)
  }

  /** @param listener called once for each kind, when it is first made use of @returns a function that ends it */
  onFirst(listener: (kind: LenientKind) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
