import { type Diagnostics } from '../base/diagnostic.js'
import { isObject, type OpenApiDocument } from '../openapi/document.js'
import { join } from '../openapi/pointer.js'
import { type WsSecurityPolicy } from '../security/policy.js'
import { type AddressingAnnotation, readAddressing } from './addressing-annotation.js'
import { AnnotationReader, optional } from './annotation-reader.js'
import { type Environment } from './environment.js'
import { readResilience, type ResilienceAnnotation } from './resilience-annotation.js'
import { readSecurity } from './security-annotation.js'
import { readSession, type SessionAnnotation } from './session-annotation.js'
import { readTransport, type TransportAnnotation } from './transport-annotation.js'
import { isHttpUrl } from './url.js'

/** One entry of `x-soap-backends`, as docs/annotation.md gives it. */
export interface BackendAnnotation {
  readonly name: string
  readonly wsdl: string
  readonly service?: string
  readonly port?: string
  readonly endpoint?: string
  readonly timeoutMs?: number
  readonly maxResponseBytes?: number
  readonly maxConcurrent?: number
  /** Read answers of SOAP encoding that could be misread: docs/soap.md, "rpc/encoded". */
  readonly lenient?: boolean
  /** `mtom`: octets travel beside the envelope wherever they can: docs/soap.md, "Attachments". */
  readonly attachments?: 'mtom'
  /** Sources of header blocks for all operations, by target path, unparsed. */
  readonly headers?: Readonly<Record<string, unknown>>
  readonly addressing?: AddressingAnnotation
  readonly session?: SessionAnnotation
  readonly transport?: TransportAnnotation
  readonly security?: WsSecurityPolicy
  readonly resilience?: ResilienceAnnotation
  readonly breaker: Readonly<Partial<Record<BreakerKey, number>>>
  readonly pointer: string
}

export type BreakerKey = 'failurePercent' | 'minimumCalls' | 'windowMs' | 'openMs' | 'probes' | 'slowMs'

const breakerKeys: readonly BreakerKey[] = [
  'failurePercent',
  'minimumCalls',
  'windowMs',
  'openMs',
  'probes',
  'slowMs',
]

/** @param baseDir what the paths of certificates are relative to */
export function readBackends(
  document: OpenApiDocument,
  env: Environment,
  diagnostics: Diagnostics,
  baseDir = '.',
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
    return readBackend(name, new AnnotationReader(document, value, pointer, diagnostics, env), baseDir)
  })
}

function readBackend(name: string, reader: AnnotationReader, baseDir: string): BackendAnnotation[] {
  const wsdl = reader.expanded('wsdl', true)
  const transport = readTransport(reader, baseDir)
  const resilience = readResilience(reader, transport)
  const endpoint = reader.expanded('endpoint') ?? resilience?.policy.endpoints?.[0]
  const annotation = {
    name,
    ...optional('service', reader.expanded('service')),
    ...optional('port', reader.expanded('port')),
    ...optional('endpoint', endpoint),
    ...optional('timeoutMs', reader.positive('timeoutMs')),
    ...optional('maxResponseBytes', reader.positive('maxResponseBytes')),
    ...optional('maxConcurrent', reader.positive('maxConcurrent')),
    ...optional('lenient', reader.flag('lenient')),
    ...optional('attachments', reader.word('attachments', ['mtom'] as const)),
    ...optional('headers', reader.nested('headers')?.value),
    ...optional('addressing', readAddressing(reader)),
    ...optional('session', readSession(reader)),
    ...optional('transport', transport),
    ...optional('security', readSecurity(reader.nested('security'), endpoint, baseDir)),
    ...optional('resilience', resilience),
    breaker: readBreaker(reader.nested('breaker')),
    pointer: reader.pointer,
  }
  reader.end()
  if (endpoint !== undefined && !isHttpUrl(endpoint)) {
    reader.diagnostics.error(
      'endpoint-invalid',
      `The endpoint of ${name} must be an absolute http: or https: URL.`,
      reader.at('endpoint'),
    )
  }
  return wsdl === undefined ? [] : [{ ...annotation, wsdl }]
}

function readBreaker(reader: AnnotationReader | undefined): BackendAnnotation['breaker'] {
  if (!reader) return {}
  const breaker = Object.fromEntries(
    breakerKeys.flatMap((key) => {
      const value = reader.positive(key, key === 'failurePercent' ? 100 : undefined)
      return value === undefined ? [] : [[key, value]]
    }),
  )
  reader.end()
  return breaker
}
