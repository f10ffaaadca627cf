import type { IncomingMessage } from 'node:http'
import { placeOfKey, type SecurityScheme } from '../../openapi/security.js'
import type { ApiKeyRing } from './api-key.js'
import type { CredentialCheck } from './credential-check.js'
import { refused, type Verdict } from './verdict.js'

type ApiKeyScheme = Extract<SecurityScheme, { kind: 'apiKey' }>

/** A key that the client sends with each request (OpenAPI 3.1, section 4.8.27, `apiKey`). */
export class ApiKeyCheck implements CredentialCheck {
  readonly #read: (req: IncomingMessage) => string | undefined
  readonly #scheme: ApiKeyScheme

  /** @param ring is asked at each request: its keys may have been replaced */
  constructor(
    scheme: ApiKeyScheme,
    readonly ring: () => ApiKeyRing,
    readonly roles: readonly string[],
    readonly operationId: string,
  ) {
    this.#scheme = scheme
    this.#read = READERS[scheme.in](scheme.in === 'header' ? scheme.name.toLowerCase() : scheme.name)
  }

  check(req: IncomingMessage): Verdict {
    const sent = this.#read(req)
    if (sent === undefined || sent === '') {
      return refused('absent', `The request has no API key: send it in the ${placeOfKey(this.#scheme)}.`)
    }
    const key = this.ring().find(sent, Date.now())
    if (!key) return refused('invalid', 'The API key is not known, or has expired.')
    const { client, limits, operations } = key
    const mayCall = operations?.has(this.operationId) ?? true
    if (!mayCall || !this.roles.every((role) => key.roles.has(role))) {
      return refused('insufficient', 'The API key is not meant for this operation.')
    }
    return {
      granted: true,
      namedBy: 'apiKey',
      client,
      ...(limits && { limits }),
      ...(key.roles.size > 0 && { scopes: [...key.roles] }),
    }
  }

  /** There is no registered scheme for keys; RFC 9110, section 11.6.1, asks for a challenge all the same. */
  challenge(): string {
    return `ApiKey in="${this.#scheme.in}", name="${this.#scheme.name.replaceAll(/["\\]/g, '')}"`
  }
}

type Reader = (req: IncomingMessage) => string | undefined

const READERS: Readonly<Record<ApiKeyScheme['in'], (name: string) => Reader>> = {
  header: (name) => (req) => {
    const value = req.headers[name]
    return typeof value === 'string' ? value : undefined
  },
  query: (name) => (req) => {
    const { url = '' } = req
    const question = url.indexOf('?')
    if (question === -1) return undefined
    const values = new URLSearchParams(url.slice(question + 1)).getAll(name)
    return values.length > 1 ? values.join() : values[0]
  },
  cookie: (name) => (req) => {
    for (const pair of (req.headers.cookie ?? '').split(';')) {
      const equals = pair.indexOf('=')
      if (pair.slice(0, equals).trim() === name)
        return pair
          .slice(equals + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1')
    }
    return undefined
  },
}
