import { instanceOf } from '../../base/instance.js'
import { type TraceContext, traceIdOf } from '../../base/trace-context.js'
import { quote } from '../../json/write.js'
import type { FaultKind, RestResponse } from '../rest.js'

/** The request that a problem answers. */
export interface Answered {
  readonly requestId?: string | undefined
  readonly traceContext?: TraceContext | undefined
}

/** The problem that a fault of the contract is in REST (RFC 9457). */
export function faultProblem(
  kind: FaultKind,
  { name, status, title }: { readonly name: string; readonly status: number; readonly title: string },
  json: string | undefined,
  { requestId, traceContext }: Answered,
): RestResponse {
  const urn = instanceOf(requestId)
  const instance = urn === undefined ? '' : `"instance":"${urn}",`
  const traceId = traceContext ? `"traceId":"${traceIdOf(traceContext)}",` : ''
  return {
    status,
    fault: name,
    faultKind: kind,
    headers: { 'content-type': 'application/problem+json' },
    body:
      `{"type":${quote(`/problems/${kind}#${name}`)},"title":${quote(title)},"status":${status},` +
      `${instance}${traceId}"code":${quote(name)}${json === undefined ? '' : `,"fault":${json}`}}`,
  }
}
