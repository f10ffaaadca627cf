import type { RestResponse } from '../adapter/rest.js'
import { type Body, bytesOf, lengthOf } from '../base/bytes/source.js'
import { parseWritten } from '../json/parse.js'
import type { JsonValue } from '../json/value.js'
import { contentKind } from '../openapi/media-type.js'

/** The content of a response as JSON: JSON itself, a text, or bytes in base64; undefined where it has none. */
export type Content = JsonValue | undefined

/** What a response holds, for protocols that carry JSON alone; bytes are an object with `mediaType` and `base64`. */
export function contentOf({ headers, body }: RestResponse): Content {
  if (lengthOf(body) === 0) return undefined
  const mediaType = headers['content-type'] ?? 'application/json'
  const kind = contentKind(mediaType)
  if (kind === 'text') return textOf(body)
  if (kind !== 'json') return { mediaType, base64: bytesOf(body).toString('base64') }
  return parseWritten(textOf(body))
}

function textOf(body: Body): string {
  return typeof body === 'string' ? body : bytesOf(body).toString('utf8')
}
