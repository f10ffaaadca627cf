import type {
  AlternativeAnnotation,
  AlternativesAnnotation,
} from '../../annotation/operation/alternatives.js'
import { type OperationAnnotation, wholeResponse } from '../../annotation/operation/operation.js'
import { optional } from '../../annotation/reader/reader.js'
import type { SourceEntry } from '../../annotation/sources/source.js'
import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { didYouMean } from '../../base/diagnostic/did-you-mean.js'
import { clark } from '../../base/qname.js'
import type { OpenApiDocument } from '../../openapi/document.js'
import type { OpenApiOperation } from '../../openapi/operations.js'
import { join } from '../../openapi/pointer.js'
import { viewSchema } from '../../openapi/schema-view.js'
import type { SoapOperation } from '../../wsdl/model.js'
import { allExposed, callerExposure } from './caller-exposure.js'
import { cachePolicy } from './guarantee/cache.js'
import type { BackendMapping, OperationMapping } from './mapping.js'
import { mayBothFit, type Selection, selectionsOf } from './selection.js'
import { soapOperationOf } from './soap-operation.js'

/** An operation as one SOAP operation serves it. */
export interface ServedOperation {
  readonly rest: OpenApiOperation
  readonly annotation: OperationAnnotation
  readonly soap: SoapOperation
  /** Of an alternative: which requests it is for. */
  readonly selection?: Selection
}

interface AlternativesJoin {
  readonly document: OpenApiDocument
  readonly rest: OpenApiOperation
  readonly annotation: AlternativesAnnotation
  readonly backend: BackendMapping
  readonly diagnostics: Diagnostics
  /** Whether the contract was found to be in order before, so that what is only looked for is left out. */
  readonly isJudged: boolean
}

interface Alternative {
  readonly annotation: AlternativeAnnotation
  readonly soap: SoapOperation
  readonly selection: Selection
}

/**
 * Maps an operation once for each SOAP operation that serves it: docs/annotation.md, "Alternatives". Each is mapped as if the
 * parameters that choose others did not exist, and onto the one success response, so that all of them answer alike.
 */
export function joinAlternatives(
  given: AlternativesJoin,
  map: (served: ServedOperation) => OperationMapping,
): readonly OperationMapping[] {
  const { document, rest, annotation, backend, diagnostics, isJudged } = given
  checkParameters(given)
  checkOverlaps(given)
  const selections = selectionsOf(annotation.alternatives)
  const alternatives = annotation.alternatives.flatMap((alternative, index): Alternative[] => {
    const soap = soapOperationOf(document, alternative, backend, diagnostics)
    const selection = selections[index]
    return soap && selection ? [{ annotation: alternative, soap, selection }] : []
  })
  checkSharedFaults(given, alternatives)
  const mappings = alternatives.map((alternative) =>
    map({
      rest: narrowed(rest, alternative.selection),
      annotation: completed(given, alternative),
      soap: alternative.soap,
      selection: alternative.selection,
    }),
  )
  // To look into a mapping is to make it.
  if (isJudged && !annotation.cache) return mappings
  checkStatuses(given, mappings)
  // A response is kept for a request, whatever served it.
  const exposure = allExposed(mappings.map(({ request }) => callerExposure(request)))
  const cache = cachePolicy({ document, rest, annotation, diagnostics }, exposure)
  return mappings.map((mapping) => ({ ...mapping, ...optional('cache', cache) }))
}

