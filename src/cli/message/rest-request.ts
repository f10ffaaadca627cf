import type { RestRequest } from '../../adapter/rest.js'
import { JsonError, parseJson, restoreExactNumbers } from '../../json/parse.js'
import { ExactNumber, isJsonObject, type JsonObject, type JsonValue } from '../../json/value.js'
import { Failure } from '../terminal/report.js'

const limits = { maxDepth: 1_000, maxValues: 10_000_000 }

/**
 * Reads a request as `soapstone sample` writes it: `{"path": {}, "query": {}, "headers": {}, "body": …}`, each member
 * optional.
 *
 * @throws Failure
 */
export function parseRestRequest(text: string): RestRequest {
  const request = parse(text)
  if (!isJsonObject(request)) throw bad('must be a JSON object with path, query, headers and body')
  for (const member of Object.keys(request)) {
    if (!['path', 'query', 'headers', 'body'].includes(member)) {
      throw bad(`has the member ${member}; it may have path, query, headers and body`)
    }
  }
  const { body } = request
  const headers = Object.entries(texts(request, 'headers')).map(([name, value]) => [
    name.toLowerCase(),
    value,
  ])
  return {
    path: singleTexts(request, 'path'),
    query: texts(request, 'query'),
    headers: Object.fromEntries(headers) as RestRequest['headers'],
    ...(body !== undefined && { body }),
  }
}

function parse(text: string): unknown {
  try {
    const { value, exact } = parseJson(text, limits)
    restoreExactNumbers(exact)
    return value
  } catch (error) {
    if (error instanceof JsonError) throw bad(`is not JSON: ${error.message}`)
    throw error
  }
}

function singleTexts(request: JsonObject, part: 'path'): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts(request, part)).map(([name, value]) => {
      if (typeof value !== 'string') throw bad(`${part}/${name} must be a text`)
      return [name, value]
    }),
  )
}

function texts(request: JsonObject, part: 'path' | 'query' | 'headers'): Record<string, string | string[]> {
  const values = request[part] ?? {}
  if (!isJsonObject(values)) throw bad(`${part} must be an object`)
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      isList(value) ? value.map((item) => asText(item, part, name)) : asText(value, part, name),
    ]),
  )
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** Parameters are texts; a number or a boolean that stands for one is taken as written. */
function asText(value: JsonValue | undefined, part: string, name: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean' || value instanceof ExactNumber)
    return String(value)
  throw bad(`${part}/${name} must be a text`)
}

function bad(what: string): Failure {
  return new Failure(`The request ${what}.`, 1)
}
