import { contentKind } from './media-type.js'
import type { SchemaView } from './schema-view.js'

/**
 * Does the schema of a part of a form stand for bytes as they are (OpenAPI 3.1, section 4.8.14.3.3; OpenAPI 3.0 has
 * `format: binary`)? One that says `contentEncoding: base64`, or a content that is text or JSON, stands for a text.
 */
export function isByteSchema({ types, keywords, properties, alternatives, items }: SchemaView): boolean {
  if (keywords.contentEncoding !== undefined) return false
  const { contentMediaType } = keywords
  if (typeof contentMediaType === 'string') return contentKind(contentMediaType) === 'bytes'
  if (types.size === 0) {
    const isOpen = properties.size === 0 && alternatives.length === 0 && !items
    return isOpen && keywords.enum === undefined && keywords.const === undefined
  }
  return types.has('string') && keywords.format === 'binary'
}
