import { type Intent, isSafe } from '../words/intent.js'
import { conjunctions } from '../words/non-nouns.js'
import { singularOf } from '../words/nouns.js'
import { isWrite, verbOf } from '../words/verbs.js'
import { objectOf } from './noun-phrases.js'

/* What an operation does, as its verb and what stands beside that say it. */

/** Words whose object says what they do: `RequestPDF` reads, `RequestLoan` does not. */
export function intentOf(verb: string, rest: readonly string[]): Intent | undefined {
  const { noun } = objectOf(rest)
  const last = singularOf(noun.at(-1) ?? '')
  if (verb === 'request' && documents.has(last)) return 'read'
  // Of nothing, it asks whether the service is there.
  if (verb === 'test' && rest.length === 0) return 'check'
  if (verb === 'do' && noun.length > 0) return 'create'
  if (
    verb === 'convert' &&
    (rest.includes('to') || /^(?:currency|temperature|temp|unit|length|weight|amount)$/.test(last))
  )
    return 'check'
  return verbOf(verb)?.intent
}

export function compoundIntent(verb: string): Intent {
  const parts = verb.split('-').flatMap((word) => verbOf(word)?.intent ?? [])
  const [first = 'action'] = parts
  if (parts.every((intent) => intent === 'read' || intent === 'search'))
    return parts.includes('search') ? 'search' : 'read'
  return parts.every((intent) => intent === first) ? first : 'action'
}

const documents = new Set(
  'pdf report statement balance status info information data list file log copy document invoice receipt certificate history'.split(
    ' ',
  ),
)

/**
 * Does what begins as a read change something as well? `GetAndLock`, `FindOrCreateUser`, `GetItemForUpdate`; and where the
 * read may be a noun, `ListDelete`.
 */
export function changesToo(verb: string, rest: readonly string[]): boolean {
  if (rest.some((word, index) => isAnd(word) && changes(rest[index + 1] ?? ''))) return true
  const [before, last = ''] = rest.slice(-2)
  if (before !== undefined && /^(?:for|with)$/.test(before) && (isWrite(last) || last === 'lock')) return true
  return /^(?:list|query|search|view|show|find|lookup|browse)$/.test(verb) && isWrite(rest[0] ?? '')
}

const numbers = new Set('id ids number numbers nr no key code sequence reference guid uuid'.split(' '))

/** A number that is given out is given out once: `GetNextInvoiceNumber`, `getNewId`. */
export function allocates(noun: readonly string[]): boolean {
  return /^(?:next|new)$/.test(noun[0] ?? '') && noun.length > 1 && numbers.has(noun.at(-1) ?? '')
}

/** Is it a verb of what is not safe? */
export function changes(word: string): boolean {
  return verbOf(word) !== undefined && !isSafe(verbOf(word)?.intent)
}

/** `of` joins two verbs in Dutch only: what it stands before in English is a noun. */
export function isAnd(word: string): boolean {
  return conjunctions.has(word) && word !== 'of'
}
