import { compilePattern, whatToDo, whyNotLinear } from '../../pattern/pattern.js'
import { isObject, type OpenApiObject } from '../object.js'
import { join } from '../pointer.js'
import { eachSchema, type SchemaVisitor } from '../schema-places.js'

/** A pattern that nothing can be judged by. */
export interface UnusablePattern {
  readonly pointer: string
  readonly code: 'pattern-invalid' | 'pattern-backtracks'
  readonly message: string
}

/**
 * Finds the patterns of a document that are none, and those by which texts cannot be judged in time proportional to
 * their length, wherever they stand: in schemas that are mapped and in all others.
 */
export function unusablePatterns(document: OpenApiObject): readonly UnusablePattern[] {
  const found: UnusablePattern[] = []
  eachSchema(document, patternVisitor(found))
  return found
}

/** Judges the patterns of each schema that it visits. @param found takes those that are unusable */
export function patternVisitor(found: UnusablePattern[]): SchemaVisitor {
  return ({ pattern, patternProperties }, pointerOf) => {
    const flaw = typeof pattern === 'string' ? flawOf(pattern) : undefined
    if (flaw) found.push({ pointer: join(pointerOf(), 'pattern'), ...flaw })
    if (!isObject(patternProperties)) return
    for (const name of Object.keys(patternProperties)) {
      const ofNames = flawOf(name, { isOfNames: true })
      if (ofNames) found.push({ pointer: join(pointerOf(), 'patternProperties', name), ...ofNames })
    }
  }
}

/**
 * What is wrong with a pattern; undefined where texts can be judged by it.
 *
 * @param isOfNames names are matched by the validator itself, whose engine goes back
 */
export function flawOf(
  pattern: string,
  { isOfNames = false }: { readonly isOfNames?: boolean } = {},
): Omit<UnusablePattern, 'pointer'> | undefined {
  let source: string
  try {
    source = new RegExp(pattern, 'u').source
  } catch {
    const message =
      'The pattern is not an ECMA-262 regular expression with the u flag (JSON Schema Core, 6.4).'
    return { code: 'pattern-invalid', message }
  }
  const why = whyNotLinear(source) ?? (isOfNames ? whyNotForNames(source) : undefined)
  return why === undefined ? undefined : { code: 'pattern-backtracks', message: whatToDo(why) }
}

function whyNotForNames(source: string): string | undefined {
  return compilePattern(source).native ? undefined : 'names can match it in more than one way'
}
