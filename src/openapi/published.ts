import { isObject, type OpenApiDocument, type OpenApiObject } from './document.js'

/** The document that clients see: everything that begins with `x-soap` is left out. */
export function publishedDocument(document: OpenApiDocument): OpenApiObject {
  const stripped = strip(document.root)
  return isObject(stripped) ? stripped : {}
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip)
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([name]) => !name.startsWith('x-soap'))
  return Object.fromEntries(kept.map(([name, member]) => [name, strip(member)]))
}

/** The path of the first server: `/v1` of `https://api.example.com/v1`; '' where there is none. */
export function basePathOf(document: OpenApiDocument): string {
  const servers = document.root.servers
  const first: unknown = Array.isArray(servers) ? servers[0] : undefined
  const url = isObject(first) && typeof first.url === 'string' ? first.url : '/'
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '')
  return path.replace(/\/+$/, '')
}
