import { Diagnostics } from '../base/diagnostic.js'
import { type OpenApiDocument } from '../openapi/document.js'
import {
  isNamed,
  type OpenApiOperation,
  type OpenApiParameter,
  operationsOf,
  type OpenApiResponse,
  type ParameterLocation,
} from '../openapi/operations.js'
import { join } from '../openapi/pointer.js'
import { parseSource, type Source } from './expression.js'
import { ContractFitting } from './fit.js'
import { type KeyUse, type StatusAnnotation } from './idempotency-annotation.js'
import { type OperationAnnotation } from './operation-annotation.js'

/** draft-ietf-httpapi-idempotency-key-header-07, section 2. */
const keyHeader = 'idempotency-key'

/** How repeated requests of an operation are told apart from new ones. */
export interface IdempotencyPolicy {
  readonly key: KeyUse
  /** Header parameters that are part of what is asked, in lower case. */
  readonly headers: readonly string[]
  readonly status?: StatusLookup
}

/** How the backend is asked whether an earlier request was carried out. */
export interface StatusLookup {
  readonly operationId: string
  readonly parameters: readonly {
    readonly in: ParameterLocation
    readonly name: string
    readonly source: Extract<Source, { kind: 'parameter' | 'body' | 'constant' }>
  }[]
  /** The status that the operation itself succeeds with. */
  readonly success: number
  /** How long after it was sent a request that the backend does not know of counts as not carried out. */
  readonly absentAfterMs?: number
}

type Finding = (key: string, message: string) => void

/**
 * Checks the annotation against the contract: the header is declared, and the status operation can be asked.
 *
 * @returns undefined where the operation is not marked, or cannot be
 */
export function idempotencyPolicy(
  document: OpenApiDocument,
  rest: OpenApiOperation,
  annotation: OperationAnnotation,
  diagnostics: Diagnostics,
): IdempotencyPolicy | undefined {
  const { idempotency, pointer } = annotation
  if (!idempotency) return undefined
  const at = join(pointer, 'idempotency')
  const declared = rest.parameters.find(isKeyParameter)
  if (declared?.required !== (idempotency.key === 'required')) {
    const wanted = `{ name: Idempotency-Key, in: header, required: ${String(idempotency.key === 'required')} }`
    const message = `${rest.operationId} needs the parameter ${wanted}, so that clients read of it in the contract.`
    diagnostics.error('idempotency-undeclared', message, document.locate(at))
  }
  const headers = rest.parameters.filter(
    (parameter) => parameter.in === 'header' && !isKeyParameter(parameter),
  )
  const policy = { key: idempotency.key, headers: headers.map(({ name }) => name.toLowerCase()) }
  if (!idempotency.status) return policy
  const find: Finding = (key, message) => {
    diagnostics.error('idempotency-status', message, document.locate(join(at, 'status', key)))
  }
  const status = statusLookup(document, rest, idempotency.status, find)
  return status ? { ...policy, status } : policy
}

/** The key belongs to the facade: it goes into the message only where the annotation says so. */
export function isKeySource(source: Source): boolean {
  return source.kind === 'parameter' && source.in === 'header' && source.name === keyHeader
}

function isKeyParameter(parameter: OpenApiParameter): boolean {
  return parameter.in === 'header' && isNamed(parameter, keyHeader)
}

function statusLookup(
  document: OpenApiDocument,
  rest: OpenApiOperation,
  { operationId, parameters: written, absentAfterSeconds }: StatusAnnotation,
  find: Finding,
): StatusLookup | undefined {
  const status = operationsOf(document, new Diagnostics()).find((each) => each.operationId === operationId)
  if (status?.method !== 'get') {
    find('operationId', `There is no GET operation ${operationId} in this document.`)
    return undefined
  }
  const own = successOf(rest)
  if (own === undefined || bodyOf(document, own) !== bodyOf(document, successOf(status))) {
    find(
      'operationId',
      `${operationId} must answer with the same media type and schema as ${rest.operationId}.`,
    )
    return undefined
  }
  const names = Object.keys(written)
  const parameters = names.flatMap((name) => {
    const parameter = status.parameters.find((each) => isMeant(each, name))
    const source = parameter && sourceOf(document, rest, written[name])
    if (source) return [{ in: parameter.in, name: parameter.name, source }]
    const message = parameter
      ? `${name} needs a source: $request.path.…, $request.query.…, $request.header.…, $request.body#/… or a constant.`
      : `${operationId} has no parameter ${name}.`
    find('parameters', message)
    return []
  })
  for (const parameter of status.parameters) {
    if (parameter.required && !names.some((name) => isMeant(parameter, name))) {
      find('parameters', `${operationId} needs its parameter ${parameter.name}.`)
    }
  }
  const success = Number(own.status)
  const absentAfterMs = absentAfterSeconds === undefined ? {} : { absentAfterMs: absentAfterSeconds * 1000 }
  return { operationId, parameters, success, ...absentAfterMs }
}

/** A parameter may be named with its place before it (OpenAPI 3.1, 4.8.20, `parameters`). */
function isMeant(parameter: OpenApiParameter, name: string): boolean {
  return name === `${parameter.in}.${parameter.name}` || isNamed(parameter, name)
}

function successOf({ responses }: OpenApiOperation): OpenApiResponse | undefined {
  return responses.find(({ status }) => status.startsWith('2'))
}

function bodyOf(document: OpenApiDocument, response: OpenApiResponse | undefined): string {
  const bodies = response?.content ?? []
  return JSON.stringify(bodies.map(({ mediaType, schema }) => [mediaType, document.follow(schema)?.pointer]))
}

function sourceOf(
  document: OpenApiDocument,
  { parameters, requestBody }: OpenApiOperation,
  written: unknown,
): StatusLookup['parameters'][number]['source'] | undefined {
  const source = parseSource(written)
  switch (source?.kind) {
    case 'parameter': {
      const { name, in: place } = source
      const declared = parameters.some((each) => each.in === place && isNamed(each, name))
      return declared ? { ...source, name: place === 'header' ? name.toLowerCase() : name } : undefined
    }
    case 'body': {
      const fitting = new ContractFitting(document, 'request', new Diagnostics())
      let schema = requestBody?.content[0]?.schema
      for (const step of source.steps) schema = schema && fitting.view(schema).properties.get(step)
      return schema && source
    }
    case 'constant':
      return source
    default:
      return undefined
  }
}
