import { backendNames, readBackends } from '../../annotation/backend/backend.js'
import { readAlternatives } from '../../annotation/operation/alternatives.js'
import { type OperationAnnotation, readOperation } from '../../annotation/operation/operation.js'
import { readProtocols } from '../../annotation/protocols.js'
import { warnOfMistaken } from '../../annotation/reader/environment.js'
import { documentSchemas } from '../../annotation/schema/inner-document.js'
import { Diagnostics, type SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { didYouMean } from '../../base/diagnostic/did-you-mean.js'
import type { Environment } from '../../base/environment.js'
import type { Protocol } from '../../base/protocol.js'
import type { OpenApiDocument } from '../../openapi/document.js'
import { takesJson } from '../../openapi/json-request.js'
import { checkLinks } from '../../openapi/links.js'
import { operationsOf } from '../../openapi/operations.js'
import { join as pointerJoin } from '../../openapi/pointer.js'
import type { SoapOperation } from '../../wsdl/model.js'
import { ContractFitting } from '../fit/contract-fitting.js'
import { DocumentSchemas } from '../fit/document-schemas.js'
import { SchemaViews } from '../fit/schema-views.js'
import { joinAlternatives, type ServedOperation } from './alternatives.js'
import { type JoinedBackend, mapBackends } from './backend/backend.js'
import { mapSession, type SessionMapping } from './backend/session.js'
import type { Fittings, OperationJoin } from './both-sides.js'
import { callerExposure } from './caller-exposure.js'
import { mapDocumentFaults, mapFaults } from './fault/declared.js'
import { mapForeignFaults } from './fault/foreign.js'
import { cachePolicy } from './guarantee/cache.js'
import { idempotencyPolicy } from './guarantee/idempotency.js'
import type { BackendMapping, OperationMapping, RequestMapping } from './mapping.js'
import { checkDocuments } from './message/documents.js'
import { checkEncryptedElements } from './message/encrypted-elements.js'
import { warnOfIncludes } from './message/includes.js'
import { mapRequest } from './message/request.js'
import { mapResponse } from './message/response.js'
import { checkPlainOperation } from './plain.js'
import { soapOperationOf } from './soap-operation.js'
import { mapWebhooks, type WebhookMapping } from './webhook/webhook.js'

export interface Joined {
  readonly backends: readonly BackendMapping[]
  readonly operations: readonly OperationMapping[]
  /** Of the backends that want one. */
  readonly sessions: ReadonlyMap<BackendMapping, SessionMapping>
  readonly webhooks: readonly WebhookMapping[]
  /** What serves the operations beside REST, unless a setting says otherwise. */
  readonly protocols: ReadonlySet<Protocol>
}

/**
 * Joins an OpenAPI document with the WSDLs that its annotation names.
 *
 * @param baseDir the directory that the paths of WSDLs are relative to
 * @param options `isJudged` where these very contracts were joined and found to be in order before: an operation is joined when
 *   somebody asks for it, and what is only looked for is left out
 */
export function joinContracts(
  document: OpenApiDocument,
  baseDir: string,
  env: Environment,
  diagnostics: Diagnostics,
  { isJudged = false }: { readonly isJudged?: boolean } = {},
): Joined {
  const context = { document, diagnostics, env, baseDir }
  const annotations = readBackends(document, env, diagnostics, baseDir)
  const documents = new DocumentSchemas(baseDir, diagnostics)
  // What is joined later is joined to the files that were judged, whatever becomes of them.
  if (isJudged) {
    for (const file of documentSchemas(document.root)) documents.open(file, { file: document.file, line: 1 })
  }
  const backends = mapBackends({ ...context, documents, isJudged }, annotations)
  const names = backendNames(document)
  const fittings = fittingsOf(document, documents, diagnostics)
  const described = operationsOf(document, diagnostics)
  const joinOne = isJudged ? joinerWhenAsked(document, documents) : joinOperation
  if (!isJudged) checkLinks(document, described, diagnostics)
  const operations = described.flatMap((rest): readonly OperationMapping[] => {
    const alternatives = readAlternatives(context, rest)
    const annotation = alternatives ?? readOperation(context, rest)
    const joined = annotation && backendOf({ document, rest, annotation, diagnostics }, backends, names)
    if (!joined) return []
    const { mapping: backend, annotation: backendAnnotation } = joined
    const map = (served: ServedOperation): OperationMapping =>
      joinOne({
        ...served,
        ...{ document, backend, backendAnnotation, isLogin: false, fittings, diagnostics },
      })
    if ('alternatives' in annotation) {
      return joinAlternatives({ document, rest, annotation, backend, diagnostics, isJudged }, map)
    }
    const soap = soapOperationOf(document, annotation, backend, diagnostics)
    return soap ? [map({ rest, annotation, soap })] : []
  })
  warnOfMistaken(annotatedTexts(document), env, diagnostics)
  const sessions = new Map<BackendMapping, SessionMapping>()
  for (const backend of backends.values()) {
    const session = mapSession(document, backend, fittings, diagnostics)
    if (session) sessions.set(backend.mapping, session)
  }
  const webhooks = mapWebhooks({ ...context, backends, names, operations, fittings })
  const mappings = [...backends.values()].map(({ mapping }) => mapping)
  if (!isJudged) checkEncryptedElements(mappings, operations, diagnostics)
  return { backends: mappings, operations, sessions, webhooks, protocols: readProtocols(context) }
}

function fittingsOf(
  document: OpenApiDocument,
  documents: DocumentSchemas,
  diagnostics: Diagnostics,
): Fittings {
  const views = new SchemaViews(document, diagnostics)
  return {
    request: new ContractFitting(document, 'request', diagnostics, documents, views),
    response: new ContractFitting(document, 'response', diagnostics, documents, views),
  }
}

/** The texts of `x-soap-backends`, where variables stand. */
function* annotatedTexts(
  document: OpenApiDocument,
): Generator<{ readonly text: string; readonly at: SourceLocation }, void> {
  const pending: { readonly value: unknown; readonly pointer: string }[] = [
    { value: document.root['x-soap-backends'], pointer: '/x-soap-backends' },
  ]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { value, pointer } = next
    if (typeof value === 'string') yield { text: value, at: document.locate(pointer) }
    else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        pending.push({ value: member, pointer: pointerJoin(pointer, key) })
      }
    }
  }
}

