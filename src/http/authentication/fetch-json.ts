import { fetchedOctets } from '../../base/bytes/fetched.js'
import { isObject, type OpenApiObject } from '../../openapi/document.js'

/** What is sent where something is to be sent. */
export interface JsonRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The longest response; a megabyte by default. */
  readonly maxBytes?: number
}

const MOST_BYTES = 1_048_576
const TIMEOUT_MS = 5_000

/**
 * Fetches a JSON object from an authorization server: no redirects, no more than a megabyte, no longer than five
 * seconds.
 *
 * @throws Error where that fails; its message holds nothing of the response
 */
export async function fetchJson(
  url: string,
  { maxBytes = MOST_BYTES, ...init }: JsonRequest = {},
): Promise<OpenApiObject> {
  const response = await fetch(url, {
    ...init,
    headers: { accept: 'application/json', ...init.headers },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new Error(`the authorization server answered with ${response.status}`)
  }
  const octets = await fetchedOctets(
    response,
    maxBytes,
    () => new Error('the authorization server answered with too much'),
  )
  let value: unknown
  try {
    value = JSON.parse(octets.toString('utf8'))
  } catch {
    throw new Error('the authorization server answered with something else than JSON')
  }
  if (!isObject(value)) throw new Error('the authorization server answered with no JSON object')
  return value
}
