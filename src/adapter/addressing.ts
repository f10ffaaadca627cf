import { AdapterError } from '../base/errors.js'
import type { OperationMapping } from '../mapping/operation/mapping.js'
import { addressingBlocks, type AddressingPolicy, WSA_ANONYMOUS } from '../soap/addressing.js'
import type { Answer } from './answer.js'
import type { BackendRuntime } from './runtime.js'

/** The blocks of WS-Addressing around the message identifier; undefined where the backend wants none. */
export function addressed(
  { backend, soap }: OperationMapping,
  { addressing }: BackendRuntime,
): { readonly before: string; readonly after: string } | undefined {
  if (!addressing) return undefined
  return addressingBlocks({
    action: soap.addressingAction,
    to: addressing.to ?? backend.endpoint,
    replyTo: soap.output && (addressing.replyTo ?? WSA_ANONYMOUS),
    mustUnderstand: addressing.mustUnderstand,
    soapVersion: backend.soapVersion,
  })
}

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
