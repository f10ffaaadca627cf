import type { ResponseHead } from './head.js'

export interface RateLimitState {
  /** Names the policy that the limit is of. */
  readonly policy: string
  /** So many in so many seconds. */
  readonly quota: number
  readonly window: number
  readonly left: number
  /** Until there is more. */
  readonly seconds: number
}

/** Tells a client how much it may still ask for (draft-ietf-httpapi-ratelimit-headers-10). */
export function setRateLimitFields(
  head: Pick<ResponseHead, 'setHeader'>,
  { policy, quota, window, left, seconds }: RateLimitState,
): void {
  head.setHeader('ratelimit-policy', `"${policy}";q=${quota};w=${window}`)
  head.setHeader('ratelimit', `"${policy}";r=${left};t=${seconds}`)
}
