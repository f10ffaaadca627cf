import { resolve } from 'node:path'
import { type Diagnostic, Diagnostics } from '../../base/diagnostic.js'
import { CanonicalMappings } from '../../mapping/canonical.js'
import { ComponentNames } from '../../mapping/component-names.js'
import { NameSpace } from '../../mapping/names.js'
import { Projection } from '../../mapping/projection.js'
import { type OpenApiObject } from '../../openapi/document.js'
import { contractRoot } from '../../wsdl/contract-root.js'
import { loadWsdl } from '../../wsdl/load.js'
import { type SoapOperation, type Wsdl } from '../../wsdl/model.js'
import { backendEntry, backendName, nounOf } from './backend.js'
import { buildDocument } from './document.js'
import { sameBackend } from './merge/joined-operations.js'
import { equalComponents, withReferences } from './equal-components.js'
import { withLocations } from './location.js'
import { isForeignName, pascal, readOperationName, sentence } from './names.js'
import { type DesignedOperation, designOperation, type Source, type Workshop } from './operation.js'
import { isWanted, type ImportOptions } from './options.js'
import { type ChosenPort, choosePorts } from './ports.js'
import { ProblemResponses } from './problem.js'
import { RouteTable } from './route-table.js'
import { type ImportSummary, SummaryWriter } from './summary.js'

export interface Imported {
  /** An OpenAPI document with its annotation, ready to serve; the same for the same WSDL, to the byte. */
  readonly document: OpenApiObject
  readonly diagnostics: readonly Diagnostic[]
  readonly summary: ImportSummary
}

/**
 * Designs a REST API for WSDLs.
 *
 * @param wsdl path of a WSDL, or several that make one document
 * @returns with errors among the diagnostics, a document of what could be understood
 */
export function importWsdl(wsdl: string | readonly string[], options: ImportOptions = {}): Promise<Imported> {
  return Promise.resolve().then(() => importAll(typeof wsdl === 'string' ? [wsdl] : wsdl, options))
}

interface Loaded {
  readonly path: string
  readonly wsdl: Wsdl
  readonly ports: readonly ChosenPort[]
}

/** A WSDL with more ports than these goes by the name of its file. */
const maxTitles = 3

function importAll(paths: readonly string[], options: ImportOptions): Imported {
  const diagnostics = new Diagnostics()
  const baseDir = resolve(options.baseDir ?? '.')
  const loaded = paths.flatMap((path) => load(path, baseDir, options, diagnostics))
  const { kept } = options
  const workshop: Workshop = {
    routes: new RouteTable(),
    operationIds: new NameSpace(),
    problems: new ProblemResponses(),
    summary: new SummaryWriter(),
    style: options.style ?? 'resource',
    kept,
  }
  for (const { method, path } of kept?.taken ?? []) workshop.routes.reserve(method, path)
  for (const id of kept?.operationIds ?? []) workshop.operationIds.take(id)
  const names = new ComponentNames()
  names.reserve('Problem', 'ProblemError')
  const several = loaded.reduce((count, { ports }) => count + ports.length, 0) > 1
  const backends: Record<string, OpenApiObject> = {}
  const backendNames = new NameSpace()
  const designed: DesignedOperation[] = []
  const projections: Projection[] = []
  for (const { path, wsdl, ports } of loaded) {
    const canonical = new CanonicalMappings(wsdl.schemas)
    const [first] = ports
    const owner = loaded.length > 1 && first ? pascal(nounOf(path, first.service.name.localName)) : undefined
    const projection = new Projection(options.names ?? 'camel', names, owner)
    projections.push(projection)
    for (const chosen of ports) {
      const known = sameBackend(kept?.backends ?? [], path, chosen.port.name)
      const backend = backendNames.take(known?.name ?? backendName(path, chosen, options, several))
      backends[backend] = backendEntry(path, chosen, known?.madeAs ?? backend, baseDir, workshop.summary)
      const { operations } = chosen.port.binding
      const source: Source = {
        backend,
        isOnlyBackend: !several,
        service: nounOf(path, chosen.service.name.localName),
        isForeign: operations.some(({ name }) => isForeignName(name)),
        canonical,
        projection,
        overloaded: overloadedIn(operations),
      }
      designed.push(...designAll(operations, source, options, workshop))
    }
  }
  if (designed.length === 0 && loaded.some(({ ports }) => ports.length > 0)) {
    diagnostics.error('import-no-port', nothingWanted(loaded, options), {
      file: loaded[0]?.wsdl.file ?? '',
      line: 1,
    })
  }
  const server = serverUrl(options.basePath)
  const operations = withLocations(designed, pathOf(server))
  const schemas = new Map(projections.flatMap((projection) => [...projection.components()]))
  const same = equalComponents(schemas, names.wanted)
  const document = buildDocument({
    wsdls: loaded.map(({ wsdl }) => wsdl),
    services: loaded.flatMap(({ path, ports }) =>
      ports.map(({ service }) => ({
        service,
        title: sentence(nounOf(path, ports.length > maxTitles ? '' : service.name.localName)),
      })),
    ),
    backends,
    operations,
    schemas: new Map([...schemas].filter(([name]) => !same.has(name))),
    problems: workshop.problems,
    server,
    summary: workshop.summary,
  })
  return {
    document: withReferences(document, same),
    diagnostics: diagnostics.list,
    summary: workshop.summary.summary(operations),
  }
}

