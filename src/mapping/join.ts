import { resolve } from 'node:path'
import { type Diagnostics } from '../base/diagnostic.js'
import { didYouMean } from '../base/did-you-mean.js'
import { type OpenApiDocument } from '../openapi/document.js'
import { type OpenApiOperation, operationsOf } from '../openapi/operations.js'
import { join as pointerJoin } from '../openapi/pointer.js'
import { contractRoot } from '../wsdl/contract-root.js'
import { loadWsdl } from '../wsdl/load.js'
import { type Port, type SoapOperation, type Wsdl } from '../wsdl/model.js'
import { type BackendAnnotation, readBackends } from './backend-annotation.js'
import { cachePolicy } from './cache-policy.js'
import { CanonicalMappings } from './canonical.js'
import { type Environment } from './environment.js'
import { mapFaults } from './faults.js'
import { idempotencyPolicy } from './idempotency-policy.js'
import { type OperationAnnotation, readOperation } from './operation-annotation.js'
import { type BackendMapping, type OperationMapping } from './operation-mapping.js'
import { mapRequest } from './request.js'
import { mapResponse } from './response.js'
import { mapSession, type SessionMapping } from './session.js'
import { soapOperationOf } from './soap-operation.js'
import { toldOfCaller } from './told-of-caller.js'
import { checkEndpoint } from './transport-annotation.js'
import { isHttpUrl } from './url.js'

export interface Joined {
  readonly backends: readonly BackendMapping[]
  readonly operations: readonly OperationMapping[]
  /** Of the backends that want one. */
  readonly sessions: ReadonlyMap<BackendMapping, SessionMapping>
}

/**
 * Joins an OpenAPI document with the WSDLs that its annotation names.
 *
 * @param baseDir the directory that the paths of WSDLs are relative to
 */
export function joinContracts(
  document: OpenApiDocument,
  baseDir: string,
  env: Environment,
  diagnostics: Diagnostics,
): Joined {
  const annotations = readBackends(document, env, diagnostics, baseDir)
  const backends = new Map<string, BackendMapping>()
  const wsdls = new Map<string, Wsdl | undefined>()
  for (const annotation of annotations) {
    const path = resolve(baseDir, annotation.wsdl)
    if (!wsdls.has(path)) wsdls.set(path, load(annotation.wsdl, baseDir, diagnostics))
    const wsdl = wsdls.get(path)
    const backend = wsdl && backendOf(document, annotation, wsdl, diagnostics)
    if (backend) backends.set(annotation.name, backend)
  }
  const names = annotations.map((annotation) => annotation.name)
  const operations = operationsOf(document, diagnostics).flatMap((rest) => {
    const annotation = readOperation(document, rest, diagnostics)
    return annotation ? joinOperation(document, rest, annotation, backends, names, env, diagnostics) : []
  })
  const sessions = new Map<BackendMapping, SessionMapping>()
  for (const backend of backends.values()) {
    const { session } = backend.annotation
    const mapping = session && mapSession(document, session, backend, env, diagnostics)
    if (mapping) sessions.set(backend, mapping)
  }
  return { backends: [...backends.values()], operations, sessions }
}

function load(file: string, baseDir: string, diagnostics: Diagnostics): Wsdl | undefined {
  const loaded = loadWsdl(file, { root: contractRoot(resolve(baseDir, file)), cwd: baseDir })
  diagnostics.list.push(...loaded.diagnostics)
  return loaded.wsdl
}

function backendOf(
  document: OpenApiDocument,
  annotation: BackendAnnotation,
  wsdl: Wsdl,
  diagnostics: Diagnostics,
): BackendMapping | undefined {
  const at = document.locate(annotation.pointer)
  const ports = wsdl.services
    .filter((service) => annotation.service === undefined || service.name.localName === annotation.service)
    .flatMap((service) => service.ports)
    .filter((port) => annotation.port === undefined || port.name === annotation.port)
  const [port, ...others] = ports
  if (!port || others.length > 0) {
    const all = wsdl.services.flatMap((service) =>
      service.ports.map((p) => `${service.name.localName}/${p.name}`),
    )
    diagnostics.error(
      'port-ambiguous',
      `${wsdl.file} has the SOAP ports ${all.join(', ') || '(none)'}: ${port ? 'name one' : 'none is the one asked for'}, with service and port.`,
      at,
    )
    return undefined
  }
  const endpoint = annotation.endpoint ?? port.endpoint
  if (endpoint === undefined) {
    diagnostics.error(
      'endpoint-missing',
      `The port ${port.name} has no soap:address: give an endpoint.`,
      at,
      [{ message: 'the port', at: port.at }],
    )
    return undefined
  }
  if (annotation.endpoint === undefined && !isHttpUrl(endpoint)) {
    const message = `The soap:address of ${port.name} is no absolute http: or https: URL: give an endpoint.`
    diagnostics.error('endpoint-invalid', message, at, [{ message: 'the port', at: port.at }])
  }
  checkEndpoint(annotation.transport, endpoint, at, diagnostics)
  return describe(annotation, wsdl, port, endpoint)
}

function describe(annotation: BackendAnnotation, wsdl: Wsdl, port: Port, endpoint: string): BackendMapping {
  return {
    name: annotation.name,
    annotation,
    wsdl,
    canonical: new CanonicalMappings(wsdl.schemas),
    soapVersion: port.binding.soapVersion,
    operations: port.binding.operations,
    endpoint,
  }
}

function joinOperation(
  document: OpenApiDocument,
  rest: OpenApiOperation,
  annotation: OperationAnnotation,
  backends: ReadonlyMap<string, BackendMapping>,
  names: readonly string[],
  env: Environment,
  diagnostics: Diagnostics,
): OperationMapping[] {
  const at = document.locate(
    pointerJoin(annotation.pointer, annotation.backend === undefined ? '' : 'backend'),
  )
  const name = annotation.backend ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined || !names.includes(name)) {
    diagnostics.error(
      'backend-unknown',
      `${rest.operationId} must name its backend: ${names.join(' or ')}.${didYouMean(name ?? '', names)}`,
      at,
    )
    return []
  }
  const backend = backends.get(name)
  const soap = backend && soapOperationOf(document, annotation, backend, diagnostics)
  if (!backend || !soap) return []
  warnOfLimits(soap, diagnostics)
  const both = { document, rest, annotation, backend, soap, env, diagnostics }
  const request = mapRequest(both)
  return [
    {
      rest,
      backend,
      soap,
      timeoutMs: annotation.timeoutMs,
      isIdempotent: annotation.isIdempotent,
      request,
      response: mapResponse(both),
      faults: mapFaults(both),
      idempotency: idempotencyPolicy(document, rest, annotation, diagnostics),
      cache: cachePolicy(document, rest, annotation, toldOfCaller(request, backend), diagnostics),
    },
  ]
}

/** What the WSDL asks for and is not done, before a backend complains of it. */
function warnOfLimits(soap: SoapOperation, diagnostics: Diagnostics): void {
  const { input, output } = soap
  if (soap.style === 'document' && (input.use === 'encoded' || output?.use === 'encoded')) {
    diagnostics.warning(
      'encoding-partial',
      `${soap.name} is document/encoded, which no two stacks read alike: it is called as document/literal.`,
      soap.at,
    )
  }
}
