import { asciiName } from '../../mapping/component-names.js'
import { wordsOf } from '../../mapping/names.js'
import { type Intent, intentOfVerb } from './verbs.js'

/** What the name of an operation says. */
export interface OperationName {
  readonly verb: string | undefined
  readonly intent: Intent | undefined
  /** In lower case: the nouns after the verb, up to a preposition. */
  readonly noun: readonly string[]
  /** What stands after `By`, `For`, `Of`, …. */
  readonly qualifier: readonly string[]
  /** All of its words, in lower case, without noise. */
  readonly words: readonly string[]
}

const noise = new Set(['request', 'rq', 'req', 'operation', 'op', 'async', 'ws', 'service'])
const prepositions = new Set(['by', 'for', 'of', 'from', 'to', 'with', 'in', 'on', 'using', 'per', 'and'])

/** Words in lower-case ASCII. */
export function plainWords(name: string): string[] {
  return wordsOf(name).map((word) => asciiName(word).toLowerCase())
}

/** Reads `GetAccountBalanceByIban`, `account_search` or `CustomerInquiryRequest`. */
export function readOperationName(name: string): OperationName {
  const all = plainWords(name)
  let end = all.length
  while (end > 1 && noise.has(all[end - 1] ?? '')) end--
  const words = all.slice(0, end)
  const first = intentOfVerb(words[0] ?? '')
  const last = intentOfVerb(words.at(-1) ?? '')
  const verbLast = first === undefined && last !== undefined && words.length > 1
  const rest = verbLast ? words.slice(0, -1) : first ? words.slice(1) : words
  const intent = verbLast ? last : first
  const isMany = intent === 'read' && (rest[0] === 'all' || rest.at(-1) === 'list')
  const at = rest.findIndex((word, index) => prepositions.has(word) && index > 0)
  return {
    verb: verbLast ? words.at(-1) : first && words[0],
    intent: isMany ? 'search' : intent,
    noun: withoutNoise(at < 0 ? rest : rest.slice(0, at)),
    qualifier: at < 0 ? [] : rest.slice(at + 1),
    words,
  }
}

/** Words that say how much of a thing is read, not which thing. */
const vague = new Set(['all', 'full', 'the', 'a', 'an', 'single', 'multiple', 'list', 'existing', 'new'])

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
    'service services ws port porttype type soap soap11 soap12 binding endpoint web webservice interface impl svc api'.split(
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
