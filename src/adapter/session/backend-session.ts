import { textOf } from '../../base/bytes/source.js'
import { AdapterError } from '../../base/errors.js'
import { parseWritten } from '../../json/parse.js'
import type { SessionMapping } from '../../mapping/operation/backend/session.js'
import type { FaultAnswer } from '../reply/answer.js'
import type { Reply } from '../reply/reply.js'
import { sourceText } from '../source-value.js'
import { sessionEndpoint } from './endpoint.js'
import { Session } from './session.js'

/** What the calls of a session carry. */
export interface SessionTokens {
  /** For `$session.token`. */
  readonly token: string | undefined
  /** Where calls go; absent where the login does not say. */
  readonly endpoint: string | undefined
  /** A Cookie header. */
  readonly cookie: string | undefined
}

/** The session of a backend, as its contract describes it. */
export class BackendSession extends Session<SessionTokens> {
  readonly #faults: ReadonlySet<string>

  /** @param login calls the operation that logs in */
  constructor(mapping: SessionMapping, login: () => Promise<Reply>) {
    super(async () => tokensOf(mapping, await login()), mapping.lifetimeMs)
    this.#faults = mapping.faults
  }

  /** Does the fault say that the session is over? By the name of a declared fault, a code or a detail element. */
  isEndedBy({ fault, declared, details }: FaultAnswer): boolean {
    const names = [fault.code, ...fault.subcodes, ...details, ...(declared ? [declared.name] : [])]
    return names.some((name) => this.#faults.has(name))
  }
}

function tokensOf(mapping: SessionMapping, { answer, header, headers }: Reply): SessionTokens {
  const { token, endpoint, hosts, cookie, login } = mapping
  if (answer.kind === 'fault') {
    throw new AdapterError('backend-login', 'The backend answered the login with a fault.')
  }
  const isInBody = token?.part === 'body' || endpoint?.part === 'body'
  const body = isInBody && answer.kind === 'output' ? parseWritten(textOf([answer.json])) : undefined
  const response = { body, soapHeader: header?.blocks }
  const text = token && sourceText(token, { response })
  const set = cookie === undefined ? undefined : cookieIn(headers['set-cookie'] ?? '', cookie)
  if ((token && (text === undefined || text === '')) || (cookie !== undefined && set === undefined)) {
    throw new AdapterError('backend-login', 'The answer to the login holds no session.')
  }
  if (!endpoint) return { token: text, endpoint: undefined, cookie: set }
  const given = sourceText(endpoint, { response }) ?? ''
  return { token: text, endpoint: sessionEndpoint(given, login.backend.endpoint, hosts), cookie: set }
}

/** `name=value` of the cookie in Set-Cookie fields (RFC 6265, 4.1.1); several are joined with commas. */
function cookieIn(fields: string, name: string): string | undefined {
  for (const field of fields.split(/,(?=[^;,=\s]+=)|,\s+(?=[^;,=\s]+=)/)) {
    const [pair = ''] = field.split(';')
    const equals = pair.indexOf('=')
    if (equals > 0 && pair.slice(0, equals).trim() === name) return `${name}=${pair.slice(equals + 1).trim()}`
  }
  return undefined
}
