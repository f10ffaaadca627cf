import { contentKind } from './media-type.js'
import type { OpenApiOperation } from './operations.js'

/**
 * Whether a protocol that carries JSON alone can call an operation: its request is JSON, or it takes none.
 *
 * @param takesBytes whether it takes bytes, whatever media type they have
 */
export function takesJson(
  { requestBody }: OpenApiOperation,
  { takesBytes }: { readonly takesBytes: boolean },
): boolean {
  const content = requestBody?.content ?? []
  return (
    !takesBytes &&
    (content.length === 0 || content.some(({ mediaType }) => contentKind(mediaType) === 'json'))
  )
}