/** The backend that an operation names, or the only one. */
function backendOf(
  {
    document,
    rest,
    annotation,
    diagnostics,
  }: Pick<OperationJoin, 'document' | 'rest' | 'diagnostics'> & {
    readonly annotation: Pick<OperationAnnotation, 'backend' | 'pointer'>
  },
  backends: ReadonlyMap<string, JoinedBackend>,
  names: readonly string[],
): JoinedBackend | undefined {
  const name = annotation.backend ?? (names.length === 1 ? names[0] : undefined)
  // A backend that cannot be used, and a contract that has none, have been reported.
  if (names.length === 0) return undefined
  if (name !== undefined && names.includes(name)) return backends.get(name)
  if (name === undefined) {
    diagnostics.error(
      'backend-unknown',
      `${rest.operationId} must name its backend: ${names.join(' or ')}.`,
      document.locate(annotation.pointer),
    )
    return undefined
  }
  // The same words for all operations that name it: they have one cause.
  diagnostics.error(
    'backend-unknown',
    `There is no backend ${name}; x-soap-backends has ${names.join(', ')}.${didYouMean(name, names)}`,
    document.locate(pointerJoin(annotation.pointer, 'backend')),
    [{ message: 'the backends', at: document.locate('/x-soap-backends') }],
  )
  return undefined
}

