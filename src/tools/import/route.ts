import { type Anchor, anchorOf, ownerOf, thingOf, withoutOwner } from './anchors.js'
import type { OperationName } from './grammar.js'
import { fitsPath, identified, isLanguage, isLanguageNoun, isVague, placementOf } from './identifiers.js'
import { flatten, type Inputs, type ScalarInput } from './inputs.js'
import { kebab, plainWords } from './names.js'
import { isAlike, isPlural } from './nouns.js'
import { isCredentialNoun, isSecret } from './secrets.js'
import { plural, type Subject } from './subject.js'
import { adjectives } from './words.js'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** A method and a path for an operation; inputs that are neither in the path nor in the query are the body. */
export interface Route {
  readonly method: Method
  readonly segments: readonly (string | ScalarInput)[]
  readonly query: readonly ScalarInput[]
  /** The input as the route sees it, where groups in it are opened. */
  readonly inputs?: Inputs
  /** Why it is not the obvious one, for the summary. */
  readonly decision?: string
}

/** More than these make a form, not a query. */
const MAX_QUERY = 16

/** Routes that suit an operation, the best first; the last ones are never taken by another operation's design. */
export function routesOf(subject: Subject): Route[] {
  const { name } = subject
  const routes = [...plainRoutes(subject), bare(subject)]
  if (name.variant.length === 0) return routes
  const [first, ...others] = routes
  // `getOrderV2` beside `getOrder`: the version is the last step, whatever the method.
  return first ? [first, withEnd(first, kebab(name.variant)), ...others] : routes
}

function withEnd(route: Route, end: string): Route {
  return { ...route, segments: [...route.segments, end] }
}

function plainRoutes(subject: Subject): Route[] {
  const { name, inputs, resources } = subject
  const noun = resources.nounOf(name, inputs)
  switch (name.intent) {
    case 'read':
    case 'search':
      return readRoutes(subject, noun)
    case 'check':
      return checkRoutes(subject, noun)
    case 'create':
      if (noun.length === 0) return ownerActions(subject)
      return [...createRoutes(subject, noun), ...actions(subject, noun)]
    case 'update':
      if (noun.length === 0) return ownerActions(subject)
      return [...updateRoutes(subject, noun), ...actions(subject, noun)]
    case 'delete':
      if (noun.length === 0) return ownerActions(subject)
      return [...deleteRoutes(subject, noun), ...actions(subject, noun)]
    case 'action':
      return noun.length === 0
        ? ownerActions(subject)
        : [...linkRoutes(subject, noun), ...actions(subject, noun)]
    case undefined:
      return [
        {
          ...bare(subject),
          decision:
            'POST to its own name, since no verb that is known tells what it does; edit method and path',
        },
      ]
  }
}

/** `POST /{service}/{operation}`: always possible. */
export function rpc({ name, service }: Pick<Subject, 'name' | 'service'>): Route {
  return { method: 'post', segments: [kebab(service), kebab(name.words)], query: [] }
}

/** `POST /{operation}`, below the service where there are several. */
function bare({ name, service, isOneOfSeveral }: Subject): Route {
  return {
    method: 'post',
    segments: [...(isOneOfSeveral ? [kebab(service)] : []), kebab(name.phrase)],
    query: [],
  }
}

function readRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const flat = flatten(subject.inputs)
  const isCredential = isCredentialNoun(noun)
  const isFit = flat && flat.scalars.length <= MAX_QUERY && !flat.scalars.some(isSecret)
  if (isFit && !isCredential)
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
  const qualified = name.tail.length > 0 ? [post(collection, kebab(name.tail))] : []
  return [
    ...below,
    ...partOf,
    ...(isWhole ? [] : state),
    post(collection),
    ...(isWhole ? state : []),
    ...qualified,
  ]
}

function isManyRead({ name, returnsList }: Subject, noun: readonly string[]): boolean {
  return name.intent === 'search' || name.isMany || returnsList || isPlural(noun.at(-1) ?? '')
}

/** `GetAccountDetails` reads the account. */
function isWholeState({ state }: OperationName): boolean {
  return state.length > 0 && state.every((word) => wholes.has(word))
}

const wholes = new Set(['details', 'detail', 'info', 'information', 'data', 'record'])

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

