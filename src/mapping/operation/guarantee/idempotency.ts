import { readAlternatives } from '../../../annotation/operation/alternatives.js'
import type { StatusAnnotation, StatusParameter } from '../../../annotation/operation/guarantees.js'
import { Diagnostics } from '../../../base/diagnostic/diagnostic.js'
import { didYouMean } from '../../../base/diagnostic/did-you-mean.js'
import type { OpenApiDocument } from '../../../openapi/document.js'
import {
  isNamed,
  type OpenApiOperation,
  type OpenApiParameter,
  type OpenApiResponse,
  operationsOf,
} from '../../../openapi/operations.js'
import { join } from '../../../openapi/pointer.js'
import { ContractFitting } from '../../fit/contract-fitting.js'
import type { PolicyJoin } from '../both-sides.js'
import type { CallerExposure } from '../caller-exposure.js'
import type { IdempotencyPolicy, StatusLookup } from '../guarantees.js'
import { isText, resolveInRequest } from '../resolve-source.js'
import { combinations, isSelected, selectionsOf } from '../selection.js'
import type { Source } from '../source.js'

/** draft-ietf-httpapi-idempotency-key-header-07, section 2. */
const KEY_HEADER = 'idempotency-key'

/**
 * Checks the annotation against the contract: the header is declared, and the status operation can be asked.
 *
 * @returns undefined where the operation is not marked, or cannot be
 */
export function idempotencyPolicy(
  { document, rest, annotation, diagnostics }: PolicyJoin,
  exposure: CallerExposure,
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
  const asked = new Set([...headers.map(({ name }) => name.toLowerCase()), ...exposure.headers])
  const policy = { key: idempotency.key, headers: [...asked] }
  if (!idempotency.status) return policy
  const status = statusLookup({ document, rest, annotation, diagnostics }, idempotency.status)
  return status ? { ...policy, status } : policy
}

/** The key belongs to the facade: it goes into the message only where the annotation says so. */
export function isKeySource(source: Source): boolean {
  return source.kind === 'parameter' && source.in === 'header' && source.name === KEY_HEADER
}

function isKeyParameter(parameter: OpenApiParameter): boolean {
  return parameter.in === 'header' && isNamed(parameter, KEY_HEADER)
}

function statusLookup(
  operation: PolicyJoin,
  { operationId, parameters: written, names, absentAfterSeconds, pointer }: StatusAnnotation,
): StatusLookup | undefined {
  const { document, rest, diagnostics } = operation
  const find = (at: string, message: string): void => {
    diagnostics.error('idempotency-status', message, document.locate(at))
  }
  const gets = operationsOf(document, new Diagnostics()).filter(({ method }) => method === 'get')
  const status = gets.find((each) => each.operationId === operationId)
  if (!status) {
    const hint = didYouMean(
      operationId,
      gets.map((each) => each.operationId),
    )
    find(join(pointer, 'operationId'), `There is no GET operation ${operationId} in this document.${hint}`)
    return undefined
  }
  const own = successOf(rest)
  if (own === undefined || bodyOf(document, own) !== bodyOf(document, successOf(status))) {
    const message = `${operationId} must answer with the same media type and schema as ${rest.operationId}.`
    find(join(pointer, 'operationId'), message)
    return undefined
  }
  const parameters = written.flatMap((given) => parameterOf(operation, status, given))
  for (const parameter of status.parameters) {
    if (parameter.required && !names.some((name) => isMeant(parameter, name))) {
      find(join(pointer, 'parameters'), `${operationId} needs its parameter ${parameter.name}.`)
    }
  }
  const selections = selectionsOf(
    readAlternatives({ document, diagnostics: new Diagnostics() }, status)?.alternatives ?? [],
  )
  const isSent = (name: string): boolean => names.includes(name) || names.includes(`query.${name}`)
  if (selections.length > 0 && !selections.some((selection) => isSelected(selection, isSent))) {
    const possible = combinations(selections.map((selection) => ({ selection })))
    const message = `${operationId} has alternatives, of which these parameters choose none: ${possible}.`
    find(join(pointer, 'parameters'), message)
  }
  const success = Number(own.status)
  const absentAfterMs = absentAfterSeconds === undefined ? {} : { absentAfterMs: absentAfterSeconds * 1000 }
  return { operationId, parameters, success, ...absentAfterMs }
}

/** What a parameter of the status operation is given. */
function parameterOf(
  { document, rest, diagnostics }: PolicyJoin,
  status: OpenApiOperation,
  given: StatusParameter,
): StatusLookup['parameters'] {
  const at = document.locate(given.pointer)
  const parameter = status.parameters.find((each) => isMeant(each, given.name))
  if (!parameter) {
    const names = status.parameters.map(({ name }) => name)
    const message = `${status.operationId} has no parameter ${given.name}.${didYouMean(given.name, names)}`
    diagnostics.error('idempotency-status', message, at)
    return []
  }
  const fitting = new ContractFitting(document, 'request', new Diagnostics())
  const found = resolveInRequest(rest, fitting, given.source)
  if ('problem' in found) {
    diagnostics.error('idempotency-status', `${given.name} needs a source. ${found.problem}`, at)
    return []
  }
  if (!isText(found, fitting)) {
    const message = `${given.name} needs a source that is one text, number or boolean; ${given.written} is none.`
    diagnostics.error('idempotency-status', message, at)
    return []
  }
  return [{ in: parameter.in, name: parameter.name, source: found.source }]
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
