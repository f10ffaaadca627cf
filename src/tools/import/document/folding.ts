import { type Choice, mayBothFit } from '../../../mapping/operation/selection.js'
import { Projection } from '../../../mapping/projection/projection.js'
import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import type { OperationName } from '../grammar/operation-name.js'
import type { ScalarInput } from '../inputs/inputs.js'
import { parameterName, type RequestParts, requestParts } from '../messages/request.js'
import { type ResponseParts, responseParts } from '../messages/response.js'
import { MAX_QUERY } from '../routes/query-inputs.js'
import { placeOf, type Route } from '../routes/route.js'
import { plainWords } from '../words/names.js'
import { signOf, statusesOf } from './fault-statuses.js'
import type { Reading } from './reading.js'
import { isSameSchema } from './same-schema.js'
import type { Source, Workshop } from './workshop.js'

interface Candidate {
  readonly reading: Reading
  readonly request: RequestParts
  readonly response: ResponseParts
}

/**
 * Finds reads that one GET can serve: they want the same path, answer alike, and are told apart by what they are asked with.
 *
 * @param readings in the order in which they choose their paths
 * @returns by the one that gives the GET its path, the others
 */
export function foldsOf(
  readings: readonly Reading[],
  source: Source,
  workshop: Workshop,
): ReadonlyMap<Reading, readonly Reading[]> {
  const byPlace = new Map<string, Reading[]>()
  for (const reading of readings) {
    if (workshop.style === 'rpc' || !mayShare(reading, workshop)) continue
    const place = placeOf(reading.candidates[0])
    byPlace.set(place, [...(byPlace.get(place) ?? []), reading])
  }
  // What is only compared is no part of the document.
  const scratch = new Projection(source.projection.naming)
  const folds = new Map<Reading, readonly Reading[]>()
  for (const alike of [...byPlace.values()].flatMap(keptTogether)) {
    if (alike.length < 2) continue
    const clusters: Candidate[][] = []
    for (const next of alike.flatMap((reading) => candidateOf(reading, source, scratch))) {
      const cluster = clusters.find((each) => fits(each, next, scratch))
      if (cluster) cluster.push(next)
      else clusters.push([next])
    }
    for (const [first, ...others] of clusters) {
      if (first && others.length > 0)
        folds.set(
          first.reading,
          others.map(({ reading }) => reading),
        )
    }
  }
  return folds
}

/** A person, or a version in the name, may want it by itself. */
function mayShare(
  { soap, identity, isPlain, subject: { name }, candidates }: Reading,
  workshop: Workshop,
): boolean {
  const { method, path } = workshop.settings.operations[soap.name] ?? {}
  return (
    candidates[0].method === 'get' &&
    (name.intent === 'read' || name.intent === 'search') &&
    name.variant.length === 0 &&
    method === undefined &&
    path === undefined &&
    !candidates[0].query.some((input) => saysNothing(input, name)) &&
    !isPlain &&
    !workshop.isApart(identity)
  )
}

const bare = new Set(
  'id ids no nr num number code key ref reference value values arg arg0 in0 request input criteria'.split(
    ' ',
  ),
)

/** Beside other filters `id` would be that of what is read, unless the name says so: `getDesignsByDesigner(id)`. */
function saysNothing({ xmlName }: ScalarInput, { tail }: OperationName): boolean {
  const [only = '', ...more] = plainWords(xmlName)
  return more.length === 0 && bare.has(only) && !tail.includes(only)
}

/** What another document has apart stays so; what it has in one operation may be joined by what is new. */
function keptTogether(readings: readonly Reading[]): readonly (readonly Reading[])[] {
  const byRoute = new Map<string, Reading[]>()
  for (const reading of readings) {
    const route = reading.kept ? JSON.stringify(reading.kept) : ''
    byRoute.set(route, [...(byRoute.get(route) ?? []), reading])
  }
  const fresh = byRoute.get('') ?? []
  byRoute.delete('')
  const [first, ...others] = [...byRoute.values()].filter(({ length }) => length > 1)
  return first ? [[...first, ...fresh], ...others] : [fresh]
}

/** @returns none where its input needs a body, or it answers nothing */
function candidateOf(reading: Reading, { canonical }: Source, scratch: Projection): Candidate[] {
  const { soap, subject, context } = reading
  const [route] = reading.candidates
  const request = requestParts(
    route.inputs ?? subject.inputs,
    { route, path: '', parameters: [] },
    scratch.forRequests,
    { words: [], context },
  )
  const { name } = subject
  const response = responseParts(soap.output, {
    ...{ canonical, projection: scratch, words: name.words },
    ...{ creates: false, writes: false, plain: false },
  })
  return request.requestBody || response.response.content === undefined
    ? []
    : [{ reading, request, response }]
}

