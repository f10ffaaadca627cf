import { type Diagnostics } from '../base/diagnostic.js'
import { isObject, type OpenApiDocument } from '../openapi/document.js'
import { join } from '../openapi/pointer.js'
import { AnnotationReader, optional } from './annotation-reader.js'
import { readIdempotent } from './resilience-annotation.js'
import { type CacheAnnotation, type IdempotencyAnnotation, readGuarantees } from './idempotency-annotation.js'

/** `x-soap` of an operation, as docs/annotation.md gives it. */
export interface OperationAnnotation {
  readonly backend?: string
  readonly operation: string
  readonly input?: string
  /** Sources by target path, unparsed. */
  readonly request: Readonly<Record<string, unknown>>
  /** Sources of SOAP header blocks by target path, unparsed. */
  readonly headers: Readonly<Record<string, unknown>>
  readonly response: string
  /** Path of the element that says what media type the response body is of. */
  readonly mediaType?: string
  readonly faults: Readonly<Record<string, number>>
  readonly timeoutMs?: number
  /** May be carried out more than once; by default only reads may. */
  readonly isIdempotent?: boolean
  readonly idempotency?: IdempotencyAnnotation
  readonly cache?: CacheAnnotation
  readonly pointer: string
}

/** @returns undefined, with a diagnostic, where an operation has no annotation that can be used */
export function readOperation(
  document: OpenApiDocument,
  operation: { readonly operationId: string; readonly annotation: unknown; readonly pointer: string },
  diagnostics: Diagnostics,
): OperationAnnotation | undefined {
  const pointer = join(operation.pointer, 'x-soap')
  if (!isObject(operation.annotation)) {
    diagnostics.error(
      'annotation-missing',
      `The operation ${operation.operationId} needs x-soap: { operation: … }, the WSDL operation that serves it.`,
      document.locate(pointer),
    )
    return undefined
  }
  const reader = new AnnotationReader(document, operation.annotation, pointer, diagnostics)
  const name = reader.text('operation', true)
  const annotation = {
    ...optional('backend', reader.text('backend')),
    ...optional('input', reader.text('input')),
    request: reader.object('request'),
    headers: reader.object('headers'),
    response: reader.text('response') ?? '/',
    ...optional('mediaType', reader.text('mediaType')),
    faults: readFaults(reader),
    ...optional('timeoutMs', reader.positive('timeoutMs')),
    ...optional('isIdempotent', readIdempotent(reader)),
    ...readGuarantees(reader),
    pointer,
  }
  reader.end()
  return name === undefined ? undefined : { ...annotation, operation: name }
}

function readFaults(reader: AnnotationReader): Record<string, number> {
  const faults: Record<string, number> = {}
  for (const [fault, status] of Object.entries(reader.object('faults'))) {
    if (typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 599)
      faults[fault] = status
    else {
      reader.diagnostics.error(
        'annotation-invalid',
        `The fault ${fault} must be mapped to a status from 400 to 599.`,
        reader.document.locate(join(reader.pointer, 'faults', fault)),
      )
    }
  }
  return faults
}
