import { type ClientCredentials, type Credentials } from '../backend/policy.js'
import { type AnnotationReader, optional } from './annotation-reader.js'
import { readProxy } from './proxy-annotation.js'
import { readTls } from './tls-annotation.js'
import { isClearText, isHttpUrl } from './url.js'

const types = ['basic', 'bearer', 'api-key', 'oauth2'] as const

/** Schemes that bind a connection or need a key distribution centre: no client of them is light and maintained. */
const unsupported: readonly unknown[] = ['ntlm', 'negotiate', 'kerberos', 'digest']

/** Fields that HTTP itself or SOAP needs. */
const reserved = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'soapaction',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/**
 * Reads a map `credentials`.
 *
 * @param baseDir what the paths of certificates are relative to
 */
export function readCredentials(
  reader: AnnotationReader | undefined,
  baseDir: string,
): Credentials | undefined {
  if (!reader) return undefined
  const given = reader.value.type
  if (typeof given === 'string' && unsupported.includes(given.toLowerCase())) {
    reader.diagnostics.error(
      'credentials-unsupported',
      `${given} is not supported: let the backend take basic over https:, oauth2 or a client certificate (tls), or put a gateway that speaks ${given} before it.`,
      reader.at('type'),
    )
    return undefined
  }
  const type = reader.word('type', types, true)
  if (type === undefined) return undefined
  const credentials = readers[type](reader, baseDir)
  reader.end()
  return credentials
}

const readers: Readonly<
  Record<Credentials['type'], (reader: AnnotationReader, baseDir: string) => Credentials | undefined>
> = {
  basic(reader) {
    const username = reader.expanded('username', true)
    const password = reader.secret('password', true)
    if (username?.includes(':') === true) {
      invalid(reader, 'username', 'username must not have a colon (RFC 7617).')
      return undefined
    }
    if (username === undefined || password === undefined) return undefined
    return { type: 'basic', username, password }
  },

  bearer(reader) {
    const token = sendable(reader, 'token', reader.secret('token', true))
    return token === undefined ? undefined : { type: 'bearer', token }
  },

  'api-key'(reader) {
    const header = headerName(reader)
    const value = sendable(reader, 'value', reader.secret('value', true))
    return header === undefined || value === undefined ? undefined : { type: 'api-key', header, value }
  },

  oauth2(reader, baseDir) {
    const tokenUrl = tokenUrlOf(reader)
    const clientId = reader.expanded('clientId', true)
    const clientSecret = reader.secret('clientSecret', true)
    const rest: Omit<ClientCredentials, 'tokenUrl' | 'clientId' | 'clientSecret'> = {
      type: 'oauth2',
      ...optional('scope', reader.expanded('scope')),
      ...optional('audience', reader.expanded('audience')),
      authentication: reader.word('authentication', ['basic', 'body']) ?? 'basic',
      ...optional('tls', readTls(reader.nested('tls'), baseDir)),
      ...optional('proxy', readProxy(reader)),
    }
    if (tokenUrl === undefined || clientId === undefined || clientSecret === undefined) return undefined
    return { ...rest, tokenUrl, clientId, clientSecret }
  },
}

function tokenUrlOf(reader: AnnotationReader): string | undefined {
  const url = reader.expanded('tokenUrl', true)
  if (url === undefined) return undefined
  if (!isHttpUrl(url)) {
    invalid(reader, 'tokenUrl', 'tokenUrl must be an absolute https: URL.')
    return undefined
  }
  if (isClearText(url)) {
    reader.diagnostics.warning(
      'credentials-in-clear',
      'tokenUrl is an http: URL: whoever is on the way can read clientSecret and tokens. Use https: (RFC 6749, section 3.2).',
      reader.at('tokenUrl'),
    )
  }
  return url
}

function headerName(reader: AnnotationReader): string | undefined {
  const name = reader.text('header', true)
  if (name === undefined) return undefined
  if (/^[!#$%&'*+.^_`|~\w-]+$/.test(name) && !reserved.has(name.toLowerCase())) return name
  invalid(reader, 'header', 'header must be a field name, and none that HTTP or SOAP needs for itself.')
  return undefined
}

/** Only visible ASCII and blanks between: what RFC 9110, section 5.5 lets a field value be. */
function sendable(reader: AnnotationReader, key: string, value: string | undefined): string | undefined {
  if (value === undefined || /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value)) return value
  invalid(reader, key, `${key} has characters that a header cannot hold; a line end is easily copied along.`)
  return undefined
}

function invalid(reader: AnnotationReader, key: string, message: string): void {
  reader.diagnostics.error('credentials-invalid', message, reader.at(key))
}
