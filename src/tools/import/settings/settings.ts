import { parse } from 'yaml'
import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import type { NamingStyle } from '../grammar/naming-style.js'
import { type OperationName, readOperationName } from '../grammar/operation-name.js'
import type { Inputs, ScalarInput } from '../inputs/inputs.js'
import type { Method, Route } from '../routes/route.js'
import { plainWords } from '../words/names.js'
import { verbOf } from '../words/verbs.js'

/** What a person has decided of one operation before its design. */
export interface OperationSettings {
  /** It is read as if it had this name. */
  readonly name?: string
  /** What is done, as a verb: `approve`. */
  readonly verb?: string
  /** What it is done to, in the singular: `loan`, or `standing order`. */
  readonly resource?: string
  readonly method?: Method
  /** `/loans/{loanId}/approve`; parameters are members of the input. */
  readonly path?: string
  /** It is left out. */
  readonly ignore?: boolean
}

/** Decisions on an import, by the names that the WSDL has: `import.yaml`. */
export interface DesignSettings {
  readonly operations: Readonly<Record<string, OperationSettings>>
  /** Members of inputs that are headers: `SessionId`, or `Auth/Token` where a group has them. */
  readonly headers: readonly string[]
  /** Members of inputs that callers do not send, and where they come from: sources of `x-soap.request`. */
  readonly request?: Readonly<Record<string, string>>
  /** Members of SOAP headers, as `SessionHeader/Id`, and where they come from: `headers` of the backends that have such. */
  readonly soapHeaders?: Readonly<Record<string, string>>
  /** The `session` of the backend that has its operation. */
  readonly session?: SessionSettings
}

export interface SessionSettings extends OpenApiObject {
  /** The WSDL operation that logs in. */
  readonly operation: string
}

export const noSettings: DesignSettings = { operations: {}, headers: [] }

const METHODS: readonly Method[] = ['get', 'post', 'put', 'patch', 'delete']
const keys = ['operations', 'headers', 'request', 'soapHeaders', 'session']
const texts = ['name', 'verb', 'resource', 'path'] as const

/**
 * Reads the text of an `import.yaml`.
 *
 * @param file as messages call it
 * @throws Error for a key or a value that nothing is known of, with what is
 */
export function parseSettings(text: string, file: string): DesignSettings {
  const value: unknown = parse(text) ?? {}
  if (!isObject(value)) throw new Error(`${file} must be a map with ${keys.join(', ')}.`)
  for (const key of Object.keys(value)) {
    if (!keys.includes(key))
      throw new Error(`${file}: nothing is known of ${key}; there is ${keys.join(', ')}.`)
  }
  const { operations = {}, headers = [], request, soapHeaders, session } = value
  if (!isObject(operations)) throw new Error(`${file}: operations must be a map by the names of the WSDL.`)
  if (!Array.isArray(headers) || !headers.every((header) => typeof header === 'string'))
    throw new Error(`${file}: headers must be a list of members of inputs, as - Auth/Token.`)
  const read = Object.entries(operations).map(([name, settings]) => {
    return [name, operationSettings(settings, `${file}: operations.${name}`)] as const
  })
  return {
    operations: Object.fromEntries(read),
    headers,
    ...(request !== undefined && { request: sourcesOf(request, `${file}: request`) }),
    ...(soapHeaders !== undefined && { soapHeaders: sourcesOf(soapHeaders, `${file}: soapHeaders`) }),
    ...(session !== undefined && { session: sessionOf(session, `${file}: session`) }),
  }
}

function sourcesOf(value: unknown, where: string): Record<string, string> {
  if (!isObject(value))
    throw new Error(`${where} must be a map of members of inputs, as Auth/Token: '\${AUTH_TOKEN}'.`)
  const read = Object.entries(value).map(([member, source]) => {
    if (!['string', 'number', 'boolean'].includes(typeof source) || source === '')
      throw new Error(`${where}: ${member} must be a constant, \${NAME}, $session.token or $request.id.`)
    const text = String(source)
    if (/^\$(?:request\.(?!id$)|response\.)/.test(text))
      throw new Error(`${where}: ${member} is what callers do not send, so that it cannot be ${text}.`)
    return [member, text] as const
  })
  return Object.fromEntries(read)
}

function sessionOf(value: unknown, where: string): SessionSettings {
  const operation = isObject(value) ? value.operation : undefined
  if (!isObject(value) || typeof operation !== 'string' || operation === '')
    throw new Error(`${where} must be a map with the operation that logs in, as in docs/soap.md.`)
  return { ...value, operation }
}

