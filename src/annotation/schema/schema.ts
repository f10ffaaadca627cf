import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { didYouMean } from '../../base/diagnostic/did-you-mean.js'
import { isObject, type OpenApiDocument } from '../../openapi/document.js'
import { join } from '../../openapi/pointer.js'
import type { SchemaView } from '../../openapi/schema-view.js'
import { stepsOf } from '../sources/source.js'
import { type DocumentAnnotation, flawOfDocument, readDocument } from './inner-document.js'

/** What `x-soap` may say in a schema (docs/annotation.md), and what kind of value it takes. */
const keys = {
  path: { kind: 'a path of names', accepts: (value: unknown) => typeof value === 'string' },
  text: { kind: 'true', accepts: (value: unknown) => value === true },
  values: { kind: 'a map from JSON values to XML values', accepts: isObject },
  type: { kind: 'the name of an XSD type', accepts: (value: unknown) => typeof value === 'string' },
  content: { kind: 'a map', accepts: isObject },
} as const

/** `x-soap` of a schema; what is of the wrong kind is left out, and reported by `checkSchemaAnnotation`. */
export interface SchemaAnnotation {
  /** The steps to an element below that of the parent; none where the member's name says which it is. */
  readonly path: readonly string[]
  /** The member is the text of an element. */
  readonly text: boolean
  /** XML values by JSON value. */
  readonly values?: ReadonlyMap<string, string>
  /** Name of an XSD type. */
  readonly type?: string
  /** The string is an XML document. */
  readonly content?: DocumentAnnotation
}

const NOTHING: SchemaAnnotation = { path: [], text: false }

/** Reads the annotation of a schema. */
export function readSchemaAnnotation({ annotation, annotations }: SchemaView): SchemaAnnotation {
  if (annotations.length === 0) return NOTHING
  const { path, text, values, type, content } = annotation
  const inner = readDocument(content)
  return {
    path: typeof path === 'string' ? stepsOf(path) : [],
    text: text === true,
    ...(isObject(values) && {
      values: new Map(Object.entries(values).map(([json, xml]) => [json, String(xml)])),
    }),
    ...(typeof type === 'string' && { type }),
    ...(inner && { content: inner }),
  }
}

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
      } else if (key === 'content') {
        const flaw = flawOfDocument(given)
        if (flaw !== undefined) diagnostics.error('annotation-invalid', `content ${flaw}.`, at)
      }
    }
  }
}

function isKey(key: string): key is keyof typeof keys {
  return Object.hasOwn(keys, key)
}
