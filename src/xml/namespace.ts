/** What a prefix means. */
export interface Binding {
  /** Its id. */
  readonly prefix: number
  readonly namespace: Namespace
}

/** A namespace name and the expanded names made with it. */
export class Namespace {
  /** Local name to Clark notation. */
  readonly names = new Map<string, string>()
  readonly #bindings = new Map<number, readonly Binding[]>()

  constructor(readonly uri: string) {}

  /** The one prefix bound to it, the same list each time. */
  boundTo(prefix: number): readonly Binding[] {
    const known = this.#bindings.get(prefix)
    if (known) return known
    const bindings = [{ prefix, namespace: this }]
    this.#bindings.set(prefix, bindings)
    return bindings
  }
}