function fits(cluster: readonly Candidate[], next: Candidate, scratch: Projection): boolean {
  const [first] = cluster
  if (!first || !answerAlike(first.response, next.response, scratch)) return false
  if (headersOf(first.request) !== headersOf(next.request)) return false
  const all = [...cluster, next]
  if (!haveOneStatus(all.map(({ reading }) => reading))) return false
  const choices = choicesOf(all, scratch)
  const own = choices?.at(-1)
  return own !== undefined && choices?.slice(0, -1).some((other) => mayBothFit(other, own)) === false
}

function answerAlike(a: ResponseParts, b: ResponseParts, { components }: Projection): boolean {
  if (a.status !== b.status || a.mayBeAbsent !== b.mayBeAbsent) return false
  const all = components.all()
  const [one, other] = [a, b].map(({ response }) => withoutItemsElement(schemaOf(response), all))
  return isSameSchema(one, other, all)
}

function schemaOf({ content }: OpenApiObject): unknown {
  const media = isObject(content) ? content['application/json'] : undefined
  return isObject(media) ? media.schema : undefined
}

/** Which element the items of a list are, `x-soap.response` can say for each alternative. */
function withoutItemsElement(schema: unknown, components: ReadonlyMap<string, OpenApiObject>): unknown {
  if (!isObject(schema)) return schema
  const name = /^#\/components\/schemas\/(.+)$/.exec(String(schema.$ref))?.[1]
  const own = name === undefined ? schema : components.get(name)
  const properties = isObject(own?.properties) ? own.properties : {}
  const { items, ...others } = properties
  if (!own || !isObject(items) || Object.keys(others).length > 0) return schema
  return { ...own, properties: { items: { ...items, xml: undefined } } }
}

/** A header is for all alternatives, or for none. */
function headersOf({ parameters }: RequestParts): string {
  const references = parameters.flatMap(({ $ref: reference }) => reference ?? [])
  return references.map(String).sort().join(' ')
}

/** Clients know one operation, and x-soap says once which status a fault has. */
function haveOneStatus(readings: readonly Reading[]): boolean {
  const known = new Map<string, number>()
  return readings.every(({ soap }) => {
    const statuses = statusesOf(soap)
    return soap.faults.every((fault) => {
      const status = statuses.get(fault.name) ?? 502
      return [`name ${fault.name}`, `sign ${signOf(fault)}`].every((key) => {
        const other = known.get(key) ?? status
        known.set(key, other)
        return other === status
      })
    })
  })
}

/** What a read is asked with. */
interface Asked {
  readonly reading: Reading
  readonly request: RequestParts
}

/**
 * By which parameters of the query reads are told apart: all that not each of them has.
 *
 * @returns undefined where a parameter would have to be two, or they are too many for a query
 */
export function choicesOf(
  reads: readonly Asked[],
  projection: Pick<Projection, 'naming'>,
): readonly Choice[] | undefined {
  const queries = reads.map(({ request }) => queryOf(request))
  const needed = reads.map(({ reading }) => neededBy(reading, projection))
  const names = new Set(queries.flatMap((query) => [...query.keys()]))
  if (names.size > MAX_QUERY) return undefined
  const shared = new Set<string>()
  for (const name of names) {
    const found = queries.flatMap((query, index) => {
      const own = query.get(name)
      return own ? [{ schema: JSON.stringify(own.schema), isNeeded: needed[index]?.has(name) }] : []
    })
    if (new Set(found.map(({ schema }) => schema)).size > 1) return undefined
    const isAlike = new Set(found.map(({ isNeeded }) => isNeeded)).size === 1
    if (isAlike && found.length === queries.length) shared.add(name)
  }
  return queries.map((query, index) => {
    const own = [...query.keys()].filter((name) => !shared.has(name))
    const when = own.filter((name) => needed[index]?.has(name))
    return { when, optional: own.filter((name) => !when.includes(name)) }
  })
}

/** What the XSD requires, and what the name says that is asked by: code-first WSDLs let everything be left out. */
function neededBy(
  { subject: { name }, candidates: [route] }: Reading,
  projection: Pick<Projection, 'naming'>,
): ReadonlySet<string> {
  const [by, ...asked] = name.tail
  const isAsked = (input: ScalarInput): boolean =>
    by === 'by' && plainWords(input.xmlName).some((word) => asked.includes(word))
  const needed = route.query.filter((input) => input.required || isAsked(input))
  return new Set(needed.map((input) => parameterName(input, projection)))
}

function queryOf({ parameters }: RequestParts): ReadonlyMap<string, OpenApiObject> {
  return new Map(
    parameters.flatMap((parameter) =>
      parameter.in === 'query' && typeof parameter.name === 'string'
        ? [[parameter.name, parameter] as const]
        : [],
    ),
  )
}

/** Whether an operation has the path that those that are folded into it want. */
export function hasWantedPlace(route: Route, { candidates: [wanted] }: Reading): boolean {
  return placeOf(route) === placeOf(wanted)
}
