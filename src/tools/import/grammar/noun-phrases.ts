import { inFull } from '../words/abbreviations.js'
import { isAcronym } from '../words/acronyms.js'
import { adjectives, isNoNoun, prepositions, quantifiers } from '../words/non-nouns.js'
import { isNounFirst, isWrite } from '../words/verbs.js'

/** A noun with what is said of it; words in lower-case ASCII. */
export interface NounGroup {
  readonly noun: readonly string[]
  /** Words at its end that say in which state it is, or which part or form of it is meant: `active`, `details`. */
  readonly state: readonly string[]
  /** A list of it, whatever its number. */
  readonly isMany: boolean
  /** Several at once, by a word that says so: `CreateMultipleMessage`. */
  readonly isBatch: boolean
}

/** The same with what it is linked to. */
export interface NounPhrase extends NounGroup {
  /** What the noun is part of, by `Of`, `To`, `From`, `In`, `For`. */
  readonly owner: readonly string[]
  /** What stands after the first preposition. */
  readonly qualifier: readonly string[]
  /** The same with the preposition, in English. */
  readonly tail: readonly string[]
  /** The tail as it is written, for paths: `sin-movimiento`. */
  readonly link: readonly string[]
}

/** What follows a verb: its object, and what that is linked to. */
export function linked(
  written: readonly string[],
  { isForeign }: { readonly isForeign: boolean } = { isForeign: false },
): NounPhrase {
  const rest = isForeign ? written.map((word) => meaningOf.get(word) ?? word) : written
  const at = rest.findIndex((word, index) => isLink(word, rest, index))
  const tail = at < 0 ? [] : rest.slice(at)
  const link = at < 0 ? [] : written.slice(at)
  const object = objectOf(at < 0 ? rest : rest.slice(0, at))
  const owner = ownerIn(tail)
  return { ...object, tail, link, qualifier: tail.slice(1), owner }
}

/** Prepositions of other languages, where the verb is of one. */
const meaningOf: ReadonlyMap<string, string> = new Map(
  Object.entries({
    of: 'av von van di',
    to: 'til zu naar',
    on: 'paa auf',
    from: 'fra aus uit desde da',
    for: 'fuer para voor pour pro',
    by: 'etter nach por par pr podle selon per',
    with: 'med mit con avec met',
    without: 'uten ohne sin sem sans senza zonder bez',
  }).flatMap(([meaning, words]) => words.split(' ').map((word) => [word, meaning] as const)),
)

/** Prepositions, and the conjunction that begins what is left of a name. */
function isLink(word: string, words: readonly string[], index: number): boolean {
  if (word === 'of' && index === 0) return false
  if (index === 0 && (word === 'and' || word === 'or')) return true
  if (/^(?:on|off|in|out|up|down|over|about|after|before|under)$/.test(word) && index === words.length - 1)
    return false
  if (word === 'up' || word === 'out' || word === 'off' || word === 'down') return false
  if (/^(?:logged|signed)$/.test(words[index - 1] ?? '')) return false
  return prepositions.has(word) || (word === 'no' && index > 0)
}

const owning = new Set('of for from to into in on onto at under within through per'.split(' '))

/** The thing after `Of`, `To`, `From` …, up to the next preposition; what is no thing owns nothing. */
export function ownerIn([preposition = '', ...words]: readonly string[]): readonly string[] {
  if (!owning.has(preposition)) return []
  const at = words.findIndex((word) => prepositions.has(word))
  const said = at < 0 ? words : words.slice(0, at)
  const { noun, state } = objectOf(said)
  const last = noun.at(-1) ?? ''
  if (noun.length === 0 || state.length > 0 || isNoNoun(last) || (isWrite(last) && !isNounFirst(last)))
    return []
  return noun
}

const lists = new Set('list liste lista lijst array collection bolk batch bulk liste'.split(' '))
/** At the head of a phrase: `geefLijstZaken`. */
const leadingLists = new Set('lijst lista seznam elenco listado liste'.split(' '))
const kindsOfList = new Set(
  'price black white wish mailing play watch check distribution pick packing waiting to access block allow deny contact'.split(
    ' ',
  ),
)
const batches = new Set('multiple batch bulk multi mass several many bolk'.split(' '))
const wholes = new Set('details detail info information data record'.split(' '))

/** `GetAccountDetails` reads the account. */
export function isWholeState({ state }: Pick<NounGroup, 'state'>): boolean {
  return state.length > 0 && state.every((word) => wholes.has(word))
}

/** The noun of a phrase without how many, and what is said of it at its end. */
export function objectOf(words: readonly string[]): NounGroup {
  let noun = words.map(inFull)
  let isMany = false
  let isBatch = false
  if (noun.length > 1 && leadingLists.has(noun[0] ?? '')) {
    noun = noun.slice(1)
    isMany = true
  }
  while (noun.length > 0) {
    const [first = ''] = noun
    if (
      !quantifiers.has(first) &&
      !(batches.has(first) && noun.length > 1) &&
      !/^(?:existing|new|my|your|our|ny|nye|neue[nrs]?|nieuwe|nuev[ao]|nouve(?:au|lle)|nuov[ao]|nov[aoy]|yeni)$/.test(
        first,
      )
    )
      break
    if (first === 'none' || first === 'total' || first === 'half') break
    isMany ||=
      /^(?:all|any|both|every|many|multiple|several|some|alle|alles|todos|todas|tous|toutes|tutti|tutte|vse)$/.test(
        first,
      )
    isBatch ||= batches.has(first)
    noun = noun.slice(1)
    if (noun.length === 0 && first === 'more') return { noun, state: ['more'], isMany: true, isBatch }
  }
  noun = noun.filter((word, index) => word !== noun[index - 1])
  const state: string[] = []
  while (noun.length > 0) {
    const last = noun.at(-1) ?? ''
    const before = noun.at(-2) ?? ''
    if (lists.has(last) && !(last === 'list' && kindsOfList.has(before)) && noun.length > 1) {
      isMany = true
      isBatch ||= last !== 'collection'
    } else if (last === 'all') isMany = true
    else if (quantifiers.has(last) && last !== 'total') state.unshift(last)
    else if (last.endsWith('s') && isAcronym(last.slice(0, -1))) {
      noun = [...noun.slice(0, -1), last.slice(0, -1)]
      isMany = true
      break
    } else if (
      (noun.length > 1 && (wholes.has(last) || /^(?:read|exists?)$/.test(last))) ||
      (adjectives.has(last) && last !== 'total' && last !== 'standard')
    )
      state.unshift(last)
    else break
    noun = noun.slice(0, -1)
  }
  return { noun, state, isMany, isBatch }
}
