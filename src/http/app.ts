import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { AdapterError } from '../base/errors.js'
import type { AuditLog } from '../telemetry/audit-log.js'
import type { Logger } from '../telemetry/logger.js'
import type { Metrics } from '../telemetry/metrics.js'
import { handedOver } from './answer/handed-over.js'
import { KeptHead } from './answer/head.js'
import { sendProblem } from './answer/problem.js'
import { refuser } from './answer/refusal.js'
import { securityHeaders } from './answer/security-headers.js'
import { inTurn } from './answer/unfinished-answers.js'
import { ResponseMemory } from './cache/memory.js'
import type { CacheState } from './cache/response-cache.js'
import { Contracts } from './contract/contracts.js'
import { cors } from './cors.js'
import { exchangeOf } from './exchange.js'
import type { Facade } from './facade.js'
import type { FaceServer, OpenFace } from './face-server.js'
import { type LagMeter, type LoadLimits, Overload, REFUSALS } from './limits/overload.js'
import { observe, Recorder } from './observe.js'
import { onFirstRequest } from './on-first-request.js'
import { OperationCalls } from './operations/calls.js'
import { OperationServer, type OperationServerOptions } from './operations/server.js'
import { isDocumentPath } from './pages/document-page.js'
import { refusalLog } from './refusal-log.js'
import { writeContinue } from './request/expectation.js'
import type { RequestLimits } from './request/reader.js'
import { isOriginForm, toOriginForm } from './request/target.js'
import { below } from './routing/base-path.js'
import type { ServedContract, SiteOptions } from './site.js'

export interface AppOptions extends OperationServerOptions, SiteOptions {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly audit?: AuditLog
  readonly limits: RequestLimits
  /** From when on requests are refused; by default never. */
  readonly load?: LoadLimits & { readonly meter: LagMeter }
  /** Protocols beside REST; none by default. */
  readonly faces?: readonly OpenFace[]
  /** Origins of pages that may call from a browser. */
  readonly corsOrigins?: readonly string[]
  /** Whether clients come over TLS to this process. */
  readonly tls?: boolean
}

export type FacadeApp = RequestListener &
  Pick<OperationServer, 'judge' | 'warmUp' | 'settled'> & {
    /** To be told of each connection that is accepted: while there are others, requests wait a little. */
    connected(): void
    /** Whether requests are refused for want of places. */
    readonly isFull: () => boolean
    /** Of the cache of responses. */
    readonly cacheState: () => CacheState
  }

/**
 * The whole service: what it serves, in the order in which a request meets it. Requests for operations do not pass
 * Express, which serves everything else.
 *
 * @param served a contract, or several beside each other; protocols beside REST serve the newest
 * @returns a listener for node:http, which may also be mounted in an Express app
 */
export function createApp(served: Facade | Contracts, options: AppOptions): FacadeApp {
  const { logger, metrics, readiness, load, faces = [], corsOrigins = [], tls = false } = options
  const contracts = served instanceof Contracts ? served : new Contracts([served])
  const memory = new ResponseMemory(options.cache)
  const apis = contracts.all.map((facade): ServedContract => {
    const api = contracts.apiOf(facade)
    return { facade, operations: new OperationServer(facade, { ...options, memory, api }) }
  })
  const pipelines = apis.map(({ operations }) => operations.pipeline)
  const recorder = new Recorder(logger, metrics, options.audit)
  const begin = observe(recorder)
  const calls = faces.length > 0 ? callsOf(contracts.newest, apis, recorder) : undefined
  const servers = calls ? faces.map((open) => open(calls)) : []
  const faceAt = facesOf(servers)
  const fields = securityHeaders({ tls })
  const overload = load && new Overload(load, load.meter)
  const pages = onFirstRequest(async () => {
    const { siteOf } = await import('./site.js')
    return siteOf(contracts, apis, options)
  })
  const isPreflight = cors(
    corsOrigins,
    pipelines.flatMap((pipeline) => pipeline.contracts),
    servers,
  )
  const refuse = refuser({
    share: isPreflight,
    isDraining: () => readiness.state === 'draining',
    onRefused: refusalLog(logger, metrics),
  })
  const allow = methodsOf(contracts)

  const serve = async (
    req: IncomingMessage,
    res: ServerResponse,
    asked: OperationPlace | undefined,
  ): Promise<void> => {
    const exchange = begin(req, res)
    const head = new KeptHead(res, fields)
    exchange.head = head
    try {
      writeContinue(req, res)
      // A client that keeps its connection would meet a closed one; it is told to open another.
      if (readiness.state === 'draining') res.setHeader('connection', 'close')
      checkHead(req)
      const isOrigin = isOriginForm(req.url ?? '')
      const isOfServer = !isOrigin && toOriginForm(req)
      const face = isOfServer ? undefined : faceAt(req.url ?? '')
      const found = face || isOfServer ? undefined : isOrigin ? asked : operationAt(apis, req.url ?? '')
      if (!found || req.method === 'OPTIONS') {
        // Others write their heads by themselves.
        delete exchange.head
        res.setHeader('x-request-id', exchange.requestId)
        head.release()
      }
      if (isOfServer) res.writeHead(204, { allow }).end()
      else if (isPreflight(req, res)) return
      else if (face) await face.serve(req, res, exchange)
      else if (found) await found.operations.serve(found.path, req, res, exchange)
      else {
        await handedOver(res, () => {
          pages(req, res)
        })
      }
    } catch (error) {
      sendProblem(res, error, exchange)
    }
  }
  const take: RequestListener = (req, res) => {
    const { url = '' } = req
    const asked = operationAt(apis, url)
    // Probes are answered whatever the load.
    const isProbe = asked === undefined && PROBE.test(url)
    if (!overload || isProbe) void serve(req, res, asked)
    else {
      exchangeOf(req)
      overload.admit(res, {
        serve: () => serve(req, res, asked),
        refuse: (why) => {
          refuse(req, res, REFUSALS[why])
        },
      })
    }
  }
  const listener: RequestListener = (req, res) => {
    inTurn(req, res, take)
  }
  return Object.assign(listener, {
    judge: async () => {
      for (const { operations } of apis) await operations.judge()
    },
    warmUp: async () => {
      for (const { operations } of apis) await operations.warmUp()
    },
    settled: async () => {
      await Promise.all(apis.map(({ operations }) => operations.settled()))
    },
    connected: () => overload?.connected(),
    isFull: () => overload?.isFull ?? false,
    cacheState: () => cacheStateOf(pipelines.map((pipeline) => pipeline.cacheState)),
  })
}

