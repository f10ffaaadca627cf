import { identified, fitsPath, isSecret, isVague, type Placement, placementOf } from './identifiers.js'
import { flatten, type Inputs, type ScalarInput } from './inputs.js'
import { kebab, type OperationName, plainWords } from './names.js'
import { isPlural, pluralOf } from './nouns.js'

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

export interface Subject {
  readonly name: OperationName
  readonly inputs: Inputs
  /** What the service is about, for operations whose name has no noun. */
  readonly service: readonly string[]
  /** The service speaks another language than English: its nouns stay as they are. */
  readonly isForeign: boolean
}

/** More than these make a form, not a query. */
const maxQuery = 16

/** Routes that suit an operation, the best first; the last ones are never taken by another operation's design. */
export function routesOf(subject: Subject): Route[] {
  const { name, service } = subject
  const noun = name.noun.length > 0 ? name.noun : service
  const isBare = name.noun.length === 0
  switch (name.intent) {
    case 'read':
    case 'search':
      return [...readRoutes(subject, noun), rpc(subject)]
    case 'create':
      if (isBare) return [rpc(subject)]
      return [createRoute(subject, noun), ...actions(subject, noun), rpc(subject)]
    case 'update':
      if (isBare) return [rpc(subject)]
      return [...updateRoutes(subject, noun), ...actions(subject, noun), rpc(subject)]
    case 'delete':
      if (isBare) return [rpc(subject)]
      return [...deleteRoutes(subject, noun), ...actions(subject, noun), rpc(subject)]
    case 'action':
      return isBare ? [rpc(subject)] : [...actions(subject, noun), rpc(subject)]
    case undefined:
      return [
        {
          ...rpc(subject),
          decision:
            'POST /service/operation, since no verb that is known tells what it does; edit method and path',
        },
      ]
  }
}

/** `POST /{service}/{operation}`: always possible. */
export function rpc({ name, service }: Subject): Route {
  return { method: 'post', segments: [kebab(service), kebab(name.words)], query: [] }
}

interface Anchor {
  readonly segments: readonly (string | ScalarInput)[]
  readonly taken: readonly ScalarInput[]
  /** What of the noun is still to be said. */
  readonly rest: readonly string[]
  /** The path names the thing itself, not what it belongs to. */
  readonly isOwn: boolean
}

/**
 * The path up to the thing that the identifiers among the inputs name.
 *
 * @param isNew the thing itself is not there yet, only what it belongs to
 */
function anchorOf(
  { inputs, name, isForeign }: Subject,
  noun: readonly string[],
  optionalsToo: boolean,
  isNew = false,
): Anchor | undefined {
  const ids = inputs.scalars.flatMap((input) => {
    const stem = identified(input)
    return stem ? [{ input, placement: placementOf(stem, noun), required: input.required }] : []
  })
  const owns = ids.filter(
    ({ placement, required }) =>
      placement.kind === 'own' && (required || optionalsToo) && !(isNew && placement.rest.length === 0),
  )
  const own = owns.length === 1 || owns[0]?.required ? owns[0] : undefined
  const isOuter = ({ steps }: ScalarInput): boolean => steps.length === inputs.path.length
  const parents = ids.filter(
    ({ input, placement, required }) => placement.kind === 'parent' && required && isOuter(input),
  )
  const parent =
    parents.length === 1 || own ? parents[0] : parents.find(({ placement }) => isQualifier(placement, name))
  if (own?.placement.kind === 'own') {
    const { collection, rest } = own.placement
    const above =
      parent && rest.length === 0 ? [plural(parent.placement.collection, isForeign), parent.input] : []
    return {
      segments: [...above, plural(collection, isForeign), own.input],
      taken: above.length > 0 && parent ? [parent.input, own.input] : [own.input],
      rest,
      isOwn: true,
    }
  }
  const [first, second, ...more] = parents
  if (
    first &&
    second &&
    more.length === 0 &&
    inputs.scalars.length === 2 &&
    optionalsToo &&
    !parent &&
    isOne(noun)
  ) {
    return {
      segments: [
        plural(first.placement.collection, isForeign),
        first.input,
        plural(noun, isForeign),
        second.input,
      ],
      taken: [first.input, second.input],
      rest: [],
      isOwn: true,
    }
  }
  if (!parent) return undefined
  return {
    segments: [plural(parent.placement.collection, isForeign), parent.input],
    taken: [parent.input],
    rest: noun,
    isOwn: false,
  }
}

