/** What stands before services, and what services answer by mistake. */
const COMMON: ReadonlySet<string> = new Set([
  'application/atom+xml',
  'application/fhir+xml',
  'application/hal+json',
  'application/javascript',
  'application/json',
  'application/octet-stream',
  'application/pdf',
  'application/problem+json',
  'application/problem+xml',
  'application/soap+xml',
  'application/x-www-form-urlencoded',
  'application/xhtml+xml',
  'application/xml',
  'application/xop+xml',
  'multipart/form-data',
  'multipart/mixed',
  'multipart/related',
  'text/html',
  'text/plain',
  'text/xml',
])

/**
 * What may be told of the media type of a response: one that is known, since any other may be data.
 *
 * @param mediaType in lower case, without parameters; empty for none
 */
export function safeMediaType(mediaType: string): string {
  if (COMMON.has(mediaType)) return mediaType
  return mediaType === '' ? 'no media type' : 'another media type'
}
