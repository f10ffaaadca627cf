import { isByteSchema } from '../../../openapi/byte-schema.js'
import { contentKind } from '../../../openapi/media-type.js'
import { attachmentCoverage } from '../../../ws-security/policy.js'
import type { Fitting } from '../../fit/fitting.js'
import type { OperationJoin } from '../both-sides.js'
import { isKeySource } from '../guarantee/idempotency.js'
import type { RequestMapping, RequestMember, SentAttachment } from '../mapping.js'
import type { Source } from '../source.js'
import { splitAttachments } from './attachments.js'
import { bodyOf, formMeant } from './body.js'
import { hasSwaRef, isBytes, kindOf, pathToBytes } from './bytes.js'
import { mapHeaders } from './headers.js'
import { fitDrafts } from './placement.js'
import { type Drafted, RequestSources } from './request-sources.js'
import { samlAssertionOf } from './saml.js'

/** Maps parameters, body and constants onto the input message: docs/annotation.md, "Targets" and "Sources". */
export function mapRequest(operation: OperationJoin): RequestMapping {
  const { document, rest, annotation, backend, soap, fittings } = operation
  const fitting = fittings.request
  const sources = new RequestSources(operation, fitting)
  const paths = annotation.request.map(({ path }) => path)
  const { wrapper, object } = bodyOf(soap.input, backend.canonical, formMeant(soap.input, paths))
  const written = annotation.request.flatMap((entry) => sources.entry(entry, pathToBytes(object, entry.path)))
  // What a header block takes does not go to the body by its name.
  const headers = mapHeaders(operation, sources, fitting)
  const samlAssertion = samlAssertionOf(operation, fitting)
  const parametersByName = sources
    .parametersByName()
    .filter(({ draft }) => !isSame(draft.source, samlAssertion))
    .filter(({ draft }) => !annotation.idempotency || !isKeySource(draft.source))
  const { attachments, inBody: drafts } = splitAttachments(operation, [
    ...written,
    ...parametersByName,
    ...sources.bodyByName(),
  ])
  const fitted = fitDrafts(fitting, object, drafts, document.locate(rest.pointer))
  const takesBytes = checkBytes(operation, fitted.members, attachments)
  checkForm(operation, drafts, fitted.members, fitting)
  checkSigned(operation, () => attachments.length > 0 || hasSwaRef(fitted.object))
  const minProperties = sources.minProperties()
  const beside = drafts.filter(({ draft }) => draft.source.kind !== 'body').length
  const minMembers = minProperties > 0 ? { minMembers: minProperties + beside } : {}
  return {
    body: { wrapper, object: { ...fitted.object, ...minMembers } },
    members: fitted.members,
    ...(headers && { headers }),
    attachments,
    takesBytes,
    ...(samlAssertion && { samlAssertion }),
  }
}

/** Is a parameter the one that brings an assertion, which has its place in the header? */
function isSame(source: Source, assertion: Source | undefined): boolean {
  return (
    source.kind === 'parameter' &&
    assertion?.kind === 'parameter' &&
    source.in === assertion.in &&
    source.name === assertion.name
  )
}

/**
 * A body that is not JSON is one value as a whole.
 *
 * @returns whether its bytes are taken as they are
 */
function checkBytes(
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
  if (whole && isBytes(whole.value)) return true
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

/** A part of a form that is bytes goes where bytes are asked for. */
function checkForm(
  { document, rest, diagnostics }: OperationJoin,
  drafts: readonly Drafted[],
  members: readonly RequestMember[],
  fitting: Fitting,
): void {
  if (contentKind(rest.requestBody?.content[0]?.mediaType ?? '') !== 'form') return
  for (const { spec, draft } of drafts) {
    const { items } = spec.view
    if (draft.source.kind !== 'body' || !isByteSchema(items ? fitting.view(items) : spec.view)) continue
    const value = members.find(({ key }) => key === draft.key)?.value
    if (!value || isBytes(value.kind === 'array' ? value.item.value : value)) continue
    diagnostics.error(
      'content-unmapped',
      `The part ${draft.source.steps.join('/')} is bytes, and what it goes to is not an xs:base64Binary, xs:hexBinary, wsi:swaRef or attachment.`,
      document.locate(spec.schema.pointer),
    )
  }
}

/** A signature and encryption cover what is beside the envelope only where they say so: what they cover must be all that is sent. */
function checkSigned({ backend, soap, diagnostics }: OperationJoin, hasAttachments: () => boolean): void {
  const { signature, encryption } = backend.security ?? {}
  const what = signature ? 'signature' : 'encryption'
  const { parts } = signature ?? encryption ?? {}
  if (!parts || !hasAttachments()) return
  const related = [{ message: 'the WSDL operation', at: soap.at }]
  if (!attachmentCoverage(parts)) {
    diagnostics.error(
      'attachment-unsigned',
      `${soap.name} sends attachments, which the ${what} of ${backend.name} would not cover: add attachments or complete-attachments to security.${what}.parts.`,
      backend.at,
      related,
    )
  } else if (encryption?.parts.includes('body') && !attachmentCoverage(encryption.parts)) {
    diagnostics.warning(
      'attachment-unencrypted',
      `${soap.name} sends attachments in the clear, beside a body that ${backend.name} encrypts: add attachments or complete-attachments to security.encryption.parts.`,
      backend.at,
      related,
    )
  }
}
