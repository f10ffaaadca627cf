/** What a request says of responses that were given before (RFC 9111, section 5.2.1). */
export interface RequestDirectives {
  readonly noStore: boolean
  /** Seconds; 0 for `no-cache`, Infinity where the client takes any age. */
  readonly maxAge: number
}

/**
 * @param cacheControl the Cache-Control field
 * @param pragma the Pragma field, which counts where there is no Cache-Control (RFC 9111, section 5.4)
 */
export function requestDirectives(
  cacheControl: string | undefined,
  pragma: string | undefined,
): RequestDirectives {
  if (cacheControl === undefined) {
    return { noStore: false, maxAge: pragma?.toLowerCase().includes('no-cache') === true ? 0 : Infinity }
  }
  let noStore = false
  let maxAge = Infinity
  for (const directive of cacheControl.toLowerCase().split(',')) {
    const [name, value = ''] = directive.trim().split('=')
    if (name === 'no-store') noStore = true
    else if (name === 'no-cache') maxAge = 0
    else if (name === 'max-age' && /^\d{1,10}$/.test(value)) maxAge = Math.min(maxAge, Number(value))
  }
  return { noStore, maxAge }
}

const ENTITY_TAG = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g

/** Whether If-None-Match names the response, by weak comparison (RFC 9110, section 13.1.2). */
export function noneMatchNames(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch.trim() === '*') return true
  return (ifNoneMatch.match(ENTITY_TAG) ?? []).some((tag) => tag.replace(/^W\//, '') === etag)
}
