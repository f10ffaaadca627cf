import { AdapterError } from '../../base/errors.js'
import type { AddressingPolicy } from '../../soap/addressing.js'
import type { Answer } from './answer.js'

/**
 * Is it the answer to this call (WS-Addressing 1.0 Core, 3.4)? Faults often do not say so, because what they
 * answer could not be read.
 *
 * @throws AdapterError `backend-untrusted`
 */
export function checkRelation(
  relatesTo: string | undefined,
  messageId: string,
  answer: Answer,
  addressing: AddressingPolicy,
): void {
  if (relatesTo === messageId) return
  const mayBeAbsent = addressing.relatesTo === 'optional' || answer.kind !== 'output'
  if (relatesTo === undefined && mayBeAbsent) return
  const how = relatesTo === undefined ? 'has no wsa:RelatesTo' : 'relates to another message'
  throw new AdapterError('backend-untrusted', `The response ${how}.`, { path: '/Envelope/Header' })
}
