import { AdapterError } from '../base/errors.js'
import { parseWritten } from '../json/parse.js'
import { isJsonScalar, scalarText } from '../json/value.js'
import { type SessionMapping } from '../mapping/session.js'
import { type FaultAnswer } from './answer.js'
import { pick } from './assemble.js'
import { type Reply } from './reply.js'
import { Session } from './session.js'

/** What the calls of a session carry. */
export interface SessionTokens {
  /** For `$session.token`. */
  readonly token: string | undefined
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

function tokensOf({ token, cookie }: SessionMapping, { answer, header, headers }: Reply): SessionTokens {
  if (answer.kind === 'fault') {
    throw new AdapterError('backend-login', 'The backend answered the login with a fault.')
  }
  const from =
    token?.part === 'soapHeader' ? header?.blocks : answer.kind === 'output' ? parseWritten(answer.json) : {}
  const value = token && pick(from, token.steps)
  const text = isJsonScalar(value) && value !== null ? scalarText(value) : undefined
  const set = cookie === undefined ? undefined : cookieIn(headers['set-cookie'] ?? '', cookie)
  if ((token && (text === undefined || text === '')) || (cookie !== undefined && set === undefined)) {
    throw new AdapterError('backend-login', 'The answer to the login holds no session.')
  }
  return { token: text, cookie: set }
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
