import { isObject, type Located, OpenApiDocument, type OpenApiObject } from '../openapi/document.js'
import { type OpenApiOperation, type OpenApiParameter } from '../openapi/operations.js'
import { valueAt } from '../openapi/pointer.js'
import { FORM_AS_JSON, formValidationSchema, validatedAs } from './form-schema.js'
import { validationSchema } from './validation-schema.js'

/** An OpenAPI document that says only what a request validator has to know about a few operations. */
export interface DocumentSlice {
  readonly document: OpenApiObject
  /** The paths that stand for the operations, in their order. */
  readonly paths: readonly string[]
  /** Formats that stand for patterns. */
  readonly formats: ReadonlyMap<string, (text: string) => boolean>
}

/** Header parameters of these names mean nothing (OpenAPI 3.1, section 4.8.12.2). */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization'])

function isMeaningful(parameter: OpenApiParameter): boolean {
  return parameter.in !== 'header' || !IGNORED_HEADERS.has(parameter.name.toLowerCase())
}

/**
 * Cuts the given operations out of a document, with the schemas that they reach and without all that does not
 * matter to validation. References to anything else than a component schema become components of their own.
 */
export function sliceDocument(root: OpenApiObject, operations: readonly OpenApiOperation[]): DocumentSlice {
  const components = new ComponentSchemas(root)
  const paths = operations.map((_, index) => `/${index}`)
  const items = operations.map((operation, index) => [
    paths[index] ?? '',
    { [operation.method]: sliceOperation(root, operation, components) },
  ])
  const schemas = components.collect()
  return {
    paths,
    formats: components.formats,
    document: {
      openapi: '3.1.0',
      info: { title: 'slice', version: '1' },
      paths: Object.fromEntries(items) as OpenApiObject,
      components: { schemas },
    },
  }
}

function sliceOperation(
  root: OpenApiObject,
  operation: OpenApiOperation,
  components: ComponentSchemas,
): OpenApiObject {
  const { requestBody } = operation
  return {
    parameters: operation.parameters.filter(isMeaningful).map((parameter) => ({
      name: parameter.name,
      in: parameter.in,
      required: parameter.required,
      style: styleOf(root, parameter),
      explode: parameter.explode,
      allowReserved: true,
      allowEmptyValue: true,
      schema: components.schema(parameter.schema.value),
    })),
    ...(requestBody?.content.some(({ mediaType }) => validatedAs(mediaType) !== undefined) && {
      requestBody: {
        // Whether there is a body at all is judged before the validator sees the request.
        required: false,
        content: Object.fromEntries(
          requestBody.content.flatMap(({ mediaType, schema }) => {
            const judged = validatedAs(mediaType)
            if (judged === undefined) return []
            const rewritten =
              judged === FORM_AS_JSON ? components.form(schema) : components.schema(schema.value)
            return [[judged, { schema: rewritten }]]
          }),
        ),
      },
    }),
    responses: {},
  }
}

function styleOf(root: OpenApiObject, parameter: OpenApiParameter): string {
  const declared = valueAt(root, parameter.pointer)
  const style = isObject(declared) ? declared.style : undefined
  return typeof style === 'string' ? style : parameter.in === 'query' ? 'form' : 'simple'
}

const COMPONENT = /^#\/components\/schemas\/([A-Za-z0-9._-]+)$/

/** The component schemas that a slice reaches. */
class ComponentSchemas {
  readonly #names = new Map<string, string>()
  readonly #pending: string[] = []
  readonly formats = new Map<string, (text: string) => boolean>()

  constructor(readonly root: OpenApiObject) {}

  schema(schema: unknown): unknown {
    return validationSchema(schema, this.root, {
      refer: (ref) => this.#refer(ref),
      format: (name, test) => this.formats.set(name, test),
    })
  }

  form(schema: Located): unknown {
    return formValidationSchema(new OpenApiDocument('', this.root), schema, (part) => this.schema(part))
  }

  collect(): OpenApiObject {
    const schemas: [string, unknown][] = []
    for (let ref = this.#pending.pop(); ref !== undefined; ref = this.#pending.pop()) {
      schemas.push([this.#names.get(ref) ?? '', this.schema(valueAt(this.root, ref))])
    }
    return Object.fromEntries(schemas)
  }

  #refer(ref: string): string {
    let name = this.#names.get(ref)
    if (name === undefined) {
      name = COMPONENT.exec(ref)?.[1] ?? `soapstone.${this.#names.size}`
      this.#names.set(ref, name)
      this.#pending.push(ref)
    }
    return `#/components/schemas/${name}`
  }
}
