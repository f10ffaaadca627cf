import { isObject } from '../../openapi/document.js'
import { join } from '../../openapi/pointer.js'
import { type AnnotationContext, AnnotationReader, optional } from '../reader/reader.js'
import { type CacheAnnotation, readGuarantees } from './guarantees.js'
import { type MappingAnnotation, type OperationAnnotation, readMapping } from './operation.js'

/** One of the SOAP operations that serve an operation, chosen by the query parameters of a request. */
export interface AlternativeAnnotation
  extends MappingAnnotation, Pick<OperationAnnotation, 'operation' | 'input' | 'pointer'> {
  /** Query parameters that each of its requests has. */
  readonly when: readonly string[]
  /** Those that its requests may have besides. */
  readonly optional: readonly string[]
}

/** `x-soap` of an operation that several SOAP operations serve: docs/annotation.md, "Alternatives". */
export interface AlternativesAnnotation {
  readonly backend?: string
  /** What holds for each alternative that does not say otherwise. */
  readonly shared: MappingAnnotation
  readonly cache?: CacheAnnotation
  readonly mcp?: boolean
  readonly alternatives: readonly AlternativeAnnotation[]
  readonly pointer: string
}

interface AnnotatedOperation {
  readonly operationId: string
  readonly method: string
  readonly annotation: unknown
  readonly pointer: string
}

/** @returns undefined where one SOAP operation serves it; what is wrong with the alternatives is reported */
export function readAlternatives(
  context: AnnotationContext,
  { operationId, method, annotation, pointer: at }: AnnotatedOperation,
): AlternativesAnnotation | undefined {
  if (!isObject(annotation) || annotation.oneOf === undefined) return undefined
  const pointer = join(at, 'x-soap')
  const reader = new AnnotationReader(context, annotation, pointer)
  const entries = reader.entries('oneOf') ?? []
  const report = (key: string, message: string): void => {
    context.diagnostics.error('annotation-invalid', message, reader.at(key))
  }
  if (Array.isArray(annotation.oneOf) && entries.length < 2) {
    report('oneOf', 'oneOf needs two alternatives; one SOAP operation alone stands in x-soap itself.')
  }
  if (method !== 'get') {
    report('oneOf', `${operationId} is a ${method.toUpperCase()}; only a GET chooses among SOAP operations.`)
  }
  for (const key of ['operation', 'input', 'when', 'optional']) {
    if (annotation[key] === undefined) continue
    reader.ignore(key)
    report(key, `${key} is said of each alternative: write it in the entries of oneOf.`)
  }
  const { idempotency, cache } = readGuarantees(reader)
  if (idempotency) report('idempotency', 'An operation with oneOf only reads: leave out idempotency.')
  const shared = {
    ...optional('backend', reader.text('backend')),
    shared: readMapping(reader),
    ...optional('cache', cache),
    ...optional('mcp', reader.flag('mcp')),
  }
  reader.end()
  return { ...shared, alternatives: entries.flatMap(readAlternative), pointer }
}

function readAlternative(reader: AnnotationReader): AlternativeAnnotation[] {
  const when = reader.texts('when') ?? []
  const besides = reader.texts('optional') ?? []
  const operation = reader.text('operation', { required: true })
  const input = reader.text('input')
  const mapping = readMapping(reader)
  reader.end()
  const { pointer } = reader
  if (operation === undefined) return []
  return [{ ...mapping, operation, ...optional('input', input), when, optional: besides, pointer }]
}
