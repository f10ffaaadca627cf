import { AdapterError } from '../../base/errors.js'

/** A day; nobody waits longer, and timers cannot. */
const MOST_SECONDS = 86_400

/**
 * The time for which a client waits, from its header field `Request-Timeout`: seconds, with fractions where need be.
 * The field comes from draft-thomson-hybi-http-timeout, section 2, which knows whole seconds only.
 *
 * @returns milliseconds; undefined without the field
 * @throws AdapterError `request-invalid`
 */
export function requestTimeoutMs(field: string | readonly string[] | undefined): number | undefined {
  if (field === undefined) return undefined
  const seconds = typeof field === 'string' && /^\d{1,9}(\.\d{1,9})?$/.test(field) ? Number(field) : 0
  if (seconds > 0) return Math.ceil(Math.min(seconds, MOST_SECONDS) * 1000)
  const detail = 'must be a number of seconds above 0, such as 2.5'
  throw new AdapterError('request-invalid', 'The request does not match the contract in one place.', {
    violations: [{ pointer: 'header/Request-Timeout', detail }],
  })
}
