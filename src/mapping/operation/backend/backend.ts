import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { BackendAnnotation } from '../../../annotation/backend/backend.js'
import type { LimitsAnnotation } from '../../../annotation/backend/limits.js'
import { checkEndpoint } from '../../../annotation/transport/transport.js'
import type { Diagnostics } from '../../../base/diagnostic/diagnostic.js'
import { didYouMean, nearest } from '../../../base/diagnostic/did-you-mean.js'
import { isHttpUrl } from '../../../base/http-url.js'
import type { OpenApiDocument } from '../../../openapi/document.js'
import { join } from '../../../openapi/pointer.js'
import { MAX_ATTACHMENTS } from '../../../soap/mime.js'
import { contractRoot } from '../../../wsdl/contract-root.js'
import { loadWsdl } from '../../../wsdl/load.js'
import type { Port, Service, Wsdl } from '../../../wsdl/model.js'
import { defaultXmlLimits } from '../../../xml/reader.js'
import { CanonicalMappings } from '../../canonical/canonical.js'
import type { DocumentSchemas } from '../../fit/document-schemas.js'
import type { OperationJoin } from '../both-sides.js'
import type { BackendMapping, ResponseLimits } from '../mapping.js'
import { checkPlainBackend } from '../plain.js'
import { checkPolicy } from './policy-check.js'

const MOST_SHOWN = 5

/** A backend that can be called, with what its operations are still to be resolved from. */
export interface JoinedBackend {
  readonly annotation: BackendAnnotation
  readonly mapping: BackendMapping
}

/**
 * Finds the WSDL port of each backend; those that have none are reported and left out.
 *
 * @param baseDir the directory that the paths of WSDLs are relative to
 * @param documents what the schemas of documents in texts come from
 */
export function mapBackends(
  {
    document,
    baseDir,
    documents,
    diagnostics,
    isJudged,
  }: Pick<OperationJoin, 'document' | 'diagnostics'> & {
    readonly baseDir: string
    readonly documents: DocumentSchemas
    readonly isJudged: boolean
  },
  annotations: readonly BackendAnnotation[],
): ReadonlyMap<string, JoinedBackend> {
  const backends = new Map<string, JoinedBackend>()
  const wsdls = new Map<string, Wsdl | undefined>()
  for (const annotation of annotations) {
    const path = resolve(baseDir, annotation.wsdl)
    if (!wsdls.has(path)) wsdls.set(path, load({ document, baseDir, diagnostics, isJudged }, annotation))
    const wsdl = wsdls.get(path)
    const mapping = wsdl && mapBackend({ document, diagnostics }, annotation, wsdl, documents)
    if (mapping) backends.set(annotation.name, { annotation, mapping: { ...mapping, wsdlPath: path } })
  }
  return backends
}

function load(
  {
    document,
    baseDir,
    diagnostics,
    isJudged,
  }: Pick<OperationJoin, 'document' | 'diagnostics'> & {
    readonly baseDir: string
    readonly isJudged: boolean
  },
  { name, wsdl: file, pointer }: BackendAnnotation,
): Wsdl | undefined {
  const at = document.locate(join(pointer, 'wsdl'))
  const path = resolve(baseDir, file)
  if (!existsSync(path)) {
    const message = `The backend ${name} needs ${file}, and there is no such file. ${nearbyFiles(path)}`
    diagnostics.error('file-unreadable', message, at)
    return undefined
  }
  const loaded = loadWsdl(file, { root: contractRoot(path), cwd: baseDir, isJudged })
  for (const one of loaded.diagnostics) {
    const isCause = loaded.wsdl === undefined && one.severity === 'error'
    const related = [...(one.related ?? []), { message: `the backend ${name} names it here`, at }]
    diagnostics.list.push(isCause ? { ...one, related } : one)
  }
  return loaded.wsdl
}

/** What a path that leads nowhere may have been meant to be. */
function nearbyFiles(path: string): string {
  const folder = dirname(path)
  if (!existsSync(folder)) return `The path is relative to the contract; there is no folder ${folder}.`
  const found = readdirSync(folder).filter((name) => /\.wsdl$/i.test(name))
  const meant = nearest(basename(path), found)
  if (meant !== undefined) return `Did you mean ${meant}?`
  if (found.length === 0) return `No WSDL is in ${folder}; the path is relative to the contract.`
  return `${folder} has ${found.slice(0, MOST_SHOWN).join(', ')}${found.length > MOST_SHOWN ? ', …' : ''}.`
}

