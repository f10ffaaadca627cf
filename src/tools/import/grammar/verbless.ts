import { isWrite, verbOf } from '../words/verbs.js'
import type { NamingStyle } from './naming-style.js'
import { linked, objectOf } from './noun-phrases.js'
import { nothing, type Phrase } from './phrase.js'

/* Names that have no verb of their own. */

/** `StatusOfUpdateSpaceRequest` reads the status of a request, whatever verb stands in its noun. */
export function readStatusOf(words: readonly string[]): Phrase | undefined {
  const [first = '', of, ...rest] = words
  if (of !== 'of' || rest.length === 0 || first === 'list' || !observed.has(first)) return undefined
  return {
    ...nothing,
    verb: 'get',
    intent: 'read',
    noun: [first],
    owner: objectOf(rest).noun,
    tail: [of, ...rest],
    link: [of, ...rest],
    qualifier: rest,
  }
}

/** `CelsiusToFahrenheit` gives one for the other. */
export function readConversion(words: readonly string[]): Phrase | undefined {
  const at = words.indexOf('to')
  if (at < 1 || at === words.length - 1 || words.some((word) => verbOf(word) !== undefined)) return undefined
  return { ...nothing, verb: words.join('-'), intent: 'check' }
}

/** `OrderStatus` and `CurrentWeather` read; another name without a verb says what it is about, and not what it does. */
export function readThing(words: readonly string[], style: NamingStyle): Phrase {
  const object = objectOf(words)
  const isSeen = observed.has(words.at(-1) ?? '') || /^(?:current|latest|last)$/.test(words[0] ?? '')
  const isRead = isSeen && !words.some((word) => isWrite(word))
  const intent = isRead ? (object.isMany ? 'search' : 'read') : undefined
  return { ...nothing, ...linked(words, style), ...(isRead && { verb: 'get', intent }) }
}

/** What is looked at rather than done, where a name without a verb ends with it. */
const observed = new Set(
  (
    'status state balance tracking name names price prices quote quotes currency currencies list details detail info information history version statistics summary overview inquiry enquiry ' +
    'about availability rate rates quotation weather catalog catalogue capabilities metadata'
  ).split(' '),
)
