import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express'
import helmet from 'helmet'
import { AdapterError } from '../base/errors.js'
import { type Logger } from '../telemetry/logger.js'
import { type Metrics } from '../telemetry/metrics.js'
import { docs } from './docs.js'
import { exchangeOf } from './exchange.js'
import { type Facade } from './facade.js'
import { livenessPage, type Readiness, readinessPage } from './health.js'
import { observe } from './observe.js'
import { sendProblem } from './problem.js'
import { problemPages } from './problem-pages.js'
import { readOnly } from './read-only.js'
import { type RequestLimits } from './request-reader.js'
import { createRouter } from './router.js'

export interface AppOptions {
  readonly logger: Logger
  readonly metrics: Metrics
  readonly readiness: Readiness
  readonly limits: RequestLimits
  /** Whether /docs is served. */
  readonly docs: boolean
}

export type FacadeApp = Express & {
  /** @throws ContractError where a schema of the contract cannot be compiled */
  warmUp(): Promise<void>
}

/** The whole service: what it serves, in the order in which a request meets it. */
export function createApp(facade: Facade, options: AppOptions): FacadeApp {
  const { logger, metrics, readiness, limits } = options
  const router = createRouter(facade, { limits })
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', false)
  app.enable('strict routing')
  app.enable('case sensitive routing')

  app.use(observe(logger, metrics))
  app.use(securityHeaders())
  app.use(closeWhileDraining(readiness))
  app.use(
    exactly({
      '/healthz': livenessPage(),
      '/readyz': readinessPage(readiness),
      '/metrics': metricsPage(metrics),
    }),
  )
  app.all('/problems/:code', problemPages())
  if (options.docs) app.use('/docs', docs(facade.basePath))
  app.use(router)
  app.use(nothingHere)
  app.use(answerError)
  return Object.assign(app, { warmUp: () => router.warmUp() })
}

/** For answers that are data: nothing in them may be loaded, framed or run. The pages of /docs allow more. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
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

function metricsPage(metrics: Metrics): RequestHandler {
  return readOnly(async (_req, res) => {
    res.setHeader('cache-control', 'no-store')
    res.setHeader('content-type', metrics.contentType)
    res.send(await metrics.text())
  })
}

const nothingHere: RequestHandler = () => {
  throw new AdapterError('not-found', 'There is nothing at this path.')
}

const answerError: ErrorRequestHandler = (error: unknown, req, res, next) => {
  try {
    sendProblem(res, error, exchangeOf(req))
  } catch (failure) {
    next(failure)
  }
}
