import { resolve } from 'node:path'
import { type Diagnostics } from '../base/diagnostic.js'
import { type OpenApiDocument } from '../openapi/document.js'
import { type OpenApiOperation, operationsOf } from '../openapi/operations.js'
import { join as pointerJoin } from '../openapi/pointer.js'
import { contractRoot } from '../wsdl/contract-root.js'
import { loadWsdl } from '../wsdl/load.js'
import { type Port, type SoapOperation, type Wsdl } from '../wsdl/model.js'
import {
  type BackendAnnotation,
  isHttpUrl,
  type OperationAnnotation,
  readBackends,
  readOperation,
} from './annotation.js'
import { CanonicalMappings } from './canonical.js'
import { type Environment } from './environment.js'
import { mapFaults } from './faults.js'
import { type BackendMapping, type OperationMapping } from './operation-mapping.js'
import { mapRequest } from './request.js'
import { mapResponse } from './response.js'

export interface Joined {
  readonly backends: readonly BackendMapping[]
  readonly operations: readonly OperationMapping[]
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
  const annotations = readBackends(document, env, diagnostics)
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
    return annotation ? joinOperation(document, rest, annotation, backends, names, diagnostics) : []
  })
  return { backends: [...backends.values()], operations }
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
  diagnostics: Diagnostics,
): OperationMapping[] {
  const at = document.locate(
    pointerJoin(annotation.pointer, annotation.backend === undefined ? '' : 'backend'),
  )
  const name = annotation.backend ?? (names.length === 1 ? names[0] : undefined)
  if (name === undefined || !names.includes(name)) {
    diagnostics.error(
      'backend-unknown',
      `${rest.operationId} must name its backend: ${names.join(' or ')}.`,
      at,
    )
    return []
  }
  const backend = backends.get(name)
  const soap = backend && soapOperationOf(document, annotation, backend, diagnostics)
  if (!backend || !soap) return []
  warnOfLimits(soap, diagnostics)
  const { canonical } = backend
  return [
    {
      rest,
      backend,
      soap,
      timeoutMs: annotation.timeoutMs,
      request: mapRequest(document, rest, annotation, soap.input, canonical, diagnostics),
      response: mapResponse(document, rest, annotation, soap.output, canonical, diagnostics),
      faults: mapFaults(document, rest, annotation, soap, canonical, diagnostics),
    },
  ]
}

/** What the WSDL asks for and is not done, before a backend complains of it. */
function warnOfLimits(soap: SoapOperation, diagnostics: Diagnostics): void {
  const { input, output } = soap
  if (input.use === 'encoded' || output?.use === 'encoded') {
    diagnostics.warning(
      'encoding-partial',
      `${soap.name} is rpc/encoded: it is called as rpc/literal, without xsi:type; SOAP arrays and multiRef are not read.`,
      soap.at,
    )
  }
  if (input.headers.length > 0) {
    const parts = input.headers.map((header) => header.element.name.localName).join(', ')
    diagnostics.warning(
      'header-unsent',
      `${soap.name} declares the SOAP headers ${parts}, which are not sent.`,
      soap.at,
    )
  }
  if (input.attachments.length > 0) {
    const parts = input.attachments.map((attachment) => attachment.part).join(', ')
    diagnostics.warning(
      'attachment-unsent',
      `${soap.name} declares the attachments ${parts}, which are not sent.`,
      soap.at,
    )
  }
}

function soapOperationOf(
  document: OpenApiDocument,
  annotation: OperationAnnotation,
  backend: BackendMapping,
  diagnostics: Diagnostics,
): SoapOperation | undefined {
  const named = backend.operations.filter((operation) => operation.name === annotation.operation)
  const matching =
    annotation.input === undefined
      ? named
      : named.filter((operation) => operation.inputName === annotation.input)
  const [only, ...others] = matching
  if (only && others.length === 0) return only
  const message =
    named.length === 0
      ? `${backend.wsdl.file} has no operation ${annotation.operation}; it has ${backend.operations.map((o) => o.name).join(', ')}.`
      : `${annotation.operation} is overloaded: name its input, ${named.map((o) => o.inputName).join(' or ')}.`
  diagnostics.error(
    'operation-unknown',
    message,
    document.locate(pointerJoin(annotation.pointer, 'operation')),
  )
  return undefined
}
