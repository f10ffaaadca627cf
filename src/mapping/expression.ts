import { steps } from '../openapi/pointer.js'

/**
 * Where a value comes from: an OpenAPI runtime expression (OpenAPI 3.1, 4.8.20.4) or a constant.
 *
 *     source     = expression / constant
 *     expression = "$request." ( "path." name / "query." name / "header." name / "body" [ "#" pointer ] )
 *                / "$response.body#" pointer
 *     constant   = any other text, number or boolean; "$$" stands for a "$" at its beginning
 */
export type Source =
  | { readonly kind: 'parameter'; readonly in: 'path' | 'query' | 'header'; readonly name: string }
  | { readonly kind: 'body'; readonly steps: readonly string[] }
  | { readonly kind: 'response'; readonly steps: readonly string[] }
  | { readonly kind: 'constant'; readonly value: string | number | boolean }

/** @returns undefined where a text that begins with `$` is no expression */
export function parseSource(written: unknown): Source | undefined {
  if (typeof written === 'number' || typeof written === 'boolean') return { kind: 'constant', value: written }
  if (typeof written !== 'string') return undefined
  if (written.startsWith('$$')) return { kind: 'constant', value: written.slice(1) }
  if (!written.startsWith('$')) return { kind: 'constant', value: written }
  const parameter = /^\$request\.(path|query|header)\.([^\s{}]+)$/.exec(written)
  if (parameter) {
    const place = parameter[1] as 'path' | 'query' | 'header'
    return { kind: 'parameter', in: place, name: parameter[2] ?? '' }
  }
  const body = /^\$(request|response)\.body(?:#(\/.*)?)?$/.exec(written)
  if (!body) return undefined
  return { kind: body[1] === 'request' ? 'body' : 'response', steps: steps(body[2] ?? '') }
}

/** A text with expressions in braces (OpenAPI 3.1, 4.8.20.4, "embedded into string values"). */
export type Template = readonly (string | Source)[]

/** @returns undefined where what stands in braces is no expression */
export function parseTemplate(text: string): Template | undefined {
  const parts: (string | Source)[] = []
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
