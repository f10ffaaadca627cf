import { type AnnotationReader, optional } from './annotation-reader.js'

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
  /** Sources by parameter, unparsed. */
  readonly parameters: Readonly<Record<string, unknown>>
  readonly absentAfterSeconds?: number
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
  const key = map.word('key', keyUses, true)
  const status = readStatus(map.nested('status'))
  map.end()
  return key && { key, ...optional('status', status) }
}

function readStatus(reader: AnnotationReader | undefined): StatusAnnotation | undefined {
  if (!reader) return undefined
  const operationId = reader.text('operationId', true)
  const annotation = {
    parameters: reader.object('parameters'),
    ...optional('absentAfterSeconds', reader.positive('absentAfterSeconds')),
  }
  reader.end()
  return operationId === undefined ? undefined : { operationId, ...annotation }
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
