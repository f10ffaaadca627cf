import { memberName } from '../../../mapping/canonical/member-names.js'
import { type Inputs, readGroup, type ScalarInput } from '../inputs/inputs.js'
import { isPassword, isSecret } from '../inputs/secrets.js'
import type { DesignSettings } from '../settings/settings.js'
import type { SummaryWriter } from '../summary/summary.js'
import { plainWords } from '../words/names.js'

/**
 * Members that (nearly) all inputs of a service repeat and that are not about the matter: credentials, sessions, who calls, in
 * which language. They become headers, so that they cost neither GET nor a readable body.
 */
export interface ServiceContext {
  readonly keys: ReadonlySet<string>
  /** What too few inputs have, and how many do. */
  readonly rare: ReadonlyMap<string, number>
  /** Those of them that a person named. */
  readonly wanted: ReadonlySet<string>
  /** Where those come from that callers do not send: sources of `x-soap.request`. */
  readonly sources: ReadonlyMap<string, string>
}

/** An input without what is context, and that. */
export interface Split {
  readonly inputs: Inputs
  readonly headers: readonly ContextInput[]
  /** Entries of `x-soap.request` for what callers do not send. */
  readonly sources: Readonly<Record<string, string>>
  /** Names of members of the input that are context as a whole. */
  readonly members: ReadonlySet<string>
}

export interface ContextInput extends ScalarInput {
  /** Name of the header. */
  readonly header: string
  /** As settings call it: `Token`, or `Auth/Token`. */
  readonly key: string
}

/** Of all operations with an input, from how many on a member is context. */
const SHARE = 0.6
const LEAST = 3

/**
 * @param all the inputs of all operations of a service
 * @param settings name members that are context in any case
 */
export function contextOf(
  all: readonly Inputs[],
  { headers, request = {} }: Pick<DesignSettings, 'headers' | 'request'>,
): ServiceContext {
  const wanted = [...headers, ...Object.keys(request)]
  const counts = new Map<string, number>()
  const asked = all.filter(({ scalars, others }) => scalars.length + others.length > 0)
  const groups = new Set(
    asked
      .flatMap((inputs) => candidatesIn(inputs))
      .flatMap(({ group }) => (group === undefined ? [] : [group])),
  )
  for (const inputs of asked)
    for (const { key } of candidatesIn(inputs, undefined, groups)) counts.set(key, (counts.get(key) ?? 0) + 1)
  const enough = Math.max(LEAST, asked.length * SHARE)
  return {
    keys: new Set([...wanted, ...[...counts].flatMap(([key, count]) => (count >= enough ? [key] : []))]),
    rare: new Map([...counts].filter(([key, count]) => count < enough && !wanted.includes(key))),
    wanted: new Set(wanted),
    sources: new Map(Object.entries(request)),
  }
}

/** Proposes as headers what looks like context and stands in too few inputs to be some by itself. */
export function proposeHeaders({ rare }: ServiceContext, summary: SummaryWriter): void {
  for (const [key, count] of rare) {
    if (count < 2) continue
    summary.propose({
      seen: `${key} stands in ${count} inputs and is not about their matter`,
      where: 'where callers may send it as a header',
      asItIs: 'it stays a member of those inputs',
      instead: `callers send it as the header ${headerOf(key)}`,
      settings: { headers: [key] },
    })
  }
}

/** Of a login, whose credentials are its matter: only what a person named is context. */
export function contextOfLogin(context: ServiceContext): ServiceContext {
  return { ...context, keys: context.wanted }
}

/** Members of an input that settings give a source. */
export function sourcesIn(inputs: Inputs, { wanted, sources }: ServiceContext): string[] {
  return candidatesIn(inputs, wanted, groupsOf(wanted)).flatMap(({ key }) => (sources.has(key) ? [key] : []))
}

/** Takes the context out of an input. */
export function withoutContext(inputs: Inputs, { keys, wanted, sources }: ServiceContext): Split {
  const candidates = candidatesIn(inputs, wanted, groupsOf(keys))
  const known = candidates.filter(({ key }) => keys.has(key))
  // Of a group all go, or none: what is left could not be told from a group that is not sent.
  const found = candidates.filter(
    ({ key, group }) => keys.has(key) || (group !== undefined && known.some((each) => each.group === group)),
  )
  const headers = found
    .filter(({ key }) => !sources.has(key))
    .map(({ input, key }) => ({ ...input, header: headerOf(key), key }))
  const names = new Set(headers.map(({ header }) => header.toLowerCase()))
  // Two of one name could not be told apart.
  if (found.length === 0 || names.size < headers.length)
    return { inputs, headers: [], sources: {}, members: new Set() }
  const groups = new Set(found.flatMap(({ group }) => (group === undefined ? [] : [group])))
  const isOwn = ({ steps }: ScalarInput): boolean => steps.length === inputs.path.length
  const own = new Set(found.flatMap(({ input }) => (isOwn(input) ? [input.xmlName] : [])))
  return {
    inputs: {
      ...inputs,
      scalars: inputs.scalars.filter(({ xmlName }) => !own.has(xmlName)),
      others: inputs.others.filter(({ element }) => !groups.has(element.name.localName)),
    },
    headers,
    sources: Object.fromEntries(
      found.flatMap(({ input, key }) => {
        const source = sources.get(key)
        return source === undefined ? [] : [[[...input.steps, input.xmlName].join('/'), source] as const]
      }),
    ),
    members: new Set([
      ...inputs.scalars.flatMap(({ xmlName, name }) => (own.has(xmlName) ? [name] : [])),
      ...inputs.others.flatMap(({ element }) =>
        groups.has(element.name.localName) ? [element.member.name] : [],
      ),
    ]),
  }
}

