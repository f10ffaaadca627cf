import type { ProxyPolicy } from '../../backend/policy.js'
import { type AnnotationReader, optional } from '../reader/reader.js'

/** Reads the key `proxy`: a URL whose password, if it has one, comes from the environment. */
export function readProxy(reader: AnnotationReader): ProxyPolicy | undefined {
  const url = reader.expanded('proxy')
  const { proxy: written } = reader.value
  if (typeof written === 'string' && holdsPassword(written)) {
    reader.diagnostics.error(
      'secret-in-contract',
      'The password of the proxy is a secret: write http://user:${NAME}@host:port, or ${NAME} for the whole URL.',
      reader.at('proxy'),
    )
    return undefined
  }
  const proxy = url === undefined ? undefined : proxyOf(url)
  if (url !== undefined && !proxy) {
    reader.diagnostics.error(
      'proxy-invalid',
      'proxy must be http://host:port or https://host:port, with user:password@ before the host if it asks for them, percent-encoded.',
      reader.at('proxy'),
    )
  }
  return proxy
}

/** Does the text, before anything is put into it, have a password of its own? */
function holdsPassword(text: string): boolean {
  const user = /^[^/]*\/\/((?:\$\{[^}]*\}|[^/@])*)@/.exec(text)?.[1] ?? ''
  const password = /^(?:\$\{[^}]*\}|[^:])*:(.*)$/.exec(user)?.[1]
  return password !== undefined && !/^\$\{[^}:]+\}$/.test(password)
}

function proxyOf(href: string): ProxyPolicy | undefined {
  if (!URL.canParse(href)) return undefined
  const { protocol, origin, username, password, pathname, search, hash } = new URL(href)
  if (!/^https?:$/.test(protocol) || pathname !== '/' || search !== '' || hash !== '') return undefined
  try {
    return {
      url: origin,
      ...optional('username', username === '' ? undefined : decodeURIComponent(username)),
      ...optional('password', password === '' ? undefined : decodeURIComponent(password)),
    }
  } catch {
    return undefined
  }
}
