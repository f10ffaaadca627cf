import { upTo, withoutTrailing } from '../../base/substring.js'
import { isObject, type OpenApiDocument, type OpenApiObject } from '../document.js'
import { METHODS } from '../methods.js'
import { inUseOrder } from './component-order.js'
import { optionDefaults, withDefaultInWords } from './option-defaults.js'
import { withoutReplacedParameters } from './parameters.js'
import { withEnvelopes } from './webhooks.js'

/**
 * The document that clients see: everything that begins with `x-soap` is left out. It shares with the contract what is the same in
 * both, so that neither may be written to.
 */
export function publishedDocument(document: OpenApiDocument): OpenApiObject {
  const stripped = strip(document.root, optionDefaults(document.root))
  return isObject(stripped)
    ? ordered(withoutReplacedParameters(document, withEnvelopes(document, stripped)))
    : {}
}

/** Component schemas in an order that all tools read alike; else nothing depends on it. */
function ordered(root: OpenApiObject): OpenApiObject {
  const { components } = root
  const schemas = isObject(components) ? components.schemas : undefined
  if (!isObject(components) || !isObject(schemas)) return root
  const names = inUseOrder(schemas)
  if (Object.keys(schemas).every((name, index) => name === names[index])) return root
  const entries = names.map((name) => [name, schemas[name]] as const)
  return { ...root, components: { ...components, schemas: Object.fromEntries(entries) } }
}

/**
 * A value without the members that begin with `x-soap`. What has none below it stays the very same value: most of a large
 * document does.
 *
 * @param described schemas whose default is said in words
 */
function strip(value: unknown, described: ReadonlySet<unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return strippedItems(value, described)
  const kept = strippedMembers(value as OpenApiObject, described)
  return described.has(value) ? withDefaultInWords(kept) : kept
}

function strippedItems(items: readonly unknown[], described: ReadonlySet<unknown>): readonly unknown[] {
  let kept: unknown[] | undefined
  for (const [index, item] of items.entries()) {
    const stripped = strip(item, described)
    if (kept === undefined && stripped !== item) kept = items.slice(0, index)
    kept?.push(stripped)
  }
  return kept ?? items
}

function strippedMembers(holder: OpenApiObject, described: ReadonlySet<unknown>): OpenApiObject {
  const names = Object.keys(holder)
  let kept: [name: string, value: unknown][] | undefined
  for (const [index, name] of names.entries()) {
    const value = holder[name]
    const isKept = !name.startsWith('x-soap')
    const stripped = isKept ? strip(value, described) : undefined
    if (kept === undefined && (!isKept || stripped !== value))
      kept = names.slice(0, index).map((before) => [before, holder[before]])
    if (isKept) kept?.push([name, stripped])
  }
  return kept ? Object.fromEntries(kept) : holder
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
  const path = upTo(url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, ''), '?', '#')
  return withoutTrailing(path, '/')
}

/**
 * The document with absolute URLs of its servers, those of paths and operations too; absolute ones stay as they are.
 *
 * @param publicUrl what clients call the service, `https://api.bank.example`; the path of a server is put behind it
 */
export function withPublicUrl(document: OpenApiObject, publicUrl: string): OpenApiObject {
  const absolute = (holder: OpenApiObject): OpenApiObject =>
    Array.isArray(holder.servers)
      ? { ...holder, servers: holder.servers.map((server) => absoluteServer(server, publicUrl)) }
      : holder
  const paths = isObject(document.paths) ? document.paths : {}
  const written = Object.entries(paths).map(([path, item]): [string, unknown] => {
    if (!isObject(item)) return [path, item]
    const operations = METHODS.flatMap((method) => {
      const operation = item[method]
      return isObject(operation) ? [[method, absolute(operation)] as const] : []
    })
    return [path, { ...absolute(item), ...Object.fromEntries(operations) }]
  })
  const { servers } = document
  const named = Array.isArray(servers) && servers.length > 0 ? servers : [{ url: '/' }]
  return {
    ...absolute({ ...document, servers: named }),
    ...(isObject(document.paths) && { paths: Object.fromEntries(written) }),
  }
}

function absoluteServer(server: unknown, publicUrl: string): unknown {
  if (!isObject(server) || typeof server.url !== 'string') return server
  // A variable at the beginning may hold a scheme.
  if (/^(?:[a-z][a-z0-9+.-]*:|\{|\/\/)/i.test(server.url)) return server
  const path = server.url.replace(/^\.?\/?/, '')
  return { ...server, url: path === '' ? publicUrl : `${withoutTrailing(publicUrl, '/')}/${path}` }
}
