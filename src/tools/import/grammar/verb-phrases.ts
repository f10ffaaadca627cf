import { withWholeVerb } from '../words/compounds.js'
import { isSafe } from '../words/intent.js'
import { verbOf } from '../words/verbs.js'
import { allocates, changes, changesToo, compoundIntent, intentOf, isAnd } from './intents.js'
import type { NamingStyle } from './naming-style.js'
import { linked, objectOf } from './noun-phrases.js'
import { nothing, type Phrase } from './phrase.js'
import { splitVerb } from './verb-position.js'
import { readThing } from './verbless.js'

/** `CreateOrder`, `order_search`: a verb and what it acts on. */
export function readVerb(said: readonly string[], style: NamingStyle): Phrase {
  const { verb, rest, isCompound } = splitVerb(withWholeVerb(said), style)
  if (verb === undefined) return readThing(rest, style)
  const known = verbOf(isCompound ? (verb.split('-').at(-1) ?? '') : verb)
  const intent = isCompound ? compoundIntent(verb) : intentOf(verb, rest)
  const isForeign = known?.isForeign ?? false
  const read = linked(rest, { isForeign: isForeign || style.isForeign })
  // What a subscriber makes is a subscription (WS-BaseNotification 1.3, section 4).
  if (/^(?:un)?subscribe$/.test(verb) && read.noun.length === 0)
    return {
      ...nothing,
      ...read,
      verb,
      intent: verb === 'subscribe' ? 'create' : 'delete',
      noun: ['subscription'],
      owner: [],
    }
  const addressed = addressedBy(verb, rest)
  if (addressed) return { ...nothing, ...addressed }
  const common = { ...nothing, ...read, isForeign }
  if (isSafe(intent) && intent !== 'check') {
    if (changesToo(verb, rest)) {
      const phrase = [...verb.split('-'), ...rest]
      return { ...common, noun: changedNoun(rest, read), verb: phrase.join('-'), intent: 'action' }
    }
    if (allocates(rest)) return { ...common, verb: rest[0], noun: rest.slice(1), state: [], intent: 'action' }
  }
  const noun = verb === 'book' ? booked(common.noun) : common.noun
  // `CaeaSinMovimientoConsultar` reads another thing than `CaeaConsultar`.
  if (isForeign && isSafe(intent) && read.tail[0] === 'without')
    return {
      ...common,
      verb,
      intent,
      state: [...read.state, ...read.link],
      tail: [],
      link: [],
      qualifier: [],
    }
  return { ...common, noun, verb, intent: intent === 'read' && read.isMany ? 'search' : intent }
}

/** `sayHi`, `greetMeLater`, `pingMe`: whom it speaks to is no thing, and what is said of that is no state of one. */
function addressedBy(
  verb: string,
  rest: readonly string[],
): Pick<Phrase, 'verb' | 'intent' | 'state'> | undefined {
  const isTo = /^(?:me|us|you|him|them)\d*$/.test(rest[0] ?? '')
  if (/^(?:say|greet)$/.test(verb)) {
    const said = rest.map((word, index) => (index === 0 && isTo ? word.replace(/^\D+/, '') : word))
    return { verb, intent: 'action', state: said.filter((word) => word !== '') }
  }
  if (!isTo) return undefined
  return verbOf(verb)?.intent === 'check' && rest.length === 1
    ? { verb, intent: 'check', state: [] }
    : { verb: [verb, ...rest].join('-'), intent: 'action', state: [] }
}

/** Who books a room makes a booking, not a room. */
function booked(noun: readonly string[]): readonly string[] {
  const isOne = /(?:booking|reservation|appointment|payment|entry|order|ing|ion|ment|transfer)$/.test(
    noun.at(-1) ?? '',
  )
  return noun.length === 0 || isOne ? noun : [...noun, 'booking']
}

/** `GetAndLockOrder` is about orders; without such a noun, about what its whole name says. */
function changedNoun(rest: readonly string[], { noun }: Pick<Phrase, 'noun'>): readonly string[] {
  const at = rest.findIndex((word, index) => isAnd(word) && changes(rest[index + 1] ?? ''))
  return at === 0 ? objectOf(rest.slice(2)).noun : noun
}
