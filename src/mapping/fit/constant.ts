import { compileFacets } from '../../xsd/values/facets.js'
import { lexicalOf } from '../canonical/json-value.js'
import type { ValueMapping } from '../canonical/value-mapping.js'
import type { Fitting } from './fitting.js'
import type { MemberSpec } from './member-spec.js'

/**
 * Reports a constant or a default that its XSD type cannot hold: it can be judged once, and would fail every request.
 *
 * @param what how the message begins: `The default of limit`
 */
export function checkHeld(
  fitting: Fitting,
  {
    memberSpec: { schema },
    value,
    constant,
    what,
  }: {
    readonly memberSpec: MemberSpec
    readonly value: ValueMapping | undefined
    readonly constant: unknown
    readonly what: string
  },
): void {
  if (value?.kind !== 'scalar' || constant === undefined || constant === null) return
  const { values, type, form } = value
  if (values && typeof constant !== 'string') return
  const lexical = lexicalOf(value, constant)
  if (lexical === undefined && form !== 'list') return
  const rule =
    values && typeof constant === 'string'
      ? unlisted(constant, values)
      : lexical === undefined
        ? 'must be a list of values without white space'
        : compileFacets(type)(lexical)
  if (rule === undefined) return
  fitting.diagnostics.error('request-source', `${what} ${rule}.`, fitting.document.locate(schema.pointer), [
    { message: 'the XSD type', at: type.at },
  ])
}

function unlisted(text: string, values: ReadonlyMap<string, string>): string | undefined {
  return values.has(text) ? undefined : `must be one of ${[...values.keys()].join(', ')}`
}
