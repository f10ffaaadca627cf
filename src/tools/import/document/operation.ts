import { clark } from '../../../base/qname.js'
import type { UniqueNames } from '../../../base/unique-names.js'
import type { CanonicalMappings } from '../../../mapping/canonical/canonical.js'
import { bodyOf } from '../../../mapping/operation/body.js'
import type { Projection } from '../../../mapping/projection/projection.js'
import type { OpenApiObject } from '../../../openapi/document.js'
import type { SoapOperation } from '../../../wsdl/model.js'
import { describe } from '../grammar/description.js'
import { isLogin } from '../grammar/logins.js'
import type { NamingStyle } from '../grammar/naming-style.js'
import type { OperationName } from '../grammar/operation-name.js'
import { asExistence } from '../grammar/questions.js'
import { readInputs, wholeInput } from '../inputs/inputs.js'
import { pagingIn } from '../inputs/paging.js'
import { type KeptRoutes, operationKey } from '../merge/kept-routes.js'
import { contextOfLogin, type ServiceContext, withoutContext } from '../messages/context.js'
import { statusOfFault } from '../messages/fault-status.js'
import type { ProblemResponses } from '../messages/problem.js'
import { pathParameterName, type RequestParts, requestParts } from '../messages/request.js'
import { answersYesNo, type ResponseParts, responseParts, returnsList } from '../messages/response.js'
import { seeminglyRequired } from '../proposals/required.js'
import type { Evidence, Resources } from '../routes/resources.js'
import { type Route, rpc } from '../routes/route.js'
import type { RouteTable } from '../routes/route-table.js'
import { routesOf } from '../routes/routes.js'
import { plural } from '../routes/subject.js'
import { type DesignSettings, filledBlocks, nameOf, routeOf } from '../settings/settings.js'
import type { Explanation } from '../summary/explain.js'
import type { ImportedOperation, SummaryWriter } from '../summary/summary.js'
import { camel, sentence } from '../words/names.js'

/** What all operations of a document share. */
export interface Workshop {
  readonly routes: RouteTable
  readonly operationIds: UniqueNames
  readonly problems: ProblemResponses
  readonly summary: SummaryWriter
  readonly style: 'resource' | 'rpc'
  readonly settings: DesignSettings
  /** Is told how each operation came to its method and path. */
  readonly explain: (explanation: Explanation) => void
  readonly kept: KeptRoutes | undefined
  /** Whether an operation gets the most general form, since what its name suggests was refused. */
  readonly isPlain: (operation: Pick<ImportedOperation, 'backend' | 'operation' | 'input'>) => boolean
}

/** What the operations of one backend share. */
export interface Source {
  readonly backend: string
  readonly isOnlyBackend: boolean
  readonly service: readonly string[]
  /** Nouns are not English. */
  readonly isForeign: boolean
  readonly style: NamingStyle
  readonly resources: Resources
  readonly context: ServiceContext
  readonly canonical: CanonicalMappings
  readonly projection: Projection
  /** Names that several operations of the port type have. */
  readonly overloaded: ReadonlySet<string>
}

export interface DesignedOperation extends ImportedOperation {
  readonly tag: string
  /** Words of what its path begins with; none where that is no resource. */
  readonly resource: readonly string[]
  /** What its service is about. */
  readonly service: readonly string[]
  /** The Operation Object. */
  readonly document: OpenApiObject
  /** Scalar members that every success body has. */
  readonly scalars: readonly string[]
  /** Parameters that operations share, by the names of their components. */
  readonly shared: ReadonlyMap<string, OpenApiObject>
}

/** What all operations of a service together say of the things that it is about. */
export function evidenceOf(
  soap: SoapOperation,
  { canonical, style }: Pick<Source, 'canonical' | 'style'>,
  settings: DesignSettings,
): Evidence {
  const name = readName(soap, { canonical, style }, settings)
  return {
    name,
    inputs: readInputs(bodyOf(soap.input, canonical)),
    returnsList: returnsList(soap.output, canonical),
  }
}

/** The name as it is read, and as the answer shows that it is meant. */
function readName(
  { name, output }: SoapOperation,
  { canonical, style }: Pick<Source, 'canonical' | 'style'>,
  settings: DesignSettings,
): OperationName {
  const read = nameOf(name, style, settings)
  return settings.operations[name]?.verb === undefined && answersYesNo(output, canonical)
    ? asExistence(read)
    : read
}

