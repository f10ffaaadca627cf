/** A header field of a part. */
export interface HeaderField {
  readonly name: string
  /** What follows the colon, on one line (RFC 5322, section 2.2.3), each octet a character. */
  readonly value: string
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const ESSENCE = new RegExp(`^\\s*(${TOKEN}/${TOKEN})\\s*(?:;|$)`)

/** `type/subtype` in lower case; undefined where it is not a media type (RFC 2045, section 5.1). */
export function mediaTypeEssence(contentType: string): string | undefined {
  return ESSENCE.exec(contentType)?.[1]?.toLowerCase()
}

/**
 * A parameter of a media type, without quotes.
 *
 * @param name in lower case
 * @returns undefined where there is none, and where it is there twice
 */
export function mediaTypeParameter(contentType: string, name: string): string | undefined {
  const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/gs
  let found: string | undefined
  for (const [, key = '', quoted, plain] of contentType.matchAll(parameter)) {
    if (key.toLowerCase() !== name) continue
    if (found !== undefined) return undefined
    found = quoted === undefined ? plain : quoted.replace(/\\(.)/gs, '$1')
  }
  return found
}

const PLAIN = new RegExp(
  `^[ \\t]*${TOKEN}/${TOKEN}(?:[ \\t]*;[ \\t]*${TOKEN}[ \\t]*=[ \\t]*(?:"(?:[^"\\\\]|\\\\.)*"|[^\\s;"()\\\\]+))*(?:[ \\t]*;)?[ \\t]*$`,
)

/**
 * Whether it is written so that readers of MIME, which know comments and white space within a value (RFC 2045, section 5.1), parameters
 * in sections and in charsets (RFC 2231), and those of HTTP, which know none of it (RFC 9110, section 8.3.1), read the same.
 */
export function isPlainMediaType(contentType: string): boolean {
  return PLAIN.test(contentType) && !/;\s*(?:charset|type)\*/i.test(contentType)
}

/** A parameter's value between double quotes. */
export function quotedParameter(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`
}