function nothingWanted(loaded: readonly Loaded[], { operations = [] }: ImportOptions): string {
  const names = loaded.flatMap(({ ports }) =>
    ports.flatMap(({ port }) => port.binding.operations.map(({ name }) => name)),
  )
  return `There is nothing to import: no operation is called ${operations.join(' or ')}; there is ${names.join(', ')}.`
}

/** A path or an address, without a slash at its end. */
function serverUrl(basePath = '/v1'): string {
  const url = basePath.replace(/\/+$/, '')
  return url === '' || url.startsWith('/') || /^https?:\/\//.test(url) ? url : `/${url}`
}

function pathOf(server: string): string {
  return server.startsWith('/') || server === '' ? server : new URL(server).pathname.replace(/\/$/, '')
}

/** Plain names choose their paths first, then those that say more: `GetAccounts` before `GetAccountsOfCustomer`. */
function designAll(
  operations: readonly SoapOperation[],
  source: Source,
  options: ImportOptions,
  workshop: Workshop,
): DesignedOperation[] {
  const wanted = operations.filter(({ name }) => isWanted(name, options))
  const isPlain = ({ name }: SoapOperation): boolean => readOperationName(name).tail.length === 0
  const designed = new Map<SoapOperation, DesignedOperation>()
  for (const operation of [...wanted.filter(isPlain), ...wanted.filter((o) => !isPlain(o))]) {
    designed.set(operation, designOperation(operation, source, workshop))
  }
  return wanted.flatMap((operation) => designed.get(operation) ?? [])
}

function overloadedIn(operations: readonly SoapOperation[]): Set<string> {
  const seen = new Set<string>()
  return new Set(
    operations.flatMap(({ name }) => {
      if (seen.has(name)) return [name]
      seen.add(name)
      return []
    }),
  )
}

function load(path: string, baseDir: string, options: ImportOptions, diagnostics: Diagnostics): Loaded[] {
  const { wsdl, diagnostics: found } = loadWsdl(path, {
    root: contractRoot(resolve(baseDir, path)),
    cwd: baseDir,
  })
  diagnostics.list.push(...found)
  if (!wsdl) return []
  const ports = choosePorts(wsdl, options)
  if (ports.length === 0) {
    const all = wsdl.services.flatMap(({ name, ports: own }) =>
      own.map((port) => `${name.localName}/${port.name}`),
    )
    diagnostics.error(
      'import-no-port',
      `There is nothing to import: ${all.length === 0 ? 'the WSDL has no service with a SOAP port' : `no SOAP port with operations is the one asked for; there is ${all.join(', ')}`}.`,
      { file: wsdl.file, line: 1 },
    )
  }
  return [{ path: resolve(baseDir, path), wsdl, ports }]
}
