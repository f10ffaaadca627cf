import type { Violation } from '../../base/errors.js'
import { join, valueAt } from '../../openapi/pointer.js'
import { PATTERN_FORMAT } from './schema.js'

/** An entry of the errors that express-openapi-validator throws. */
export interface ValidatorFinding {
  /** `/body/items/0`, `/query/limit`, `/params/id`, `/headers/x`. */
  readonly path: string
  readonly message: string
  readonly errorCode?: string
}

/** Enough to mend a request by; the response stays small whatever was sent. */
const MOST = 100
const LONGEST_POINTER = 256
/** An enumeration may have very many values. */
const LONGEST_DETAIL = 512

/** Says again what a more specific finding has said. */
const ECHOES = new Set(['if.openapi.validation'])

/** Turns the findings of the validator into ours, each place and message once. */
export function toViolations(
  findings: readonly ValidatorFinding[],
  others: readonly Violation[],
  body: unknown,
): readonly Violation[] {
  if (findings.length === 0) return others
  const seen = new Set<string>()
  const violations: Violation[] = []
  const taken = new Set(others.map(({ pointer }) => pointer))
  for (const finding of findings) {
    if (finding.errorCode !== undefined && ECHOES.has(finding.errorCode)) continue
    const pointer = toPointer(finding, body)
    const detail = cut(
      finding.message.replace(`must match format "${PATTERN_FORMAT}`, 'must match pattern "'),
      LONGEST_DETAIL,
    )
    const key = `${pointer} ${detail}`
    if (seen.has(key) || taken.has(pointer)) continue
    seen.add(key)
    if (violations.length < MOST) violations.push({ pointer, detail })
  }
  return [...others, ...violations]
}

function toPointer({ path, errorCode }: ValidatorFinding, body: unknown): string {
  const [, place = '', rest = ''] = /^\/(\w+)(\/.*)?$/s.exec(path) ?? []
  let pointer = `${PLACES[place] ?? place}${rest}`
  if (place === 'body') pointer = NAMES_A_MEMBER.test(errorCode ?? '') ? escapeLastName(rest, body) : rest
  return cut(pointer, LONGEST_POINTER)
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}

const NAMES_A_MEMBER = /^(?:required|additionalProperties|unevaluatedProperties|dependentRequired)\./

/** The validator appends the name of a missing or surplus member without escaping it (RFC 6901, section 3). */
function escapeLastName(path: string, body: unknown): string {
  const tokens = path.split('/').slice(1)
  let container = body
  let depth = 0
  for (; depth < tokens.length - 1; depth += 1) {
    const inner = valueAt(container, `/${tokens[depth] ?? ''}`)
    if (typeof inner !== 'object' || inner === null) break
    container = inner
  }
  return join(
    tokens
      .slice(0, depth)
      .map((token) => `/${token}`)
      .join(''),
    tokens.slice(depth).join('/'),
  )
}

const PLACES: Readonly<Record<string, string>> = { params: 'path', headers: 'header', query: 'query' }
