import { bodyOf } from '../../../mapping/operation/message/body.js'
import type { OpenApiObject } from '../../../openapi/document.js'
import type { SoapFault, SoapOperation } from '../../../wsdl/model.js'
import { describe } from '../grammar/description.js'
import type { OperationName } from '../grammar/operation-name.js'
import { readInputs } from '../inputs/inputs.js'
import { pagingIn } from '../inputs/paging.js'
import { parameterName, pathParameterName, type RequestParts, requestParts } from '../messages/request.js'
import { type ResponseParts, responseParts, responsePlace, returnsList } from '../messages/response.js'
import { seeminglyRequired } from '../proposals/required.js'
import type { Evidence } from '../routes/resources.js'
import type { Route } from '../routes/route.js'
import type { TakenRoute } from '../routes/route-table.js'
import { plural, type Subject } from '../routes/subject.js'
import { type DesignSettings, filledBlocks } from '../settings/settings.js'
import { apartLine } from '../summary/folded.js'
import type { ImportedOperation, SummaryWriter } from '../summary/summary.js'
import { camel, sentence } from '../words/names.js'
import { pluralOf } from '../words/nouns.js'
import {
  type Alternative,
  annotationOfAll,
  askedWith,
  descriptionOfAll,
  parametersOfAll,
} from './alternatives.js'
import { statusesOf } from './fault-statuses.js'
import { choicesOf, hasWantedPlace } from './folding.js'
import { type Reading, readName } from './reading.js'
import type { Source, Workshop } from './workshop.js'

