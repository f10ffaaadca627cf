import { ExactNumber, isJsonObject, type JsonValue } from '../json/value.js'
import type { Located, OpenApiDocument } from '../openapi/document.js'
import { type SchemaView, viewSchema } from '../openapi/schema-view.js'

const NUMBER = /^[+-]?[0-9]{1,1000}(?:\.[0-9]{1,1000})?(?:[eE][+-]?[0-9]{1,4})?$/

/** Makes numbers of the texts that stand where a schema has numbers and no texts. Everything else stays as it is. */
export function exactArguments(document: OpenApiDocument, schema: Located, value: JsonValue): JsonValue {
  if (typeof value !== 'string' && typeof value !== 'object') return value
  const views = viewsOf(document, schema)
  if (typeof value === 'string') return views.some(isNumeric) && NUMBER.test(value) ? numberOf(value) : value
  if (Array.isArray(value)) {
    const items = views.map((view) => view.items).find((each) => each !== undefined)
    const values: readonly JsonValue[] = value
    return items ? values.map((each) => exactArguments(document, items, each)) : values
  }
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member = null]) => {
      const own = views.map(({ properties }) => properties.get(name)).find((each) => each !== undefined)
      return [name, own ? exactArguments(document, own, member) : member]
    }),
  )
}

/** The schema, and each that it may be instead. */
function viewsOf(document: OpenApiDocument, schema: Located): readonly SchemaView[] {
  const view = viewSchema(document, schema)
  return [view, ...view.alternatives.map((each) => viewSchema(document, each))]
}

function isNumeric({ types }: SchemaView): boolean {
  return (types.has('integer') || types.has('number')) && !types.has('string')
}

function numberOf(text: string): ExactNumber {
  return new ExactNumber(text.replace(/^\+/, '').replace(/^(-?)0+(?=[0-9])/, '$1'))
}
