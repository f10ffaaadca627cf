/** Gives out names that are not yet taken: the second `name` becomes `name2`. */
export class UniqueNames {
  readonly #taken: Set<string>
  /** The number that a name which is wanted again is tried with first. */
  readonly #next = new Map<string, number>()

  /** @param taken beforehand */
  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken)
  }

  has(name: string): boolean {
    return this.#taken.has(name)
  }

  take(wanted: string): string {
    let name = wanted
    let n = this.#next.get(wanted) ?? 2
    while (this.#taken.has(name)) name = `${wanted}${n++}`
    this.#taken.add(name)
    this.#next.set(wanted, n)
    return name
  }
}
