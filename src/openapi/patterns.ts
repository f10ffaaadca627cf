import { compilePattern, whatToDo, whyNotLinear } from '../pattern/pattern.js'
import { join } from './pointer.js'

/** A pattern that nothing can be judged by. */
export interface UnusablePattern {
  readonly pointer: string
  readonly code: 'pattern-invalid' | 'pattern-backtracks'
  readonly message: string
}

/** What these hold is no schema. */
const OTHERS = new Set(['const', 'default', 'enum', 'example', 'examples', 'mapping', 'scopes'])
/** What these hold is found by names, which may be any. */
const BY_NAME = new Set([
  ...['$defs', 'definitions', 'dependentSchemas', 'patternProperties', 'properties', 'schemas'],
  ...['callbacks', 'headers', 'links', 'parameters', 'pathItems', 'requestBodies', 'responses'],
])

const INVALID = 'The pattern is no ECMA-262 regular expression with the u flag (JSON Schema Core, 6.4).'

/**
 * Finds the patterns of a document that are none, and those by which texts cannot be judged in time proportional to
 * their length, wherever they stand: in schemas that are mapped and in all others.
 */
export function unusablePatterns(document: Readonly<Record<string, unknown>>): readonly UnusablePattern[] {
  const found: UnusablePattern[] = []
  const judge = (pointer: string, pattern: string, why: (source: string) => string | undefined) => {
    const source = sourceOf(pattern)
    const reason = source === undefined ? undefined : why(source)
    if (source === undefined) found.push({ pointer, code: 'pattern-invalid', message: INVALID })
    else if (reason !== undefined)
      found.push({ pointer, code: 'pattern-backtracks', message: whatToDo(reason) })
  }
  const visit = (value: unknown, pointer: string, isNames: boolean): void => {
    for (const [key, inner] of Object.entries(value ?? {})) {
      if (!isNames && (OTHERS.has(key) || key.startsWith('x-'))) continue
      if (isNames && pointer.endsWith('/patternProperties')) judge(join(pointer, key), key, whyNotForNames)
      if (typeof inner === 'object') visit(inner, join(pointer, key), !isNames && BY_NAME.has(key))
      else if (!isNames && key === 'pattern' && typeof inner === 'string') {
        judge(join(pointer, key), inner, whyNotLinear)
      }
    }
  }
  visit(document.paths, '/paths', false)
  visit(document.components, '/components', false)
  return found
}

function sourceOf(pattern: string): string | undefined {
  try {
    return new RegExp(pattern, 'u').source
  } catch {
    return undefined
  }
}

/** Names are matched by the validator itself, whose engine goes back. */
function whyNotForNames(pattern: string): string | undefined {
  return (
    whyNotLinear(pattern) ??
    (compilePattern(pattern).native ? undefined : 'names can match it in more than one way')
  )
}
