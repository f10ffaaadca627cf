import { isObject } from '../../openapi/document.js'
import { NAMED_SUBSCHEMAS } from '../../openapi/schema-places.js'

/** Keywords whose schemas judge the same value as the schema that they stand in (JSON Schema 2020-12, Core, 10.2). */
export const IN_PLACE: ReadonlySet<string> = new Set([
  ...['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'dependentSchemas'],
])

/** What goes by the members or items that the schemas in place have evaluated (JSON Schema 2020-12, Core, 11). */
const UNEVALUATED = ['unevaluatedProperties', 'unevaluatedItems']

/** The schemas that a schema refers to in place. */
export function appliedInPlace(schema: unknown): readonly string[] {
  return [...schemasInPlace(schema)].flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []))
}

/** Whether it matters to a schema what others that it refers to have evaluated. */
export function countsOnOthers(schema: unknown): boolean {
  const inPlace = [...schemasInPlace(schema)]
  const asks = inPlace.some((each) => UNEVALUATED.some((keyword) => each[keyword] !== undefined))
  return asks && inPlace.some(({ $ref }) => $ref !== undefined)
}

/** A schema and those within it that judge the same value. */
function* schemasInPlace(schema: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (!isObject(schema)) return
  yield schema
  for (const [keyword, value] of Object.entries(schema)) {
    if (!IN_PLACE.has(keyword)) continue
    const schemas =
      Array.isArray(value) || NAMED_SUBSCHEMAS.has(keyword) ? Object.values(value ?? {}) : [value]
    for (const each of schemas) yield* schemasInPlace(each)
  }
}
