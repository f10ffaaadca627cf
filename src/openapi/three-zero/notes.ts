/** Something that OpenAPI 3.0 cannot say as the document says it. */
export interface Note {
  /** JSON pointer into the OpenAPI 3.1 document. */
  readonly pointer: string
  /** What was left out or widened, and why. */
  readonly message: string
}

/** Collects notes; the same one, found twice, counts once. */
export class Notes {
  readonly #notes = new Map<string, Note>()

  add(pointer: string, message: string): void {
    this.#notes.set(`${pointer} ${message}`, { pointer, message })
  }

  get list(): readonly Note[] {
    return [...this.#notes.values()]
  }
}
