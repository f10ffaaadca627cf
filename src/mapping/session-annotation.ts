import { type AnnotationReader, optional } from './annotation-reader.js'

/** `session` of a backend, as docs/annotation.md gives it. */
export interface SessionAnnotation {
  /** The WSDL operation that logs in. */
  readonly operation: string
  readonly input?: string
  /** Sources of its input and header blocks by target path, unparsed. */
  readonly request: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
  /** Where its answer holds the token: `$response.body#/…` or `$response.soapHeader#/…`, unparsed. */
  readonly token?: string
  /** The name of a cookie that its answer sets and each call brings back. */
  readonly cookie?: string
  readonly lifetimeMs?: number
  /** Names of faults, fault codes or detail elements that say the session is over. */
  readonly faults: readonly string[]
  readonly pointer: string
}

export function readSession(parent: AnnotationReader): SessionAnnotation | undefined {
  const reader = parent.nested('session')
  if (!reader) return undefined
  const operation = reader.text('operation', true)
  const annotation = {
    ...optional('input', reader.text('input')),
    request: reader.object('request'),
    headers: reader.object('headers'),
    ...optional('token', reader.text('token')),
    ...optional('cookie', reader.text('cookie')),
    ...optional('lifetimeMs', reader.positive('lifetimeMs')),
    faults: reader.texts('faults') ?? [],
    pointer: reader.pointer,
  }
  reader.end()
  return operation === undefined ? undefined : { ...annotation, operation }
}
