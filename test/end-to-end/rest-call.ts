import type { RestOperation, RestRequest } from '../../src/adapter/rest.js'

/** A call of an operation, before it is written as HTTP. */
export type RestCall = Omit<RestRequest, 'body' | 'headers'> & {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** A valid call. */
export function sampleCall(operation: RestOperation, optionals: 'all' | 'none' = 'all'): RestCall {
  const { headers, ...sample } = operation.sample({ optionals })
  return { ...sample, headers: textsOf(headers) }
}

/** Path and query of a call, below the base path. */
export function targetOf(
  { path: template }: RestOperation,
  { path, query }: Pick<RestRequest, 'path' | 'query'>,
): string {
  const filled = template.replace(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
  const search = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((one): [string, string] => [name, one]),
  )
  return `${filled}?${new URLSearchParams(search).toString()}`
}

/** Header fields that a sample has. */
export function textsOf(headers: RestRequest['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  )
}
