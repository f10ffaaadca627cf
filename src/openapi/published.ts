import { isObject, type OpenApiDocument, type OpenApiObject } from './document.js'

/** The document that clients see: everything that begins with `x-soap` is left out. */
export function publishedDocument(document: OpenApiDocument): OpenApiObject {
  const stripped = strip(document.root)
  return isObject(stripped) ? stripped : {}
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip)
  if (!isObject(value)) return value
  const kept: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    if (name === '__proto__')
      Object.defineProperty(kept, name, { value: strip(value[name]), enumerable: true })
    else if (!name.startsWith('x-soap')) kept[name] = strip(value[name])
  }
  return kept
}

/**
 * The path of the first server, its variables at their defaults (OpenAPI 3.1, 4.8.6): `/v1` of
 * `https://api.example.com/v1`; '' where there is none.
 */
export function basePathOf(document: OpenApiDocument): string {
  const servers = document.root.servers
  const first: unknown = Array.isArray(servers) ? servers[0] : undefined
  if (!isObject(first) || typeof first.url !== 'string') return ''
  const variables = isObject(first.variables) ? first.variables : {}
  const url = first.url.replace(/\{([^{}]+)\}/g, (written, name: string) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined
    return isObject(variable) && typeof variable.default === 'string' ? variable.default : written
  })
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/, '')
  return path.replace(/\/+$/, '')
}
