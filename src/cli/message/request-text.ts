import type { RestRequest } from '../../adapter/rest.js'
import { jsonText } from '../../json/text.js'

/** Writes a request as `parseRestRequest` reads it, indented for people. */
export function requestText({ path, query, headers, body }: RestRequest): string {
  return jsonText({ path, query, headers, ...(body !== undefined && { body }) })
}
