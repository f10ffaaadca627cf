import type { CanonicalMappings } from '../../../mapping/canonical/canonical.js'
import type { BodyMapping } from '../../../mapping/operation/mapping.js'
import { objectOf } from '../../../mapping/operation/message/body.js'
import { join } from '../../../openapi/pointer.js'
import type { SoapMessage } from '../../../wsdl/model.js'
import { isLogin, isLogout } from '../grammar/logins.js'
import type { OperationName } from '../grammar/operation-name.js'
import { type PlacedScalar, type ScalarInput, scalarsIn } from '../inputs/inputs.js'
import { isPassword, isSecret } from '../inputs/secrets.js'
import { type ContextInput, isCorrelation, isLoginName } from '../messages/context.js'
import { blockOf, type DesignSettings, filledBlocks } from '../settings/settings.js'
import type { SettingsChange } from '../settings/text.js'
import type { SummaryWriter } from '../summary/summary.js'
import { plainWords } from '../words/names.js'

/** What is looked at of an operation. */
export interface CredentialEvidence {
  readonly soapName: string
  readonly name: OperationName
  readonly input: BodyMapping
  readonly output: BodyMapping | undefined
  readonly faults: readonly string[]
  /** What callers send in headers. */
  readonly headers: readonly ContextInput[]
  /** What its SOAP headers hold. */
  readonly blocks: readonly ScalarInput[]
}

/** The scalars of the SOAP headers of a message; the first step to each is the header, where it is not that itself. */
export function scalarsInHeaders(
  { headers, at }: SoapMessage,
  canonical: CanonicalMappings,
): readonly ScalarInput[] {
  if (headers.length === 0) return []
  const elements = headers.map(({ element }) => element)
  const object = objectOf(elements, at, canonical)
  return scalarsIn({ wrapper: undefined, object }).map(({ input }) => input)
}

/**
 * Proposes, once for a backend, what the service itself could send instead of its callers: its account, and the token of a session.
 * Whose credentials they are no WSDL says, so that nothing is applied; the lines are for `import.yaml`.
 *
 * @param backend its name, which variables begin with
 */
export function proposeCredentials(
  all: readonly CredentialEvidence[],
  backend: string,
  summary: SummaryWriter,
  settings: DesignSettings,
): void {
  const decided = new Set(settings.headers)
  const sent = new Map(
    all.flatMap(({ headers }) =>
      headers.filter(({ key }) => !decided.has(key)).map((header) => [header.key, header] as const),
    ),
  )
  const session = settings.session
    ? undefined
    : sessionAmong(all, [...sent.values()], backend, (key) => ({ request: { [key]: TOKEN } }))
  if (session) {
    const { login, token } = session
    const users = all.filter(({ headers }) => headers.some(({ key }) => key === token.key)).length
    summary.propose({
      seen: `${login} seems to give the ${token.key} that ${users} inputs ask for, which callers send as ${token.header}`,
      where: 'where one account serves them all',
      asItIs: `callers log in, and send ${token.header}`,
      instead: `this service logs in with an account of its own, and keeps the ${token.key}`,
      settings: session.settings,
    })
  }
  proposeBlocks(all, backend, summary, {
    settings,
    isSessionKnown: settings.session !== undefined || session !== undefined,
  })
  const others = [...sent.values()].filter(({ key }) => key !== session?.token.key)
  const groups = new Set(others.filter(isSecret).map(({ key }) => groupOf(key) ?? key))
  // Who calls is no credential by itself: without a password it is the id of a user.
  const hasPassword = others.some(isPassword)
  const isCredential = (header: ContextInput): boolean =>
    isSecret(header) || (hasPassword && isLoginName(header)) || groups.has(groupOf(header.key) ?? '')
  const own = others.filter(isCredential)
  if (own.length > 0) {
    summary.propose({
      seen: `${listed(own)} ${own.length === 1 ? 'is a credential' : 'are credentials'} that callers send in headers`,
      where: `where ${own.length === 1 ? 'it is' : 'they are'} this service's own`,
      asItIs: 'callers send their own in headers',
      instead: 'this service sends its own, from the environment',
      settings: { request: sourcesOf(own, backend) },
    })
  }
  const rest = others.filter((header) => !isCredential(header))
  if (rest.length > 0) {
    summary.propose({
      seen: `${listed(rest)} ${rest.length === 1 ? 'is' : 'are'} sent by callers in headers`,
      where: 'where something is one and the same for all, or the id of the request',
      asItIs: 'callers send them in headers',
      instead: 'this service sends them: the id of the request, and what else from the environment',
      settings: { request: sourcesOf(rest, backend) },
    })
  }
}

const TOKEN = '$session.token'

