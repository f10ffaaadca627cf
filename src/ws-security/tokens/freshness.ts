import { childElements, type ElementNode, textOf } from '../document/document.js'
import { WSU } from '../names.js'
import type { VerificationPolicy } from '../policy.js'
import { TIMESTAMP, untrusted } from '../untrusted.js'

/** How long a message may come after it was made, by clocks that are apart both ways, in milliseconds. */
export function lifetimeOf({ maxAgeSeconds, clockSkewSeconds }: VerificationPolicy): number {
  return (maxAgeSeconds + 2 * clockSkewSeconds) * 1000
}

/**
 * Checks a signed wsu:Timestamp (SOAP Message Security 1.1, section 10): one Created, at most one Expires, in that order.
 *
 * @param now milliseconds since 1970
 * @returns when it was created
 * @throws AdapterError `backend-untrusted`
 */
export function checkFreshness(
  timestamp: ElementNode,
  { maxAgeSeconds, clockSkewSeconds }: VerificationPolicy,
  now: number,
): number {
  const [created, expires, ...more] = childElements(timestamp)
  if (
    created?.name !== `{${WSU}}Created` ||
    (expires && expires.name !== `{${WSU}}Expires`) ||
    more.length > 0
  ) {
    throw untrusted('The Timestamp must have Created, then Expires or nothing', TIMESTAMP)
  }
  const skew = clockSkewSeconds * 1000
  const from = timeIn(created)
  if (from > now + skew) {
    throw untrusted(
      'The response was created in the future; compare the clocks, or raise verify.clockSkewSeconds',
      TIMESTAMP,
    )
  }
  if (from < now - skew - maxAgeSeconds * 1000) {
    throw untrusted('The response is older than verify.maxAgeSeconds allows', TIMESTAMP)
  }
  if (!expires) return from
  const until = timeIn(expires)
  if (until < from) throw untrusted('The Timestamp expires before it was created', TIMESTAMP)
  if (until < now - skew) throw untrusted('The response has expired', TIMESTAMP)
  return from
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/

function timeIn(element: ElementNode): number {
  return instantOf(textOf(element) ?? '', element.localName, TIMESTAMP)
}

/**
 * An xs:dateTime with its zone; without one it would say nothing.
 *
 * @param name of what holds it
 * @returns milliseconds since 1970
 * @throws AdapterError `backend-untrusted`
 */
export function instantOf(text: string, name: string, path: string): number {
  const time = INSTANT.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw untrusted(`${name} is not an xs:dateTime with a zone`, path)
  return time
}
