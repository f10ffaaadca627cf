import { isWholeState } from '../grammar/noun-phrases.js'
import type { OperationName } from '../grammar/operation-name.js'
import {
  fitsPath,
  identified,
  isLanguage,
  isLanguageNoun,
  isVague,
  placementOf,
} from '../inputs/identifiers.js'
import type { ScalarInput } from '../inputs/inputs.js'
import { isCredentialNoun } from '../inputs/secrets.js'
import { kebab, plainWords } from '../words/names.js'
import { adjectives } from '../words/non-nouns.js'
import { isPlural } from '../words/nouns.js'
import { anchorOf, isNamedAfter, ownerOf, withoutOwner } from './anchors.js'
import { queryInputs, whyNotGet } from './query-inputs.js'
import { bare, type Route, withQuery } from './route.js'
import { plural, type Subject } from './subject.js'

export function readRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const flat = queryInputs(subject.inputs)
  const isCredential = isCredentialNoun(noun)
  if (flat && !isCredential)
    return getRoutes({ ...subject, inputs: flat }, noun).map((route) => ({ ...route, inputs: flat }))
  const { name } = subject
  if (noun.length === 0) return []
  const isMany = isManyRead(subject, noun)
  const verb = name.isForeign && name.verb !== undefined ? name.verb : isMany ? 'search' : 'query'
  const decision = isCredential ? CREDENTIAL_READ : whyNotGet(subject.inputs)
  const post = (...segments: Route['segments'][number][]): Route => ({
    method: 'post',
    segments: [...segments, verb],
    query: [],
    decision,
  })
  const collection = plural(noun, subject)
  const owner = ownerOf(subject, noun)
  const below = owner ? [post(...owner.segments, plural(withoutOwner(noun, name.owner), subject))] : []
  const partOf = isPartOf(name) && !isMany ? [post(plural(name.owner, subject), kebab(noun))] : []
  const state = name.state.length > 0 ? [post(collection, kebab(name.state))] : []
  const isWhole = isWholeState(name)
  const qualified = name.tail.length > 0 ? [post(collection, kebab(name.link))] : []
  return [
    ...below,
    ...partOf,
    ...(isWhole ? [] : state),
    post(collection),
    ...(isWhole ? state : []),
    ...qualified,
    ...(isMany && name.isForeign ? [post(collection, 'list')] : []),
  ]
}

function isManyRead({ name, returnsList }: Subject, noun: readonly string[]): boolean {
  return name.intent === 'search' || name.isMany || returnsList || isPlural(noun.at(-1) ?? '')
}

function getRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const { inputs, name, resources } = subject
  const { scalars } = inputs
  const isMany = isManyRead(subject, noun)
  const isListed = name.intent === 'search' || name.isMany || isMany
  const isWhole = isWholeState(name)
  const state = name.state.length > 0 ? [kebab(name.state)] : []
  const ends = isWhole ? [[], state] : [state]
  const routes: Route[] = []
  if (noun.length === 0) return [{ ...bare(subject), method: 'get', query: scalars }]
  const add = (segments: Route['segments'], taken: readonly ScalarInput[]): void => {
    for (const end of ends) routes.push(withQuery([...segments, ...end], taken, scalars))
  }
  const owner = ownerOf(subject, noun)
  if (owner) {
    const rest = withoutOwner(noun, name.owner)
    const own = isListed
      ? undefined
      : scalars.find((each) => !owner.taken.includes(each) && isNamedAfter(each, rest))
    if (own) add([...owner.segments, plural(rest, subject), own], [...owner.taken, own])
    else add([...owner.segments, isListed ? plural(rest, subject) : kebab(rest)], owner.taken)
  } else if (isPartOf(name) && !isListed) add([plural(name.owner, subject), kebab(noun)], [])
  const key = isPlural(noun.at(-1) ?? '') || name.isMany ? undefined : keyAskedFor(subject, noun)
  if (key) add([plural(noun, subject), key], [key])
  const anchor = anchorOf(subject, noun, { optionalsToo: !isListed })
  if (anchor && (anchor.isOwn ? !isListed || anchor.rest.length > 0 || scalars.length === 1 : true)) {
    const { rest } = anchor
    add(
      [...anchor.segments, ...(rest.length === 0 ? [] : [isListed ? plural(rest, subject) : kebab(rest)])],
      anchor.taken,
    )
  }
  const [only] = scalars
  const isAsked = scalars.length > 0 && name.tail[0] === 'by'
  const kind = kindOf(noun, subject)
  if (!anchor && kind && scalars.length === 0) routes.push({ method: 'get', segments: kind, query: [] })
  if (
    !anchor &&
    !isAsked &&
    !isOneOfMany(noun) &&
    !isListed &&
    scalars.length === 1 &&
    only &&
    canIdentify(only, noun)
  ) {
    routes.push({
      ...withQuery([plural(noun, subject), only, ...(isWhole ? [] : state)], [only], scalars),
      decision: 'Its only input is taken for an identifier; if it is none, make it a query parameter',
    })
  }
  const isCollection = isListed || isAsked || resources.of(noun)?.isCollection === true
  const whole = isWhole && scalars.length === 0 && !isCollection ? state : []
  const collection = isCollection ? plural(noun, subject) : kebab([...noun, ...whole])
  if (isListed || !anchor || isAsked) {
    if (whole.length > 0) routes.push({ method: 'get', segments: [collection], query: scalars })
    else if (isListed || isAsked || !isCollection || scalars.length > 0) add([collection], [])
    else routes.push({ method: 'get', segments: [collection, 'current'], query: scalars })
    if (kind && scalars.length > 0) routes.unshift({ method: 'get', segments: kind, query: scalars })
    if (!isListed && !isAsked) routes.push({ method: 'get', segments: [kebab(noun)], query: scalars })
  }
  return [...routes, ...qualifiedRoutes(subject, collection)]
}

