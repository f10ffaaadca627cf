import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { ContractError } from '../../base/errors.js'
import { isObject, type OpenApiDocument, type OpenApiObject } from '../../openapi/document.js'
import type { OpenApiOperation } from '../../openapi/operations.js'
import { join } from '../../openapi/pointer.js'

/** Header fields of all responses of an operation. */
export type LifecycleFields = readonly (readonly [name: string, value: string])[]

const EXTENSION = 'x-lifecycle'
const MEMBERS = new Set(['deprecated', 'sunset', 'policy', 'successor'])
const NONE: LifecycleFields = []

/**
 * What clients are told of the end of operations, from `x-lifecycle` of an operation or else of the document:
 * `Deprecation` (RFC 9745, section 2), `Sunset` (RFC 8594, section 3) and `Link` with the relations `deprecation`, `sunset`
 * and `successor-version` (RFC 9745, section 3; RFC 8594, section 6; RFC 5829, section 3.2).
 *
 * @returns by operationId; none where nothing is said
 * @throws ContractError for a date that is none, a sunset before the deprecation, and a URL that is none
 */
export function lifecyclesOf(
  document: OpenApiDocument,
  operations: readonly OpenApiOperation[],
): ReadonlyMap<string, LifecycleFields> {
  const diagnostics = new Diagnostics()
  const read = (holder: unknown, pointer: string): LifecycleFields | undefined =>
    isObject(holder) && holder[EXTENSION] !== undefined
      ? fieldsOf(holder[EXTENSION], (message, ...steps) => {
          const at = document.locate(join(pointer, EXTENSION, ...steps))
          diagnostics.error('lifecycle-invalid', message, at)
        })
      : undefined
  const ofAll = read(document.root, '')
  const all = operations.map(({ operationId, pointer }): [string, LifecycleFields] => {
    return [operationId, read(document.at(pointer)?.value, pointer) ?? ofAll ?? NONE]
  })
  if (diagnostics.hasErrors) throw new ContractError(diagnostics.list)
  return new Map(all.filter(([, fields]) => fields.length > 0))
}

type Refuse = (message: string, ...steps: string[]) => void

function fieldsOf(written: unknown, refuse: Refuse): LifecycleFields {
  if (!isObject(written)) {
    refuse(`${EXTENSION} must be a map with deprecated, sunset, policy and successor.`)
    return NONE
  }
  for (const name of Object.keys(written)) {
    if (!MEMBERS.has(name)) refuse(`${EXTENSION} has no ${name}; it has ${[...MEMBERS].join(', ')}.`, name)
  }
  const deprecated = instantOf(written, 'deprecated', refuse)
  const sunset = instantOf(written, 'sunset', refuse)
  if (deprecated !== undefined && sunset !== undefined && sunset < deprecated) {
    refuse('The sunset must not be before the deprecation (RFC 9745, section 4).', 'sunset')
  }
  const policy = urlOf(written, 'policy', refuse)
  const successor = urlOf(written, 'successor', refuse)
  const links = [
    ...(policy !== undefined && deprecated !== undefined ? [`<${policy}>; rel="deprecation"`] : []),
    ...(policy !== undefined && sunset !== undefined ? [`<${policy}>; rel="sunset"`] : []),
    ...(successor !== undefined ? [`<${successor}>; rel="successor-version"`] : []),
  ]
  return [
    ...(deprecated === undefined ? [] : [['deprecation', `@${Math.floor(deprecated / 1000)}`] as const]),
    ...(sunset === undefined ? [] : [['sunset', new Date(sunset).toUTCString()] as const]),
    ...(links.length === 0 ? [] : [['link', links.join(', ')] as const]),
  ]
}

/** A calendar day begins in UTC. @returns milliseconds since 1970 */
function instantOf(written: OpenApiObject, name: string, refuse: Refuse): number | undefined {
  const value = written[name]
  if (value === undefined) return undefined
  // YAML 1.1 readers make a date of what looks like one.
  const text = value instanceof Date ? value.toISOString() : value
  const isDate =
    typeof text === 'string' &&
    /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text)
  const instant = isDate ? Date.parse(text) : NaN
  if (!Number.isNaN(instant)) return instant
  refuse(`${name} must be a day or an instant with its offset, '2027-06-30' or '2027-06-30T12:00:00Z'.`, name)
  return undefined
}

function urlOf(written: OpenApiObject, name: string, refuse: Refuse): string | undefined {
  const value = written[name]
  if (value === undefined) return undefined
  const isUrl = typeof value === 'string' && /^(?:https?:\/\/|\/)[\x21\x23-\x3b\x3d\x3f-\x7e]*$/.test(value)
  if (isUrl) return value
  refuse(`${name} must be a URL, or a path of this host that begins with a slash.`, name)
  return undefined
}