function joinOperation(operation: OperationJoin): OperationMapping {
  const { rest, annotation, backend, soap, diagnostics } = operation
  warnOfLimits(soap, diagnostics)
  const request = mapRequest(operation)
  const exposure = callerExposure(request)
  const response = mapResponse(operation)
  checkPlainOperation(operation, request)
  checkTool(operation, request)
  const { fittings } = operation
  const hasDocuments = fittings.request.hasDocuments || fittings.response.hasDocuments
  if (hasDocuments) checkDocuments(operation, [request.body, response.body])
  const documentFaults = hasDocuments ? mapDocumentFaults(operation, response) : []
  return {
    rest,
    backend,
    soap,
    timeoutMs: annotation.timeoutMs,
    isIdempotent: annotation.isIdempotent,
    request,
    response: { ...response, ...(documentFaults.length > 0 && { mayHoldFault: true }) },
    faults: [...mapFaults(operation), ...documentFaults],
    mappedFaults: mapForeignFaults(operation),
    idempotency: idempotencyPolicy(operation, exposure),
    cache: cachePolicy(operation, exposure),
    mcp: annotation.mcp,
    ...(operation.selection && { selection: operation.selection }),
  }
}

/** Joins operations that are known to be in order: what one is joined to is found out when somebody asks for it. */
function joinerWhenAsked(
  document: OpenApiDocument,
  documents: DocumentSchemas,
): (operation: OperationJoin) => OperationMapping {
  // What there is to say was said before.
  const diagnostics = new Diagnostics()
  const later = { diagnostics, fittings: fittingsOf(document, documents, diagnostics) }
  return (operation) => {
    // What the environment gives may not fit, and nobody has seen it. For guarantees a store may have to be opened.
    const { idempotency, cache } = operation.annotation
    if (dependsOnEnvironment(operation) || idempotency || cache) return joinOperation(operation)
    return joinWhenAsked({ ...operation, ...later })
  }
}

function joinWhenAsked(operation: OperationJoin): OperationMapping {
  const { rest, annotation, backend, soap, selection } = operation
  let joined: OperationMapping | undefined
  const whole = (): OperationMapping => (joined ??= joinOperation(operation))
  return {
    ...{ rest, backend, soap },
    timeoutMs: annotation.timeoutMs,
    isIdempotent: annotation.isIdempotent,
    mcp: annotation.mcp,
    ...(selection && { selection }),
    get request() {
      return whole().request
    },
    get response() {
      return whole().response
    },
    get faults() {
      return whole().faults
    },
    get mappedFaults() {
      return whole().mappedFaults
    },
  }
}

/** Whether values of variables go into its messages. */
function dependsOnEnvironment({ annotation, backendAnnotation }: OperationJoin): boolean {
  const blocks = [...annotation.headers, ...backendAnnotation.headers]
  const ofBlocks = blocks.flatMap(({ given }) => (given.kind === 'source' ? [given.entry] : []))
  return [...annotation.request, ...ofBlocks].some(
    ({ source, written }) => source.kind === 'constant' && written.includes('${'),
  )
}

/** Agents send JSON alone. */
function checkTool(
  { document, rest, annotation, diagnostics }: OperationJoin,
  { takesBytes }: RequestMapping,
): void {
  if (annotation.mcp !== true || takesJson(rest, { takesBytes })) return
  diagnostics.error(
    'annotation-invalid',
    `mcp must not be true here: tools send JSON, and ${rest.operationId} takes none.`,
    document.locate(pointerJoin(annotation.pointer, 'mcp')),
  )
}

/** What the WSDL asks for and is not done, before a backend complains of it. */
function warnOfLimits(soap: SoapOperation, diagnostics: Diagnostics): void {
  const { input, output } = soap
  warnOfIncludes(soap, diagnostics)
  if (soap.style === 'document' && (input.use === 'encoded' || output?.use === 'encoded')) {
    diagnostics.warning(
      'encoding-partial',
      `${soap.name} is document/encoded, which no two stacks read alike: it is called as document/literal.`,
      soap.at,
    )
  }
}