interface Candidate {
  readonly key: string
  readonly input: ScalarInput
  /** Name of the element that holds it, whose members are all context. */
  readonly group: string | undefined
}

/** What could be context: single texts by themselves, and groups of nothing else of which one is a credential or that are called so. */
function candidatesIn(
  inputs: Inputs,
  wanted: ReadonlySet<string> = new Set(),
  groups: ReadonlySet<string> = new Set(),
): Candidate[] {
  // An input that holds a group and nothing else is seen as the members of that.
  const holder = inputs.path.at(-1)
  if (holder !== undefined && inputs.others.length === 0 && !inputs.isOpen) {
    const isGroup = groups.has(holder) || contextGroups.has(plainWords(holder).join(''))
    if (isGroup && fitHeaders(inputs.scalars))
      return inputs.scalars.map((input) => ({ key: `${holder}/${input.xmlName}`, input, group: holder }))
  }
  const hasPassword = inputs.scalars.some(isPassword)
  const own = inputs.scalars
    .filter(
      (scalar) =>
        !scalar.repeated &&
        !scalar.xmlName.startsWith('@') &&
        (isContext(scalar) || (hasPassword && isLoginName(scalar)) || wanted.has(scalar.xmlName)),
    )
    .map((input) => ({ key: input.xmlName, input, group: undefined }))
  const grouped = inputs.others.flatMap((other): Candidate[] => {
    const members = readGroup(inputs, other)
    const group = other.element.name.localName
    if (!members || members.length === 0) return []
    const isNamed =
      contextGroups.has(plainWords(group).join('')) ||
      members.some(({ xmlName }) => wanted.has(`${group}/${xmlName}`))
    if (!fitHeaders(members) || !(isNamed || members.some(isSecret))) return []
    return members.map((input) => ({ key: `${group}/${input.xmlName}`, input, group }))
  })
  return [...own, ...grouped]
}

function fitHeaders(members: readonly ScalarInput[]): boolean {
  return members.every(({ repeated, xmlName }) => !repeated && !xmlName.startsWith('@'))
}

function groupsOf(keys: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(
    [...keys].flatMap((key) => {
      const slash = key.indexOf('/')
      return slash < 0 ? [] : [key.slice(0, slash)]
    }),
  )
}

const contextGroups = new Set(
  (
    'context requestcontext clientcontext callcontext callercontext usercontext sessioncontext auth authentication credentials ' +
    'credential security securitycontext session sessioninfo header requestheader messageheader soapheader clientinfo callerinfo ' +
    'userinfo authinfo login logininfo authdata authheader webauthenticationdetail clientdetail requesterinfo identity caller'
  ).split(' '),
)

const contextNames = new Set(
  (
    'language lang locale culture languagecode localecode languageid sprache idioma langue lingua taal correlationid requestid ' +
    'traceid transactionguid conversationid clientsystemid applicationid appid terminalid workplaceid ' +
    'mandantid useragent clientversion apiversion callerid systemid sourcesystem systemusername systemusercode ' +
    'cuitrepresentada tenantid tenant'
  ).split(' '),
)

const loginNames = new Set(
  (
    'username systemusername systemusercode userid user userlogin usercode usr uid login loginname loginid logon logonid clientid accountname usuario nombreusuario ' +
    'nomeusuario idusuario loginusuario codigousuario utilisateur nomutilisateur identifiant benutzer benutzername benutzerkennung ' +
    'gebruiker gebruikersnaam brukernavn bruker brugernavn anvandarnamn utente nomeutente kullanici kullaniciadi uzivatel'
  ).split(' '),
)

/** Who logs in: a credential beside a password, and else perhaps what is asked for. */
export function isLoginName({ xmlName }: ScalarInput): boolean {
  return loginNames.has(plainWords(xmlName).join(''))
}

const correlations = new Set('correlationid requestid traceid transactionguid conversationid'.split(' '))

/** Tells one call from others. */
export function isCorrelation({ xmlName }: ScalarInput): boolean {
  return correlations.has(plainWords(xmlName).join(''))
}

function isContext(input: ScalarInput): boolean {
  return isSecret(input) || contextNames.has(plainWords(input.xmlName).join(''))
}

/** Fields of HTTP that mean something else. */
const reserved = new Set(
  (
    'accept allow authorization age cookie connection date expect forwarded from host location origin range referer server te trailer ' +
    'upgrade via warning user-agent content-type content-length content-language accept-language if-match link prefer'
  ).split(' '),
)

function headerOf(key: string): string {
  const [first = '', second] = key.split('/')
  const words = second === undefined ? plainWords(first) : [...plainWords(first), ...plainWords(second)]
  const said = words.filter((word, index) => word !== words[index - 1])
  const name = said.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('-')
  return reserved.has(name.toLowerCase()) ? `Client-${name}` : name
}

/** The name of a component for a header that operations share. */
export function headerComponent(header: string): string {
  const name = memberName(header)
  return name.charAt(0).toUpperCase() + name.slice(1)
}
