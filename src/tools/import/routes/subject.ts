import type { OperationName } from '../grammar/operation-name.js'
import type { Inputs } from '../inputs/inputs.js'
import { kebab } from '../words/names.js'
import { pluralOf } from '../words/nouns.js'
import type { Resources } from './resources.js'

/** An operation as its route is chosen. */
export interface Subject {
  readonly name: OperationName
  readonly inputs: Inputs
  /** What the service is about, for operations whose name has no noun. */
  readonly service: readonly string[]
  /** The document has other services, so that a path without a noun begins with this one. */
  readonly isOneOfSeveral: boolean
  /** The service speaks another language than English: its nouns stay as they are. */
  readonly isForeign: boolean
  readonly resources: Resources
  /** What it gives is a list. */
  readonly returnsList: boolean
}

/** A collection's segment: `bank-accounts`. */
export function plural(
  words: readonly string[],
  { isForeign, name, resources }: Pick<Subject, 'isForeign' | 'name' | 'resources'>,
): string {
  const last = words.at(-1) ?? ''
  if (name.noun.length === 0 && !name.isMany && !resources.isMentioned(words)) return kebab(words)
  if (isForeign) return kebab(resources.formOf(words))
  if (name.acronyms.has(last)) return kebab(words)
  return kebab([...words.slice(0, -1), pluralOf(last)])
}