/** The same for SOAP headers, which callers have no part in: nothing fills them unless somebody says with what. */
function proposeBlocks(
  all: readonly CredentialEvidence[],
  backend: string,
  summary: SummaryWriter,
  { settings, isSessionKnown }: { readonly settings: DesignSettings; readonly isSessionKnown: boolean },
): void {
  const filled = filledBlocks(settings)
  const held = new Map(
    all.flatMap(({ blocks }) =>
      blocks.flatMap((input): [string, ContextInput][] => {
        const key = targetOf(input)
        return filled.has(blockOf(key)) ? [] : [[key, { ...input, key, header: blockOf(key) }]]
      }),
    ),
  )
  const session = isSessionKnown
    ? undefined
    : sessionAmong(all, [...held.values()], backend, (key) => ({ soapHeaders: { [key]: TOKEN } }))
  if (session) {
    const { login, token } = session
    summary.propose({
      seen: `${login} seems to give the ${token.key} that a SOAP header asks for, which nothing fills yet`,
      where: 'where one account serves all callers',
      asItIs: `nothing fills the SOAP header ${token.header}`,
      instead: `this service logs in with an account of its own, and sends the token in ${token.header}`,
      settings: session.settings,
    })
  }
  const others = [...held.values()].filter(({ key }) => key !== session?.token.key)
  const hasPassword = others.some(isPassword)
  const own = others.filter((each) => isSecret(each) || (hasPassword && isLoginName(each)))
  if (own.length === 0) return
  summary.propose({
    seen: `${own.map(({ key }) => key).join(', ')} ${own.length === 1 ? 'is a credential' : 'are credentials'} in SOAP headers that nothing fills yet`,
    where: `where ${own.length === 1 ? 'it is' : 'they are'} this service's own`,
    asItIs: 'nothing fills them',
    instead: 'this service sends its own, from the environment',
    settings: { soapHeaders: sourcesOf(own, backend) },
  })
}

interface ProposedSession {
  readonly login: string
  readonly token: ContextInput
  readonly settings: SettingsChange
}

/** A login whose answer has what other inputs repeat. */
function sessionAmong(
  all: readonly CredentialEvidence[],
  sent: readonly ContextInput[],
  backend: string,
  sendToken: (key: string) => SettingsChange,
): ProposedSession | undefined {
  const tokens = sent.filter((header) => isSecret(header) && !isPassword(header))
  for (const login of all.filter(({ name }) => isLogin(name))) {
    const taken = scalarsIn(login.input).map(({ input }) => input)
    const shown = taken.filter((input) => isSecret(input) || isLoginName(input))
    const asksAnother = taken.some((input) => tokens.some((token) => token.xmlName === input.xmlName))
    const given = login.output ? scalarsIn(login.output) : []
    const found = tokens.flatMap((token) => {
      const place = placeOf(token, given)
      return place ? [{ token, place }] : []
    })
    const [only, ...more] = found
    if (!only || more.length > 0 || shown.length === 0 || asksAnother) continue
    const needed = taken.filter((input) => input.required || shown.includes(input))
    const faults = login.faults
      .concat(all.flatMap((each) => each.faults))
      .filter((name) => /session|expired/i.test(name))
    const over = [login, ...all.filter(({ name }) => isLogout(name))].map(({ soapName }) => soapName)
    const settings = {
      session: {
        operation: login.soapName,
        request: Object.fromEntries(
          needed.map((input) => [targetOf(input), variableOf(backend, input.xmlName)]),
        ),
        token: `$response.body#${join('', ...only.place.names)}`,
        ...(faults.length > 0 && { faults: [...new Set(faults)] }),
      },
      ...sendToken(only.token.key),
      operations: Object.fromEntries(over.map((name) => [name, { ignore: true }])),
    }
    return { login: login.soapName, token: only.token, settings }
  }
  return undefined
}

/** Where an answer has a token: under its name, or as its only text that could be one. */
function placeOf({ xmlName }: ContextInput, given: readonly PlacedScalar[]): PlacedScalar | undefined {
  const texts = given.filter(
    ({ input }) => input.scalar.form === 'string' && input.scalar.type.facets.enumeration === undefined,
  )
  const same = texts.filter(
    ({ input }) => plainWords(input.xmlName).join('') === plainWords(xmlName).join(''),
  )
  if (same.length > 0) return same.length === 1 ? same[0] : undefined
  const secret = texts.filter(({ input }) => isSecret(input))
  if (secret.length > 0) return secret.length === 1 ? secret[0] : undefined
  return given.length === 1 ? texts[0] : undefined
}

function sourcesOf(headers: readonly ContextInput[], backend: string): Record<string, string> {
  return Object.fromEntries(
    headers.map((header) => [
      header.key,
      isCorrelation(header) ? '$request.id' : variableOf(backend, header.key),
    ]),
  )
}

function targetOf({ steps, xmlName }: ScalarInput): string {
  return [...steps, xmlName].join('/')
}

function groupOf(key: string): string | undefined {
  return key.includes('/') ? key.split('/', 1)[0] : undefined
}

function listed(headers: readonly ContextInput[]): string {
  return headers.map(({ header }) => header).join(', ')
}

function variableOf(backend: string, key: string): string {
  const words = [backend, ...key.split('/')].flatMap(plainWords)
  const name = words
    .filter((word, index) => word !== words[index - 1])
    .join('_')
    .toUpperCase()
  return `\${${/^\d/.test(name) ? 'BACKEND_' : ''}${name}}`
}