/** The identifier of the thing itself that the name says: `getDesignByDesignId`, whatever shape the answer has. */
function keyAskedFor({ name: { tail }, inputs }: Subject, noun: readonly string[]): ScalarInput | undefined {
  const [by, ...asked] = tail
  return inputs.scalars.find((input) => {
    const stem = identified(input)
    if (by !== 'by' || stem === undefined || kebab(plainWords(input.xmlName)) !== kebab(asked)) return false
    const placement = placementOf(stem, noun)
    return stem.length > 0 && placement.kind === 'own' && placement.rest.length === 0
  })
}

/** `status of order` */
function isPartOf({ owner, tail }: OperationName): boolean {
  return owner.length > 0 && tail[0] === 'of'
}

/** `active polls` are polls, where the service has such: `/polls/active`. */
function kindOf(noun: readonly string[], subject: Subject): string[] | undefined {
  const [first = '', ...rest] = noun
  if (!adjectives.has(first) || rest.length === 0 || subject.resources.of(rest)?.isCollection !== true)
    return undefined
  return [plural(rest, subject), first]
}

/** `last trade price`: one by its place among others, which no input identifies. */
function isOneOfMany([first = '']: readonly string[]): boolean {
  return /^(?:last|latest|current|next|previous|first|nearest|closest|best|top|newest|recent)$/.test(first)
}

/** Nothing says that the input identifies what is read, and nothing that it identifies something else. */
function canIdentify(input: ScalarInput, noun: readonly string[]): boolean {
  if (isLanguage(input) && !isLanguageNoun(noun)) return false
  const stem = identified(input)
  return fitsPath(input) && !isVague(input) && (!stem || placementOf(stem, noun).kind === 'own')
}

/** Where the plain path is another operation's: `/accounts/by-iban?iban=`, `/titles/of-group`. */
function qualifiedRoutes(subject: Subject, collection: string): Route[] {
  const { name, inputs } = subject
  const { scalars } = inputs
  const [only, ...more] = scalars
  const routes: Route[] = []
  const below = (end: string): Route => ({ method: 'get', segments: [collection, end], query: scalars })
  if (name.tail.length > 0) routes.push(below(kebab(name.link)))
  if (only && more.length === 0) routes.push(below(`by-${kebab(plainWords(only.xmlName))}`))
  if (name.verb !== undefined && name.verb !== 'get') routes.push(below(name.verb))
  routes.push({ ...bare(subject), method: 'get', query: scalars })
  return routes
}

const CREDENTIAL_READ = 'POST for a read, since what it gives is a credential, which no cache should hold'
