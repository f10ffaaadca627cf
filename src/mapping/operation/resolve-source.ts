import type { CallKind, WrittenSource } from '../../annotation/sources/source.js'
import type { DiagnosticCode } from '../../base/diagnostic/code.js'
import { didYouMean } from '../../base/diagnostic/did-you-mean.js'
import type { Located } from '../../openapi/document.js'
import { isNamed, type OpenApiOperation, type OpenApiParameter } from '../../openapi/operations.js'
import type { Fitting } from '../fit/fitting.js'
import type { OperationJoin } from './both-sides.js'
import type { Source } from './source.js'

/** A source whose operation has what it names. */
export interface ResolvedSource {
  readonly source: Source
  /** What the contract says of its values; absent where it says nothing. */
  readonly schema: Located | undefined
  /** Whether each request has a value. */
  readonly required: boolean
  /** Of a declared parameter. */
  readonly parameter: OpenApiParameter | undefined
}

/** Why a source cannot be resolved, and what to do. */
interface Unresolved {
  readonly problem: string
  readonly code?: DiagnosticCode
}

/**
 * Resolves a source against its operation; all keys of the annotation that take one go through here.
 *
 * @param fitting of the request
 * @param code of the finding where the operation has no such thing
 * @returns undefined, with a diagnostic
 */
export function resolveSource(
  operation: OperationJoin,
  fitting: Fitting,
  { source, pointer }: WrittenSource<CallKind>,
  code: DiagnosticCode,
): ResolvedSource | undefined {
  const found = operation.isLogin ? ofLogin(source) : ofRequest(operation, fitting, source)
  const at = operation.document.locate(pointer)
  if ('problem' in found) {
    operation.diagnostics.error(found.code ?? code, found.problem, at)
    return undefined
  }
  if (source.kind === 'identity' || source.kind === 'claim') warnOfStrangers(operation, source, pointer)
  return found
}

function ofRequest(
  { rest, backend, backendAnnotation: { session } }: OperationJoin,
  fitting: Fitting,
  source: Source,
): ResolvedSource | Unresolved {
  switch (source.kind) {
    case 'parameter':
    case 'body':
    case 'constant':
      return resolveInRequest(rest, fitting, source)
    case 'session': {
      // A session without either is reported where it stands.
      if (session && (session.token ?? session.cookie === undefined)) return certain(source)
      const { operationId } = rest
      const problem = session
        ? `${operationId} sends $session.token, but the session of ${backend.name} has none: say where the response to its login holds it, with token: $response.body#/….`
        : `${operationId} sends $session.token, but the backend ${backend.name} has no session: give it session: { operation: …, token: $response.body#/… }.`
      return { problem, code: 'session-missing' }
    }
    case 'identity':
    case 'claim':
    case 'request-id':
      return certain(source)
  }
}

/** Resolves what a request alone gives. */
export function resolveInRequest(
  rest: OpenApiOperation,
  fitting: Fitting,
  source: Extract<Source, { readonly kind: 'parameter' | 'body' | 'constant' }>,
): ResolvedSource | Unresolved {
  switch (source.kind) {
    case 'parameter':
      return parameterNamed(rest, source)
    case 'body':
      return bodyMember(rest, fitting, source.steps)
    case 'constant':
      return certain(source)
  }
}

/** A login is made for all callers, and has no request whose parts it could send. */
function ofLogin(source: Source): ResolvedSource | Unresolved {
  if (source.kind === 'constant') return certain(source)
  return {
    problem:
      'The login belongs to no request, since all calls share its session: give a constant, with ${NAME} for the environment.',
  }
}

function certain(source: Source): ResolvedSource {
  return { source, schema: undefined, required: true, parameter: undefined }
}

/** Finds a parameter; names of headers have no case (RFC 9110, section 5.1). */
export function parameterNamed(
  { parameters }: OpenApiOperation,
  source: Extract<Source, { readonly kind: 'parameter' }>,
): ResolvedSource | Unresolved {
  const { in: place, name } = source
  const parameter = parameters.find((each) => each.in === place && isNamed(each, name))
  if (!parameter) {
    const others = parameters.filter((each) => each.in === place).map((each) => each.name)
    const there = others.length === 0 ? 'it has none' : `it has ${others.join(', ')}`
    const elsewhere = parameters.find((each) => isNamed(each, name))
    const hint = elsewhere
      ? ` Did you mean $request.${elsewhere.in}.${elsewhere.name}?`
      : didYouMean(name, others)
    return { problem: `The operation has no ${place} parameter ${name}; ${there}.${hint}` }
  }
  return {
    source: { ...source, name: place === 'header' ? parameter.name.toLowerCase() : parameter.name },
    schema: parameter.schema,
    required: parameter.required,
    parameter,
  }
}

function bodyMember(
  { requestBody }: OpenApiOperation,
  fitting: Fitting,
  steps: readonly string[],
): ResolvedSource | Unresolved {
  let schema = requestBody?.content[0]?.schema
  if (!requestBody || !schema) return { problem: 'The operation has no request body.' }
  let { required } = requestBody
  for (const step of steps) {
    const view = fitting.view(schema)
    const names = [...view.properties.keys()]
    required &&= view.required.has(step)
    schema = view.properties.get(step)
    if (!schema) {
      const there = names.length === 0 ? 'there is nothing below it' : `there is ${names.join(', ')}`
      const hint = didYouMean(step, names)
      return { problem: `The body's schema has no /${steps.join('/')}: at ${step}, ${there}.${hint}` }
    }
  }
  return { source: { kind: 'body', steps }, schema, required, parameter: undefined }
}

/** What is known of a caller depends on how it shows who it is. */
function warnOfStrangers(
  { document, rest, diagnostics }: OperationJoin,
  source: Extract<Source, { readonly kind: 'identity' | 'claim' }>,
  pointer: string,
): void {
  // A contract that says nothing of security is reported where it is served.
  if (!rest.security || isGiven(rest.security, source)) return
  const what = source.kind === 'claim' ? 'claims' : `$identity.${source.part}`
  const giver =
    source.kind === 'identity' && source.part === 'client'
      ? 'credentials of any kind'
      : 'an access token (http bearer, oauth2 or openIdConnect)'
  const message = `${rest.operationId} asks nobody for credentials that give ${what}: its security must ask for ${giver}.`
  diagnostics.warning('identity-absent', message, document.locate(pointer))
}

function isGiven(
  security: NonNullable<OpenApiOperation['security']>,
  source: Extract<Source, { readonly kind: 'identity' | 'claim' }>,
): boolean {
  const isClient = source.kind === 'identity' && source.part === 'client'
  return security.flat().some(({ scheme }) => {
    switch (scheme.kind) {
      case 'accessToken':
        return true
      case 'apiKey':
      case 'clientCertificate':
        return isClient
      case 'unsupported':
        return false
    }
  })
}

/** Can the value be sent as one text? What is a scalar can. */
export function isText({ schema }: ResolvedSource, fitting: Fitting): boolean {
  if (!schema) return true
  const { types } = fitting.view(schema)
  return !types.has('object') && !types.has('array')
}
