const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const ESSENCE = new RegExp(`^(${TOKEN}/${TOKEN})[ \\t]*(?:;|$)`)

/** `type/subtype` in lower case; undefined where it is not a media type (RFC 9110, section 8.3.1). */
function essenceOf(mediaType: string): string | undefined {
  return ESSENCE.exec(mediaType)?.[1]?.toLowerCase()
}

/**
 * How a body of a media type is read and written: as JSON, as the parts of a form (RFC 7578), or as it is – text, or
 * bytes of any other kind.
 */
export type ContentKind = 'json' | 'form' | 'text' | 'bytes'

/** @param mediaType a media type, or a range such as `image/*` */
export function contentKind(mediaType: string): ContentKind {
  const essence = essenceOf(mediaType) ?? ''
  if (essence === 'application/json' || essence.endsWith('+json')) return 'json'
  if (essence === 'multipart/form-data') return 'form'
  if (essence.startsWith('text/') || essence === 'application/xml' || essence.endsWith('+xml')) return 'text'
  return 'bytes'
}

/** Has its type or subtype a `*`? Then it says nothing of what a body is: only contracts and Accept have ranges. */
export function hasWildcard(mediaType: string): boolean {
  return essenceOf(mediaType)?.includes('*') === true
}

/** Does it stand for several media types, as `image/*` does? */
export function isRange(mediaType: string): boolean {
  return essenceOf(mediaType)?.endsWith('/*') === true
}

/**
 * Does a media type or range of the contract cover a media type (RFC 9110, section 12.5.1)?
 *
 * @param mediaType parameters do not matter
 */
export function covers(range: string, mediaType: string): boolean {
  const [wanted, essence] = [essenceOf(range), essenceOf(mediaType)]
  if (wanted === undefined || essence === undefined) return false
  if (wanted === essence || wanted === '*/*') return true
  return wanted.endsWith('/*') && essence.startsWith(wanted.slice(0, -1))
}
