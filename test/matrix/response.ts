import { bytesOf } from '../../src/base/bytes/source.js'
import type { RestResponse } from '../../src/index.js'

/** The body of a response as it goes to the client. */
export function bodyText(response: RestResponse | undefined): string {
  if (!response) throw new Error('There is no such operation')
  return bytesOf(response.body).toString()
}

/** The body of a response as the client reads it. */
export function bodyJson(response: RestResponse | undefined): unknown {
  return JSON.parse(bodyText(response))
}
