/** Of a delay, up to which it is longer at random, so that what failed together is not sent together again. */
const JITTER = 0.2
const MOST_RETRY_AFTER_MS = 86_400_000

/** When an event that was not taken is sent again. */
export interface Schedule {
  /** After the first attempt, after the second, …: in milliseconds. With none left it is dead. */
  readonly delaysMs: readonly number[]
  /** From 0 to 1; for tests. */
  readonly random: () => number
}

/**
 * @param attempts that were made
 * @param retryAfterMs what the endpoint asks for: it waits at least so long, a day at most
 * @returns milliseconds; undefined where it is not sent again
 */
export function nextDelay(
  { delaysMs, random }: Schedule,
  attempts: number,
  retryAfterMs = 0,
): number | undefined {
  const delayMs = delaysMs[attempts - 1]
  if (delayMs === undefined) return undefined
  const asked = Math.min(retryAfterMs, MOST_RETRY_AFTER_MS)
  return Math.round(Math.max(delayMs, asked) * (1 + JITTER * random()))
}

/**
 * @param now milliseconds since 1970
 * @returns what Retry-After says, in milliseconds (RFC 9110, section 10.2.3); 0 where it says nothing
 */
export function retryAfterMs(value: string | readonly string[] | undefined, now: number): number {
  const [text = ''] = Array.isArray(value) ? (value as readonly string[]) : [value as string | undefined]
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000
  const at = text.endsWith(' GMT') ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? 0 : Math.max(0, at - now)
}
