import { AdapterError } from '../../base/errors.js'
import type { MappedFault } from '../reply/mapped-faults.js'
import type { RestResponse } from '../rest.js'
import { type Answered, faultProblem } from './fault-problem.js'

/**
 * The problem that a mapped fault is in REST: a response of the contract.
 *
 * @throws AdapterError `backend-mismatch` where the fault lacks a value that the problem's schema requires
 */
export function mappedFault({ mapping, json, missing }: MappedFault, answered: Answered): RestResponse {
  if (missing !== undefined) {
    throw new AdapterError(
      'backend-mismatch',
      `The fault ${mapping.name} lacks its value ${missing}, or has one that the contract does not take.`,
    )
  }
  return faultProblem('mapped-fault', mapping, json, answered)
}