function operationSettings(value: unknown, where: string): OperationSettings {
  if (!isObject(value)) throw new Error(`${where} must be a map.`)
  const { method, ignore } = value
  for (const key of Object.keys(value)) {
    if (key !== 'method' && key !== 'ignore' && !texts.some((known) => known === key))
      throw new Error(
        `${where}: nothing is known of ${key}; there is ${[...texts, 'method', 'ignore'].join(', ')}.`,
      )
  }
  const said = texts.flatMap((key) => {
    const text = value[key]
    if (text === undefined) return []
    if (typeof text !== 'string' || text === '') throw new Error(`${where}.${key} must be a text.`)
    return [[key, text] as const]
  })
  const known = methodOf(String(method))
  if (method !== undefined && known === undefined)
    throw new Error(`${where}.method must be one of ${METHODS.join(', ')}.`)
  if (ignore !== undefined && typeof ignore !== 'boolean')
    throw new Error(`${where}.ignore must be true or false.`)
  const path = said.find(([key]) => key === 'path')?.[1]
  if (path !== undefined && !isPath(path))
    throw new Error(`${where}.path must be a path with parameters in braces, as /loans/{loanId}/approve.`)
  return {
    ...Object.fromEntries(said),
    ...(known !== undefined && { method: known }),
    ...(ignore === true && { ignore }),
  }
}

/** @param text in any case */
export function methodOf(text: string): Method | undefined {
  return METHODS.find((each) => each === text.toLowerCase())
}

/** `/loans/{loanId}/approve` */
export function isPath(text: string): boolean {
  return /^(?:\/(?:\{[^{}/]+\}|[^{}/\s]+))+$/.test(text)
}

/** The SOAP header that a member stands in: `SessionHeader` of `SessionHeader/Id`. */
export function blockOf(key: string): string {
  return key.split('/', 1)[0] ?? key
}

/** Names of the SOAP headers that the settings fill. */
export function filledBlocks({ soapHeaders = {} }: DesignSettings): ReadonlySet<string> {
  return new Set(Object.keys(soapHeaders).map(blockOf))
}

/** What settings say of a session and of members that nothing in the WSDLs has. */
export function wishesUnmet(
  { session, request = {}, soapHeaders = {} }: DesignSettings,
  backends: Readonly<Record<string, OpenApiObject>>,
  { members, blocks }: { readonly members: ReadonlySet<string>; readonly blocks: ReadonlySet<string> },
): string[] {
  const hasLogin = session === undefined || Object.values(backends).some((backend) => 'session' in backend)
  return [
    ...(hasLogin ? [] : [`no operation is called ${session.operation}, which its session logs in with`]),
    ...Object.keys(request).flatMap((key) =>
      members.has(key) ? [] : [`no input has a single text or number ${key} for its request`],
    ),
    ...Object.keys(soapHeaders).flatMap((key) =>
      blocks.has(blockOf(key)) ? [] : [`no operation has a SOAP header ${blockOf(key)}`],
    ),
  ]
}

/** The name of an operation as the settings want it read. */
export function nameOf(soapName: string, style: NamingStyle, { operations }: DesignSettings): OperationName {
  const { name, verb, resource } = operations[soapName] ?? {}
  const read = readOperationName(name ?? soapName, style)
  const said = verb === undefined ? undefined : plainWords(verb)
  return {
    ...read,
    ...(said && { verb: said.join('-'), intent: verbOf(said.join(''))?.intent ?? 'action' }),
    ...(resource !== undefined && { noun: plainWords(resource), owner: [], state: [] }),
  }
}

/**
 * The route that the settings name, if they name one.
 *
 * @returns a text that says what is wrong where the input has no such member
 */
export function routeOf(
  soapName: string,
  inputs: Inputs,
  otherwise: Route | undefined,
  { operations }: DesignSettings,
): Route | string | undefined {
  const { method, path } = operations[soapName] ?? {}
  if (method === undefined && path === undefined) return undefined
  const segments: (string | ScalarInput)[] = []
  for (const part of path?.slice(1).split('/') ?? []) {
    const [, name] = /^\{(.*)\}$/.exec(part) ?? []
    if (name === undefined) segments.push(part)
    else {
      const input = inputs.scalars.find((scalar) => scalar.name === name)
      const known = inputs.scalars.map((scalar) => scalar.name).join(', ')
      if (!input)
        return `its input has no ${name} for the path ${path ?? ''}; there is ${known === '' ? 'none' : known}`
      segments.push(input)
    }
  }
  const way = method ?? otherwise?.method ?? 'post'
  const taken = path === undefined ? (otherwise?.segments ?? []) : segments
  const isBodyless = way === 'get' || way === 'delete'
  if (isBodyless && (inputs.others.length > 0 || inputs.asksForMore))
    return `its input has structure, which ${way.toUpperCase()} cannot carry`
  return {
    method: way,
    segments: taken,
    query: isBodyless ? inputs.scalars.filter((scalar) => !taken.includes(scalar)) : [],
    inputs,
  }
}