function isNamedAfter(input: ScalarInput, noun: readonly string[]): boolean {
  return fitsPath(input) && isAlike(thingOf(input).at(-1) ?? '', noun.at(-1) ?? '')
}

/** Where the plain path is another operation's: `/accounts/by-iban?iban=`, `/titles/of-group`. */
function qualifiedRoutes(subject: Subject, collection: string): Route[] {
  const { name, inputs } = subject
  const { scalars } = inputs
  const [only, ...more] = scalars
  const routes: Route[] = []
  const below = (end: string): Route => ({ method: 'get', segments: [collection, end], query: scalars })
  if (name.tail.length > 0) routes.push(below(kebab(name.tail)))
  if (only && more.length === 0) routes.push(below(`by-${kebab(plainWords(only.xmlName))}`))
  if (name.verb !== undefined && name.verb !== 'get') routes.push(below(name.verb))
  routes.push({ ...bare(subject), method: 'get', query: scalars })
  return routes
}

const CREDENTIAL_READ = 'POST for a read, since what it gives is a credential, which no cache should hold'

function whyNotGet({ others, isOpen, scalars }: Inputs): string {
  if (others.length > 0 || isOpen)
    return 'POST for a read, since its input has structure that a query cannot carry'
  return scalars.some(isSecret)
    ? 'POST for a read, since its input has a credential, or what identifies a person to an authority, which no URL should hold'
    : `POST for a read, since its input has more than ${MAX_QUERY} members`
}

/** A question or a calculation: GET where its input is scalars, `GET /premiums/calculate?age=`, `GET /users/{userId}/active`. */
function checkRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const flat = flatten(subject.inputs)
  const isFit = flat && flat.scalars.length <= MAX_QUERY && !flat.scalars.some(isSecret)
  const { name } = subject
  const seen = isFit ? { ...subject, inputs: flat } : subject
  const said = name.verb ?? kebab(name.words)
  // `CheckLost` asks whether a card is lost: the state is the question.
  const words =
    name.state.length > 0 && said === 'check'
      ? [kebab(name.state)]
      : [...name.state, ...(said === '' ? [] : [said])]
  const why = 'GET for a check or a calculation, which changes nothing; move those that do to post'
  const query = flat?.scalars ?? []
  const make = (segments: Route['segments'], taken: readonly ScalarInput[]): Route =>
    isFit
      ? { ...withQuery(segments, taken, query), inputs: flat, decision: why }
      : { method: 'post', segments, query: [] }
  if (noun.length === 0) return [make(withoutNoun(subject, words), [])]
  const owner = ownerOf(seen, noun)
  const own =
    owner && seen.inputs.scalars.find((each) => !owner.taken.includes(each) && isNamedAfter(each, noun))
  if (owner && own) {
    return [make([...owner.segments, plural(noun, subject), own, ...words], [...owner.taken, own])]
  }
  const anchor = anchorOf(seen, noun, { optionalsToo: false })
  const base =
    anchor?.isOwn === true
      ? withoutParent(anchor)
      : { segments: [plural(noun, subject)], taken: [], rest: [] }
  const rest = base.rest.length === 0 ? [] : [kebab(base.rest)]
  const routes = [make([...base.segments, ...rest, ...words], base.taken)]
  if (name.tail.length > 0)
    routes.push(
      make(
        [...base.segments, ...rest, ...words.slice(0, -1), kebab([...words.slice(-1), ...name.tail])],
        base.taken,
      ),
    )
  routes.push(make(bare(subject).segments, []))
  return routes
}

/** `IsAlive` asks for what is left of its name. */
function withoutNoun(subject: Subject, words: readonly string[]): string[] {
  const { name, isOneOfSeveral, service } = subject
  const own = name.tail.length === 0 && words.length > 0 ? words : [kebab(name.phrase)]
  return [...(isOneOfSeveral ? [kebab(service)] : []), ...own]
}

/** What is done to a thing needs no word of what it belongs to. */
function withoutParent({ segments, taken, rest }: Anchor): Omit<Anchor, 'isOwn'> {
  return segments.length > 3
    ? { segments: segments.slice(-2), taken: taken.slice(-1), rest }
    : { segments, taken, rest }
}

const joins = new Set(
  'add attach assign associate link include enroll enrol join bind grant register map put insert append connect subscribe place pin knytt'.split(
    ' ',
  ),
)
const parts = new Set(
  (
    'remove detach unassign disassociate dissociate unassociate unlink exclude unenroll unenrol leave revoke delete unbind unmap ' +
    'disconnect unsubscribe deregister unregister unpin fjern'
  ).split(' '),
)

