import { type Diagnostics } from '../base/diagnostic.js'
import { compilePattern, whatToDo, whyNotLinear } from '../pattern/pattern.js'
import { isObject, type OpenApiObject } from '../openapi/document.js'
import { join } from '../openapi/pointer.js'

/** What these hold is no schema. */
const OTHERS = new Set(['const', 'default', 'enum', 'example', 'examples', 'mapping', 'scopes'])

/** Reports the patterns by which texts cannot be judged in time proportional to their length, wherever they stand. */
export function checkPatterns({ paths, components }: OpenApiObject, diagnostics: Diagnostics): void {
  const visit = (value: unknown, pointer: string): void => {
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        visit(item, join(pointer, String(index)))
      })
    }
    if (!isObject(value)) return
    const { pattern, patternProperties } = value
    if (typeof pattern === 'string') report(join(pointer, 'pattern'), whyNotLinear(pattern), diagnostics)
    for (const names of isObject(patternProperties) ? Object.keys(patternProperties) : []) {
      report(join(join(pointer, 'patternProperties'), names), whyNotForNames(names), diagnostics)
    }
    for (const [key, inner] of Object.entries(value)) {
      if (!OTHERS.has(key) && !key.startsWith('x-')) visit(inner, join(pointer, key))
    }
  }
  visit(paths, '/paths')
  visit(components, '/components')
}

/** Names are matched by the validator itself, whose engine goes back. */
function whyNotForNames(pattern: string): string | undefined {
  return (
    whyNotLinear(pattern) ??
    (compilePattern(pattern).native ? undefined : 'names can match it in more than one way')
  )
}

function report(pointer: string, why: string | undefined, diagnostics: Diagnostics): void {
  if (why !== undefined) diagnostics.error('pattern-backtracks', `${pointer}: ${whatToDo(why)}`)
}
