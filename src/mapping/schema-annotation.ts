import { type Diagnostics } from '../base/diagnostic.js'
import { didYouMean } from '../base/did-you-mean.js'
import { isObject, type OpenApiDocument } from '../openapi/document.js'
import { join } from '../openapi/pointer.js'
import { type SchemaView } from '../openapi/schema-view.js'

/** What `x-soap` may say in a schema (docs/annotation.md), and what kind of value it takes. */
const keys = {
  path: { kind: 'a path of names', accepts: (value: unknown) => typeof value === 'string' },
  text: { kind: 'true', accepts: (value: unknown) => value === true },
  values: { kind: 'a map from JSON values to XML values', accepts: isObject },
  type: { kind: 'the name of an XSD type', accepts: (value: unknown) => typeof value === 'string' },
} as const

/** Reports keys that the annotation of a schema does not have, and values that they do not take. */
export function checkSchemaAnnotation(
  document: OpenApiDocument,
  { annotations }: SchemaView,
  diagnostics: Diagnostics,
): void {
  for (const { value, pointer } of annotations) {
    if (!isObject(value)) {
      const message = 'x-soap must be a map in a schema.'
      diagnostics.error('annotation-invalid', message, document.locate(pointer))
      continue
    }
    for (const [key, given] of Object.entries(value)) {
      const at = document.locate(join(pointer, key))
      if (!isKey(key)) {
        const known = Object.keys(keys)
        const message = `There is no ${key} in the x-soap of a schema; there is ${known.join(', ')}.`
        diagnostics.error('annotation-unknown', message + didYouMean(key, known), at)
      } else if (!keys[key].accepts(given)) {
        diagnostics.error('annotation-invalid', `${key} must be ${keys[key].kind}.`, at)
      }
    }
  }
}

function isKey(key: string): key is keyof typeof keys {
  return Object.hasOwn(keys, key)
}
