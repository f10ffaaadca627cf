import { nearest } from '../../base/diagnostic/did-you-mean.js'
import { steps } from '../../openapi/pointer.js'

/**
 * Where a value comes from: an OpenAPI runtime expression (OpenAPI 3.1, 4.8.20.4), one of ours, or a constant.
 *
 *     source     = expression / constant
 *     expression = "$request." ( "path." name / "query." name / "header." name / "body" [ "#" pointer ] / "id" )
 *                / "$response." ( "body" / "soapHeader" ) "#" pointer
 *                / "$identity." ( "subject" / "client" / "claims#" pointer )
 *                / "$session.token"
 *     constant   = any other text, number or boolean; "$$" stands for a "$" at its beginning
 */
export type SourceExpression =
  | { readonly kind: 'parameter'; readonly in: 'path' | 'query' | 'header'; readonly name: string }
  | { readonly kind: 'body'; readonly steps: readonly string[] }
  | { readonly kind: 'response'; readonly part: 'body' | 'soapHeader'; readonly steps: readonly string[] }
  | CallSource
  | { readonly kind: 'constant'; readonly value: string | number | boolean }

/** What belongs to the call rather than to the request as the contract describes it. */
export type CallSource =
  | { readonly kind: 'identity'; readonly part: 'subject' | 'client' }
  | { readonly kind: 'claim'; readonly steps: readonly string[] }
  | { readonly kind: 'session' }
  | { readonly kind: 'request-id' }

const callSources: Readonly<Record<string, CallSource>> = {
  '$identity.subject': { kind: 'identity', part: 'subject' },
  '$identity.client': { kind: 'identity', part: 'client' },
  '$session.token': { kind: 'session' },
  '$request.id': { kind: 'request-id' },
}

/** @returns undefined where a text that begins with `$` is not an expression */
export function parseSource(written: unknown): SourceExpression | undefined {
  if (typeof written === 'number' || typeof written === 'boolean') return { kind: 'constant', value: written }
  if (typeof written !== 'string') return undefined
  if (written.startsWith('$$')) return { kind: 'constant', value: written.slice(1) }
  if (!written.startsWith('$') || written.startsWith('${')) return { kind: 'constant', value: written }
  if (Object.hasOwn(callSources, written)) return callSources[written]
  const parameter = /^\$request\.(path|query|header)\.([^\s{}]+)$/.exec(written)
  if (parameter) {
    const place = parameter[1] as 'path' | 'query' | 'header'
    return { kind: 'parameter', in: place, name: parameter[2] ?? '' }
  }
  const claim = /^\$identity\.claims#(\/.+)$/.exec(written)
  if (claim) return { kind: 'claim', steps: steps(claim[1] ?? '') }
  const body = /^\$request\.body(?:#(\/.*)?)?$/.exec(written)
  if (body) return { kind: 'body', steps: steps(body[1] ?? '') }
  const response = /^\$response\.(body|soapHeader)(?:#(\/.*)?)?$/.exec(written)
  if (!response) return undefined
  return { kind: 'response', part: response[1] as 'body' | 'soapHeader', steps: steps(response[2] ?? '') }
}

/** A text with expressions in braces (OpenAPI 3.1, 4.8.20.4, "embedded into string values"). */
export type TemplateExpression = readonly (string | SourceExpression)[]

/** @returns undefined where what stands in braces is not an expression */
export function parseTemplate(text: string): TemplateExpression | undefined {
  const parts: (string | SourceExpression)[] = []
  for (const [index, part] of text.split(/\{([^{}]*)\}/).entries()) {
    if (index % 2 === 0) {
      if (/[{}]/.test(part)) return undefined
      if (part !== '') parts.push(part)
      continue
    }
    const source = part.startsWith('$') ? parseSource(part) : undefined
    if (!source || source.kind === 'constant') return undefined
    parts.push(source)
  }
  return parts
}

/** What each expression begins with, and what has to follow it. */
const beginnings: Readonly<Record<string, string>> = {
  '$request.path': '.NAME',
  '$request.query': '.NAME',
  '$request.header': '.NAME',
  '$request.body': '',
  '$request.id': '',
  '$identity.subject': '',
  '$identity.client': '',
  '$identity.claims': '#/NAME',
  '$session.token': '',
  '$response.body': '#/NAME',
  '$response.soapHeader': '#/NAME',
}

/**
 * What somebody may have meant by a text that is not an expression, to be put behind a message.
 *
 * @returns nothing where it is like none
 */
export function sourceHint(written: unknown): string {
  if (typeof written !== 'string') return ''
  const variable = /^\$([A-Z_][A-Z0-9_]*)$/.exec(written)?.[1]
  if (variable !== undefined) return ` Did you mean \${${variable}}, a value of the environment?`
  const beginning = /^\$[^.#/]*(?:\.[^.#/]*)?/.exec(written)?.[0] ?? ''
  const rest = written.slice(beginning.length)
  const meant = nearest(beginning, Object.keys(beginnings))
  if (meant === undefined) return ''
  return ` Did you mean ${meant}${endOf(meant, rest.replace(/^[.#/]+/, ''))}?`
}

/** @param name what follows, without what sets it off */
function endOf(beginning: string, name: string): string {
  const end = beginnings[beginning] ?? ''
  if (name === '' || /\.(?:id|subject|client|token)$/.test(beginning)) return end
  return end === '.NAME' ? `.${name}` : `#/${name.replaceAll('.', '/')}`
}

/** What a constant was most likely meant to be, where it looks like an expression that something is wrong with. */
export function expressionIn(constant: unknown): string | undefined {
  if (typeof constant !== 'string') return undefined
  const trimmed = constant.trim()
  const inBraces = trimmed.startsWith('{') && trimmed.endsWith('}') ? trimmed.slice(1, -1).trim() : ''
  const bare = inBraces.startsWith('$') ? inBraces : trimmed
  const prefixed = /^(?:request|identity|session|response)\./.test(bare) ? `$${bare}` : bare
  if (prefixed === constant || !prefixed.startsWith('$')) return undefined
  const source = parseSource(prefixed)
  return source && source.kind !== 'constant' ? prefixed : undefined
}
