import { type Diagnostics, type SourceLocation } from '../base/diagnostic.js'
import { isObject, type OpenApiDocument, type OpenApiObject } from '../openapi/document.js'
import { join } from '../openapi/pointer.js'
import { type Environment, expand } from './environment.js'

/** The annotation's grammar, as docs/annotation.md gives it. */
export interface BackendAnnotation {
  readonly name: string
  readonly wsdl: string
  readonly service?: string
  readonly port?: string
  readonly endpoint?: string
  readonly timeoutMs?: number
  readonly maxResponseBytes?: number
  readonly maxConcurrent?: number
  readonly breaker: Readonly<Partial<Record<BreakerKey, number>>>
  readonly pointer: string
}

export type BreakerKey = 'failurePercent' | 'minimumCalls' | 'windowMs' | 'openMs'

export interface OperationAnnotation {
  readonly backend?: string
  readonly operation: string
  readonly input?: string
  /** Sources by target path, unparsed. */
  readonly request: Readonly<Record<string, unknown>>
  readonly response: string
  readonly faults: Readonly<Record<string, number>>
  readonly timeoutMs?: number
  readonly pointer: string
}

const breakerKeys: readonly BreakerKey[] = ['failurePercent', 'minimumCalls', 'windowMs', 'openMs']

/** Reads one object of the annotation: what is of the wrong kind, and what is left over, is reported. */
class Reader {
  readonly #seen = new Set<string>()

  constructor(
    readonly document: OpenApiDocument,
    readonly value: OpenApiObject,
    readonly pointer: string,
    readonly diagnostics: Diagnostics,
  ) {}

  at(key: string): SourceLocation {
    return this.document.locate(join(this.pointer, key))
  }

  text(key: string, required = false): string | undefined {
    const value = this.#take(key)
    if (typeof value === 'string' && value !== '') return value
    if (value !== undefined || required) this.#expected(key, 'a text')
    return undefined
  }

  positive(key: string, limit = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.#take(key)
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= limit) return value
    this.#expected(key, limit === 100 ? 'a whole number from 1 to 100' : 'a whole number above 0')
    return undefined
  }

  object(key: string): OpenApiObject {
    const value = this.#take(key)
    if (isObject(value)) return value
    if (value !== undefined) this.#expected(key, 'a map')
    return {}
  }

  end(): void {
    for (const key of Object.keys(this.value)) {
      if (this.#seen.has(key)) continue
      this.diagnostics.error(
        'annotation-unknown',
        `There is no ${key} in ${this.pointer.split('/').includes('x-soap') ? 'x-soap' : 'x-soap-backends'}; there is ${[...this.#seen].join(', ')}.`,
        this.at(key),
      )
    }
  }

  #take(key: string): unknown {
    this.#seen.add(key)
    return this.value[key]
  }

  #expected(key: string, kind: string): void {
    const problem = this.value[key] === undefined ? 'is missing; it is' : 'must be'
    this.diagnostics.error('annotation-invalid', `${key} ${problem} ${kind}.`, this.at(key))
  }
}

export function readBackends(
  document: OpenApiDocument,
  env: Environment,
  diagnostics: Diagnostics,
): BackendAnnotation[] {
  const all = document.root['x-soap-backends']
  if (!isObject(all) || Object.keys(all).length === 0) {
    diagnostics.error(
      'backends-missing',
      'The document needs x-soap-backends: a map from a name to { wsdl: path, … }.',
      document.locate('/x-soap-backends'),
    )
    return []
  }
  return Object.entries(all).flatMap(([name, value]) => {
    const pointer = join('/x-soap-backends', name)
    if (!isObject(value)) {
      diagnostics.error(
        'annotation-invalid',
        `The backend ${name} must be a map with at least wsdl.`,
        document.locate(pointer),
      )
      return []
    }
    return readBackend(name, new Reader(document, value, pointer, diagnostics), env)
  })
}

function readBackend(name: string, reader: Reader, env: Environment): BackendAnnotation[] {
  const { diagnostics } = reader
  const expanded = (key: string, required = false): string | undefined => {
    const text = reader.text(key, required)
    return text === undefined ? undefined : expand(text, env, reader.at(key), diagnostics)
  }
  const wsdl = expanded('wsdl', true)
  const endpoint = expanded('endpoint')
  const breakerReader = new Reader(
    reader.document,
    reader.object('breaker'),
    join(reader.pointer, 'breaker'),
    diagnostics,
  )
  const breaker = Object.fromEntries(
    breakerKeys.flatMap((key) => {
      const value = breakerReader.positive(key, key === 'failurePercent' ? 100 : undefined)
      return value === undefined ? [] : [[key, value]]
    }),
  )
  breakerReader.end()
  const annotation = {
    name,
    ...optional('service', expanded('service')),
    ...optional('port', expanded('port')),
    ...optional('endpoint', endpoint),
    ...optional('timeoutMs', reader.positive('timeoutMs')),
    ...optional('maxResponseBytes', reader.positive('maxResponseBytes')),
    ...optional('maxConcurrent', reader.positive('maxConcurrent')),
    breaker,
    pointer: reader.pointer,
  }
  reader.end()
  if (endpoint !== undefined && !isHttpUrl(endpoint)) {
    diagnostics.error(
      'endpoint-invalid',
      `The endpoint of ${name} must be an absolute http: or https: URL.`,
      reader.at('endpoint'),
    )
  }
  return wsdl === undefined ? [] : [{ ...annotation, wsdl }]
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
  const reader = new Reader(document, operation.annotation, pointer, diagnostics)
  const name = reader.text('operation', true)
  const annotation = {
    ...optional('backend', reader.text('backend')),
    ...optional('input', reader.text('input')),
    request: reader.object('request'),
    response: reader.text('response') ?? '/',
    faults: readFaults(reader),
    ...optional('timeoutMs', reader.positive('timeoutMs')),
    pointer,
  }
  reader.end()
  return name === undefined ? undefined : { ...annotation, operation: name }
}

function readFaults(reader: Reader): Record<string, number> {
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

/** Can calls be sent there? */
export function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>)
}
