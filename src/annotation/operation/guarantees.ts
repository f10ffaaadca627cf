import { join } from '../../openapi/pointer.js'
import { type AnnotationReader, optional } from '../reader/reader.js'
import { readSource, type SourceUse, type WrittenSource } from '../sources/source.js'

/** Whether a request must, or may, carry an Idempotency-Key. */
export type KeyUse = 'required' | 'optional'

/** `idempotency` of an operation's `x-soap`, as docs/annotation.md gives it. */
export interface IdempotencyAnnotation {
  readonly key: KeyUse
  readonly status?: StatusAnnotation
}

/** The operation that tells whether an earlier request was carried out. */
export interface StatusAnnotation {
  readonly operationId: string
  readonly parameters: readonly StatusParameter[]
  /** Of all parameters that are given a source, those whose source is none included. */
  readonly names: readonly string[]
  readonly pointer: string
  readonly absentAfterSeconds?: number
}

/** What a parameter of the status operation is given, of the request that is asked about. */
export interface StatusParameter extends WrittenSource<StatusKind> {
  /** Of the parameter, with or without its place before it. */
  readonly name: string
}

type StatusKind = 'parameter' | 'body' | 'constant'

const statusUse: SourceUse<StatusKind> = {
  kinds: ['parameter', 'body', 'constant'],
  demand: (name) =>
    `${name} needs a source: $request.path.…, $request.query.…, $request.header.…, $request.body#/… or a constant.`,
  code: 'idempotency-status',
}

/** `cache` of an operation's `x-soap`. */
export interface CacheAnnotation {
  readonly maxAgeSeconds: number
  readonly staleIfErrorSeconds?: number
  readonly shared?: boolean
}

const keyUses = ['required', 'optional'] as const

/** Reads `idempotency` and `cache`; what is of the wrong kind is reported and left out. */
export function readGuarantees(reader: AnnotationReader): {
  idempotency?: IdempotencyAnnotation
  cache?: CacheAnnotation
} {
  return { ...optional('idempotency', readIdempotency(reader)), ...optional('cache', readCache(reader)) }
}

function readIdempotency(reader: AnnotationReader): IdempotencyAnnotation | undefined {
  if (typeof reader.value.idempotency === 'string') {
    const key = reader.word('idempotency', keyUses)
    return key && { key }
  }
  const map = reader.nested('idempotency')
  if (!map) return undefined
  const key = map.word('key', keyUses, { required: true })
  const status = readStatus(map.nested('status'))
  map.end()
  return key && { key, ...optional('status', status) }
}

function readStatus(reader: AnnotationReader | undefined): StatusAnnotation | undefined {
  if (!reader) return undefined
  const operationId = reader.text('operationId', { required: true })
  const annotation = {
    parameters: readParameters(reader),
    names: Object.keys(reader.object('parameters')),
    pointer: reader.pointer,
    ...optional('absentAfterSeconds', reader.positive('absentAfterSeconds')),
  }
  reader.end()
  return operationId === undefined ? undefined : { operationId, ...annotation }
}

function readParameters(reader: AnnotationReader): readonly StatusParameter[] {
  return Object.entries(reader.object('parameters')).flatMap(([name, value]) => {
    const pointer = join(reader.pointer, 'parameters', name)
    const source = readSource(reader, { name, value, pointer }, statusUse)
    return source ? [{ ...source, name }] : []
  })
}

function readCache(parent: AnnotationReader): CacheAnnotation | undefined {
  const reader = parent.nested('cache')
  if (!reader) return undefined
  const maxAgeSeconds = reader.positive('maxAgeSeconds')
  if (reader.value.maxAgeSeconds === undefined) {
    const message = 'maxAgeSeconds is missing; it is a whole number above 0.'
    reader.diagnostics.error('annotation-invalid', message, reader.at('maxAgeSeconds'))
  }
  const annotation = {
    ...optional('staleIfErrorSeconds', reader.positive('staleIfErrorSeconds')),
    ...optional('shared', reader.flag('shared')),
  }
  reader.end()
  return maxAgeSeconds === undefined ? undefined : { maxAgeSeconds, ...annotation }
}