/** What chooses must be known to clients, and must be able to be absent. */
function checkParameters({ document, rest, annotation, diagnostics }: AlternativesJoin): void {
  const declared = rest.parameters.filter((parameter) => parameter.in === 'query')
  const names = declared.map(({ name }) => name)
  for (const alternative of annotation.alternatives) {
    const seen = new Set<string>()
    for (const key of ['when', 'optional'] as const) {
      for (const [index, name] of alternative[key].entries()) {
        const report = (message: string): void => {
          const at = document.locate(join(alternative.pointer, key, index))
          diagnostics.error('alternative-parameter', message, at)
        }
        if (seen.has(name)) report(`${name} is named twice for ${alternative.operation}.`)
        seen.add(name)
        const parameter = declared.find((each) => each.name === name)
        if (!parameter) {
          const there = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`
          report(`${rest.operationId} has no query parameter ${name}; ${there}.${didYouMean(name, names)}`)
        } else if (parameter.required) {
          report(`${name} is required, so its absence never chooses: leave it out here, or its required.`)
        } else if (key === 'when' && viewSchema(document, parameter.schema).keywords.default !== undefined) {
          report(`${name} has a default, so clients take it as given always: leave out the default.`)
        }
      }
    }
  }
}

function checkOverlaps({ document, annotation, diagnostics }: AlternativesJoin): void {
  for (const [index, later] of annotation.alternatives.entries()) {
    for (const earlier of annotation.alternatives.slice(0, index)) {
      if (!mayBothFit(earlier, later)) continue
      const given = [...new Set([...earlier.when, ...later.when])].join(' and ')
      const request = given === '' ? 'A request with none of the parameters' : `A request with ${given}`
      diagnostics.error(
        'alternative-ambiguous',
        `${request} fits ${earlier.operation} and ${later.operation}: name in when what only one of them is asked with.`,
        document.locate(join(later.pointer, 'when')),
        [{ message: 'the other alternative', at: document.locate(earlier.pointer) }],
      )
    }
  }
}

/** A fault beside `oneOf` is one of some alternative; which one has it need not be said. */
function checkSharedFaults(
  { document, annotation, diagnostics }: AlternativesJoin,
  alternatives: readonly Alternative[],
): void {
  // What those declare that were not found, nobody knows.
  if (alternatives.length < annotation.alternatives.length) return
  const declared = [...new Set(alternatives.flatMap(({ soap }) => soap.faults.map(({ name }) => name)))]
  for (const name of Object.keys(annotation.shared.faults)) {
    if (declared.includes(name)) continue
    diagnostics.error(
      'fault-unknown',
      `No alternative declares a fault ${name}; they declare ${declared.join(', ') || 'none'}.${didYouMean(name, declared)}`,
      document.locate(join(annotation.pointer, 'faults', name)),
    )
  }
}

/** The operation without what chooses other alternatives. */
function narrowed(rest: OpenApiOperation, { when, others }: Selection): OpenApiOperation {
  const parameters = rest.parameters
    .filter((parameter) => parameter.in !== 'query' || !others.includes(parameter.name))
    .map((parameter) =>
      parameter.in === 'query' && when.includes(parameter.name)
        ? { ...parameter, required: true }
        : parameter,
    )
  return { ...rest, parameters }
}

/** What an alternative says itself, and what it leaves to `x-soap`. */
function completed(
  { document, annotation: { shared, mcp }, diagnostics }: AlternativesJoin,
  { annotation: own, soap, selection: { others } }: Alternative,
): OperationAnnotation {
  const isOthers = ({ source }: SourceEntry): boolean =>
    source.kind === 'parameter' && source.in === 'query' && others.includes(source.name)
  const isOwn = (entry: SourceEntry): boolean => {
    if (!isOthers(entry)) return true
    diagnostics.error(
      'alternative-parameter',
      `${entry.written} chooses another alternative: name it in when or optional of ${own.operation}, too.`,
      document.locate(entry.pointer),
    )
    return false
  }
  const { operation, input, pointer, mediaType = shared.mediaType } = own
  const { timeoutMs = shared.timeoutMs, isIdempotent = shared.isIdempotent } = own
  const mappedFaults = [
    ...(own.mappedFaults ?? []),
    ...without(shared.mappedFaults ?? [], own.mappedFaults ?? [], ({ name }) => name),
  ]
  return {
    operation,
    ...optional('input', input),
    request: [
      ...own.request.filter(isOwn),
      ...without(shared.request, own.request, ({ target }) => target).filter((entry) => !isOthers(entry)),
    ],
    headers: [
      ...own.headers.filter(({ given }) => given.kind !== 'source' || isOwn(given.entry)),
      ...without(shared.headers, own.headers, ({ target }) => target).filter(
        ({ given }) => given.kind !== 'source' || !isOthers(given.entry),
      ),
    ],
    response: own.response ?? shared.response ?? wholeResponse(pointer),
    ...optional('mediaType', mediaType),
    faults: { ...declaredOf(soap, shared.faults), ...own.faults },
    ...(mappedFaults.length > 0 && { mappedFaults }),
    ...optional('timeoutMs', timeoutMs),
    ...optional('isIdempotent', isIdempotent),
    ...optional('mcp', mcp),
    pointer,
  }
}

/** Those of a list for which an alternative has none of its own. */
function without<T>(shared: readonly T[], own: readonly T[], keyOf: (each: T) => string): readonly T[] {
  const keys = new Set(own.map(keyOf))
  return shared.filter((each) => !keys.has(keyOf(each)))
}

function declaredOf(
  { faults }: SoapOperation,
  statuses: OperationAnnotation['faults'],
): OperationAnnotation['faults'] {
  return Object.fromEntries(
    Object.entries(statuses).filter(([name]) => faults.some((fault) => fault.name === name)),
  )
}

/** Clients know one operation: what tells a fault there has one status, whichever alternative says it. */
function checkStatuses(
  { document, annotation, diagnostics }: AlternativesJoin,
  mappings: readonly OperationMapping[],
): void {
  const first = new Map<string, { readonly status: number; readonly soap: SoapOperation }>()
  for (const { faults, soap } of mappings) {
    for (const { name, element, type, status } of faults) {
      const key = `${clark(element)} ${type ? clark(type) : ''}`
      const other = first.get(key)
      if (!other) first.set(key, { status, soap })
      else if (other.status !== status) {
        diagnostics.error(
          'fault-ambiguous',
          `The fault ${name} is ${other.status} of ${other.soap.name} and ${status} of ${soap.name}: give it one status, in faults beside oneOf.`,
          document.locate(join(annotation.pointer, 'oneOf')),
          [{ message: 'the WSDL operation', at: soap.at }],
        )
      }
    }
  }
}
