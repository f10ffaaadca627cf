import { type Diagnostics } from '../base/diagnostic.js'
import { type OpenApiDocument } from '../openapi/document.js'
import { join } from '../openapi/pointer.js'
import { bodyOf } from './body.js'
import { type Environment } from './environment.js'
import { parseSource, type Source } from './expression.js'
import { mapBlocks } from './headers.js'
import { type OperationJoin } from './operation-join.js'
import { type BackendMapping, type OperationMapping } from './operation-mapping.js'
import { mapRequest } from './request.js'
import { type SessionAnnotation } from './session-annotation.js'
import { soapOperationOf } from './soap-operation.js'
import { unknownScalar } from './scalar-path.js'

/** How a backend is logged in to, and how it is told of the session. */
export interface SessionMapping {
  readonly login: OperationMapping
  /** Where the answer of the login holds the token. */
  readonly token: Extract<Source, { kind: 'response' }> | undefined
  readonly cookie: string | undefined
  readonly lifetimeMs: number | undefined
  readonly faults: ReadonlySet<string>
}

/** Maps the login operation of a backend: docs/annotation.md, "Sessions". */
export function mapSession(
  document: OpenApiDocument,
  annotation: SessionAnnotation,
  backend: BackendMapping,
  env: Environment,
  diagnostics: Diagnostics,
): SessionMapping | undefined {
  const soap = soapOperationOf(document, annotation, backend, diagnostics)
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
  const own = { ...annotation, response: '/', faults: {} }
  const both = { document, rest, annotation: own, backend: withoutToken(backend), soap, env, diagnostics }
  const body = soap.output && bodyOf(soap.output, backend.canonical)
  const blocks = mapBlocks(both)
  const login: OperationMapping = {
    rest,
    backend,
    soap,
    timeoutMs: undefined,
    request: mapRequest(both),
    response: {
      status: 200,
      mediaType: 'application/json',
      form: 'json',
      attached: [],
      body,
      selected: undefined,
      headers: [],
      blocks,
    },
    faults: [],
    idempotency: undefined,
    cache: undefined,
  }
  const token = tokenOf(both, annotation, login)
  return {
    login,
    token,
    cookie: annotation.cookie,
    lifetimeMs: annotation.lifetimeMs,
    faults: new Set(annotation.faults),
  }
}

/** What carries the token cannot be sent before there is one. */
function withoutToken(backend: BackendMapping): BackendMapping {
  const { headers } = backend.annotation
  if (!headers) return backend
  const kept = Object.entries(headers).filter(([, written]) => parseSource(written)?.kind !== 'session')
  return { ...backend, annotation: { ...backend.annotation, headers: Object.fromEntries(kept) } }
}

function tokenOf(
  { document, soap, diagnostics }: OperationJoin,
  { token, cookie, pointer }: SessionAnnotation,
  { response }: OperationMapping,
): SessionMapping['token'] {
  const report = (key: string, message: string): void => {
    diagnostics.error('session-token', message, document.locate(join(pointer, key)), [
      { message: 'the login operation', at: soap.at },
    ])
  }
  if (token === undefined) {
    if (cookie === undefined) report('', 'A session needs a token or a cookie.')
    return undefined
  }
  const source = parseSource(token)
  if (source?.kind !== 'response') {
    report('token', 'The token must be $response.body#/… or $response.soapHeader#/….')
    return undefined
  }
  const { body, blocks } = response
  const problem =
    source.part === 'body'
      ? unknownScalar(body?.object, source.steps, 'the answer')
      : unknownScalar(blocks, source.steps, 'the header of the answer')
  if (problem === undefined) return source
  report('token', `The token cannot be found: ${problem}.`)
  return undefined
}
