import type { OpenApiObject } from '../document.js'
import { contentKind } from '../media-type.js'
import { join } from '../pointer.js'
import type { Notes } from './notes.js'
import type { Schema30 } from './schema30.js'

/** What a text holds: `byte` is base64, `binary` is bytes as they are (3.0.3, section 4.4). */
export function writeContent(schema: OpenApiObject, pointer: string, out: Schema30, notes: Notes): void {
  const { contentEncoding, contentMediaType, contentSchema } = schema
  if (contentEncoding === 'base64') out.format ??= 'byte'
  else if (typeof contentEncoding === 'string') {
    notes.add(
      join(pointer, 'contentEncoding'),
      `The encoding ${contentEncoding} is not said: 3.0 knows base64 alone.`,
    )
  }
  if (typeof contentMediaType === 'string') {
    const isRaw = contentEncoding === undefined && contentKind(contentMediaType) === 'bytes'
    if (isRaw) out.format ??= 'binary'
    else
      notes.add(
        join(pointer, 'contentMediaType'),
        `The media type ${contentMediaType} of the content is not said.`,
      )
  }
  if (contentSchema !== undefined) {
    notes.add(join(pointer, 'contentSchema'), 'The schema of what the text holds is not said.')
  }
}
