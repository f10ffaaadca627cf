import { compileFacets } from '../xsd/facets.js'
import { type Fitting } from './fitting.js'
import { type MemberSpec } from './member-spec.js'
import { type ValueMapping } from './value-mapping.js'

/**
 * Reports a constant or a default that its XSD type cannot hold: it can be judged once, and would fail every request.
 *
 * @param what how the message begins: `The default of limit`
 */
export function checkHeld(
  fitting: Fitting,
  { schema }: MemberSpec,
  value: ValueMapping | undefined,
  constant: unknown,
  what: string,
): void {
  if (value?.kind !== 'scalar' || value.form === 'list') return
  if (typeof constant !== 'string' && typeof constant !== 'number' && typeof constant !== 'boolean') return
  const { values, type } = value
  const text = String(constant)
  const rule = values ? unlisted(text, values) : compileFacets(type)(text)
  if (rule === undefined) return
  fitting.diagnostics.error('request-source', `${what} ${rule}.`, fitting.document.locate(schema.pointer), [
    { message: 'the XSD type', at: type.at },
  ])
}

function unlisted(text: string, values: ReadonlyMap<string, string>): string | undefined {
  return values.has(text) ? undefined : `must be one of ${[...values.keys()].join(', ')}`
}
