import { bodyOf } from '../../mapping/body.js'
import { type CanonicalMappings } from '../../mapping/canonical.js'
import { type NameSpace } from '../../mapping/names.js'
import { type Projection } from '../../mapping/projection.js'
import { type OpenApiObject } from '../../openapi/document.js'
import { type SoapOperation } from '../../wsdl/model.js'
import { statusOfFault } from './fault-status.js'
import { readInputs } from './inputs.js'
import { camel, readOperationName, sentence } from './names.js'
import { type ProblemResponses } from './problem.js'
import { requestParts, type RequestParts, parameterName } from './request.js'
import { responseParts, type ResponseParts } from './response.js'
import { type Route, routesOf, rpc } from './route.js'
import { type RouteTable } from './route-table.js'
import { type SummaryWriter } from './summary.js'

/** What all operations of a document share. */
export interface Workshop {
  readonly routes: RouteTable
  readonly operationIds: NameSpace
  readonly problems: ProblemResponses
  readonly summary: SummaryWriter
  readonly style: 'resource' | 'rpc'
}

/** What the operations of one backend share. */
export interface Source {
  readonly backend: string
  readonly isOnlyBackend: boolean
  readonly service: readonly string[]
  readonly canonical: CanonicalMappings
  readonly projection: Projection
  readonly operations: readonly SoapOperation[]
}

export interface DesignedOperation {
  readonly method: string
  readonly path: string
  readonly tag: string
  readonly operation: OpenApiObject
}

/** Designs the REST operation of a SOAP operation. */
export function designOperation(soap: SoapOperation, source: Source, workshop: Workshop): DesignedOperation {
  const { canonical, projection, service } = source
  const { routes, summary, style } = workshop
  const name = readOperationName(soap.name)
  const inputs = readInputs(bodyOf(soap.input, canonical))
  const subject = { name, inputs, service }
  const candidates = style === 'rpc' ? [rpc(subject)] : routesOf(subject)
  const taken = routes.take(candidates, (input) => parameterName(input, projection))
  const { route, path } = taken
  const operationId = workshop.operationIds.take(camel(name.words))
  summary.mapped(
    { backend: source.backend, operation: soap.name, operationId, method: route.method, path },
    route,
    candidates[0],
  )
  const request = requestParts(route.inputs ?? inputs, taken, projection, name.words)
  const response = responseParts(soap.output, canonical, projection, name.words, {
    creates:
      route.method === 'post' &&
      name.intent === 'create' &&
      name.noun.length > 0 &&
      typeof route.segments.at(-1) === 'string' &&
      route === candidates[0],
    reads: route.method === 'get',
  })
  advise(soap, summary)
  const tag = tagOf(route, source)
  return {
    method: route.method,
    path,
    tag,
    operation: {
      operationId,
      summary: sentence(name.words),
      description: soap.documentation ?? `Calls \`${soap.name}\` of the backend.`,
      tags: [tag],
      'x-soap': annotation(soap, source, request, response),
      ...(request.parameters.length > 0 && { parameters: request.parameters }),
      ...(request.requestBody && { requestBody: request.requestBody }),
      responses: responses(soap, source, request, response, workshop),
    },
  }
}

function annotation(
  soap: SoapOperation,
  source: Source,
  request: RequestParts,
  response: ResponseParts,
): OpenApiObject {
  const isOverloaded = source.operations.filter(({ name }) => name === soap.name).length > 1
  const faults = soap.faults
    .map((fault) => [fault.name, statusOf(fault)] as const)
    .filter(([, status]) => status !== 502)
  return {
    ...(!source.isOnlyBackend && { backend: source.backend }),
    operation: soap.name,
    ...(isOverloaded && { input: soap.inputName }),
    ...(Object.keys(request.targets).length > 0 && { request: request.targets }),
    ...(response.path !== undefined && { response: response.path }),
    ...(faults.length > 0 && { faults: Object.fromEntries(faults) }),
  }
}

function statusOf(fault: SoapOperation['faults'][number]): number {
  return statusOfFault(fault.name, fault.element.name.localName, fault.element.type.name?.localName ?? '')
}

function responses(
  soap: SoapOperation,
  { canonical, projection }: Source,
  request: RequestParts,
  response: ResponseParts,
  { problems }: Workshop,
): OpenApiObject {
  const byStatus = new Map<string, { name: string; schema: OpenApiObject }[]>()
  for (const fault of soap.faults) {
    const status = String(statusOf(fault))
    const { localName } = fault.element.name
    const schema = projection.value(canonical.value(fault.element.type), localName, fault.name)
    byStatus.set(status, [...(byStatus.get(status) ?? []), { name: fault.name, schema }])
  }
  const usual = ['400', ...(response.mayBeAbsent ? ['404'] : [])]
  if (request.requestBody) usual.push('413', '415')
  if (request.requestBody || request.parameters.length > 0) usual.push('422')
  usual.push('502', '503', '504', 'default')
  const statuses = [...new Set([...usual, ...byStatus.keys()])].sort()
  return Object.fromEntries([
    [response.status, response.response],
    ...statuses.map((status) => {
      const faults = byStatus.get(status)
      return [status, faults ? problems.withFaults(status, faults) : problems.ref(status)] as const
    }),
  ])
}

function advise(soap: SoapOperation, summary: SummaryWriter): void {
  for (const { element } of soap.input.headers) {
    summary.advise(`${soap.name} declares the SOAP header ${element.name.localName}, which is not sent.`)
  }
  if (soap.input.attachments.length > 0 || (soap.output?.attachments.length ?? 0) > 0) {
    summary.advise(`${soap.name} has attachments, which are not carried over.`)
  }
}

/** Operations are grouped by what their path begins with. */
function tagOf({ segments }: Route, { service }: Source): string {
  const [first] = segments
  return sentence(typeof first === 'string' ? first.split('-') : service)
}
