import { hash } from 'node:crypto'

/**
 * The `webhook-id` of an event: the same for the same source and id, whichever process received it. A hash, since ids may be
 * numbers of accounts.
 *
 * @param source names what the id is unique in
 */
export function eventId(...source: readonly string[]): string {
  return `msg_${digestOf(...source).slice(0, 32)}`
}

/** Of several texts, so that no two lists have the same. */
export function digestOf(...texts: readonly string[]): string {
  return hash('sha256', JSON.stringify(texts), 'base64url')
}
