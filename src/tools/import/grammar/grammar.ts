import { capitalsIn, joinedVerbs } from '../words/acronyms.js'
import { withoutBinding, withWholeVerb } from '../words/compounds.js'
import { type Intent, isSafe } from '../words/intent.js'
import { plainWords } from '../words/names.js'
import {
  adjectives,
  auxiliaries,
  conjunctions,
  foreignParticles,
  prepositions,
  suffixes,
} from '../words/non-nouns.js'
import { isForeignNoun, singularOf } from '../words/nouns.js'
import { isNounFirst, isVerbAtEnd, isVerbInside, isWrite, verbOf } from '../words/verbs.js'
import { linked, type NounPhrase, objectOf, ownerIn } from './noun-phrases.js'

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
export interface OperationName extends NounPhrase {
  /** As the last segment of a path says it: `approve`, `create-and-send`. */
  readonly verb: string | undefined
  readonly intent: Intent | undefined
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
  /** Its verb is of another language than English. */
  readonly isForeign: boolean
}

/** What the names of a service have in common. */
export interface NamingStyle {
  /** Words that (nearly) all names begin with: `srm` of `srmPing` and `srmReserveSpace`. */
  readonly prefix: readonly string[]
  /** Capitals that all names begin with: `FE` of `FECAESolicitar` and `FEDummy`. */
  readonly capitals: string
  /** Names end in `Request` as a matter of form, so that it is no noun. */
  readonly requestIsForm: boolean
  /** Several things stand before a separator, `Order_Delete` and `Unit_Delete`. */
  readonly entities: boolean
  /** The service speaks another language than English. */
  readonly isForeign: boolean
  /** What several names say before a verb of their own, and is no thing: `fe param` of `FEParamGetTiposIva`. */
  readonly areas: ReadonlySet<string>
  /** Verbs end the names, whatever they may be elsewhere: `salesOrderHold`. */
  readonly verbsLast: boolean
}

export const noStyle: NamingStyle = {
  prefix: [],
  capitals: '',
  requestIsForm: true,
  entities: false,
  isForeign: false,
  areas: new Set(),
  verbsLast: false,
}

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

function withoutCapitals(name: string, capitals: string): string {
  return capitals !== '' && name.startsWith(capitals) ? name.slice(capitals.length) : name
}

const MIN_SHARED = 3

/** What stands before `Get`: no thing, where several say it of different things, or of several one thing is said. */
function areasOf(names: readonly (readonly string[])[]): ReadonlySet<string> {
  const found = names.flatMap((words) => {
    const at = insideAt(words)
    return at > 0 && at < words.length - 1 && !prepositions.has(words[at + 1] ?? '')
      ? [{ area: words.slice(0, at).join(' '), thing: words.slice(at + 1).join(' ') }]
      : []
  })
  const count = (key: 'area' | 'thing', value: string): number =>
    new Set(found.filter((each) => each[key] === value).map(({ area, thing }) => `${area} ${thing}`)).size
  return new Set(
    found.flatMap(({ area, thing }) =>
      Math.max(count('area', area), count('thing', thing)) >= MIN_SHARED ? [area] : [],
    ),
  )
}

/** Where a verb stands in the midst of a name that does not begin with one. */
function insideAt(words: readonly string[]): number {
  return verbOf(words[0] ?? '') ? -1 : words.findIndex((word) => isVerbInside(word))
}