function callsOf(newest: Facade, apis: readonly ServedContract[], recorder: Recorder): OperationCalls {
  const [first] = apis.filter(({ facade }) => facade === newest)
  if (!first) throw new TypeError('The newest contract must be served.')
  return new OperationCalls(newest, first.operations.pipeline, recorder)
}

/** Responses of all contracts are kept in one memory. */
function cacheStateOf([first, ...others]: readonly CacheState[]): CacheState {
  const { bytes = 0, entries = 0 } = first ?? {}
  const answered = { hit: 0, miss: 0, collapsed: 0, stale: 0, bypass: 0, ...first?.answered }
  for (const other of others) {
    for (const how of Object.keys(answered) as (keyof typeof answered)[]) {
      answered[how] += other.answered[how]
    }
  }
  return { bytes, entries, answered }
}

function facesOf(servers: readonly FaceServer[]): (url: string) => FaceServer | undefined {
  const byPath = new Map(servers.flatMap((server) => server.paths.map((path) => [path, server] as const)))
  return (url) => {
    const question = url.indexOf('?')
    return byPath.get(question === -1 ? url : url.slice(0, question))
  }
}

const PROBE = /^\/(?:healthz|readyz)(?:[/?]|$)/
const PAGE = /^\/(?:healthz|readyz|problems|docs)(?:[/?]|$)/

interface OperationPlace {
  readonly operations: OperationServer
  readonly path: string
}

/** Who serves a path, and the path below its base path; undefined for what the pages have a say in. */
function operationAt(apis: readonly ServedContract[], url: string): OperationPlace | undefined {
  for (const { facade, operations } of apis) {
    const path = operationPath(facade.basePath, url)
    if (path !== undefined) return { operations, path }
  }
  return undefined
}

/** The path below the base path, where no page can be at it; undefined for what the pages have a say in. */
function operationPath(basePath: string, url: string): string | undefined {
  if (PAGE.test(url)) return undefined
  const path = below(basePath, url)
  // Whether there is an operation the router knows as well.
  if (path === '/') return undefined
  return path !== undefined && isDocumentPath(path) ? undefined : path
}

/** What the whole server allows somewhere (RFC 9110, section 9.3.7). */
function methodsOf({ all }: Contracts): string {
  const methods = all.flatMap(({ operations }) =>
    [...operations.values()].map(({ method }) => method.toUpperCase()),
  )
  return [...new Set(['GET', 'HEAD', ...methods, 'OPTIONS'])].join(', ')
}

const MOST_HEADER_FIELDS = 128

/** What Node lets pass: a request without Host (RFC 9112, section 3.2), and header fields without number. */
function checkHead({ headers, httpVersionMinor, rawHeaders }: IncomingMessage): void {
  if (headers.host === undefined && httpVersionMinor > 0) {
    throw new AdapterError('request-malformed', 'The request has no Host header.')
  }
  if (rawHeaders.length > 2 * MOST_HEADER_FIELDS) {
    throw new AdapterError(
      'header-too-large',
      `The request has more than ${MOST_HEADER_FIELDS} header fields.`,
    )
  }
}
