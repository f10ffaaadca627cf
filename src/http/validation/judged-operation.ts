import { isObject, OpenApiDocument, type OpenApiObject } from '../../openapi/document.js'
import type { OpenApiOperation, OpenApiParameter } from '../../openapi/operations.js'
import { valueAt } from '../../openapi/pointer.js'
import { FORM_AS_JSON, formValidationSchema, validatedAs } from './form-schema.js'
import type { Needs, SharedSchemas } from './shared-schemas.js'

/** What a request validator has to know about an operation. */
export interface JudgedOperation {
  /** An operation object of OpenAPI. */
  readonly operation: OpenApiObject
  /** What the schemas of its parameters need. */
  readonly parameters: Needs
  /** What those of its bodies need. */
  readonly bodies: Needs
}

/** Header parameters of these names mean nothing (OpenAPI 3.1, section 4.8.12.2). */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization'])

function isMeaningful(parameter: OpenApiParameter): boolean {
  return parameter.in !== 'header' || !IGNORED_HEADERS.has(parameter.name.toLowerCase())
}

/**
 * Takes an operation out of its document, without all that does not matter to validation.
 *
 * @param schemas are told what it refers to
 * @throws SyntaxError for a pattern that is none
 */
export function judgedOperation(operation: OpenApiOperation, schemas: SharedSchemas): JudgedOperation {
  const { root } = schemas
  const [parameters, ofParameters] = schemas.rewriting((rewrite) =>
    operation.parameters.filter(isMeaningful).map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required,
      style: styleOf(root, parameter),
      explode: parameter.explode,
      allowReserved: true,
      allowEmptyValue: true,
      schema: rewrite(parameter.schema.value),
    })),
  )
  const [content, ofBodies] = schemas.rewriting((rewrite) =>
    (operation.requestBody?.content ?? []).flatMap(({ mediaType, schema }) => {
      const judged = validatedAs(mediaType)
      if (judged === undefined) return []
      const rewritten =
        judged === FORM_AS_JSON
          ? formValidationSchema(new OpenApiDocument('', root), schema, rewrite)
          : rewrite(schema.value)
      return [[judged, { schema: rewritten }] as const]
    }),
  )
  return {
    operation: {
      parameters,
      // Whether there is a body at all is judged before the validator sees the request.
      ...(content.length > 0 && { requestBody: { required: false, content: Object.fromEntries(content) } }),
      responses: {},
    },
    parameters: ofParameters,
    bodies: ofBodies,
  }
}

function styleOf(root: OpenApiObject, parameter: OpenApiParameter): string {
  const declared = valueAt(root, parameter.pointer)
  const style = isObject(declared) ? declared.style : undefined
  return typeof style === 'string' ? style : parameter.in === 'query' ? 'form' : 'simple'
}
