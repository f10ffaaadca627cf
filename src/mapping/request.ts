import { contentKind } from '../openapi/media-type.js'
import { isOctetSchema } from '../openapi/octet-schema.js'
import { join } from '../openapi/pointer.js'
import { splitAttachments } from './attachments.js'
import { bodyOf } from './body.js'
import { fitDrafts } from './drafts.js'
import { ContractFitting } from './fit.js'
import { type Fitting } from './fitting.js'
import { mapHeaders } from './headers.js'
import { isKeySource } from './idempotency-policy.js'
import { hasSwaRef, isOctets, kindOf, pathToOctets } from './octets.js'
import { type OperationJoin } from './operation-join.js'
import { type RequestMapping, type RequestMember, type SentAttachment } from './operation-mapping.js'
import { type Drafted, RequestSources } from './request-sources.js'

/** Maps parameters, body and constants onto the input message: docs/annotation.md, "Targets" and "Sources". */
export function mapRequest(operation: OperationJoin): RequestMapping {
  const { document, rest, annotation, backend, soap, env, diagnostics } = operation
  const fitting = new ContractFitting(document, 'request', diagnostics)
  const sources = new RequestSources(document, rest, fitting, env)
  const { wrapper, object } = bodyOf(soap.input, backend.canonical)
  const written = Object.entries(annotation.request).flatMap(([target, source]) => {
    const path = pathToOctets(
      object,
      target.split('/').filter((step) => step !== ''),
    )
    return sources.entry(target, path, source, join(annotation.pointer, 'request', target))
  })
  // What a header block takes does not go to the body by its name.
  const headers = mapHeaders(operation, sources, fitting)
  const parametersByName = sources
    .parametersByName()
    .filter(({ draft }) => !annotation.idempotency || !isKeySource(draft.source))
  const { attachments, inBody: drafts } = splitAttachments(operation, [
    ...written,
    ...parametersByName,
    ...sources.bodyByName(),
  ])
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
  const takesOctets = checkOctets(operation, fitted.members, attachments)
  checkForm(operation, drafts, fitted.members, fitting)
  checkSigned(operation, attachments.length > 0 || hasSwaRef(fitted.object))
  const minProperties = sources.minProperties()
  const beside = drafts.filter(({ draft }) => draft.source.kind !== 'body').length
  const minMembers = minProperties > 0 ? { minMembers: minProperties + beside } : {}
  return {
    body: { wrapper, object: { ...fitted.object, ...minMembers } },
    members: fitted.members,
    ...(headers && { headers }),
    attachments,
    takesOctets,
  }
}

/**
 * A body that is no JSON is one value as a whole.
 *
 * @returns whether its octets are taken as they are
 */
function checkOctets(
  operation: OperationJoin,
  members: readonly RequestMember[],
  attachments: readonly SentAttachment[],
): boolean {
  const { document, rest, diagnostics } = operation
  const content = rest.requestBody?.content ?? []
  const kind = kindOf(content, operation)
  if (kind === undefined || kind === 'json') return false
  const fromBody = [...members, ...attachments.map(({ member }) => member)].filter(
    ({ source }) => source.kind === 'body',
  )
  if (kind === 'form') return false
  const whole = fromBody.find(({ source }) => source.kind === 'body' && source.steps.length === 0)
  if (whole && isOctets(whole.value)) return true
  const isText = content.every(({ mediaType }) => contentKind(mediaType) === 'text')
  if (whole?.value.kind === 'scalar' && isText) return false
  if (whole?.value.kind === 'xml' && isText) return false
  diagnostics.error(
    'content-unmapped',
    `A body of ${content.map(({ mediaType }) => mediaType).join(', ')} must go to one xs:base64Binary, xs:hexBinary, wsi:swaRef or attachment${isText ? ', or to a text' : ''}: name it with x-soap.request: { …: $request.body }.`,
    document.locate(rest.requestBody?.pointer ?? rest.pointer),
  )
  return false
}

/** A part of a form that is octets goes where octets are asked for. */
function checkForm(
  { document, rest, diagnostics }: OperationJoin,
  drafts: readonly Drafted[],
  members: readonly RequestMember[],
  fitting: Fitting,
): void {
  if (contentKind(rest.requestBody?.content[0]?.mediaType ?? '') !== 'form') return
  for (const { spec, draft } of drafts) {
    const { items } = spec.view
    if (draft.source.kind !== 'body' || !isOctetSchema(items ? fitting.view(items) : spec.view)) continue
    const value = members.find(({ key }) => key === draft.key)?.value
    if (!value || isOctets(value.kind === 'array' ? value.item.value : value)) continue
    diagnostics.error(
      'content-unmapped',
      `The part ${draft.source.steps.join('/')} is octets, and what it goes to is no xs:base64Binary, xs:hexBinary, wsi:swaRef or attachment.`,
      document.locate(spec.schema.pointer),
    )
  }
}

/** A signature covers the envelope, and not the octets beside it: what is signed must be all that is sent. */
function checkSigned({ document, backend, soap, diagnostics }: OperationJoin, hasAttachments: boolean): void {
  const { annotation } = backend
  if (!annotation.security?.signature || (annotation.attachments !== 'mtom' && !hasAttachments)) return
  diagnostics.error(
    'attachment-unsigned',
    `${soap.name} sends attachments, which the signature of ${backend.name} would not cover: leave out attachments, or the signature.`,
    document.locate(annotation.pointer),
    [{ message: 'the WSDL operation', at: soap.at }],
  )
}
