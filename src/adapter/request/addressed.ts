import type { OperationMapping } from '../../mapping/operation/mapping.js'
import { addressingBlocks, WSA_ANONYMOUS } from '../../soap/addressing.js'
import type { BackendRuntime } from '../runtime.js'

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