/** One of a thing, which a number may tell from others: a transaction, but not details of a version. */
function isOne(noun: readonly string[]): boolean {
  return !noun.some((word) => isPlural(word) || /\d$/.test(word))
}

function isQualifier({ collection }: Placement, { qualifier }: OperationName): boolean {
  return kebab(collection) !== '' && kebab(qualifier).startsWith(kebab(collection))
}

function readRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const flat = flatten(subject.inputs)
  const isSafe = flat && flat.scalars.length <= maxQuery && !flat.scalars.some(isSecret)
  if (isSafe)
    return getRoutes({ ...subject, inputs: flat }, noun).map((route) => ({ ...route, inputs: flat }))
  const { name, isForeign } = subject
  const verb =
    name.isForeign && name.verb !== undefined ? name.verb : name.intent === 'search' ? 'search' : 'query'
  const decision = whyNotGet(subject.inputs)
  const post = (segment: string): Route => ({
    method: 'post',
    segments: [segment, verb],
    query: [],
    decision,
  })
  const collection = plural(noun, isForeign)
  const qualified = name.tail.length > 0 ? [post(`${collection}-${kebab(name.tail)}`)] : []
  return [post(collection), ...qualified]
}

function getRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const { inputs, name, isForeign } = subject
  const isSearch = name.intent === 'search'
  const { scalars } = inputs
  const last = noun.at(-1) ?? ''
  const isMany = isSearch || isPlural(last)
  const routes: Route[] = []
  const anchor = anchorOf(subject, noun, !isMany)
  if (anchor && (anchor.isOwn ? !isMany || anchor.rest.length > 0 || scalars.length === 1 : true)) {
    const { rest } = anchor
    const end = rest.length === 0 ? [] : [isSearch ? plural(rest, isForeign) : kebab(rest)]
    if (anchor.isOwn && wholes.has(kebab(rest)))
      routes.push(withQuery(anchor.segments, anchor.taken, scalars))
    routes.push(withQuery([...anchor.segments, ...end], anchor.taken, scalars))
  }
  const [only] = scalars
  const isAsked = scalars.length > 0 && name.tail[0] === 'by'
  if (!anchor && !isMany && scalars.length === 1 && only && canIdentify(only, noun)) {
    routes.push({
      method: 'get',
      segments: [plural(noun, isForeign), only],
      query: [],
      decision: 'Its only input is taken for an identifier; if it is none, make it a query parameter',
    })
  }
  const collection = isSearch ? plural(noun, isForeign) : kebab(noun)
  if (isMany || (!anchor && !isAsked)) routes.push({ method: 'get', segments: [collection], query: scalars })
  return [...routes, ...qualifiedRoutes(subject, isMany ? collection : plural(noun, isForeign), isMany)]
}

/** Nothing says that the input identifies what is read, and nothing that it identifies something else. */
function canIdentify(input: ScalarInput, noun: readonly string[]): boolean {
  const stem = identified(input)
  return fitsPath(input) && !isVague(input) && (!stem || placementOf(stem, noun).kind === 'own')
}

/** Where the plain path is another operation's: `/accounts-by-iban/{iban}`, `/titles-of-group`. */
function qualifiedRoutes(
  { inputs: { scalars }, name, service }: Subject,
  collection: string,
  isMany: boolean,
): Route[] {
  const [only, ...more] = scalars
  const routes: Route[] = []
  const by = name.tail[0] === 'by' ? name.qualifier : plainWords(only?.xmlName ?? '')
  if (only && more.length === 0) {
    const base = `${collection}-by-${kebab(by)}`
    if (fitsPath(only) && !isMany) routes.push({ method: 'get', segments: [base, only], query: [] })
    routes.push({ method: 'get', segments: [base], query: scalars })
  }
  if (name.tail.length > 0)
    routes.push({ method: 'get', segments: [`${collection}-${kebab(name.tail)}`], query: scalars })
  routes.push({ method: 'get', segments: [kebab(service), kebab(name.words)], query: scalars })
  return routes
}

