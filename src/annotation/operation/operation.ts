import { isObject } from '../../openapi/document.js'
import { join } from '../../openapi/pointer.js'
import { type MappedFaultAnnotation, readFaults } from '../message/faults.js'
import { type HeaderEntry, readHeaderBlocks } from '../message/header-blocks.js'
import { type AnnotationContext, AnnotationReader, optional } from '../reader/reader.js'
import { readPath, readSources, type SourceEntry, type WrittenPath } from '../sources/source.js'
import { readIdempotent } from '../transport/resilience.js'
import { type CacheAnnotation, type IdempotencyAnnotation, readGuarantees } from './guarantees.js'

/** `x-soap` of an operation, as docs/annotation.md gives it. */
export interface OperationAnnotation {
  readonly backend?: string
  readonly operation: string
  readonly input?: string
  /** What the input is made from. */
  readonly request: readonly SourceEntry[]
  /** What header blocks are made from. */
  readonly headers: readonly HeaderEntry[]
  readonly response: ResponseAnnotation
  /** Path of the element that says what media type the response body is of. */
  readonly mediaType?: WrittenPath
  /** Statuses of declared faults. */
  readonly faults: Readonly<Record<string, number>>
  /** Faults that the WSDL does not declare, in the order in which they are tried. */
  readonly mappedFaults?: readonly MappedFaultAnnotation[]
  readonly timeoutMs?: number
  /** May be carried out more than once; by default only reads may. */
  readonly isIdempotent?: boolean
  readonly idempotency?: IdempotencyAnnotation
  /** Whether agents may use it as a tool; by default where it only reads. */
  readonly mcp?: boolean
  readonly cache?: CacheAnnotation
  readonly pointer: string
}

/** Path of the element that is the response body; without steps, the content of the output element. */
export interface ResponseAnnotation extends WrittenPath {
  /** Paths to the elements that members of the body are, where the schema does not say it. */
  readonly members?: ReadonlyMap<string, WrittenPath>
}

/** How the messages of a SOAP operation are mapped. */
export interface MappingAnnotation extends Pick<
  OperationAnnotation,
  'request' | 'headers' | 'mediaType' | 'faults' | 'mappedFaults' | 'timeoutMs' | 'isIdempotent'
> {
  /** Absent where nothing is said of it. */
  readonly response?: ResponseAnnotation
}

/** @returns undefined, with a diagnostic, where an operation has no annotation that can be used */
export function readOperation(
  context: AnnotationContext,
  operation: { readonly operationId: string; readonly annotation: unknown; readonly pointer: string },
): OperationAnnotation | undefined {
  const pointer = join(operation.pointer, 'x-soap')
  if (!isObject(operation.annotation)) {
    context.diagnostics.error(
      'annotation-missing',
      `The operation ${operation.operationId} needs x-soap: { operation: … }, the WSDL operation that serves it.`,
      context.document.locate(pointer),
    )
    return undefined
  }
  const reader = new AnnotationReader(context, operation.annotation, pointer)
  const name = reader.text('operation', { required: true })
  const backend = reader.text('backend')
  const input = reader.text('input')
  const { response = wholeResponse(pointer), ...mapping } = readMapping(reader)
  const annotation = {
    ...optional('backend', backend),
    ...optional('input', input),
    ...mapping,
    response,
    ...readGuarantees(reader),
    ...optional('mcp', reader.flag('mcp')),
    pointer,
  }
  reader.end('oneOf')
  return name === undefined ? undefined : { ...annotation, operation: name }
}

/** Reads the keys that say how messages are mapped. */
export function readMapping(reader: AnnotationReader): MappingAnnotation {
  const request = readSources(reader, 'request')
  const headers = readHeaderBlocks(reader)
  const response = readResponse(reader)
  const mediaType = readPath(reader, 'mediaType')
  const { declared, mapped } = readFaults(reader)
  return {
    ...{ request, headers, faults: declared },
    ...optional('response', response),
    ...optional('mediaType', mediaType),
    ...(mapped.length > 0 && { mappedFaults: mapped }),
    ...optional('timeoutMs', reader.positive('timeoutMs')),
    ...optional('isIdempotent', readIdempotent(reader)),
  }
}

/** A path, or a map from members of the body to paths. */
function readResponse(reader: AnnotationReader): ResponseAnnotation | undefined {
  if (!isObject(reader.value.response)) return readPath(reader, 'response')
  const map = reader.nested('response')
  if (!map) return undefined
  const members = Object.keys(map.value).flatMap((name) => {
    const path = readPath(map, name)
    if (path?.steps.length !== 0) return path ? [[name, path] as const] : []
    const message = `${name} needs the path of an element, such as /OrderList.`
    map.diagnostics.error('annotation-invalid', message, map.at(name))
    return []
  })
  return { ...wholeResponse(reader.pointer), members: new Map(members) }
}

/** What `response` is by default. */
export function wholeResponse(pointer: string): WrittenPath {
  return { steps: [], written: '/', pointer }
}
