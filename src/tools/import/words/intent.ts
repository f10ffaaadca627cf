/** What an operation does, as its name says it. */
export type Intent = 'read' | 'search' | 'check' | 'create' | 'update' | 'delete' | 'action'

/** The verbs of a language by what they say: words with spaces between them. */
export type Vocabulary = Readonly<Partial<Record<Intent, string>>>

/** Does it change nothing, so that it may be repeated (RFC 9110, 9.2.1)? */
export function isSafe(intent: Intent | undefined): boolean {
  return intent === 'read' || intent === 'search' || intent === 'check'
}
