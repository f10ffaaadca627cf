import { joinedVerbs } from '../words/acronyms.js'
import { plainWords } from '../words/names.js'
import { isVerbAtEnd, verbOf } from '../words/verbs.js'
import type { Phrase } from './phrase.js'

/** `DocumentRegistry_FindDocuments` and `Order_Delete` say first whose operation it is. */
export function splitEntity(
  name: string,
): { readonly entity: readonly string[]; readonly rest: string } | undefined {
  const at = name.search(/[_.:]/)
  if (at <= 0) return undefined
  const rest = name.slice(at + 1)
  const entity = plainWords(name.slice(0, at))
  const [first = ''] = entity
  const said = joinedVerbs(plainWords(rest), (word) => verbOf(word) !== undefined)
  const [next = '', ...more] = said
  const hasVerb =
    verbOf(next) !== undefined || (actors.has(entity.at(-1) ?? '') && isVerbAtEnd(said.at(-1) ?? ''))
  if (verbOf(first) !== undefined || !hasVerb || !/[a-z]/.test(rest)) return undefined
  if (/^(?:ns\d*|tns)$/.test(first)) return undefined
  // `account_search` is two words; `Order_Delete` is a thing and what is done to it.
  return more.length > 0 || /\p{Lu}/u.test(rest) ? { entity, rest } : undefined
}

/** Kinds of program, which own nothing. */
const actors = new Set(
  'registry repository service manager server api facade responder controller engine provider gateway client port handler web ws'.split(
    ' ',
  ),
)

/** Nouns that say nothing beside that of their owner: `TimeEntry_GetData`. */
const vagueNouns = new Set('data info information details record object entity item items value'.split(' '))

/** A phrase of what stands before the separator, or of what all names begin with, where it has no thing of its own. */
export function withEntity(
  phrase: Phrase,
  entity: readonly string[],
  { isEntity, entities }: { readonly isEntity: boolean; readonly entities: boolean },
): Phrase {
  if (entity.length === 0) return phrase
  const isActor = actors.has(entity.at(-1) ?? '')
  const { noun, intent, tail } = phrase
  const thing = isActor ? entity.slice(0, -1) : entity
  // `DocumentRegistry_RegistryStoredQuery` names itself twice.
  if (isActor && thing.length > 0 && noun.length === 1 && noun[0] === entity.at(-1))
    return { ...phrase, noun: thing }
  if (noun.length === 0 && thing.length > 0) {
    if (!isEntity && intent === 'check') return phrase
    return { ...phrase, noun: thing, owner: phrase.owner, isMany: phrase.isMany }
  }
  if (!isEntity || isActor || !entities) return phrase
  const isVague = noun.every((word) => vagueNouns.has(word) || word === 'array' || word === 'all')
  if (isVague || (intent === 'create' && tail.length === 0 && noun.length === 0))
    return { ...phrase, noun: entity }
  return { ...phrase, owner: entity }
}
