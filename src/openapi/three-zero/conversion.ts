import type { Located, OpenApiObject } from '../document.js'
import type { Exactness } from './exactness.js'
import type { Notes } from './notes.js'
import type { Schema30 } from './schema30.js'

/** What those who write parts of a 3.0 document need of one another. */
export interface Conversion {
  /** The OpenAPI 3.1 document. */
  readonly root: OpenApiObject
  readonly notes: Notes
  readonly exactness: Exactness
  schema(value: unknown, pointer: string): Schema30
  /** A schema for values that fit one of several, or more of them. */
  oneOfThese(kinds: readonly Located[]): Schema30
  /** The reference that leads to a schema in the 3.0 document; undefined where it leads nowhere. */
  reference(target: string): string | undefined
  /** What a reference leads to, or `null`; undefined where the two can be said as alternatives only. */
  nullable(target: string): Schema30 | undefined
  /** A map of parts, each written by a function. */
  map(value: unknown, pointer: string, write: (value: unknown, pointer: string) => unknown): OpenApiObject
}
