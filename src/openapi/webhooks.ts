import type { Diagnostics } from '../base/diagnostic/diagnostic.js'
import { isObject, type Located, type OpenApiDocument } from './document.js'
import { contentKind } from './media-type.js'
import { contentOf } from './operations.js'
import { join } from './pointer.js'

/** A webhook of the document (OpenAPI 3.1, 4.8.1): an operation that a client serves. */
export interface OpenApiWebhook {
  /** Its key, which is the type of its events. */
  readonly name: string
  /** Of the event. */
  readonly schema: Located
  /** Its x-soap, as the document has it; src/annotation reads it. */
  readonly annotation: unknown
  /** Of the Operation Object. */
  readonly pointer: string
}

/** Full-stop delimited, as Standard Webhooks 1.0 recommends of types. */
const NAME = /^[A-Za-z0-9_]+(?:[.-][A-Za-z0-9_]+)*$/

/** Lists the webhooks of a document; none where it has no `webhooks`. */
export function webhooksOf(document: OpenApiDocument, diagnostics: Diagnostics): readonly OpenApiWebhook[] {
  const all = document.root.webhooks
  if (!isObject(all)) return []
  return Object.keys(all).flatMap((name) => {
    const pointer = join('/webhooks', name)
    const item = document.at(pointer)
    if (!item || !isObject(item.value)) return []
    const operation = document.member(item, 'post')
    if (!operation || !isObject(operation.value)) return []
    const annotation = operation.value['x-soap']
    const json = jsonOf(document, operation)
    if (annotation !== undefined && !NAME.test(name)) {
      const message = `The name of a webhook is the type of its events: letters, digits, "_", and "." or "-" between them; ${JSON.stringify(name)} is not.`
      diagnostics.error('webhook-source', message, document.locate(pointer))
    }
    if (json) return [{ name, schema: json, annotation, pointer: operation.pointer }]
    if (annotation === undefined) return []
    const message = `${name} needs a requestBody of application/json: its schema says what an event is.`
    diagnostics.error('webhook-schema', message, document.locate(operation.pointer))
    return []
  })
}

function jsonOf(document: OpenApiDocument, operation: Located): Located | undefined {
  const body = document.member(operation, 'requestBody')
  if (!body) return undefined
  return contentOf(document, body).find(({ mediaType }) => contentKind(mediaType) === 'json')?.schema
}
