import { asciiName } from '../../mapping/component-names.js'
import { wordsOf } from '../../mapping/names.js'
import { type Intent, isVerbAtEnd, isVerbInside, verbOf } from './verbs.js'

/** What the name of an operation says. */
export interface OperationName {
  readonly verb: string | undefined
  readonly intent: Intent | undefined
  /** In lower case: the nouns after the verb, up to a preposition. */
  readonly noun: readonly string[]
  /** What stands after `By`, `For`, `Of`, …. */
  readonly qualifier: readonly string[]
  /** The same with the preposition. */
  readonly tail: readonly string[]
  /** All of its words, in lower case, without noise. */
  readonly words: readonly string[]
  /** Its verb is of another language than English. */
  readonly isForeign: boolean
}

const noise = new Set(['request', 'rq', 'req', 'operation', 'op', 'async', 'ws', 'service'])
const prepositions = new Set(['by', 'for', 'of', 'from', 'to', 'with', 'in', 'on', 'using', 'per', 'and'])

/** Words in lower-case ASCII. */
export function plainWords(name: string): string[] {
  return wordsOf(name).map((word) => asciiName(word).toLowerCase())
}

/** Reads `GetAccountBalanceByIban`, `account_search`, `CustomerInquiryRequest` or `Registry_FindDocuments`. */
export function readOperationName(name: string): OperationName {
  const words = withoutEnds(plainWords(name))
  const said = withoutEnds(plainWords(ownPart(name)))
  const { verb, rest } = splitVerb(said)
  const known = verb === undefined ? undefined : verbOf(verb)
  const isMany = known?.intent === 'read' && (rest[0] === 'all' || lists.has(rest.at(-1) ?? ''))
  const at = rest.findIndex((word, index) => prepositions.has(word) && index > 0)
  return {
    verb,
    intent: isMany ? 'search' : known?.intent,
    noun: withoutNoise(at < 0 ? rest : rest.slice(0, at)),
    qualifier: at < 0 ? [] : rest.slice(at + 1),
    tail: at < 0 ? [] : rest.slice(at),
    words,
    isForeign: known?.isForeign ?? false,
  }
}

/** `DocumentRegistry_FindDocuments` says first whose operation it is. */
function ownPart(name: string): string {
  const at = name.search(/[_.:]/)
  if (at <= 0) return name
  const [first = ''] = plainWords(name)
  const [next = ''] = plainWords(name.slice(at + 1))
  return verbOf(first) === undefined && verbOf(next) !== undefined && /[a-z]/.test(name.slice(at + 1))
    ? name.slice(at + 1)
    : name
}

function withoutEnds(words: readonly string[]): string[] {
  let end = words.length
  while (end > 1 && noise.has(words[end - 1] ?? '')) end--
  const begin = end > 1 && /^(?:ns\d*|tns)$/.test(words[0] ?? '') ? 1 : 0
  return words.slice(begin, end)
}

/** The verb comes first; in some names last, or after a prefix that all operations of a service have. */
function splitVerb(words: readonly string[]): {
  readonly verb: string | undefined
  readonly rest: readonly string[]
} {
  if (verbOf(words[0] ?? '')) return { verb: words[0], rest: words.slice(1) }
  const last = words.at(-1) ?? ''
  if (words.length > 1 && isVerbAtEnd(last)) return { verb: last, rest: words.slice(0, -1) }
  const at = words.findIndex(isVerbInside)
  return at < 0 || at === words.length - 1
    ? { verb: undefined, rest: words }
    : { verb: words[at], rest: [...words.slice(0, at), ...words.slice(at + 1)] }
}

const functionWords = new Set(
  'og av med fra til ikke hos und mit von fuer por para los las pour avec voor met uit'.split(' '),
)

/** Does a service that has this operation speak another language than English? */
export function isForeignName(name: string): boolean {
  return readOperationName(name).isForeign || plainWords(name).some((word) => functionWords.has(word))
}

const lists = new Set(['list', 'liste', 'lista', 'lijst'])

/** Words that say how much of a thing is read, not which thing. */
const vague = new Set([
  ...['all', 'full', 'the', 'a', 'an', 'single', 'multiple', 'existing', 'new'],
  ...['alle', 'todos', 'todas', 'tous', 'toutes'],
  ...lists,
])

function withoutNoise(words: readonly string[]): string[] {
  const kept = words.filter((word, index) => !vague.has(word) || (index > 0 && index < words.length - 1))
  return kept.length === 0 ? [...words] : kept
}

/**
 * The noun of a service: `ICustomerAccountService_v2` is about customer accounts.
 *
 * @param otherwise names to try where the first says nothing, `Service1` say
 */
export function serviceWords(name: string, ...otherwise: readonly string[]): string[] {
  const words = plainWords(name.replace(/^I(?=_|\p{Lu}\p{Ll})/u, ''))
  const parts = new Set(
    'service services ws wsexp port porttype type soap soap11 soap12 binding endpoint web webservice interface impl svc api'.split(
      ' ',
    ),
  )
  const kept = words.filter((word) => !parts.has(word) && !/^(?:v|service)?\d+$/.test(word))
  const [next, ...rest] = otherwise
  if (kept.length === 0 && next !== undefined) return serviceWords(next, ...rest)
  return kept.length === 0 ? words : kept
}

export function kebab(words: readonly string[]): string {
  return words.join('-')
}

export function pascal(words: readonly string[]): string {
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

export function camel(words: readonly string[]): string {
  const name = pascal(words)
  return name.charAt(0).toLowerCase() + name.slice(1)
}

export function sentence(words: readonly string[]): string {
  const text = words.join(' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
