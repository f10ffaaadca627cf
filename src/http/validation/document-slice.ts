import { isObject, type Located, OpenApiDocument, type OpenApiObject } from '../../openapi/document.js'
import type { OpenApiOperation, OpenApiParameter } from '../../openapi/operations.js'
import { valueAt } from '../../openapi/pointer.js'
import { FORM_AS_JSON, formValidationSchema, validatedAs } from './form-schema.js'
import { validationSchema } from './schema.js'

/** What a request validator has to know about a few operations. */
export interface DocumentSlice {
  /** In the order of the operations that they stand for. */
  readonly operations: readonly SlicedOperation[]
  /** What they refer to, by the names that they refer by. */
  readonly schemas: ReadonlyMap<string, SharedSchema>
  /** Formats that stand for patterns. */
  readonly formats: ReadonlyMap<string, (text: string) => boolean>
}

export interface SlicedOperation {
  /** An operation object of OpenAPI. */
  readonly operation: OpenApiObject
  /** The schemas that it refers to by itself. */
  readonly references: ReadonlySet<string>
}

export interface SharedSchema {
  readonly schema: object
  /** The schemas that it refers to by itself. */
  readonly references: ReadonlySet<string>
}

/** Header parameters of these names mean nothing (OpenAPI 3.1, section 4.8.12.2). */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization'])

function isMeaningful(parameter: OpenApiParameter): boolean {
  return parameter.in !== 'header' || !IGNORED_HEADERS.has(parameter.name.toLowerCase())
}

/**
 * Cuts the given operations out of a document, with the schemas that they reach and without all that does not
 * matter to validation.
 */
export function sliceDocument(root: OpenApiObject, operations: readonly OpenApiOperation[]): DocumentSlice {
  const shared = new SharedSchemas(root)
  const sliced = operations.map((operation) => {
    const [made, references] = shared.referencesOf(() => sliceOperation(root, operation, shared))
    return { operation: made, references }
  })
  return { operations: sliced, schemas: shared.collect(), formats: shared.formats }
}

function sliceOperation(
  root: OpenApiObject,
  operation: OpenApiOperation,
  shared: SharedSchemas,
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
      schema: shared.schema(parameter.schema.value),
    })),
    ...(requestBody?.content.some(({ mediaType }) => validatedAs(mediaType) !== undefined) && {
      requestBody: {
        // Whether there is a body at all is judged before the validator sees the request.
        required: false,
        content: Object.fromEntries(
          requestBody.content.flatMap(({ mediaType, schema }) => {
            const judged = validatedAs(mediaType)
            if (judged === undefined) return []
            const rewritten = judged === FORM_AS_JSON ? shared.form(schema) : shared.schema(schema.value)
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

/** The schemas that a slice reaches by reference. */
class SharedSchemas {
  readonly #names = new Map<string, string>()
  readonly #pending: (readonly [ref: string, name: string])[] = []
  readonly #schemas = new Map<string, SharedSchema>()
  #references = new Set<string>()
  #count = 0
  readonly formats = new Map<string, (text: string) => boolean>()

  constructor(readonly root: OpenApiObject) {}

  schema(schema: unknown): unknown {
    return validationSchema(schema, this.root, {
      refer: (ref) => this.#refer(ref),
      format: (name, test) => this.formats.set(name, test),
      share: (part) => this.#share(part),
    })
  }

  form(schema: Located): unknown {
    return formValidationSchema(new OpenApiDocument('', this.root), schema, (part) => this.schema(part))
  }

  /** What is made, and the schemas that were referred to meanwhile. */
  referencesOf<T>(make: () => T): readonly [T, ReadonlySet<string>] {
    const references = new Set<string>()
    this.#references = references
    return [make(), references]
  }

  collect(): ReadonlyMap<string, SharedSchema> {
    for (let next = this.#pending.pop(); next; next = this.#pending.pop()) {
      const [ref, name] = next
      const [schema, references] = this.referencesOf(() => this.schema(valueAt(this.root, ref)))
      this.#schemas.set(name, { schema: isObject(schema) ? schema : {}, references })
    }
    return this.#schemas
  }

  #refer(ref: string): string {
    let name = this.#names.get(ref)
    if (name === undefined) {
      name = this.#newName()
      this.#names.set(ref, name)
      this.#pending.push([ref, name])
    }
    this.#references.add(name)
    return name
  }

  /** A part refers to what the schema refers to that it is a part of. */
  #share(part: object): string {
    const name = this.#newName()
    this.#schemas.set(name, { schema: part, references: this.#references })
    this.#references.add(name)
    return name
  }

  /** Absolute, so that it means the same in whatever schema it stands. */
  #newName(): string {
    return `shared:${this.#count++}`
  }
}
