import type { ClientCredentials, Credentials } from '../../backend/policy.js'
import { isHttpUrl } from '../../base/http-url.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import { isClearText } from '../reader/url.js'
import { readProxy } from './proxy.js'
import { readTls } from './tls.js'

const types = ['basic', 'digest', 'bearer', 'api-key', 'oauth2'] as const

/** Schemes that bind a connection or need a key distribution centre: docs/decisions/19-no-windows-authentication.md. */
const unsupported: readonly unknown[] = ['ntlm', 'negotiate', 'kerberos']

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

/** Reads a map `credentials`. */
export function readCredentials(reader: AnnotationReader | undefined): Credentials | undefined {
  if (!reader) return undefined
  const given = reader.value.type
  if (typeof given === 'string' && unsupported.includes(given.toLowerCase())) {
    reader.diagnostics.error(
      'credentials-unsupported',
      `${given} is not supported: let the backend take basic or digest over https:, oauth2 or a client certificate (tls), or put a sidecar that speaks ${given} before it, such as YARP on .NET.`,
      reader.at('type'),
    )
    return undefined
  }
  const type = reader.word('type', types, { required: true })
  if (type === undefined) return undefined
  const credentials = readers[type](reader)
  reader.end()
  return credentials
}

const readers: Readonly<Record<Credentials['type'], (reader: AnnotationReader) => Credentials | undefined>> =
  {
    basic(reader) {
      const user = userOf(reader, 'RFC 7617')
      return user && { type: 'basic', ...user }
    },

    digest(reader) {
      const user = userOf(reader, 'RFC 7616, section 3.4.4')
      const allowsMd5 = reader.word('md5', ['allowed']) !== undefined
      return user && { type: 'digest', ...user, allowsMd5 }
    },

    bearer(reader) {
      const token = sendable(reader, 'token', reader.secret('token', { required: true }))
      return token === undefined ? undefined : { type: 'bearer', token }
    },

    'api-key'(reader) {
      const header = headerName(reader)
      const value = sendable(reader, 'value', reader.secret('value', { required: true }))
      return header === undefined || value === undefined ? undefined : { type: 'api-key', header, value }
    },

    oauth2(reader) {
      const tokenUrl = tokenUrlOf(reader)
      const clientId = reader.expanded('clientId', { required: true })
      const clientSecret = reader.secret('clientSecret', { required: true })
      const rest: Omit<ClientCredentials, 'tokenUrl' | 'clientId' | 'clientSecret'> = {
        type: 'oauth2',
        ...optional('scope', reader.expanded('scope')),
        ...optional('audience', reader.expanded('audience')),
        authentication: reader.word('authentication', ['basic', 'body']) ?? 'basic',
        ...optional('tls', readTls(reader.nested('tls'))),
        ...optional('proxy', readProxy(reader)),
      }
      if (tokenUrl === undefined || clientId === undefined || clientSecret === undefined) return undefined
      return { ...rest, tokenUrl, clientId, clientSecret }
    },
  }

function userOf(
  reader: AnnotationReader,
  source: string,
): { readonly username: string; readonly password: string } | undefined {
  const username = reader.expanded('username', { required: true })
  const password = reader.secret('password', { required: true })
  if (username?.includes(':') === true) {
    invalid(reader, 'username', `username must not have a colon (${source}).`)
    return undefined
  }
  return username === undefined || password === undefined ? undefined : { username, password }
}

function tokenUrlOf(reader: AnnotationReader): string | undefined {
  const url = reader.expanded('tokenUrl', { required: true })
  if (url === undefined) return undefined
  if (!isHttpUrl(url)) {
    invalid(reader, 'tokenUrl', 'tokenUrl must be an absolute https: URL.')
    return undefined
  }
  if (isClearText(url)) {
    reader.diagnostics.warning(
      'credentials-in-clear',
      'tokenUrl is an http: URL: anyone on the network path can read clientSecret and tokens. Use https: (RFC 6749, section 3.2).',
      reader.at('tokenUrl'),
    )
  }
  return url
}

function headerName(reader: AnnotationReader): string | undefined {
  const name = reader.text('header', { required: true })
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
