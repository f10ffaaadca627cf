import { AdapterError } from '../../base/errors.js'
import type { FaultMapping } from '../../mapping/operation/mapping.js'
import { safeCode } from '../../soap/fault-code.js'
import type { FaultAnswer } from '../reply/answer.js'
import type { RestResponse } from '../rest.js'
import { type Answered, faultProblem } from './fault-problem.js'

/**
 * The problem that a declared fault is in REST (RFC 9457): a response of the contract.
 *
 * @throws AdapterError `backend-fault` where the contract does not declare the fault
 */
export function declaredFault(
  { fault, declared, mismatch }: FaultAnswer,
  faults: readonly FaultMapping[],
  answered: Answered,
): RestResponse {
  const mapping = faults.find(({ name }) => name === declared?.name)
  if (!declared || !mapping) {
    const message = mismatch
      ? 'The backend reported a fault whose detail does not match its WSDL.'
      : 'The backend reported a fault that the contract does not declare.'
    const cause = new AdapterError('backend-fault', `SOAP fault code ${safeCode(fault)}`, { cause: mismatch })
    throw new AdapterError('backend-fault', message, { cause })
  }
  return faultProblem('declared-fault', mapping, declared.json, answered)
}
