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

/**
 * Finds the patterns of a document that are none, and those by which texts cannot be judged in time proportional to
 * their length, wherever they stand: in schemas that are mapped and in all others.
 */
export function unusablePatterns(document: Readonly<Record<string, unknown>>): readonly UnusablePattern[] {
  const found: UnusablePattern[] = []
  const visit = (value: unknown, pointer: string, isNames: boolean): void => {
    for (const [key, inner] of Object.entries(value ?? {})) {
      if (!isNames && (OTHERS.has(key) || key.startsWith('x-'))) continue
      const isOfNames = isNames && pointer.endsWith('/patternProperties')
      const pattern = isOfNames ? key : !isNames && key === 'pattern' ? (inner as unknown) : undefined
      const flaw = typeof pattern === 'string' ? flawOf(pattern, isOfNames) : undefined
      if (flaw) found.push({ pointer: join(pointer, key), ...flaw })
      if (typeof inner === 'object') visit(inner, join(pointer, key), !isNames && BY_NAME.has(key))
    }
  }
  visit(document.paths, '/paths', false)
  visit(document.components, '/components', false)
  return found
}

/**
 * What is wrong with a pattern; undefined where texts can be judged by it.
 *
 * @param isOfNames names are matched by the validator itself, whose engine goes back
 */
export function flawOf(pattern: string, isOfNames = false): Omit<UnusablePattern, 'pointer'> | undefined {
  let source: string
  try {
    source = new RegExp(pattern, 'u').source
  } catch {
    const message = 'The pattern is no ECMA-262 regular expression with the u flag (JSON Schema Core, 6.4).'
    return { code: 'pattern-invalid', message }
  }
  const why = whyNotLinear(source) ?? (isOfNames ? whyNotForNames(source) : undefined)
  return why === undefined ? undefined : { code: 'pattern-backtracks', message: whatToDo(why) }
}

function whyNotForNames(source: string): string | undefined {
  return compilePattern(source).native ? undefined : 'names can match it in more than one way'
}
