import { isByteSchema } from '../../openapi/byte-schema.js'
import type { Located, OpenApiDocument } from '../../openapi/document.js'
import { contentKind } from '../../openapi/media-type.js'
import { type SchemaView, viewSchema } from '../../openapi/schema-view.js'

/** What the validator takes the parts of a form for: it has rules of its own for the media type that they come in. */
export const FORM_AS_JSON = 'application/vnd.form-data+json'

/** The media type under which the validator judges a body; undefined for bytes, which no schema describes. */
export function validatedAs(mediaType: string): string | undefined {
  const kind = contentKind(mediaType)
  if (kind === 'bytes') return undefined
  return kind === 'form' ? FORM_AS_JSON : mediaType
}

/** How a part of a form is read (OpenAPI 3.1, section 4.8.15.1.1). */
export interface FormField {
  readonly kind: 'bytes' | 'json' | 'number' | 'boolean' | 'text'
  /** Parts of one name are the items of an array. */
  readonly isArray: boolean
  /** `maxLength` of bytes. */
  readonly maxBytes: number | undefined
  /** `contentMediaType`: what the part's own Content-Type must be, where it has one. */
  readonly mediaType: string | undefined
}

/** @param schema of the whole form */
export function formFields(document: OpenApiDocument, schema: Located): ReadonlyMap<string, FormField> {
  const { properties } = viewSchema(document, schema)
  return new Map([...properties].map(([name, property]) => [name, fieldOf(document, property)]))
}

function fieldOf(document: OpenApiDocument, schema: Located): FormField {
  const whole = viewSchema(document, schema)
  const items = whole.types.has('array') ? whole.items : undefined
  const isArray = items !== undefined
  const view = items ? viewSchema(document, items) : whole
  const { maxLength, contentMediaType } = view.keywords
  const kind = kindOf(view)
  return {
    kind,
    isArray,
    maxBytes: kind === 'bytes' && typeof maxLength === 'number' ? maxLength : undefined,
    mediaType: kind === 'bytes' && typeof contentMediaType === 'string' ? contentMediaType : undefined,
  }
}

function kindOf(view: SchemaView): FormField['kind'] {
  if (isByteSchema(view)) return 'bytes'
  const { types } = view
  if (types.has('string')) return 'text'
  if (types.has('integer') || types.has('number')) return 'number'
  return types.has('boolean') ? 'boolean' : 'json'
}

/**
 * The schema by which the validator judges a form: bytes are judged while they are read.
 *
 * @param rewrite makes a schema of the contract one of the validator
 */
export function formValidationSchema(
  document: OpenApiDocument,
  schema: Located,
  rewrite: (schema: unknown) => unknown,
): unknown {
  const { properties, required } = viewSchema(document, schema)
  const judged = [...properties].map(([name, property]) => {
    const { kind, isArray } = fieldOf(document, property)
    if (kind !== 'bytes') return [name, rewrite(property.value)]
    return [name, isArray ? { ...countOf(document, property), type: 'array' } : {}]
  })
  return {
    type: 'object',
    properties: Object.fromEntries(judged) as Record<string, unknown>,
    ...(required.size > 0 && { required: [...required] }),
  }
}

function countOf(document: OpenApiDocument, schema: Located): Record<string, unknown> {
  const { minItems, maxItems } = viewSchema(document, schema).keywords
  return { ...(minItems !== undefined && { minItems }), ...(maxItems !== undefined && { maxItems }) }
}