/** `GetAccountDetails` reads the account. */
const wholes = new Set(['details', 'detail', 'info', 'information', 'data', 'record'])

function whyNotGet({ others, isOpen, scalars }: Inputs): string {
  if (others.length > 0 || isOpen)
    return 'POST for a read, since its input has structure that a query cannot carry'
  return scalars.some(isSecret)
    ? 'POST for a read, since its input has what should not be in a URL'
    : `POST for a read, since its input has more than ${maxQuery} members`
}

function createRoute(subject: Subject, noun: readonly string[]): Route {
  const anchor = anchorOf(subject, noun, false, true)
  const belongs =
    anchor &&
    ((anchor.isOwn && anchor.rest.length > 0) ||
      (!anchor.isOwn &&
        anchor.taken.some((id) =>
          isQualifier({ kind: 'parent', collection: identified(id) ?? [] }, subject.name),
        )))
  if (anchor && belongs) {
    return {
      method: 'post',
      segments: [...anchor.segments, plural(anchor.rest, subject.isForeign)],
      query: [],
    }
  }
  return { method: 'post', segments: [plural(noun, subject.isForeign)], query: [] }
}

function updateRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const anchor = anchorOf(subject, noun, true)
  if (!anchor) return []
  const { inputs } = subject
  const left = inputs.scalars.filter((scalar) => !anchor.taken.includes(scalar))
  if (left.length + inputs.others.length === 0 && !inputs.isOpen) return []
  const isPartial =
    !inputs.isOpen &&
    left.every(({ required }) => !required) &&
    inputs.others.every(({ required }) => !required)
  const rest = anchor.rest.length === 0 ? [] : [kebab(anchor.rest)]
  const methods: Method[] = isPartial && inputs.others.length !== 1 ? ['patch', 'put'] : ['put', 'patch']
  return methods.map((method) => ({ method, segments: [...anchor.segments, ...rest], query: [] }))
}

function deleteRoutes(subject: Subject, noun: readonly string[]): Route[] {
  const anchor = anchorOf(subject, noun, true)
  const { inputs } = subject
  if (!anchor || inputs.scalars.length > anchor.taken.length || inputs.others.length > 0 || inputs.isOpen)
    return []
  const rest = anchor.rest.length === 0 ? [] : [kebab(anchor.rest)]
  return [{ method: 'delete', segments: [...anchor.segments, ...rest], query: [] }]
}

/** `POST /{noun}/{id}/{verb}`, or without the identifier where there is none. */
function action(subject: Subject, noun: readonly string[], isQualified = false): Route {
  const { name, isForeign } = subject
  const verb = kebab([name.verb ?? kebab(name.words), ...(isQualified ? name.tail : [])])
  const anchor = anchorOf(subject, noun, false)
  if (anchor?.isOwn) {
    const rest = anchor.rest.length === 0 ? [] : [kebab(anchor.rest)]
    return { method: 'post', segments: [...anchor.segments, ...rest, verb], query: [] }
  }
  return { method: 'post', segments: [plural(noun, isForeign), verb], query: [] }
}

/** The action, and where another operation has its path, one that says more. */
function actions(subject: Subject, noun: readonly string[]): Route[] {
  const plain = action(subject, noun)
  return subject.name.tail.length === 0 ? [plain] : [plain, action(subject, noun, true)]
}

function withQuery(
  segments: Route['segments'],
  taken: readonly ScalarInput[],
  scalars: readonly ScalarInput[],
): Route {
  return { method: 'get', segments, query: scalars.filter((scalar) => !taken.includes(scalar)) }
}

/** A collection's segment: `bank-accounts`. */
function plural(words: readonly string[], isForeign: boolean): string {
  return isForeign ? kebab(words) : kebab([...words.slice(0, -1), pluralOf(words.at(-1) ?? '')])
}