/** `addPrincipalToRole` and `removePrincipalFromRole`: `/roles/{role}/principals/{principal}`. */
function linkRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const { name, inputs } = subject
  const verb = name.verb ?? ''
  const isJoin = joins.has(verb)
  if ((!isJoin && !parts.has(verb)) || name.owner.length === 0) return []
  const owner = ownerOf(subject, noun)
  const rest = withoutOwner(noun, name.owner)
  const members = plural(rest, subject)
  if (!owner) {
    if (!/^(?:to|from)$/.test(name.tail[0] ?? '')) return []
    const collection = kebab([...name.owner, members])
    return [{ method: 'post', segments: isJoin ? [collection] : [collection, verb], query: [] }]
  }
  const left = inputs.scalars.filter((scalar) => !owner.taken.includes(scalar))
  const own = left.find((scalar) => isNamedAfter(scalar, rest))
  const isAll = inputs.others.length === 0 && !inputs.isOpen && left.length === (own ? 1 : 0)
  const base = [...owner.segments, members]
  if (own && isAll && own.required)
    return [{ method: isJoin ? 'put' : 'delete', segments: [...base, own], query: [] }]
  if (isJoin) return [{ method: 'post', segments: base, query: [] }]
  return [
    ...(left.length + inputs.others.length === 0 && !inputs.isOpen
      ? [{ method: 'delete' as const, segments: base, query: [] }]
      : []),
    { method: 'post', segments: [...base, verb], query: [] },
  ]
}

function createRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const { name, inputs, resources } = subject
  const collection = plural(noun, subject)
  const post = (...segments: Route['segments'][number][]): Route => ({ method: 'post', segments, query: [] })
  if (name.isBatch || (isPlural(noun.at(-1) ?? '') && resources.of(noun)?.isCreatedAlone === true))
    return [post(collection, 'batch')]
  const links = linkRoutes(subject, noun)
  if (links.length > 0) return links
  const own = anchorOf(subject, noun, { optionalsToo: false })
  // Who books a cash book makes none: the verb is done to what its identifier names.
  const isDone =
    own?.isOwn === true &&
    own.rest.length === 0 &&
    inputs.scalars.length === own.taken.length &&
    inputs.others.length === 0
  if (isDone && !/^(?:create|add|insert|new|register)$/.test(name.verb ?? '') && !inputs.isOpen) return []
  const anchor = anchorOf(subject, noun, { optionalsToo: false, isNew: true })
  const parents = inputs.scalars.filter((each) => each.required && (identified(each)?.length ?? 0) > 0)
  const belongs =
    anchor &&
    ((anchor.isOwn && anchor.rest.length > 0) ||
      (!anchor.isOwn &&
        (parents.length === 1 ||
          anchor.taken.some((id) => startsWith(name.qualifier, identified(id) ?? [])))))
  if (anchor && belongs) return [post(...anchor.segments, plural(anchor.rest, subject)), post(collection)]
  return inputs.scalars.length + inputs.others.length === 0 && !inputs.isOpen && noun.length === 0
    ? []
    : [post(collection)]
}

function startsWith(words: readonly string[], start: readonly string[]): boolean {
  return kebab(start) !== '' && kebab(words).startsWith(kebab(start))
}

function updateRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const { inputs, name, resources } = subject
  if (name.isBatch)
    return [{ method: 'post', segments: [plural(noun, subject), 'batch', name.verb ?? 'update'], query: [] }]
  const links = linkRoutes(subject, noun)
  if (links.length > 0) return links
  const state = name.state.length > 0 && !isWholeState(name) ? [kebab(name.state)] : []
  const owner = ownerOf(subject, noun)
  const anchor = anchorOf(subject, noun, { optionalsToo: true })
  const rest = owner ? withoutOwner(noun, name.owner) : (anchor?.rest ?? [])
  const base = owner ?? anchor
  if (!base) {
    const known = resources.of(noun)
    if (!known?.isSingleton || known.isCollection) return []
    return [{ method: 'put', segments: [kebab(noun), ...state], query: [] }]
  }
  const left = inputs.scalars.filter((scalar) => !base.taken.includes(scalar))
  if (left.length + inputs.others.length === 0 && !inputs.isOpen) return []
  const isPartial =
    !inputs.isOpen &&
    left.every(({ required }) => !required) &&
    inputs.others.every(({ required }) => !required)
  const end = rest.length === 0 ? [] : [kebab(rest)]
  const methods: Method[] = isPartial && inputs.others.length !== 1 ? ['patch', 'put'] : ['put', 'patch']
  return methods.map((method) => ({ method, segments: [...base.segments, ...end, ...state], query: [] }))
}

function deleteRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const { inputs, name } = subject
  if (name.isBatch)
    return [{ method: 'post', segments: [plural(noun, subject), 'batch', name.verb ?? 'delete'], query: [] }]
  const links = linkRoutes(subject, noun)
  if (links.length > 0) return links
  const owner = ownerOf(subject, noun)
  const anchor = anchorOf(subject, noun, { optionalsToo: true })
  const base = owner ?? anchor
  if (!base || inputs.others.length > 0 || inputs.isOpen) return []
  const left = inputs.scalars.filter((scalar) => !base.taken.includes(scalar))
  const isPure = deletions.has(name.verb ?? '')
  if (
    left.length > 0 &&
    (!isPure || left.some((scalar) => scalar.required || scalar.repeated || isSecret(scalar)))
  )
    return []
  const rest = owner ? withoutOwner(noun, name.owner) : (anchor?.rest ?? [])
  const end = rest.length === 0 ? [] : [kebab(rest)]
  return [{ method: 'delete', segments: [...base.segments, ...end], query: left }]
}

/** What is gone afterwards; `cancel` and `close` with a reason are things that are done to it. */
const deletions = new Set(
  'delete remove erase drop purge destroy del slett eliminar supprimer loeschen verwijder elimina smaz sil'.split(
    ' ',
  ),
)

/** `POST /{noun}/{id}/{verb}`, below what the noun belongs to, or without an identifier where there is none. */
function action(
  subject: Subject,
  noun: readonly string[],
  { isQualified = false }: { readonly isQualified?: boolean } = {},
): Route {
  const { name, inputs } = subject
  const state = isWholeState(name) ? [] : name.state
  // `MarkMessageRead` and `MarkAsRead`: the state is what is done.
  const said = name.tail[0] === 'as' ? name.tail : state
  const verb = kebab([name.verb ?? kebab(name.words), ...(isQualified ? name.tail : said)])
  const post = (segments: Route['segments'], ...end: string[]): Route => ({
    method: 'post',
    segments: [...segments, ...end, verb],
    query: [],
  })
  const anchor = anchorOf(subject, noun, { optionalsToo: false })
  if (anchor?.isOwn) {
    const { segments, rest } = withoutParent(anchor)
    return post(segments, ...(rest.length === 0 ? [] : [kebab(rest)]))
  }
  if (anchor && name.tail.length === 0 && inputs.path.length === 0 && !name.isBatch)
    return post(anchor.segments, kebab(noun))
  return post([plural(noun, subject)], ...(name.isBatch ? ['batch'] : []))
}

/** The action, and where another operation has its path, one that says more. */
function actions(subject: Subject, noun: readonly string[]): Route[] {
  if (noun.length === 0) return []
  const plain = action(subject, noun)
  return subject.name.tail.length === 0 ? [plain] : [plain, action(subject, noun, { isQualified: true })]
}

/** `RemoveFromPortfolio` and `LogInToAccount` act on what they name. */
function ownerActions(subject: Subject): Route[] {
  const { name } = subject
  // What a subscriber makes is a subscription (WS-BaseNotification 1.3, section 4).
  if (name.verb === 'subscribe' && name.owner.length === 0 && name.words.length === 1)
    return [{ method: 'post', segments: ['subscriptions'], query: [] }]
  if (name.owner.length === 0) return []
  const owner = ownerOf(subject, [])
  const verb = name.verb ?? kebab(name.words)
  return [
    {
      method: 'post',
      segments: owner ? [...owner.segments, verb] : [plural(name.owner, subject), verb],
      query: [],
    },
  ]
}

function withQuery(
  segments: Route['segments'],
  taken: readonly ScalarInput[],
  scalars: readonly ScalarInput[],
): Route {
  return { method: 'get', segments, query: scalars.filter((scalar) => !taken.includes(scalar)) }
}
