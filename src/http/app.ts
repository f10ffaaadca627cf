import { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import express from 'express'
import { AdapterError } from '../base/errors.js'
import { type AuditLog } from '../telemetry/audit-log.js'
import { type Logger } from '../telemetry/logger.js'
import { type Metrics } from '../telemetry/metrics.js'
import { cors } from './cors.js'
import { docs } from './docs.js'
import { answerError, nothingHere } from './errors.js'
import { type Facade } from './facade.js'
import { livenessPage, type Readiness, readinessPage } from './health.js'
import { observe } from './observe.js'
import { OperationServer, type OperationServerOptions } from './operation-server.js'
import { type LagMeter, type LoadLimits, shedLoad } from './overload.js'
import { problemPages } from './problem-pages.js'
import { sendProblem } from './problem.js'
import { type RequestLimits } from './request-reader.js'
import { isOriginForm, toOriginForm } from './request-target.js'
import { below, DOCUMENT_PATH, routerOf } from './router.js'
import { securityHeaders } from './security-headers.js'
import { followAnswer } from './unfinished-answers.js'

export interface AppOptions extends OperationServerOptions {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly audit?: AuditLog
  readonly readiness: Readiness
  readonly limits: RequestLimits
  /** From when on requests are refused; by default never. */
  readonly load?: LoadLimits & { readonly meter: LagMeter }
  /** Whether /docs is served. */
  readonly docs: boolean
  /** Origins of pages that may call from a browser. */
  readonly corsOrigins?: readonly string[]
  /** Whether clients come over TLS to this process. */
  readonly tls?: boolean
}

export type FacadeApp = RequestListener & Pick<OperationServer, 'warmUp' | 'settled'>

/**
 * The whole service: what it serves, in the order in which a request meets it. Requests for operations do not pass
 * Express, which serves everything else.
 *
 * @returns a listener for node:http, which may also be mounted in an Express app
 */
export function createApp(facade: Facade, options: AppOptions): FacadeApp {
  const { logger, metrics, readiness, load, corsOrigins = [], tls = false } = options
  const operations = new OperationServer(facade, options)
  const begin = observe(logger, metrics, options.audit)
  const protect = securityHeaders(tls)
  const admit = load ? shedLoad(load, load.meter) : () => undefined
  const pages = pagesOf(facade, operations, admit, options)
  const isPreflight = cors(corsOrigins, operations.contracts)
  const allow = methodsOf(facade)

  const listener: RequestListener = (req, res) => {
    followAnswer(req, res)
    const exchange = begin(req, res)
    try {
      protect(res)
      // A client that keeps its connection would meet a closed one; it is told to open another.
      if (readiness.state === 'draining') res.setHeader('connection', 'close')
      checkHead(req)
      if (!isOriginForm(req.url ?? '') && toOriginForm(req)) {
        res.writeHead(204, { allow }).end()
        return
      }
      if (isPreflight(req, res)) return
      const path = operationPath(facade.basePath, req.url ?? '')
      if (path === undefined) {
        pages(req, res)
        return
      }
      admit(res)
      operations.serve(path, req, res, exchange)
    } catch (error) {
      sendProblem(res, error, exchange)
    }
  }
  return Object.assign(listener, {
    warmUp: (most?: number) => operations.warmUp(most),
    settled: () => operations.settled(),
  })
}

/** Everything that takes its place among the paths by the order of its handlers. */
function pagesOf(
  facade: Facade,
  operations: OperationServer,
  admit: (res: ServerResponse) => void,
  { readiness, docs: hasDocs }: AppOptions,
): RequestListener {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.enable('strict routing')
  app.enable('case sensitive routing')

  app.all('/healthz', livenessPage())
  app.all('/readyz', readinessPage(readiness))
  app.all('/problems/:code', problemPages())
  if (hasDocs) app.use('/docs', docs(facade.basePath))
  app.use((_req, res, next) => {
    admit(res)
    next()
  })
  app.use(routerOf(facade, operations))
  app.use(nothingHere)
  app.use(answerError)
  return app
}

const PAGE = /^\/(?:healthz|readyz|problems|docs)(?:[/?]|$)/

/** The path below the base path, where no page can be at it; undefined for what the pages have a say in. */
function operationPath(basePath: string, url: string): string | undefined {
  if (PAGE.test(url)) return undefined
  const path = below(basePath, url)
  return path === DOCUMENT_PATH ? undefined : path
}

/** What the whole server allows somewhere (RFC 9110, section 9.3.7). */
function methodsOf({ operations }: Facade): string {
  const methods = [...operations.values()].map(({ method }) => method.toUpperCase())
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
