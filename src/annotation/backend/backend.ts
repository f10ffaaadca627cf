import { type BackendPolicy, type BreakerPolicy, defaultPolicy } from '../../backend/policy.js'
import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { nearest } from '../../base/diagnostic/did-you-mean.js'
import type { Environment } from '../../base/environment.js'
import { isHttpUrl } from '../../base/http-url.js'
import type { LenientKind } from '../../base/lenient-kind.js'
import { isObject, type OpenApiDocument } from '../../openapi/document.js'
import { join } from '../../openapi/pointer.js'
import type { AddressingPolicy } from '../../soap/addressing.js'
import type { VerificationPolicy, WsSecurityPolicy } from '../../ws-security/policy.js'
import { isTimeZone, TimeZone } from '../../xsd/values/time-zone.js'
import { type MappedFaultAnnotation, readSharedFaults } from '../message/faults.js'
import { type HeaderEntry, readHeaderBlocks } from '../message/header-blocks.js'
import { type AnnotationContext, AnnotationReader, optional } from '../reader/reader.js'
import type { CallKind, WrittenSource } from '../sources/source.js'
import { readResilience, type ResilienceAnnotation } from '../transport/resilience.js'
import { readTransport, type TransportAnnotation } from '../transport/transport.js'
import type { IssuedTokenAnnotation } from '../ws-security/issued-token.js'
import { readSecurity } from '../ws-security/ws-security.js'
import { readAddressing } from './addressing.js'
import { readLenient } from './lenient.js'
import { type LimitsAnnotation, readLimits } from './limits.js'
import { readReceive, type ReceivePolicy } from './receive.js'
import { readSession, type SessionAnnotation } from './session.js'

/** One entry of `x-soap-backends`, as docs/annotation.md gives it. */
export interface BackendAnnotation {
  readonly name: string
  readonly wsdl: string
  readonly service?: string
  readonly port?: string
  readonly endpoint?: string
  /** `none`: messages are the XML alone, whatever the binding says: docs/soap.md, "Without an envelope". */
  readonly envelope?: 'none'
  readonly limits?: LimitsAnnotation
  /** Header blocks of responses, in Clark notation, that may demand to be understood. */
  readonly understood?: readonly string[]
  /** What local times of its answers are in: docs/annotation.md, "Dates and times". */
  readonly timeZone?: TimeZone
  /** What its responses are forgiven: docs/soap.md, "Leniency". */
  readonly lenient?: ReadonlySet<LenientKind>
  /** Faults of all operations that no WSDL declares, in the order in which they are tried. */
  readonly mappedFaults?: readonly MappedFaultAnnotation[]
  /** `mtom`: bytes travel beside the envelope wherever they can: docs/soap.md, "Attachments". */
  readonly attachments?: 'mtom'
  /** What header blocks of all operations are made from. */
  readonly headers: readonly HeaderEntry[]
  readonly addressing?: AddressingPolicy
  readonly session?: SessionAnnotation
  readonly transport?: TransportAnnotation
  readonly security?: WsSecurityPolicy
  /** Where tokens for its calls are asked for. */
  readonly issuedToken?: IssuedTokenAnnotation
  /** Where the SAML assertion of a call comes from, or that on whose behalf a token is asked for. */
  readonly samlAssertion?: WrittenSource<CallKind>
  readonly resilience?: ResilienceAnnotation
  /** Who may call the port, where soapstone serves it: docs/events.md. */
  readonly receive?: ReceivePolicy
  /** With the defaults of what the entry leaves out. */
  readonly policy: BackendPolicy
  readonly pointer: string
}

const breakerKeys: readonly (keyof BreakerPolicy)[] = [
  'failurePercent',
  'minimumCalls',
  'windowMs',
  'openMs',
  'probes',
  'slowMs',
]

/** The names of all backends of the document, those included that cannot be used. */
export function backendNames({ root }: OpenApiDocument): readonly string[] {
  const all = root['x-soap-backends']
  return isObject(all) ? Object.keys(all) : []
}

