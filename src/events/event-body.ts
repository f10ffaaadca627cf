import { quote } from '../json/write.js'

/**
 * What is delivered of an event: a message of Standard Webhooks 1.0, "Payload structure". Made once, so that every attempt
 * sends the same octets.
 *
 * @param at milliseconds since 1970
 * @param data JSON text
 */
export function eventBody(type: string, at: number, data: string): Uint8Array {
  return Buffer.from(
    `{"type":${quote(type)},"timestamp":${quote(new Date(at).toISOString())},"data":${data}}`,
  )
}
