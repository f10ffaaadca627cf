import { basename, resolve } from 'node:path'
import { counted } from '../../base/count.js'
import { type Diagnostic, Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { withoutTrailing } from '../../base/substring.js'
import { UniqueNames } from '../../base/unique-names.js'
import { CanonicalMappings } from '../../mapping/canonical/canonical.js'
import { bodyOf } from '../../mapping/operation/message/body.js'
import { ComponentNames } from '../../mapping/projection/component-names.js'
import { ComponentSchemas, type ProjectionRemark } from '../../mapping/projection/component-schemas.js'
import { Projection } from '../../mapping/projection/projection.js'
import type { OpenApiObject } from '../../openapi/document.js'
import { contractRoot } from '../../wsdl/contract-root.js'
import { loadWsdl } from '../../wsdl/load.js'
import type { Port, SoapOperation, Wsdl } from '../../wsdl/model.js'
import { backendEntry, backendName, blocksOf, nounOf, withNilAttributes } from './backend.js'
import { buildDocument } from './document/document.js'
import { equalComponents, withReferences } from './document/equal-components.js'
import { foldsOf } from './document/folding.js'
import { withLinks } from './document/links.js'
import { withLocations } from './document/location.js'
import { withMarkdown } from './document/markdown.js'
import { type DesignedOperation, designOperation, evidenceOf } from './document/operation.js'
import { type Reading, readingOf } from './document/reading.js'
import { withTags } from './document/tags.js'
import type { SoapIdentity, Source, Workshop } from './document/workshop.js'
import { isAboutLogins, isLogin } from './grammar/logins.js'
import { isForeignService, namingStyle } from './grammar/service-style.js'
import { sameBackend } from './merge/joined-operations.js'
import { contextOf, contextOfLogin, proposeHeaders, sourcesIn, withoutContext } from './messages/context.js'
import { ProblemResponses } from './messages/problem.js'
import { type ImportOptions, isWanted } from './options.js'
import { refusals } from './own-check.js'
import { choosePorts, type ChosenPort, nothingUsable } from './ports.js'
import { proposeCredentials, scalarsInHeaders } from './proposals/credentials.js'
import {
  isNotificationPort,
  notificationsAmong,
  type ProposedWebhook,
  proposeWebhooks,
} from './proposals/notifications.js'
import { Resources } from './routes/resources.js'
import { RouteTable } from './routes/route-table.js'
import { nameOf, noSettings, wishesUnmet } from './settings/settings.js'
import { casesOf } from './summary/cases.js'
import type { Explanation } from './summary/explain.js'
import { type ImportSummary, SummaryWriter } from './summary/summary.js'
import { pascal, sentence } from './words/names.js'

/**
 * @example
 * ```ts
 * const { document, diagnostics, summary }: Imported = await importWsdl('wsdl/banking/lending.wsdl')
 * console.log(document.openapi, diagnostics.length, summary.leftOut)
 * ```
 */
export interface Imported {
  /** An OpenAPI document with its annotation, ready to serve; the same for the same WSDL, to the byte. */
  readonly document: OpenApiObject
  /** Names of its component schemas by the XSD types, and whatever else, that they stand for. */
  readonly components: ReadonlyMap<string, string>
  readonly diagnostics: readonly Diagnostic[]
  readonly summary: ImportSummary
  /** How each operation came to its method and path, in the order of choosing. */
  readonly explanations: readonly Explanation[]
}

/**
 * Designs a REST API for WSDLs.
 *
 * @param wsdl path of a WSDL, or several that make one document
 * @returns with errors among the diagnostics, a document of what could be understood
 *
 * @example
 * ```ts
 * const { document, summary } = await importWsdl('wsdl/banking/lending.wsdl', { basePath: '/v1' })
 * console.log(summary.operations.length, summary.review)
 * const adapter = await loadAdapter({ contract: document })
 * ```
 */
export function importWsdl(wsdl: string | readonly string[], options: ImportOptions = {}): Promise<Imported> {
  return Promise.resolve().then(() => importChecked(typeof wsdl === 'string' ? [wsdl] : wsdl, options))
}

/** Operations that cannot have what their names suggest; by what refused it. */
interface Doubts {
  /** Those that get the most general form. */
  readonly plain: Map<string, string>
  /** Those that share no GET with others. */
  readonly apart: Set<string>
  /** Those that are left out. */
  readonly out: Map<string, string>
  /** Webhooks were refused: all ports are called. */
  areCalled: boolean
}

/**
 * Import writes nothing that `check` refuses: an operation that it would refuse gets the most general form, POST with
 * the whole input and the whole output, and is left out where that is refused too.
 */
async function importChecked(paths: readonly string[], options: ImportOptions): Promise<Imported> {
  const doubts: Doubts = {
    ...{ plain: new Map(), apart: new Set(), out: new Map() },
    areCalled: false,
  }
  const baseDir = resolve(options.baseDir ?? '.')
  for (;;) {
    const imported = importAll(paths, options, doubts)
    const { document, diagnostics, summary } = imported
    if (summary.operations.length === 0 && !document.webhooks) return imported
    options.progress?.(`checking ${counted(summary.operations.length, 'operation')}`)
    const found = await refusals(document, baseDir, options.judge)
    const keys = new Map<string, string[]>()
    for (const each of summary.operations) {
      keys.set(each.operationId, [...(keys.get(each.operationId) ?? []), keyOf(each)])
    }
    let isNew = false
    if (document.webhooks && found.some(({ operationId }) => operationId === undefined)) {
      doubts.areCalled = true
      continue
    }
    for (const { operationId, error } of found) {
      const [key, ...others] = keys.get(operationId ?? '') ?? []
      if (key === undefined || doubts.out.has(key)) continue
      if (others.length > 0) {
        // What only the sum of them is refused for is no fault of any.
        for (const each of [key, ...others]) doubts.apart.add(each)
        isNew = true
        continue
      }
      const { message } = error
      isNew = true
      if (doubts.plain.has(key)) doubts.out.set(key, message)
      else doubts.plain.set(key, message)
    }
    if (!isNew) return { ...imported, diagnostics: [...diagnostics, ...found.map(({ error }) => error)] }
  }
}

/** Names an operation, whatever its `operationId` is. */
function keyOf({ backend, operation, input }: SoapIdentity): string {
  return [backend, operation, input ?? ''].join('\n')
}

const adviceOn: Readonly<Record<ProjectionRemark, string>> = {
  'local-times':
    'Dates and times may come without an offset, as XML Schema allows: where the backend always sends one, say format: date-time; where its times are local, give it a timeZone (docs/annotation.md)',
  'special-numbers':
    'Floating-point numbers may be INF, -INF or NaN, which are texts in JSON: where the backend never sends them, say type: number',
  'ascii-digits':
    'Patterns with \\d, which takes the digits of all scripts in XML Schema, say [0-9]: a response with others is a 502; where they are sent, take the pattern out',
  'nil-attributes':
    'An element may be nil and must have attributes then, for which null has no place: they are passed over, counted and logged (lenient: [nilAttributes]); without it such a response is a 502',
}

interface Loaded {
  readonly path: string
  readonly wsdl: Wsdl
  readonly ports: readonly ChosenPort[]
}

/** A WSDL with more ports than these goes by the name of its file. */
const MAX_TITLES = 3

function importAll(paths: readonly string[], options: ImportOptions, doubts: Doubts): Imported {
  const diagnostics = new Diagnostics()
  const baseDir = resolve(options.baseDir ?? '.')
  const loaded = paths.flatMap((path) => {
    options.progress?.(`reading ${basename(path)}`)
    return load(path, baseDir, options, diagnostics)
  })
  const { kept, settings = noSettings } = options
  const explanations: Explanation[] = []
  const workshop: Workshop = {
    routes: new RouteTable(),
    operationIds: new UniqueNames(),
    problems: new ProblemResponses(),
    summary: new SummaryWriter(),
    style: options.style ?? 'resource',
    settings,
    explain: (explanation) => explanations.push(explanation),
    kept,
    isPlain: (operation) => doubts.plain.has(keyOf(operation)),
    isApart: (operation) => doubts.apart.has(keyOf(operation)),
  }
  for (const { method, path } of kept?.taken ?? []) workshop.routes.reserve(method, path)
  for (const id of kept?.operationIds ?? []) workshop.operationIds.take(id)
  const names = new ComponentNames(kept?.components)
  names.reserve('Problem', 'ProblemError', ...(kept?.componentNames ?? []))
  const several = loaded.reduce((count, { ports }) => count + ports.length, 0) > 1
  const backends: Record<string, OpenApiObject> = {}
  const backendNames = new UniqueNames()
  const designed: DesignedOperation[] = []
  /** Of all operations in their WSDLs. */
  const order = new Map<string, number>()
  const webhooks: ProposedWebhook[] = []
  const webhookNames = new UniqueNames()
  const projections: Projection[] = []
  const asked = new Set<string>()
  const soapHeaders = new Set(loaded.flatMap(({ ports }) => ports.flatMap(({ port }) => [...blocksOf(port)])))
  for (const { path, wsdl, ports } of loaded) {
    for (const port of ports.length > 0 ? ports.map((chosen) => chosen.port) : portsOf(wsdl))
      sayLeftOut(port, workshop.summary)
    const canonical = new CanonicalMappings(wsdl.schemas)
    const named = ports.map((chosen) => {
      const known = sameBackend(kept?.backends ?? [], path, chosen.port.name)
      const backend = backendNames.take(known?.name ?? backendName(path, chosen, options, { several }))
      return { chosen, backend, madeAs: known?.madeAs ?? backend }
    })
    const [first] = named
    const owner =
      loaded.length > 1 && first ? pascal(nounOf(path, first.chosen.service.name.localName)) : undefined
    const projection = new Projection(
      options.names ?? 'camel',
      new ComponentSchemas(names, owner, first?.madeAs),
    )
    projections.push(projection)
    for (const { chosen, backend, madeAs } of named) {
      const { operations } = chosen.port.binding
      const wanted = operations.filter(({ name }) => isWanted(name, options))
      const calls = !doubts.areCalled && isNotificationPort(wanted, settings)
      backends[backend] = backendEntry(path, {
        ...{ chosenPort: chosen, name: madeAs, baseDir, calls },
        summary: workshop.summary,
        settings,
      })
      options.progress?.(`designing ${counted(operations.length, 'operation')} of ${chosen.port.name}`)
      const style = namingStyle(operations.map(({ name }) => name))
      const service = nounOf(path, chosen.service.name.localName)
      const evidence = operations.map((each) => evidenceOf(each, { canonical, style }, settings))
      const context = contextOf(
        evidence.flatMap(({ name, inputs }) => (isAboutLogins(name) ? [] : [inputs])),
        settings,
      )
      for (const key of evidence.flatMap(({ inputs }) => sourcesIn(inputs, context))) asked.add(key)
      const splits = evidence.map(({ name, inputs }) =>
        withoutContext(inputs, isLogin(name) ? contextOfLogin(context) : context),
      )
      const source: Source = {
        backend,
        isOnlyBackend: !several,
        service,
        isForeign: isForeignService(operations.map(({ name }) => name)),
        style,
        context,
        resources: new Resources(
          evidence.map((each, index) => ({ ...each, inputs: splits[index]?.inputs ?? each.inputs })),
          service,
        ),
        canonical,
        projection,
        overloaded: overloadedIn(operations),
      }
      if (calls) {
        const { summary, operationIds } = workshop
        const taken = { names: webhookNames, operationIds, summary }
        webhooks.push(...proposeWebhooks(distinct(wanted, summary), source, taken))
        continue
      }
      for (const { name } of notificationsAmong(wanted, settings)) {
        workshop.summary.advise(
          'Some operations look like notifications: where the backend sends them, take their paths out and make webhooks of them (docs/events.md)',
          name,
        )
      }
      if (chosen.others.length > 0) {
        workshop.summary.decide(
          'Of several SOAP ports of one port type one is taken, --port takes another',
          `${chosen.service.name.localName}/${chosen.port.name}, not ${chosen.others.join(', ')}`,
        )
      }
      const possible = operations.filter((operation) => {
        const input = source.overloaded.has(operation.name) ? { input: operation.inputName } : {}
        const key = keyOf({ backend, operation: operation.name, ...input })
        order.set(key, order.size)
        const reason = doubts.out.get(key)
        if (reason !== undefined) workshop.summary.leaveOut(operation.name, reason, operation.at)
        const isIgnored = settings.operations[operation.name]?.ignore === true
        if (isIgnored) workshop.summary.leaveOut(operation.name, 'import.yaml says so.', undefined)
        return reason === undefined && !isIgnored
      })
      designed.push(...designAll(possible, source, options, workshop))
      if (workshop.style === 'rpc') continue
      const credentials = operations.map((each, index) => ({
        soapName: each.name,
        name: nameOf(each.name, style, settings),
        input: bodyOf(each.input, canonical),
        output: each.output && bodyOf(each.output, canonical),
        faults: each.faults.map(({ name }) => name),
        headers: splits[index]?.headers ?? [],
        blocks: scalarsInHeaders(each.input, canonical),
      }))
      proposeCredentials(credentials, backend, workshop.summary, settings)
      proposeHeaders(context, workshop.summary)
    }
    if (projection.components.remarks.has('nil-attributes')) {
      for (const { backend } of named) backends[backend] = withNilAttributes(backends[backend] ?? {})
    }
  }
  for (const wish of wishesUnmet(settings, backends, { members: asked, blocks: soapHeaders })) {
    workshop.summary.advise(`What import.yaml wants cannot be: ${wish}`)
  }
  const placeOf = (operation: SoapIdentity): number => order.get(keyOf(operation)) ?? order.size
  const server = serverUrl(options.basePath)
  const operations = withLinks(withTags(withLocations(designed, pathOf(server))))
  const schemas = new Map(projections.flatMap((projection) => [...projection.components.all()]))
  for (const remark of projections.flatMap((projection) => [...projection.components.remarks])) {
    workshop.summary.advise(adviceOn[remark])
  }
  const same = equalComponents(schemas, names.wanted)
  const document = buildDocument({
    wsdls: loaded.map(({ wsdl }) => wsdl),
    services: loaded.flatMap(({ path, ports }) =>
      ports.map(({ service }) => ({
        service,
        title: sentence(nounOf(path, ports.length > MAX_TITLES ? '' : service.name.localName)),
      })),
    ),
    backends,
    operations,
    webhooks,
    schemas: new Map([...schemas].filter(([name]) => !same.has(name))),
    problems: workshop.problems,
    server,
    summary: workshop.summary,
  })
  return {
    document: withMarkdown(withReferences(document, same)),
    components: new Map([...names.origins].map(([origin, name]) => [origin, same.get(name) ?? name])),
    diagnostics: diagnostics.list,
    summary: workshop.summary.summary(
      operations.flatMap(({ served }) => served).sort((a, b) => placeOf(a) - placeOf(b)),
      casesOf(explanations),
    ),
    explanations,
  }
}

function portsOf({ services }: Wsdl): Port[] {
  return services.flatMap(({ ports }) => ports)
}

function sayLeftOut({ binding }: Port, summary: SummaryWriter): void {
  for (const { name, findings, at } of binding.leftOut) {
    const [finding] = findings
    summary.leaveOut(name, finding?.related?.[0]?.message ?? finding?.message ?? 'It cannot be called.', at)
  }
}

/** A path or an address, without a slash at its end. */
function serverUrl(basePath = '/v1'): string {
  const url = withoutTrailing(basePath, '/')
  return url === '' || url.startsWith('/') || /^https?:\/\//.test(url) ? url : `/${url}`
}

function pathOf(server: string): string {
  return server.startsWith('/') || server === '' ? server : new URL(server).pathname.replace(/\/$/, '')
}

/** The names that methods go by; `cancel` lets `delete` choose first. */
const usualVerbs = new Set(['get', 'list', 'create', 'update', 'delete'])

/** Plain names choose their paths first, then those that say more: `GetAccounts` before `GetAccountsOfCustomer`. */
function designAll(
  operations: readonly SoapOperation[],
  source: Source,
  options: ImportOptions,
  workshop: Workshop,
): DesignedOperation[] {
  const wanted = distinct(
    operations.filter(({ name }) => isWanted(name, options)),
    workshop.summary,
  )
  const isPlain = ({ name }: SoapOperation): boolean => {
    const { tail, variant } = nameOf(name, source.style, workshop.settings)
    return tail.length + variant.length === 0
  }
  const isUsual = ({ name }: SoapOperation): boolean =>
    usualVerbs.has(nameOf(name, source.style, workshop.settings).verb ?? '')
  const hasPath = ({ name }: SoapOperation): boolean => workshop.settings.operations[name]?.path !== undefined
  const rank = (each: SoapOperation): number =>
    hasPath(each) ? -1 : (isPlain(each) ? 0 : 2) + (isUsual(each) ? 0 : 1)
  const readings = [...wanted]
    .sort((a, b) => rank(a) - rank(b))
    .map((operation) => readingOf(operation, source, workshop))
  const folds = foldsOf(readings, source, workshop)
  const designed = new Map<SoapOperation, DesignedOperation>()
  const done = new Set<Reading>()
  for (const reading of readings) {
    if (done.has(reading)) continue
    const filters = folds.get(reading) ?? []
    const operation = designOperation(reading, source, workshop, filters)
    designed.set(reading.soap, operation)
    if (operation.served.length > 1) for (const filter of filters) done.add(filter)
  }
  return wanted.flatMap((operation) => designed.get(operation) ?? [])
}

/** An annotation names an operation, and the input of an overloaded one: without a name of its own none can. */
function distinct(operations: readonly SoapOperation[], summary: SummaryWriter): SoapOperation[] {
  const named = new Set<string>()
  return operations.filter(({ name, inputName, at }) => {
    const key = `${name} ${inputName}`
    if (!named.has(key)) return named.add(key)
    summary.leaveOut(
      name,
      'Another operation of this name has the same input name: nothing tells them apart.',
      at,
    )
    return false
  })
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
    ...(options.operations && { isWanted: (name: string) => isWanted(name, options) }),
  })
  for (const one of found) diagnostics.list.push(one)
  if (!wsdl) return []
  const ports = choosePorts(wsdl, options)
  if (ports.length === 0) {
    diagnostics.error('import-no-port', `There is nothing to import: ${nothingUsable(wsdl, options)}`, {
      file: wsdl.file,
      line: 1,
    })
  }
  return [{ path: resolve(baseDir, path), wsdl, ports }]
}