/** Designs the REST operation of a SOAP operation. */
export function designOperation(soap: SoapOperation, source: Source, workshop: Workshop): DesignedOperation {
  const { canonical, projection, service, isForeign, resources, isOnlyBackend } = source
  const { summary, style } = workshop
  const name = readName(soap, source, workshop.settings)
  const input = isOverloaded(soap, source) ? soap.inputName : undefined
  const named = { backend: source.backend, operation: soap.name, ...(input !== undefined && { input }) }
  const plain = workshop.isPlain(named)
  const body = bodyOf(soap.input, canonical, plain ? 'members' : 'element')
  const { inputs, headers, sources, members } =
    plain || style === 'rpc'
      ? {
          ...{ inputs: plain ? wholeInput(body) : readInputs(body), headers: [], sources: {} },
          members: new Set<string>(),
        }
      : withoutContext(readInputs(body), isLogin(name) ? contextOfLogin(source.context) : source.context)
  const subject = {
    name,
    inputs,
    service,
    isForeign,
    resources,
    isOneOfSeveral: !isOnlyBackend,
    returnsList: !plain && returnsList(soap.output, canonical),
  }
  const designed = style === 'rpc' || plain ? [rpc(subject)] : routesOf(subject)
  const wanted = plain ? undefined : routeOf(soap.name, inputs, designed[0], workshop.settings)
  if (typeof wanted === 'string') summary.advise(`What import.yaml wants cannot be: ${wanted}`, soap.name)
  const candidates = typeof wanted === 'object' ? [wanted, ...designed] : designed
  const kept = workshop.kept?.operations.get(operationKey(source.backend, soap.name, input))
  const taken =
    (kept && workshop.routes.keep(candidates, kept)) ??
    workshop.routes.take(candidates, (scalar) => pathParameterName(scalar, projection))
  const { route, path } = taken
  const operationId = kept?.operationId ?? workshop.operationIds.take(camel(name.words))
  const mapped: ImportedOperation = {
    ...named,
    operationId,
    method: route.method,
    path,
  }
  summary.mapped(mapped, route, candidates[0])
  workshop.explain({
    operation: soap.name,
    name,
    resource: resources.nounOf(name, inputs),
    candidates,
    method: route.method,
    path,
  })
  const request = requestParts(route.inputs ?? inputs, taken, projection.forRequests, {
    words: name.words,
    context: { headers, sources, members },
  })
  if (headers.length > 0)
    summary.decide('What (nearly) all inputs repeat is sent in headers, not in queries and bodies', soap.name)
  const creates =
    route.method === 'post' &&
    name.intent === 'create' &&
    name.noun.length > 0 &&
    typeof route.segments.at(-1) === 'string' &&
    route === candidates[0]
  const writes = route.method !== 'get' && name.intent !== 'read' && name.intent !== 'search'
  const response = responseParts(soap.output, {
    canonical,
    projection,
    words: name.words,
    creates,
    writes,
    plain,
  })
  sayVoid(soap, response, summary)
  if (plain) {
    summary.decide(
      'What the name suggests would have been refused, so it is POST with the whole input and output',
      soap.name,
    )
  }
  advise(soap, route, response, workshop)
  const noun = resources.nounOf(name, inputs)
  const given = route.segments.filter((segment) => typeof segment !== 'string')
  const optional = given.filter(({ required }) => !required).map(({ name: member }) => member)
  if (optional.length > 0)
    summary.decide(
      'What the XSD lets be left out is in the path, and is required there, since the name of the operation says which or whose it is',
      `${soap.name} (${optional.join(', ')})`,
    )
  const asking = { operation: soap.name, name, noun, inputs, message: soap.input, given }
  for (const member of seeminglyRequired(asking)) {
    summary.advise(
      'Some members seem to be required though the XSD lets them be left out: name them under required of the schema, or say required: true of the parameter',
      member,
    )
  }
  const resource = resourceOf(route)
  const tag = sentence(resource.length > 0 ? resource : service)
  return {
    ...mapped,
    tag,
    resource,
    service,
    scalars: response.scalars,
    shared: request.shared,
    document: {
      operationId,
      summary: sentence(name.words),
      description:
        soap.documentation ??
        describe(soap.name, {
          name,
          noun,
          several: plural(noun, subject),
          returnsList: subject.returnsList,
          path: taken.parameters,
        }),
      tags: [tag],
      'x-soap': annotation(soap, source, request, response),
      ...(request.parameters.length > 0 && { parameters: request.parameters }),
      ...(request.requestBody && { requestBody: request.requestBody }),
      responses: responses(soap, { source, request, response, workshop }),
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
  const faults = [...statusesOf(soap)].filter(([, status]) => status !== 502)
  return {
    ...(!source.isOnlyBackend && { backend: source.backend }),
    operation: soap.name,
    ...(isOverloaded(soap, source) && { input: soap.inputName }),
    ...(Object.keys(request.targets).length > 0 && { request: request.targets }),
    ...(response.path !== undefined && { response: response.path }),
    ...(faults.length > 0 && { faults: Object.fromEntries(faults) }),
  }
}

/** The status of each fault, by its name. Faults that nothing tells apart on the wire have one status, or none: 502. */
function statusesOf({ faults }: SoapOperation): ReadonlyMap<string, number> {
  const alike = new Map<string, Set<number>>()
  const guessed = faults.map((fault) => {
    const { name, type } = fault.element
    const status = statusOfFault(name.localName, type.name?.localName ?? '', fault.name)
    const key = `${clark(name)} ${type.name ? clark(type.name) : ''}`
    alike.set(key, (alike.get(key) ?? new Set()).add(status))
    return [fault.name, status, key] as const
  })
  return new Map(guessed.map(([name, status, key]) => [name, alike.get(key)?.size === 1 ? status : 502]))
}

function responses(
  soap: SoapOperation,
  {
    source: { canonical, projection },
    request,
    response,
    workshop: { problems },
  }: {
    readonly source: Source
    readonly request: RequestParts
    readonly response: ResponseParts
    readonly workshop: Workshop
  },
): OpenApiObject {
  const byStatus = new Map<string, { name: string; schema: OpenApiObject }[]>()
  const statusByName = statusesOf(soap)
  for (const fault of soap.faults) {
    const status = String(statusByName.get(fault.name) ?? 502)
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

function advise(
  soap: SoapOperation,
  route: Route,
  response: ResponseParts,
  { summary, settings }: Pick<Workshop, 'summary' | 'settings'>,
): void {
  if (route.method === 'get') {
    const paging = pagingIn(route.query)
    if (paging.length > 0) {
      summary.decide(
        'Lists come in pages, chosen by parameters of the query with the names that the backend has; say their defaults and limits in their schemas',
        `${soap.name} (${paging.map(({ name }) => name).join(', ')})`,
      )
    }
    summary.advise(
      'GET was given to reads with nothing but scalars for input; move those that change something to post',
      soap.name,
    )
  }
  const filled = filledBlocks(settings)
  for (const { element } of soap.input.headers) {
    if (filled.has(element.name.localName)) continue
    summary.advise(
      `Nothing fills the SOAP header ${element.name.localName} yet: say in x-soap.headers, of the backend or of the operation, where it comes from`,
      soap.name,
    )
  }
  if (response.mayBeAbsent && route.method !== 'get') {
    summary.advise(
      'Without its only element a response is a 404; where that means success, let its schema allow null',
      soap.name,
    )
  }
  if (soap.input.attachments.length > 0 || (soap.output?.attachments.length ?? 0) > 0) {
    summary.advise('Attachments are not carried over', soap.name)
  }
  if (soap.faults.length === 0 && soap.output) {
    summary.advise(
      'No fault is declared; map those that say "not found" all the same: x-soap.faults: { NotFound: { when: { code: Client.NotFound }, status: 404 } }',
      soap.name,
    )
  }
  for (const [name, status] of statusesOf(soap)) {
    if (status === 502)
      summary.advise('Faults whose names say no status are 502; give them one in x-soap.faults', name)
    else
      summary.advise(
        'Statuses of faults are guessed from their names; see x-soap.faults',
        `${name} ${status}`,
      )
  }
}

function sayVoid(soap: SoapOperation, { isVoid }: ResponseParts, summary: SummaryWriter): void {
  if (isVoid) {
    summary.decide(
      'What is not a read has been done where its only output element is absent, so the response is null',
      soap.name,
    )
  }
}

/** What a path begins with. */
function resourceOf({ segments }: Route): readonly string[] {
  const [first] = segments
  return typeof first === 'string' ? first.split('-') : []
}
