import { AdapterError } from '../base/errors.js'
import { instanceOf } from '../base/instance.js'
import { quote } from '../json/write.js'
import { type FaultMapping } from '../mapping/operation-mapping.js'
import { toldCode } from '../soap/fault-code.js'
import { type FaultAnswer } from './answer.js'
import { type RestResponse } from './rest.js'

/**
 * The problem that a declared fault is in REST (RFC 9457): a response of the contract.
 *
 * @throws AdapterError `backend-fault` where the contract does not declare the fault
 */
export function declaredFault(
  { fault, declared, mismatch }: FaultAnswer,
  faults: readonly FaultMapping[],
  requestId: string | undefined,
): RestResponse {
  const mapping = faults.find(({ name }) => name === declared?.name)
  if (!declared || !mapping) {
    const message = mismatch
      ? 'The backend reported a fault whose detail is not as its WSDL says.'
      : 'The backend reported a fault that the contract does not declare.'
    const cause = new AdapterError('backend-fault', `SOAP fault code ${toldCode(fault)}`, { cause: mismatch })
    throw new AdapterError('backend-fault', message, { cause })
  }
  const { name, status, title } = mapping
  const urn = instanceOf(requestId)
  const instance = urn === undefined ? '' : `"instance":"${urn}",`
  return {
    status,
    fault: name,
    headers: { 'content-type': 'application/problem+json' },
    body:
      `{"type":${quote(`/problems/declared-fault#${name}`)},"title":${quote(title)},"status":${status},` +
      `${instance}"code":${quote(name)},"fault":${declared.json}}`,
  }
}
