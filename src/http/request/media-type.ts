/** A Content-Type as far as it matters here (RFC 9110, section 8.3). */
export interface MediaType {
  /** `type/subtype` in lower case. */
  readonly essence: string
  /** In lower case. */
  readonly charset: string | undefined
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const ESSENCE = new RegExp(`^(${TOKEN}/${TOKEN})[ \\t]*(?:;|$)`)
const CHARSET = new RegExp(`;[ \\t]*charset=(?:"(${TOKEN})"|(${TOKEN}))[ \\t]*(?:;|$)`, 'i')

/** @returns undefined where the header is not a media type */
export function parseMediaType(header: string): MediaType | undefined {
  const essence = ESSENCE.exec(header)?.[1]
  if (essence === undefined) return undefined
  const charset = CHARSET.exec(header)
  return { essence: essence.toLowerCase(), charset: (charset?.[1] ?? charset?.[2])?.toLowerCase() }
}

/**
 * Finds the media type of the contract that covers the one of the request, the most specific first
 * (OpenAPI 3.1, section 4.8.13.1).
 *
 * @returns the media type as the contract writes it
 */
export function declaredMediaType(sent: MediaType, declared: readonly string[]): string | undefined {
  const ranges = [sent.essence, `${sent.essence.slice(0, sent.essence.indexOf('/'))}/*`, '*/*']
  for (const range of ranges) {
    const found = declared.find((mediaType) => parseMediaType(mediaType)?.essence === range)
    if (found !== undefined) return found
  }
  return undefined
}
