import { capitalsIn, joinedVerbs } from '../words/acronyms.js'
import { parted } from '../words/compounds.js'
import { plainWords } from '../words/names.js'
import { verbOf } from '../words/verbs.js'
import { withoutCapitals, withoutPrefix, withoutSuffixes } from './affixes.js'
import { areaOf } from './areas.js'
import { splitEntity, withEntity } from './entities.js'
import { isAnd } from './intents.js'
import { type NamingStyle, noStyle } from './naming-style.js'
import type { Phrase } from './phrase.js'
import { readQuestion } from './questions.js'
import { readVerb } from './verb-phrases.js'
import { readConversion, readStatusOf } from './verbless.js'

/*
 * The grammar of operation names:
 *
 *   name      = [prefix] [entity "_"] (question | phrase | status | conversion) suffix*
 *   phrase    = [auxiliary] verb [conjunction verb] object link*  |  object verb  |  object
 *   question  = ("is" | "has" | "can" | …) object [state]
 *   status    = "status" "of" object
 *   conversion= object "to" object
 *   object    = quantifier* adjective* noun+ [whole | "list"] [state]
 *   link      = "by" filter | ("to" | "from" | "of" | "in" | "for" | "on" …) owner | other preposition anything
 *   suffix    = "V2" | "Ex" | "Async" | "Request" | …
 *
 * The verb is the head of the name. A word inside its noun is no verb: `StatusOfUpdateSpaceRequest` reads.
 */

/** What the name of an operation says. All words are in lower-case ASCII. */
export interface OperationName extends Phrase {
  /** What stands before it and is no thing: the first steps of its path. */
  readonly area: readonly string[]
  /** `v2`, `extended`: which of several operations that do the same. */
  readonly variant: readonly string[]
  /** All of its words, without noise. */
  readonly words: readonly string[]
  /** The same as the last segment of a path says it: without what all names begin with, and without `get`. */
  readonly phrase: readonly string[]
  /** Words of it that are acronyms. */
  readonly acronyms: ReadonlySet<string>
}

/** Reads `GetAccountBalanceByIban`, `account_search`, `CustomerInquiryRequest`, `Order_GetLines` or `isAlive`. */
export function readOperationName(written: string, style: NamingStyle = noStyle): OperationName {
  const name = withoutCapitals(written.replace(/_Task$/, ''), style.capitals)
  const acronyms = new Set(capitalsIn(name))
  const bare = withoutPrefix(plainWords(name), style.prefix)
  const { words, variant } = withoutSuffixes(bare.words, style)
  const entity = splitEntity(name)
  const said = entity ? withoutSuffixes(plainWords(entity.rest), style).words : words
  const { area, rest } = areaOf(style.isForeign ? said.flatMap(parted) : said, style)
  const phrase = readPhrase(rest, style)
  const read = withEntity(phrase, entity?.entity ?? bare.prefix, { isEntity: entity !== undefined, ...style })
  return {
    ...read,
    area,
    variant,
    words: withoutSuffixes(plainWords(name), style).words,
    phrase: phraseOf(entity ? [...entity.entity, ...said] : said),
    acronyms,
  }
}

function phraseOf(said: readonly string[]): readonly string[] {
  const words = withoutAuxiliary(joinedVerbs(said, (word) => verbOf(word) !== undefined))
  return words[0] === 'get' && words.length > 1 && !words.some(isAnd) ? words.slice(1) : words
}

function readPhrase(said: readonly string[], style: NamingStyle): Phrase {
  const words = withoutAuxiliary(joinedVerbs(said, (word) => verbOf(word) !== undefined))
  return readQuestion(words) ?? readStatusOf(words) ?? readConversion(words) ?? readVerb(words, style)
}

/** `DoCancel`, `doGetCountries`. */
function withoutAuxiliary(words: readonly string[]): readonly string[] {
  return words[0] === 'do' && verbOf(words[1] ?? '') ? words.slice(1) : words
}
