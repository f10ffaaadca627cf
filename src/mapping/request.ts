import { join } from '../openapi/pointer.js'
import { bodyOf } from './body.js'
import { fitDrafts } from './drafts.js'
import { ContractFitting } from './fit.js'
import { mapHeaders } from './headers.js'
import { isKeySource } from './idempotency-policy.js'
import { type OperationJoin } from './operation-join.js'
import { type RequestMapping } from './operation-mapping.js'
import { RequestSources } from './request-sources.js'

/** Maps parameters, body and constants onto the input message: docs/annotation.md, "Targets" and "Sources". */
export function mapRequest(operation: OperationJoin): RequestMapping {
  const { document, rest, annotation, backend, soap, env, diagnostics } = operation
  const fitting = new ContractFitting(document, 'request', diagnostics)
  const sources = new RequestSources(document, rest, fitting, env)
  const written = Object.entries(annotation.request).flatMap(([target, source]) => {
    const path = target.split('/').filter((step) => step !== '')
    return sources.entry(target, path, source, join(annotation.pointer, 'request', target))
  })
  // What a header block takes does not go to the body by its name.
  const headers = mapHeaders(operation, sources, fitting)
  const parametersByName = sources
    .parametersByName()
    .filter(({ draft }) => !annotation.idempotency || !isKeySource(draft.source))
  const drafts = [...written, ...parametersByName, ...sources.bodyByName()]
  const { wrapper, object } = bodyOf(soap.input, backend.canonical)
  const fitted = fitDrafts(fitting, object, drafts, document.locate(rest.pointer))
  const usesSession = [...fitted.members, ...(headers?.members ?? [])].some(
    ({ source }) => source.kind === 'session',
  )
  if (usesSession && !backend.annotation.session) {
    diagnostics.error(
      'session-missing',
      `${rest.operationId} sends $session.token, but the backend ${backend.name} has no session.`,
      document.locate(annotation.pointer),
    )
  }
  const minProperties = sources.minProperties()
  const beside = drafts.filter(({ draft }) => draft.source.kind !== 'body').length
  const minMembers = minProperties > 0 ? { minMembers: minProperties + beside } : {}
  return {
    body: { wrapper, object: { ...fitted.object, ...minMembers } },
    members: fitted.members,
    ...(headers && { headers }),
  }
}
