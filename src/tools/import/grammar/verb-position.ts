import { prepositions } from '../words/non-nouns.js'
import { isNounFirst, isVerbAtEnd, isVerbInside, verbOf } from '../words/verbs.js'
import { isAnd } from './intents.js'
import type { NamingStyle } from './naming-style.js'

/**
 * The verb comes first; in some names last, or after a prefix. A read that comes later is one after what is read alone:
 * `CustomerSearch`, but not `FlagForSearch` or `MarkAsRead`.
 */
export function splitVerb(
  words: readonly string[],
  { verbsLast }: NamingStyle,
): {
  readonly verb: string | undefined
  readonly rest: readonly string[]
  readonly isCompound: boolean
} {
  const [first = '', second = '', third = '', ...others] = words
  const last = words.at(-1) ?? ''
  const head = verbOf(first)
  const isCompound = false
  if (head && isAnd(second) && verbOf(third))
    return { verb: `${first}-${second}-${third}`, rest: others, isCompound: true }
  if (tentative.has(first) && /^(?:add|create|update|delete|modify)$/.test(second) && third !== '')
    return { verb: `${first}-${second}`, rest: words.slice(2), isCompound: true }
  if (first === 'do' && words.length > 1) return { verb: 'do', rest: words.slice(1), isCompound }
  const isEntity = !words.some((word) => particles.has(word))
  const isLast = isVerbAtEnd(last) || (verbsLast && !head && verbOf(last) !== undefined)
  const atEnd = words.length > 1 && isLast && (isEntity || !isRead(last)) && last !== 'read'
  if (head && !(atEnd && isNounFirst(first))) {
    const rest = first === 'list' && second === 'of' ? words.slice(2) : words.slice(1)
    return { verb: first, rest, isCompound }
  }
  if (atEnd) return { verb: last, rest: words.slice(0, -1), isCompound }
  const at = words.findIndex((word) => isVerbInside(word) && (isEntity || !isRead(word)))
  return at < 0 || at === words.length - 1
    ? { verb: undefined, rest: words, isCompound }
    : { verb: words[at], rest: [...words.slice(0, at), ...words.slice(at + 1)], isCompound }
}

/** Before another verb these say how far it goes: `VerifyAddItem`. */
const tentative = new Set(
  'verify validate prepare simulate begin start complete finish init initiate confirm preview'.split(' '),
)

/** None of these stands in the name of a thing. */
const particles = new Set([...prepositions, 'and', 'or', 'as', 'not', 'no', 'is'])

function isRead(word: string): boolean {
  const intent = verbOf(word)?.intent
  return intent === 'read' || intent === 'search'
}
