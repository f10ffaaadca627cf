import type { Located, OpenApiDocument } from './document.js'

/**
 * Parts of a document that were read, by their values: what forms of a document have in common is read once.
 *
 * Only for parts of which all that matters stands in the value itself: where references lead may differ.
 */
export class ReadParts<T extends { readonly pointer: string }> {
  /** By the document that the forms are of. */
  readonly #known = new WeakMap<object, Map<unknown, T>>()

  /** @returns what was read of the same value at the same place */
  get({ identity }: OpenApiDocument, { value, pointer }: Located): T | undefined {
    const part = this.#known.get(identity)?.get(value)
    return part?.pointer === pointer ? part : undefined
  }

  keep({ identity }: OpenApiDocument, { value }: Located, part: T): T {
    const known = this.#known.get(identity) ?? new Map<unknown, T>()
    this.#known.set(identity, known.set(value, part))
    return part
  }
}