export interface DesignedOperation extends ImportedOperation {
  /** The SOAP operations that serve it, itself the first. */
  readonly served: readonly ImportedOperation[]
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

/**
 * Designs the REST operation of a SOAP operation.
 *
 * @param filters reads that it can serve too, if it has the path that all of them want
 */
export function designOperation(
  reading: Reading,
  source: Source,
  workshop: Workshop,
  filters: readonly Reading[] = [],
): DesignedOperation {
  const { soap, identity, isPlain, subject, context, candidates } = reading
  const kept = reading.kept && !workshop.routes.isKept(reading.kept) ? reading.kept : undefined
  const { canonical, projection, service, resources } = source
  const { inputs } = subject
  const taken =
    (kept && workshop.routes.keep(candidates, kept)) ??
    workshop.routes.take(candidates, (scalar) => pathParameterName(scalar, projection))
  const { route, path } = taken
  const others = hasWantedPlace(route, reading) ? filters : []
  const name = others.length > 0 ? withoutFilter(subject) : subject.name
  const operationId = kept?.operationId ?? workshop.operationIds.take(camel(name.words))
  const request = requestParts(route.inputs ?? inputs, taken, projection.forRequests, {
    words: name.words,
    context,
  })
  const alternatives = alternativesOf([{ reading, request }, ...withRequests(others, taken, source)], source)
  const served = [reading, ...others].map((each) => ({
    ...each.identity,
    operationId,
    method: route.method,
    path,
  }))
  const creates =
    route.method === 'post' &&
    name.intent === 'create' &&
    name.noun.length > 0 &&
    typeof route.segments.at(-1) === 'string' &&
    route === candidates[0]
  const writes = route.method !== 'get' && name.intent !== 'read' && name.intent !== 'search'
  const response = responseParts(soap.output, {
    ...{ canonical, projection, words: name.words },
    ...{ creates, writes, plain: isPlain },
  })
  say(reading, taken.route, { served: served[0], response, alternatives }, source, workshop)
  for (const [index, other] of others.entries()) {
    say(other, other.candidates[0], { served: served[index + 1], response, alternatives }, source, workshop)
  }
  const [filter] = others
  if (filter) workshop.summary.folded(served, apartLine(filter.soap.name, filter.candidates))
  const resource = resourceOf(route)
  const tag = sentence(resource.length > 0 ? resource : service)
  const described =
    (name === subject.name ? soap.documentation : undefined) ??
    describe(soap.name, {
      name,
      noun: resources.nounOf(subject.name, inputs),
      several: plural(resources.nounOf(subject.name, inputs), subject),
      returnsList: subject.returnsList,
      path: taken.parameters,
    })
  const isFolded = others.length > 0
  const parameters = isFolded ? parametersOfAll(alternatives) : request.parameters
  return {
    ...{ ...identity, operationId, method: route.method, path },
    served,
    tag,
    resource,
    service,
    scalars: response.scalars,
    shared: new Map(alternatives.flatMap((each) => [...each.request.shared])),
    document: {
      operationId,
      summary: sentence(name.words),
      description: isFolded ? descriptionOfAll(described, alternatives) : described,
      tags: [tag],
      'x-soap': isFolded
        ? { ...backendOf(source), ...annotationOfAll(alternatives) }
        : annotation(reading, source, request, response),
      ...(parameters.length > 0 && { parameters }),
      ...(request.requestBody && { requestBody: request.requestBody }),
      responses: responses([reading, ...others], {
        ...{ source, response, workshop },
        request: { ...request, parameters },
      }),
    },
  }
}

/** `get design by state` is one of several ways to `get designs`. */
function withoutFilter({ name, returnsList, isForeign }: Subject): OperationName {
  const { words, tail, acronyms } = name
  const start = words.length - tail.length
  const isEnd = tail[0] === 'by' && start > 0 && tail.every((word, index) => word === words[start + index])
  if (!isEnd) return name
  const last = words[start - 1] ?? ''
  const isOne = returnsList && !isForeign && start > 1 && !acronyms.has(last)
  return { ...name, words: [...words.slice(0, start - 1), isOne ? pluralOf(last) : last], tail: [] }
}

type Requested = Pick<Alternative, 'reading' | 'request'>

function withRequests(
  others: readonly Reading[],
  { path, parameters }: TakenRoute,
  { projection }: Source,
): readonly Requested[] {
  return others.map((reading) => {
    const [route] = reading.candidates
    const { name, inputs } = reading.subject
    const taken = { route, path, parameters }
    const { words } = name
    const { context } = reading
    return {
      reading,
      request: requestParts(route.inputs ?? inputs, taken, projection.forRequests, { words, context }),
    }
  })
}

function alternativesOf(
  all: readonly Requested[],
  { canonical, projection }: Source,
): readonly Alternative[] {
  const choices = choicesOf(all, projection) ?? []
  return all.map(({ reading, request }, index) => ({
    ...{ reading, request, choice: choices[index] ?? { when: [], optional: [] } },
    response: responsePlace(reading.soap.output, { canonical, projection }),
  }))
}

function backendOf({ isOnlyBackend, backend }: Source): OpenApiObject {
  return isOnlyBackend ? {} : { backend }
}

function annotation(
  { soap, identity }: Reading,
  source: Source,
  request: RequestParts,
  response: ResponseParts,
): OpenApiObject {
  const faults = [...statusesOf(soap)].filter(([, status]) => status !== 502)
  return {
    ...backendOf(source),
    operation: soap.name,
    ...(identity.input !== undefined && { input: identity.input }),
    ...(Object.keys(request.targets).length > 0 && { request: request.targets }),
    ...(response.path !== undefined && { response: response.path }),
    ...(faults.length > 0 && { faults: Object.fromEntries(faults) }),
  }
}

function responses(
  readings: readonly Reading[],
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
  const byStatus = new Map<string, Map<string, OpenApiObject>>()
  const add = ({ name, element }: SoapFault, status: string): void => {
    const known = byStatus.get(status) ?? new Map<string, OpenApiObject>()
    byStatus.set(status, known)
    if (known.has(name)) return
    known.set(name, projection.value(canonical.value(element.type), element.name.localName, name))
  }
  for (const { soap } of readings) {
    const statusByName = statusesOf(soap)
    for (const fault of soap.faults) add(fault, String(statusByName.get(fault.name) ?? 502))
  }
  const usual = ['400', ...(response.mayBeAbsent ? ['404'] : [])]
  if (request.requestBody) usual.push('413', '415')
  if (request.requestBody || request.parameters.length > 0) usual.push('422')
  usual.push('502', '503', '504', 'default')
  const statuses = [...new Set([...usual, ...byStatus.keys()])].sort()
  return Object.fromEntries([
    [response.status, response.response],
    ...statuses.map((status) => {
      const faults = [...(byStatus.get(status) ?? [])].map(([name, schema]) => ({ name, schema }))
      return [status, faults.length > 0 ? problems.withFaults(status, faults) : problems.ref(status)] as const
    }),
  ])
}

interface Designed {
  readonly served: ImportedOperation | undefined
  readonly response: ResponseParts
  /** Itself among them. */
  readonly alternatives: readonly Alternative[]
}

/** Says what was decided of one SOAP operation, and what to look at. */
function say(
  reading: Reading,
  route: Route,
  { served, response, alternatives }: Designed,
  { resources, projection }: Source,
  workshop: Workshop,
): void {
  const { soap, isPlain, subject, context, candidates, unmet } = reading
  const { name, inputs } = subject
  const { summary } = workshop
  const noun = resources.nounOf(name, inputs)
  const choice = alternatives.find((each) => each.reading === reading)?.choice
  if (unmet !== undefined) summary.advise(`What import.yaml wants cannot be: ${unmet}`, soap.name)
  if (served) {
    const { method, path } = served
    const isFolded = choice !== undefined && alternatives.length > 1
    const folded = isFolded && {
      asked: askedWith(choice),
      others: alternatives.flatMap((each) => (each.reading === reading ? [] : [each.reading.soap.name])),
    }
    summary.mapped(served, route, candidates[0])
    workshop.explain({
      ...{ operation: soap.name, name, resource: noun, candidates, method, path },
      ...(folded && { folded }),
    })
  }
  if (context.headers.length > 0)
    summary.decide('What (nearly) all inputs repeat is sent in headers, not in queries and bodies', soap.name)
  sayVoid(soap, response, summary)
  if (isPlain) {
    summary.decide(
      'What the name suggests would have been refused, so it is POST with the whole input and output',
      soap.name,
    )
  }
  advise(soap, route, response, workshop)
  const inPath = route.segments.filter((segment) => typeof segment !== 'string')
  const optional = inPath.filter(({ required }) => !required).map(({ name: member }) => member)
  if (optional.length > 0)
    summary.decide(
      'What the XSD lets be left out is in the path, and is required there, since the name of the operation says which or whose it is',
      `${soap.name} (${optional.join(', ')})`,
    )
  // What chooses is in each request that comes here.
  const choosing = route.query.filter((input) => choice?.when.includes(parameterName(input, projection)))
  const given = [...inPath, ...choosing]
  const asking = { operation: soap.name, name, noun, inputs, message: soap.input, given }
  for (const member of seeminglyRequired(asking)) {
    summary.advise(
      'Some members seem to be required though the XSD lets them be left out: name them under required of the schema, or say required: true of the parameter',
      member,
    )
  }
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
