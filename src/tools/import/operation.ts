import { bodyOf } from '../../mapping/body.js'
import { type CanonicalMappings } from '../../mapping/canonical.js'
import { type NameSpace } from '../../mapping/names.js'
import { type Projection } from '../../mapping/projection.js'
import { type OpenApiObject } from '../../openapi/document.js'
import { type SoapOperation } from '../../wsdl/model.js'
import { statusOfFault } from './fault-status.js'
import { readInputs } from './inputs.js'
import { camel, readOperationName, sentence } from './names.js'
import { type KeptRoutes, operationKey } from './kept-routes.js'
import { type ProblemResponses } from './problem.js'
import { requestParts, type RequestParts, pathParameterName } from './request.js'
import { responseParts, type ResponseParts } from './response.js'
import { type Route, routesOf, rpc } from './route.js'
import { type RouteTable } from './route-table.js'
import { type ImportedOperation, type SummaryWriter } from './summary.js'

/** What all operations of a document share. */
export interface Workshop {
  readonly routes: RouteTable
  readonly operationIds: NameSpace
  readonly problems: ProblemResponses
  readonly summary: SummaryWriter
  readonly style: 'resource' | 'rpc'
  readonly kept: KeptRoutes | undefined
}

/** What the operations of one backend share. */
export interface Source {
  readonly backend: string
  readonly isOnlyBackend: boolean
  readonly service: readonly string[]
  /** Nouns are not English. */
  readonly isForeign: boolean
  readonly canonical: CanonicalMappings
  readonly projection: Projection
  /** Names that several operations of the port type have. */
  readonly overloaded: ReadonlySet<string>
}

export interface DesignedOperation extends ImportedOperation {
  readonly tag: string
  /** The Operation Object. */
  readonly document: OpenApiObject
  /** Scalar members that every success body has. */
  readonly scalars: readonly string[]
}

/** Designs the REST operation of a SOAP operation. */
export function designOperation(soap: SoapOperation, source: Source, workshop: Workshop): DesignedOperation {
  const { canonical, projection, service, isForeign } = source
  const { summary, style } = workshop
  const name = readOperationName(soap.name)
  const inputs = readInputs(bodyOf(soap.input, canonical))
  const subject = { name, inputs, service, isForeign }
  const candidates = style === 'rpc' ? [rpc(subject)] : routesOf(subject)
  const input = isOverloaded(soap, source) ? soap.inputName : undefined
  const kept = workshop.kept?.operations.get(operationKey(source.backend, soap.name, input))
  const taken =
    (kept && workshop.routes.keep(candidates, kept)) ??
    workshop.routes.take(candidates, (scalar) => pathParameterName(scalar, projection))
  const { route, path } = taken
  const operationId = kept?.operationId ?? workshop.operationIds.take(camel(name.words))
  const mapped: ImportedOperation = {
    backend: source.backend,
    operation: soap.name,
    ...(input !== undefined && { input }),
    operationId,
    method: route.method,
    path,
  }
  summary.mapped(mapped, route, candidates[0])
  const request = requestParts(route.inputs ?? inputs, taken, projection, name.words)
  const creates =
    route.method === 'post' &&
    name.intent === 'create' &&
    name.noun.length > 0 &&
    typeof route.segments.at(-1) === 'string' &&
    route === candidates[0]
  const response = responseParts(soap.output, canonical, projection, name.words, creates)
  advise(soap, route, response, summary)
  const tag = tagOf(route, source)
  return {
    ...mapped,
    tag,
    scalars: response.scalars,
    document: {
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

function isOverloaded({ name }: SoapOperation, { overloaded }: Source): boolean {
  return overloaded.has(name)
}

function annotation(
  soap: SoapOperation,
  source: Source,
  request: RequestParts,
  response: ResponseParts,
): OpenApiObject {
  const faults = soap.faults
    .map((fault) => [fault.name, statusOf(fault)] as const)
    .filter(([, status]) => status !== 502)
  return {
    ...(!source.isOnlyBackend && { backend: source.backend }),
    operation: soap.name,
    ...(isOverloaded(soap, source) && { input: soap.inputName }),
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

function advise(soap: SoapOperation, route: Route, response: ResponseParts, summary: SummaryWriter): void {
  if (route.method === 'get') {
    summary.advise(
      'GET was given to reads with nothing but scalars for input; move those that change something to post',
      soap.name,
    )
  }
  for (const { element } of soap.input.headers) {
    summary.advise(
      `Nothing fills the SOAP header ${element.name.localName} yet: say in x-soap.headers, of the backend or of the operation, where it comes from`,
      soap.name,
    )
  }
  if (response.mayBeAbsent && route.method !== 'get') {
    summary.advise(
      'Without its only element an answer is a 404; where that means success, remove x-soap.response and give the whole output as schema',
      soap.name,
    )
  }
  if (soap.input.attachments.length > 0 || (soap.output?.attachments.length ?? 0) > 0) {
    summary.advise('Attachments are not carried over', soap.name)
  }
  for (const fault of soap.faults) {
    const status = statusOf(fault)
    if (status === 502)
      summary.advise('Faults whose names say no status are 502; give them one in x-soap.faults', fault.name)
    else
      summary.advise(
        'Statuses of faults are guessed from their names; see x-soap.faults',
        `${fault.name} ${status}`,
      )
  }
}

/** Operations are grouped by what their path begins with. */
function tagOf({ segments }: Route, { service }: Source): string {
  const [first] = segments
  const noun =
    typeof first === 'string' ? first.replace(/-(?:by|of|for|from|to|with|in|on|using|per)-.*$/, '') : ''
  return sentence(noun === '' ? service : noun.split('-'))
}
