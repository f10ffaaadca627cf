import { plainWords } from '../words/names.js'
import { auxiliaries, foreignParticles } from '../words/non-nouns.js'
import { isForeignNoun } from '../words/nouns.js'
import { isVerbAtEnd, verbOf } from '../words/verbs.js'
import { withoutCapitals } from './affixes.js'
import { areasOf, MIN_SHARED } from './areas.js'
import { splitEntity } from './entities.js'
import type { NamingStyle } from './naming-style.js'
import { readOperationName } from './operation-name.js'

/** Finds what the names of one service have in common. */
export function namingStyle(written: readonly string[]): NamingStyle {
  const capitals = commonCapitals(written)
  const names = written.map((name) => withoutCapitals(name, capitals))
  const requests = names.filter((name) => /request$/i.test(name)).length
  const verbsLast = names.map(plainWords).filter((words) => {
    return words.length > 1 && verbOf(words[0] ?? '') === undefined && isVerbAtEnd(words.at(-1) ?? '')
  }).length
  const entities = new Set(names.flatMap((name) => splitEntity(name)?.entity.join(' ') ?? []))
  return {
    prefix: capitals === '' ? commonPrefix(names.map(plainWords)) : [],
    capitals,
    isForeign: isForeignService(names),
    areas: areasOf(names.map(plainWords)),
    requestIsForm: requests === 0 || requests * 2 >= names.length,
    entities: entities.size > 1,
    verbsLast: verbsLast >= MIN_VERBS_LAST && verbsLast * 2 >= names.length,
  }
}

const MIN_VERBS_LAST = 3

function commonCapitals(names: readonly string[]): string {
  const [first = ''] = names
  const [capitals = ''] = /^\p{Lu}{2,8}(?=\p{Lu})/u.exec(first) ?? []
  for (let length = capitals.length; length > 1; length--) {
    const start = capitals.slice(0, length)
    const isShared = names.every((name) => name.startsWith(start) && /^\p{Lu}/u.test(name.slice(length)))
    if (isShared && names.length >= MIN_SHARED && names.some((name) => /\p{Ll}/u.test(name))) return start
  }
  return ''
}

function commonPrefix(names: readonly (readonly string[])[]): readonly string[] {
  const [first] = names
  if (first === undefined || names.length < MIN_SHARED) return []
  const [word = ''] = first
  const isShared = names.every((words) => words[0] === word && words.length > 1)
  if (!isShared || verbOf(word) || auxiliaries.has(word)) return []
  // A noun that verbs follow at once is what they act on: `OrderCreate`, `OrderDelete`.
  return names.filter(([, next = '']) => verbOf(next)).length * 2 >= names.length ? [word] : []
}

/** Share of names with verbs or particles of another language from which on a service speaks it. */
const FOREIGN_SHARE = 0.2

/** Do the operations of a service speak another language than English? Their nouns then have no English plural. */
export function isForeignService(names: readonly string[]): boolean {
  const foreign = names.filter(isForeignName).length
  return foreign > 0 && foreign >= names.length * FOREIGN_SHARE
}

/** Is an operation's name of another language than English? */
export function isForeignName(name: string): boolean {
  return (
    readOperationName(name).isForeign ||
    plainWords(name).some((word, index) => (index > 0 && foreignParticles.has(word)) || isForeignNoun(word))
  )
}