function commonPrefix(names: readonly (readonly string[])[]): readonly string[] {
  const [first] = names
  if (first === undefined || names.length < 3) return []
  const [word = ''] = first
  const isShared = names.every((words) => words[0] === word && words.length > 1)
  if (!isShared || verbOf(word) || auxiliaries.has(word)) return []
  // A noun that verbs follow at once is what they act on: `OrderCreate`, `OrderDelete`.
  return names.filter(([, next = '']) => verbOf(next)).length * 2 >= names.length ? [word] : []
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

/** Heads of words that other languages write as one: `Zaakstatus`, `Kundenliste`. */
function parted(word: string): string[] {
  const [, first, last] = /^(.{4,}?)(status|liste|daten|details|historie|historikk)$/.exec(word) ?? []
  if (first === undefined || last === undefined || verbOf(word)) return [word]
  return [withoutBinding(first), last === 'daten' ? 'data' : last]
}

function areaOf(
  words: readonly string[],
  { areas }: NamingStyle,
): { readonly area: readonly string[]; readonly rest: readonly string[] } {
  const at = insideAt(words)
  return at > 0 && areas.has(words.slice(0, at).join(' '))
    ? { area: words.slice(0, at), rest: words.slice(at) }
    : { area: [], rest: words }
}

type Phrase = Omit<OperationName, 'area' | 'variant' | 'words' | 'phrase' | 'acronyms'>

const nothing: Phrase = {
  verb: undefined,
  intent: undefined,
  noun: [],
  owner: [],
  qualifier: [],
  tail: [],
  link: [],
  state: [],
  isMany: false,
  isBatch: false,
  isForeign: false,
}

function readPhrase(said: readonly string[], style: NamingStyle): Phrase {
  const words = withoutAuxiliary(joinedVerbs(said, (word) => verbOf(word) !== undefined))
  return readQuestion(words) ?? readStatusOf(words) ?? readConversion(words) ?? readVerb(words, style)
}

/** `DoCancel`, `doGetCountries`. */
function withoutAuxiliary(words: readonly string[]): readonly string[] {
  return words[0] === 'do' && verbOf(words[1] ?? '') ? words.slice(1) : words
}

const questions = new Set('is are was has have can may should does er har kan ist hat'.split(' '))

/** `isAlive`, `IsUserActive`, `hasPermission`: a question, whose answer changes nothing. */
function readQuestion([first = '', ...rest]: readonly string[]): Phrase | undefined {
  if (!questions.has(first) || rest.length === 0) return undefined
  const at = rest.findIndex((word) => prepositions.has(word))
  const asked = at < 0 ? rest : rest.slice(0, at)
  const tail = at < 0 ? [] : rest.slice(at)
  const stateAt = asked.findIndex((word, index) => index > 0 && isState(word))
  const isSubject = stateAt > 0 || (asked.length > 1 && !isState(asked[0] ?? ''))
  const isMember = ownerIn(tail).length > 0 && asked.length === 1 && !isState(asked[0] ?? '')
  if (isMember)
    return {
      ...nothing,
      verb: '',
      intent: 'check',
      noun: asked,
      tail,
      link: tail,
      qualifier: tail.slice(1),
      owner: ownerIn(tail),
    }
  const noun = !isSubject ? [] : stateAt > 0 ? asked.slice(0, stateAt) : asked.slice(0, -1)
  return {
    ...nothing,
    verb: asked.slice(noun.length).join('-'),
    intent: 'check',
    noun,
    tail,
    link: tail,
    qualifier: tail.slice(1),
    owner: ownerIn(tail),
    isForeign: /^(?:er|har|kan|ist|hat)$/.test(first),
  }
}

function isState(word: string): boolean {
  return adjectives.has(word) || /(?:[^e]ed|able|ible|ing)$/.test(word) || word === 'alive'
}

/** `StatusOfUpdateSpaceRequest` reads the status of a request, whatever verb stands in its noun. */
function readStatusOf(words: readonly string[]): Phrase | undefined {
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
function readConversion(words: readonly string[]): Phrase | undefined {
  const at = words.indexOf('to')
  if (at < 1 || at === words.length - 1 || words.some((word) => verbOf(word) !== undefined)) return undefined
  return { ...nothing, verb: words.join('-'), intent: 'check' }
}

/** What is looked at rather than done, where a name without a verb ends with it. */
const observed = new Set(
  (
    'status state balance tracking name names price prices quote quotes currency currencies list details detail info information history version statistics summary overview inquiry enquiry ' +
    'availability rate rates quotation weather catalog catalogue capabilities metadata'
  ).split(' '),
)

function readVerb(said: readonly string[], style: NamingStyle): Phrase {
  const { verb, rest, isCompound } = splitVerb(withWholeVerb(said), style)
  if (verb === undefined) {
    const object = objectOf(rest)
    const isSeen = observed.has(rest.at(-1) ?? '') || /^(?:current|latest|last)$/.test(rest[0] ?? '')
    const isRead = isSeen && !rest.some((word) => isWrite(word))
    const intent = isRead ? (object.isMany ? 'search' : 'read') : undefined
    return { ...nothing, ...linked(rest, style), ...(isRead && { verb: 'get', intent }) }
  }
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

const documents = new Set(
  'pdf report statement balance status info information data list file log copy document invoice receipt certificate history'.split(
    ' ',
  ),
)

/** Words whose object says what they do: `RequestPDF` reads, `RequestLoan` does not. */
function intentOf(verb: string, rest: readonly string[]): Intent | undefined {
  const { noun } = objectOf(rest)
  const last = singularOf(noun.at(-1) ?? '')
  if (verb === 'request' && documents.has(last)) return 'read'
  if (verb === 'do' && noun.length > 0) return 'create'
  if (
    verb === 'convert' &&
    (rest.includes('to') || /^(?:currency|temperature|temp|unit|length|weight|amount)$/.test(last))
  )
    return 'check'
  // A state that is marked, not what goes by that name: `MarkAsRead`.
  return verbOf(verb)?.intent
}

function compoundIntent(verb: string): Intent {
  const parts = verb.split('-').flatMap((word) => verbOf(word)?.intent ?? [])
  const [first = 'action'] = parts
  if (parts.every((intent) => intent === 'read' || intent === 'search'))
    return parts.includes('search') ? 'search' : 'read'
  return parts.every((intent) => intent === first) ? first : 'action'
}

/**
 * Does what begins as a read change something as well? `GetAndLock`, `FindOrCreateUser`, `GetItemForUpdate`; and where the
 * read may be a noun, `ListDelete`.
 */
function changesToo(verb: string, rest: readonly string[]): boolean {
  if (rest.some((word, index) => isAnd(word) && changes(rest[index + 1] ?? ''))) return true
  const [before, last = ''] = rest.slice(-2)
  if (before !== undefined && /^(?:for|with)$/.test(before) && (isWrite(last) || last === 'lock')) return true
  return /^(?:list|query|search|view|show|find|lookup|browse)$/.test(verb) && isWrite(rest[0] ?? '')
}

/** `of` joins two verbs in Dutch only: what it stands before in English is a noun. */
function isAnd(word: string): boolean {
  return conjunctions.has(word) && word !== 'of'
}

const numbers = new Set('id ids number numbers nr no key code sequence reference guid uuid'.split(' '))

/** A number that is given out is given out once: `GetNextInvoiceNumber`, `getNewId`. */
function allocates(noun: readonly string[]): boolean {
  return /^(?:next|new)$/.test(noun[0] ?? '') && noun.length > 1 && numbers.has(noun.at(-1) ?? '')
}

/** `DocumentRegistry_FindDocuments` and `Order_Delete` say first whose operation it is. */
function splitEntity(
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

function withEntity(
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

function withoutPrefix(
  words: readonly string[],
  prefix: readonly string[],
): { readonly words: readonly string[]; readonly prefix: readonly string[] } {
  const begin = words.length > 1 && /^(?:ns\d*|tns)$/.test(words[0] ?? '') ? 1 : 0
  const said = words.slice(begin)
  const isThere = prefix.length > 0 && prefix.every((word, index) => said[index] === word)
  return isThere && said.length > prefix.length
    ? { words: said.slice(prefix.length), prefix }
    : { words: said, prefix: [] }
}

const meanings: ReadonlyMap<string, string> = new Map([
  ['ex', 'extended'],
  ['ext', 'extended'],
])

/** Takes off `V2`, `Ex`, `Async`, `Request` and the like. What is left of a name is never a bare verb without its noun. */
function withoutSuffixes(
  words: readonly string[],
  { requestIsForm }: Pick<NamingStyle, 'requestIsForm'>,
): { readonly words: readonly string[]; readonly variant: readonly string[] } {
  const variant: string[] = []
  const begin = words.length > 1 && /^(?:ns\d*|tns)$/.test(words[0] ?? '') ? 1 : 0
  let end = words.length
  while (end - begin > 1) {
    const last = words[end - 1] ?? ''
    const isForm = /^(?:requests?|rq|req|response|operation|op|service|call|method|soap)$/.test(last)
    const isVersion = /^v?\d+$/.test(last)
    if (!isVersion && !suffixes.has(last)) break
    if (
      isForm &&
      !/^r[qs]$/.test(last) &&
      end - begin === 2 &&
      verbOf(words[begin] ?? '') &&
      !isObserved(words[begin] ?? '')
    )
      break
    if (/^requests?$/.test(last) && (!requestIsForm || last === 'requests')) break
    if (isVersion) variant.unshift(last.startsWith('v') ? last : `v${last}`)
    else if (meanings.has(last)) variant.unshift(meanings.get(last) ?? last)
    end--
  }
  return { words: words.slice(begin, end), variant }
}

function isObserved(word: string): boolean {
  return /^(?:inquiry|enquiry|inq)$/.test(word)
}

/**
 * The verb comes first; in some names last, or after a prefix. A read that comes later is one after what is read alone:
 * `CustomerSearch`, but not `FlagForSearch` or `MarkAsRead`.
 */
function splitVerb(
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
  if (head && isAnd(second) && changesOrReads(third))
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

function changesOrReads(word: string): boolean {
  return verbOf(word) !== undefined
}

/** None of these stands in the name of a thing. */
const particles = new Set([...[...prepositions, 'and', 'or', 'as', 'not', 'no', 'is']])

function changes(word: string): boolean {
  return verbOf(word) !== undefined && !isSafe(verbOf(word)?.intent)
}

function isRead(word: string): boolean {
  const intent = verbOf(word)?.intent
  return intent === 'read' || intent === 'search'
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
