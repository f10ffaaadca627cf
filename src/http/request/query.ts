import type { Violation } from '../../base/errors.js'

export interface ParsedQuery {
  /** Only names that the operation knows. */
  readonly values: Record<string, string | string[]>
  readonly violations: readonly Violation[]
}

const NONE: ReadonlySet<string> = new Set()

/** What a violation may repeat of a name that the client made up. */
const PLAIN_NAME = /^[\w.[\]$-]{1,64}$/

/**
 * Reads a query as application/x-www-form-urlencoded writes it (WHATWG URL, section 5.1), but refuses
 * broken percent-encoding and names that the operation does not declare.
 *
 * @param search without the question mark
 * @param declared the names of the query parameters
 * @param credentials names of parameters that were read already and go no further
 */
export function parseQuery(
  search: string,
  declared: ReadonlySet<string>,
  credentials: ReadonlySet<string> = NONE,
): ParsedQuery {
  const values: Record<string, string | string[]> = {}
  const violations: Violation[] = []
  if (search === '') return { values, violations }
  for (const pair of search.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals === -1 ? pair : pair.slice(0, equals))
    const value = decode(equals === -1 ? '' : pair.slice(equals + 1))
    if (name !== undefined && credentials.has(name)) continue
    if (name === undefined || !declared.has(name)) {
      const pointer = name !== undefined && PLAIN_NAME.test(name) ? `query/${name}` : 'query'
      violations.push({ pointer, detail: 'is not a parameter of this operation' })
    } else if (value === undefined) {
      violations.push({ pointer: `query/${name}`, detail: 'must be percent-encoded UTF-8' })
    } else {
      const before = values[name]
      if (before === undefined) values[name] = value
      else if (typeof before === 'string') values[name] = [before, value]
      else before.push(value)
    }
  }
  return { values, violations }
}

function decode(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
