import express, { type Express, type RequestHandler } from 'express'
import { AdapterError } from '../base/errors.js'
import { type AuditLog } from '../telemetry/audit-log.js'
import { type Logger } from '../telemetry/logger.js'
import { type Metrics } from '../telemetry/metrics.js'
import { cors } from './cors.js'
import { docs } from './docs.js'
import { answerError, nothingHere } from './errors.js'
import { type Facade } from './facade.js'
import { type GuaranteeOptions } from './guarantees.js'
import { livenessPage, type Readiness, readinessPage } from './health.js'
import { observe } from './observe.js'
import { problemPages } from './problem-pages.js'
import { type LagMeter, type LoadLimits, shedLoad } from './overload.js'
import { type RateLimits } from './rate-limits.js'
import { type RequestLimits } from './request-reader.js'
import { createRouter } from './router.js'
import { type Authentication } from './security/doors.js'
import { securityHeaders } from './security-headers.js'

export interface AppOptions extends GuaranteeOptions {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly audit?: AuditLog
  readonly readiness: Readiness
  readonly limits: RequestLimits
  /** From when on requests are refused; by default never. */
  readonly load?: LoadLimits & { readonly meter: LagMeter }
  /** Whether /docs is served. */
  readonly docs: boolean
  /** As for the router. */
  readonly authentication?: Authentication | 'off'
  readonly rateLimits?: RateLimits
  /** Origins of pages that may call from a browser. */
  readonly corsOrigins?: readonly string[]
  /** Whether clients come over TLS to this process. */
  readonly tls?: boolean
}

export type FacadeApp = Express & {
  /**
   * Judges the contract and compiles what the first request would else wait for.
   *
   * @param most operations; a contract with more is compiled as it is used
   * @throws ContractError where a schema of the contract cannot be compiled
   */
  warmUp(most?: number): Promise<void>
  /** Resolves when calls that outlive their clients are over. */
  settled(): Promise<void>
}

/** The whole service: what it serves, in the order in which a request meets it. */
export function createApp(facade: Facade, options: AppOptions): FacadeApp {
  const { logger, metrics, readiness, corsOrigins = [], tls = false } = options
  const router = createRouter(facade, options)
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.enable('strict routing')
  app.enable('case sensitive routing')

  app.use(observe(logger, metrics, options.audit))
  app.use(securityHeaders(tls))
  app.use(closeWhileDraining(readiness))
  app.use(saneHead)
  app.use(cors(corsOrigins, router.contracts))
  app.use(
    exactly({
      '/healthz': livenessPage(),
      '/readyz': readinessPage(readiness),
    }),
  )
  app.all('/problems/:code', problemPages())
  if (options.docs) app.use('/docs', docs(facade.basePath))
  if (options.load) app.use(shedLoad(options.load, options.load.meter))
  app.use(router)
  app.use(nothingHere)
  app.use(answerError)
  return Object.assign(app, {
    warmUp: (most?: number) => router.warmUp(most),
    settled: () => router.settled(),
  })
}

/** A client that keeps its connection would meet a closed one; it is told to open another. */
function closeWhileDraining(readiness: Readiness): RequestHandler {
  return (_req, res, next) => {
    if (readiness.state === 'draining') res.setHeader('connection', 'close')
    next()
  }
}

/** One look-up for all of them: every request of the contract passes here. */
function exactly(pages: Readonly<Record<string, RequestHandler>>): RequestHandler {
  const byPath = new Map(Object.entries(pages))
  return (req, res, next) => (byPath.get(req.path) ?? pass)(req, res, next)
}

const pass: RequestHandler = (_req, _res, next) => {
  next()
}

const MOST_HEADER_FIELDS = 128

/** What Node lets pass: a request without Host (RFC 9112, section 3.2), and header fields without number. */
const saneHead: RequestHandler = (req, _res, next) => {
  if (req.headers.host === undefined && req.httpVersionMinor > 0) {
    throw new AdapterError('request-malformed', 'The request has no Host header.')
  }
  if (req.rawHeaders.length > 2 * MOST_HEADER_FIELDS) {
    throw new AdapterError(
      'header-too-large',
      `The request has more than ${MOST_HEADER_FIELDS} header fields.`,
    )
  }
  next()
}
