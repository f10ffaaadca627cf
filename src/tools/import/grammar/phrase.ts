import type { Intent } from '../words/intent.js'
import type { NounPhrase } from './noun-phrases.js'

/** What is done to what: the part of a name that a verb, a question or a conversion governs. */
export interface Phrase extends NounPhrase {
  /** As the last segment of a path says it: `approve`, `create-and-send`. */
  readonly verb: string | undefined
  readonly intent: Intent | undefined
  /** Its verb is of another language than English. */
  readonly isForeign: boolean
}

/** A phrase that says nothing, for those that say a part. */
export const nothing: Phrase = {
  verb: undefined,
  intent: undefined,
  noun: [],
  owner: [],
  qualifier: [],
  tail: [],
  link: [],
  state: [],
  isMany: false,
  isBatch: false,
  isForeign: false,
}
