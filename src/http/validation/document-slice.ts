import { isObject, OpenApiDocument, type OpenApiObject } from '../../openapi/document.js'
import type { OpenApiOperation, OpenApiParameter } from '../../openapi/operations.js'
import { valueAt } from '../../openapi/pointer.js'
import { FORM_AS_JSON, formValidationSchema, validatedAs } from './form-schema.js'
import { validationSchema } from './schema.js'

/** What a request validator has to know about a few operations. */
export interface DocumentSlice {
  /** In the order of the operations that they stand for. */
  readonly operations: readonly SlicedOperation[]
  /** What they refer to, and what that refers to. */
  readonly schemas: SharedSchemas
}

export interface SlicedOperation {
  /** An operation object of OpenAPI. */
  readonly operation: OpenApiObject
  /** What the schemas of its parameters need. */
  readonly parameters: Needs
  /** What those of its bodies need. */
  readonly bodies: Needs
}

/** What has to be known of a schema before it can be compiled. */
export interface Needs {
  /** The names of the shared schemas that it refers to by itself. */
  readonly references: ReadonlySet<string>
  /** Formats that stand for patterns. */
  readonly formats: ReadonlyMap<string, (text: string) => boolean>
}

export interface SharedSchema extends Needs {
  readonly schema: object
}

/** Header parameters of these names mean nothing (OpenAPI 3.1, section 4.8.12.2). */
const IGNORED_HEADERS = new Set(['accept', 'content-type', 'authorization'])

function isMeaningful(parameter: OpenApiParameter): boolean {
  return parameter.in !== 'header' || !IGNORED_HEADERS.has(parameter.name.toLowerCase())
}

/**
 * Cuts the given operations out of a document, without all that does not matter to validation. The schemas that they reach
 * are rewritten when they are asked for: of some hundred a request has a few.
 */
export function sliceDocument(root: OpenApiObject, operations: readonly OpenApiOperation[]): DocumentSlice {
  const schemas = new SharedSchemas(root)
  return { operations: operations.map((operation) => sliceOperation(root, operation, schemas)), schemas }
}

function sliceOperation(
  root: OpenApiObject,
  operation: OpenApiOperation,
  schemas: SharedSchemas,
): SlicedOperation {
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

/** Characters of the schemas of a document as JSON. */
const LARGE = 200_000
const LARGE_ROOTS = new WeakMap<OpenApiObject, boolean>()

/**
 * The schemas that a slice reaches by reference, by the names that they are referred to by: each is rewritten once, when it is first
 * asked for.
 */
export class SharedSchemas {
  readonly #names = new Map<string, string>()
  readonly #pending = new Map<string, string>()
  readonly #schemas = new Map<string, SharedSchema>()
  #count = 0

  constructor(readonly root: OpenApiObject) {}

  /** Whether the document has so many that they are compiled as their code comes, without making it smaller, which may take minutes. */
  get areLarge(): boolean {
    const { root } = this
    let areLarge = LARGE_ROOTS.get(root)
    if (areLarge === undefined) {
      areLarge = JSON.stringify(valueAt(root, '#/components/schemas') ?? {}).length > LARGE
      LARGE_ROOTS.set(root, areLarge)
    }
    return areLarge
  }

  /** @returns undefined where nothing has referred to it */
  get(name: string): SharedSchema | undefined {
    const ref = this.#pending.get(name)
    if (ref !== undefined) {
      const [schema, needs] = this.rewriting((rewrite) => rewrite(valueAt(this.root, ref)))
      this.#schemas.set(name, { schema, ...needs })
      // What cannot be rewritten stays pending, and is refused whenever it is asked for.
      this.#pending.delete(name)
    }
    return this.#schemas.get(name)
  }

  /** Those that have been referred to, and all that they reach. */
  all(): Iterable<SharedSchema> {
    for (const name of this.#pending.keys()) this.get(name)
    return this.#schemas.values()
  }

  /** What is made with schemas that are rewritten meanwhile, and what these need. */
  rewriting<T>(make: (rewrite: (schema: unknown) => object) => T): readonly [T, Needs] {
    const references = new Set<string>()
    const formats = new Map<string, (text: string) => boolean>()
    const needs = { references, formats }
    const referTo = (name: string): string => {
      references.add(name)
      return name
    }
    const parts = new Map<string, SharedSchema>()
    const rewriting = {
      refer: (ref: string) => referTo(this.#nameOf(ref)),
      format: (name: string, test: (text: string) => boolean) => formats.set(name, test),
      // A part needs what the schema needs that it is a part of.
      share: (part: object) => {
        const name = this.#newName()
        parts.set(name, { schema: part, ...needs })
        return referTo(name)
      },
    }
    const made = make((schema) => validationSchema(schema, this.root, rewriting))
    for (const [name, part] of parts) this.#schemas.set(name, part)
    return [made, needs]
  }

  #nameOf(ref: string): string {
    const known = this.#names.get(ref)
    if (known !== undefined) return known
    const name = this.#newName()
    this.#names.set(ref, name)
    this.#pending.set(name, ref)
    return name
  }

  /** Absolute, so that it means the same in whatever schema it stands. */
  #newName(): string {
    return `shared:${this.#count++}`
  }
}
