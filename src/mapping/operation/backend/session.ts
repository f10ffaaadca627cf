import type { BackendAnnotation } from '../../../annotation/backend/backend.js'
import type { SessionAnnotation } from '../../../annotation/backend/session.js'
import { wholeResponse } from '../../../annotation/operation/operation.js'
import type { AllowedHost } from '../../../base/allowed-host.js'
import type { Diagnostics } from '../../../base/diagnostic/diagnostic.js'
import type { OpenApiDocument } from '../../../openapi/document.js'
import type { Fittings, OperationJoin } from '../both-sides.js'
import type { OperationMapping } from '../mapping.js'
import { bodyOf } from '../message/body.js'
import { mapBlocks } from '../message/headers.js'
import { mapRequest } from '../message/request.js'
import { unknownScalar } from '../scalar-path.js'
import { soapOperationOf } from '../soap-operation.js'
import type { ResponseSource } from '../source.js'
import type { JoinedBackend } from './backend.js'

/** How a backend is logged in to, and how it is told of the session. */
export interface SessionMapping {
  readonly login: OperationMapping
  /** Where the response to the login holds the token. */
  readonly token: ResponseSource | undefined
  /** Where it holds the endpoint of later calls. */
  readonly endpoint: ResponseSource | undefined
  readonly hosts: readonly AllowedHost[]
  readonly cookie: string | undefined
  readonly lifetimeMs: number | undefined
  readonly faults: ReadonlySet<string>
}

/**
 * Maps the login operation of a backend: docs/annotation.md, "Sessions".
 *
 * @returns undefined where the backend wants none, or, with a diagnostic, where there is no such operation
 */
export function mapSession(
  document: OpenApiDocument,
  { annotation: backendAnnotation, mapping: backend }: JoinedBackend,
  fittings: Fittings,
  diagnostics: Diagnostics,
): SessionMapping | undefined {
  const { session: annotation } = backendAnnotation
  const soap = annotation && soapOperationOf(document, annotation, backend, diagnostics)
  if (!soap) return undefined
  const rest = {
    operationId: `${backend.name}.session`,
    method: 'post',
    path: '',
    parameters: [],
    responses: [],
    security: undefined,
    annotation: undefined,
    pointer: annotation.pointer,
  }
  const operation: OperationJoin = {
    document,
    rest,
    annotation: { ...annotation, response: wholeResponse(annotation.pointer), faults: {} },
    backend,
    backendAnnotation: forLogin(backendAnnotation),
    soap,
    isLogin: true,
    diagnostics,
    fittings,
  }
  const login: OperationMapping = {
    rest,
    backend,
    soap,
    timeoutMs: undefined,
    request: mapRequest(operation),
    response: {
      status: 200,
      mediaType: 'application/json',
      form: 'json',
      attached: [],
      body: soap.output && bodyOf(soap.output, backend.canonical),
      selected: undefined,
      headers: [],
      blocks: mapBlocks(operation),
    },
    faults: [],
    mappedFaults: [],
    idempotency: undefined,
    cache: undefined,
  }
  checkEndpoint(operation, annotation)
  return {
    login,
    token: placeOf(operation, login, annotation.token, 'token'),
    endpoint: placeOf(operation, login, annotation.endpoint, 'endpoint'),
    hosts: annotation.hosts,
    cookie: annotation.cookie,
    lifetimeMs: annotation.lifetimeMs,
    faults: new Set(annotation.faults),
  }
}

/** Of the header blocks that all operations send, those that a login has values for: it belongs to no request. */
function forLogin(backend: BackendAnnotation): BackendAnnotation {
  const headers = backend.headers.filter(
    ({ given }) => given.kind !== 'source' || given.entry.source.kind === 'constant',
  )
  return { ...backend, headers }
}

/** A call has one place that says where it goes. */
function checkEndpoint(
  { document, backendAnnotation, diagnostics }: OperationJoin,
  { endpoint }: SessionAnnotation,
): void {
  if (!endpoint) return
  const { addressing, policy } = backendAnnotation
  const other = policy.endpoints ? 'endpoints' : addressing ? 'addressing' : undefined
  if (other === undefined) return
  const message = `The login says where calls go, and ${other} does, too: leave out one of them.`
  diagnostics.error('session-endpoint', message, document.locate(endpoint.pointer))
}

/** A scalar in the response to the login. */
function placeOf(
  { document, soap, diagnostics }: OperationJoin,
  { response }: OperationMapping,
  place: SessionAnnotation['token'],
  name: 'token' | 'endpoint',
): ResponseSource | undefined {
  if (!place) return undefined
  const { source, pointer } = place
  const { body, blocks } = response
  const problem =
    source.part === 'body'
      ? unknownScalar(body?.object, source.steps, 'the response')
      : unknownScalar(blocks, source.steps, 'the header of the response')
  if (problem === undefined) return source
  diagnostics.error(`session-${name}`, `The ${name} cannot be found: ${problem}.`, document.locate(pointer), [
    { message: 'the login operation', at: soap.at },
  ])
  return undefined
}
