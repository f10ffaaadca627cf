import { checkSchemaAnnotation } from '../../annotation/schema/schema.js'
import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { isObject, type Located, type OpenApiDocument } from '../../openapi/document.js'
import { type SchemaView, viewSchema } from '../../openapi/schema-view.js'

/** Looks at each schema of a document once, however many refer to it and whichever way values go. */
export class SchemaViews {
  readonly #views = new Map<unknown, SchemaView>()
  readonly #document: OpenApiDocument
  readonly #diagnostics: Diagnostics

  /** @param diagnostics is told what is wrong with annotations */
  constructor(document: OpenApiDocument, diagnostics: Diagnostics) {
    this.#document = document
    this.#diagnostics = diagnostics
  }

  of(schema: Located): SchemaView {
    const known = this.#views.get(schema.value)
    if (known) return known
    const target = isBareReference(schema.value) ? this.#document.follow(schema) : undefined
    const shared = target && this.#views.get(target.value)
    const view = shared ?? viewSchema(this.#document, target ?? schema)
    if (isObject(schema.value)) this.#views.set(schema.value, view)
    if (target && isObject(target.value)) this.#views.set(target.value, view)
    if (!shared) checkSchemaAnnotation(this.#document, view, this.#diagnostics)
    return view
  }
}

/** Nothing but a reference: what it means is what it leads to. */
function isBareReference(schema: unknown): boolean {
  return isObject(schema) && typeof schema.$ref === 'string' && Object.keys(schema).length === 1
}