function mapBackend(
  { document, diagnostics }: Pick<OperationJoin, 'document' | 'diagnostics'>,
  annotation: BackendAnnotation,
  wsdl: Wsdl,
  documents: DocumentSchemas,
): Omit<BackendMapping, 'wsdlPath'> | undefined {
  const at = document.locate(annotation.pointer)
  const port = portOf(document, annotation, wsdl, diagnostics)
  if (!port) return undefined
  const related = [{ message: 'the port', at: port.at }]
  // Of a port that soapstone serves itself nobody needs an address.
  const isServed = annotation.receive !== undefined
  const endpoint = annotation.endpoint ?? port.endpoint ?? (isServed ? '' : undefined)
  if (endpoint === undefined) {
    const message = `The port ${port.name} has no ${port.binding.isHttp ? 'http' : 'soap'}:address: give an endpoint.`
    diagnostics.error('endpoint-missing', message, at, related)
    return undefined
  }
  if (annotation.endpoint === undefined && !isServed && !isHttpUrl(endpoint)) {
    const message = `The soap:address of ${port.name} is not an absolute http: or https: URL: give an endpoint.`
    diagnostics.error('endpoint-invalid', message, at, related)
  }
  if (!isServed) {
    checkEndpoint(annotation.transport, endpoint, at, diagnostics)
    checkPolicy(annotation, port, at, diagnostics)
    checkPlainBackend(annotation, port, at, diagnostics)
  }
  return {
    name: annotation.name,
    wsdl,
    canonical: new CanonicalMappings(wsdl.schemas),
    documents,
    soapVersion: port.binding.soapVersion,
    isPlain: port.binding.isHttp || annotation.envelope === 'none',
    operations: port.binding.operations,
    leftOut: port.binding.leftOut,
    endpoint,
    policy: annotation.policy,
    limits: limitsOf(annotation.limits),
    understood: annotation.understood ?? [],
    takesTimeout: annotation.resilience?.requestTimeout ?? false,
    lenient: annotation.lenient ?? new Set(),
    timeZone: annotation.timeZone,
    isMtom: annotation.attachments === 'mtom',
    addressing: annotation.addressing,
    security: annotation.security,
    issuedToken: annotation.issuedToken,
    receive: annotation.receive,
    at,
  }
}

function limitsOf(limits: LimitsAnnotation = {}): ResponseLimits {
  const { depth, attributes, nameLength, prefixes, attachments = MAX_ATTACHMENTS } = limits
  return {
    xml: {
      maxDepth: depth ?? defaultXmlLimits.maxDepth,
      maxAttributes: attributes ?? defaultXmlLimits.maxAttributes,
      maxNameLength: nameLength ?? defaultXmlLimits.maxNameLength,
      maxPrefixes: prefixes ?? defaultXmlLimits.maxPrefixes,
    },
    maxAttachments: attachments,
  }
}

/** Ports to SOAP; those to HTTP where the annotation names one, or where there are no others. */
function portsOf({ ports, httpPorts }: Service, { port }: BackendAnnotation): readonly Port[] {
  const isNamed = httpPorts.some(({ name }) => name === port)
  return isNamed || ports.length === 0 ? httpPorts : ports
}

/** The one port that the annotation means. */
function portOf(
  document: OpenApiDocument,
  annotation: BackendAnnotation,
  wsdl: Wsdl,
  diagnostics: Diagnostics,
): Port | undefined {
  const ports = wsdl.services
    .filter((service) => annotation.service === undefined || service.name.localName === annotation.service)
    .flatMap((service) => portsOf(service, annotation))
    .filter((port) => annotation.port === undefined || port.name === annotation.port)
  const [port, ...others] = ports
  if (port && others.length === 0) return port
  const all = wsdl.services.flatMap((service) =>
    [...service.ports, ...service.httpPorts].map(({ name }) => `${service.name.localName}/${name}`),
  )
  const asked = annotation.port ?? annotation.service
  const known = wsdl.services.flatMap((service) =>
    annotation.port === undefined ? [service.name.localName] : service.ports.map(({ name }) => name),
  )
  const key = annotation.port !== undefined ? ['port'] : annotation.service !== undefined ? ['service'] : []
  diagnostics.error(
    'port-ambiguous',
    `${wsdl.file} has the ports ${all.join(', ') || '(none)'}: ${port ? 'name one' : 'none is the one asked for'}, with service and port.${asked === undefined || port ? '' : didYouMean(asked, known)}`,
    document.locate(join(annotation.pointer, ...(port ? [] : key))),
  )
  return undefined
}