/** @param baseDir what the paths of certificates are relative to */
export function readBackends(
  document: OpenApiDocument,
  env: Environment,
  diagnostics: Diagnostics,
  baseDir = '.',
): BackendAnnotation[] {
  const context = { document, diagnostics, env, baseDir }
  const all = document.root['x-soap-backends']
  if (!isObject(all) || Object.keys(all).length === 0) {
    const meant = nearest('x-soap-backends', Object.keys(document.root))
    const mistaken = meant !== undefined && meant !== 'x-soap-backends' ? meant : undefined
    diagnostics.error(
      'backends-missing',
      `The document needs x-soap-backends: a map from a name to { wsdl: path, … }.${mistaken === undefined ? '' : ` Is ${mistaken} meant to be it?`}`,
      document.locate(join('', mistaken ?? 'x-soap-backends')),
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
    return readBackend(context, name, { value, pointer })
  })
}

function readBackend(
  context: AnnotationContext,
  name: string,
  { value, pointer }: Pick<AnnotationReader, 'value' | 'pointer'>,
): BackendAnnotation[] {
  const reader = new AnnotationReader(context, value, pointer)
  const wsdl = reader.expanded('wsdl', { required: true })
  const transport = readTransport(reader)
  const resilience = readResilience(reader, transport)
  const endpoint = reader.expanded('endpoint') ?? resilience?.policy.endpoints?.[0]
  const security = readSecurity(reader.nested('security'), endpoint)
  const receive = readReceive(reader.nested('receive'), { isVerified: security?.policy.verify !== undefined })
  const wrong = receive && security?.policy.verify && notReceived(security.policy.verify)
  if (wrong) reader.diagnostics.error('wss-policy', wrong, reader.at('receive'))
  const limits = {
    ...optional('timeoutMs', reader.positive('timeoutMs')),
    ...optional('maxResponseBytes', reader.positive('maxResponseBytes')),
    ...optional('maxConcurrent', reader.positive('maxConcurrent')),
  }
  const breaker = { ...defaultPolicy.breaker, ...readBreaker(reader.nested('breaker')) }
  const annotation = {
    name,
    ...optional('service', reader.expanded('service')),
    ...optional('port', reader.expanded('port')),
    ...optional('endpoint', endpoint),
    ...optional('envelope', reader.word('envelope', ['none'] as const)),
    ...optional('understood', readUnderstood(reader)),
    ...optional('limits', readLimits(reader.nested('limits'))),
    ...optional('timeZone', readTimeZone(reader)),
    ...optional('lenient', readLenient(reader)),
    ...optional('attachments', reader.word('attachments', ['mtom'] as const)),
    ...optional('mappedFaults', readSharedFaults(reader)),
    headers: readHeaderBlocks(reader),
    ...optional('addressing', readAddressing(reader)),
    ...optional('session', readSession(reader)),
    ...optional('transport', transport),
    ...optional('security', security?.policy),
    ...optional('samlAssertion', security?.samlAssertion),
    ...optional('issuedToken', security?.issuedToken),
    ...optional('resilience', resilience),
    ...optional('receive', receive),
    policy: { ...defaultPolicy, ...limits, ...transport, ...resilience?.policy, breaker },
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

function readUnderstood(reader: AnnotationReader): readonly string[] | undefined {
  const names = reader.texts('understood')
  const wrong = names?.find((name) => !/^\{[^{}]+\}[^{}:\s]+$/.test(name))
  if (wrong === undefined) return names
  reader.diagnostics.error(
    'annotation-invalid',
    `understood lists header blocks as {namespace}Name; ${wrong} is none.`,
    reader.at('understood'),
  )
  return undefined
}

function readTimeZone(reader: AnnotationReader): TimeZone | undefined {
  const name = reader.expanded('timeZone')
  if (name === undefined) return undefined
  if (isTimeZone(name)) return new TimeZone(name)
  reader.diagnostics.error(
    'annotation-invalid',
    'timeZone must be a zone of the IANA database, such as Europe/Brussels, or an offset, such as +01:00.',
    reader.at('timeZone'),
  )
  return undefined
}

function readBreaker(reader: AnnotationReader | undefined): Partial<BreakerPolicy> {
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

/** What `verify` asks of responses, and nothing that is received can have. */
function notReceived({ symmetric, confirmation }: VerificationPolicy): string | undefined {
  if (symmetric) {
    return 'What is received answers no call, so that the key of none can have signed it: give receive to a backend of its own, without security.symmetric.'
  }
  return confirmation
    ? 'What is received answers no call, so that it can confirm the signatures of none: give receive to a backend of its own, without verify.confirmation.'
    : undefined
}
