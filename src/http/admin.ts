import express, { type Express } from 'express'
import { type BackendState } from '../adapter/rest.js'
import { type Metrics } from '../telemetry/metrics.js'
import { answerError, nothingHere } from './errors.js'
import { livenessPage, type Readiness, readinessPage } from './health.js'
import { readOnly } from './read-only.js'
import { securityHeaders } from './security-headers.js'

export interface AdminOptions {
  readonly metrics: Metrics
  readonly readiness: Readiness
  readonly backends: () => readonly BackendState[]
}

/** What shows the state of the service: for its operators, on a port of its own that clients do not reach. */
export function createAdminApp({ metrics, readiness, backends }: AdminOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  app.use(securityHeaders(false))
  app.all(
    '/metrics',
    readOnly(async (_req, res) => {
      res.setHeader('content-type', metrics.contentType)
      res.send(await metrics.text())
    }),
  )
  app.all('/healthz', livenessPage())
  app.all(
    '/readyz',
    readOnly((req, res, next) => {
      if (req.query.verbose === undefined) return readinessPage(readiness)(req, res, next)
      res.status(readiness.state === 'ready' ? 200 : 503)
      res.json({ status: readiness.state, backends: backends() })
    }),
  )
  app.use(nothingHere)
  app.use(answerError)
  return app
}
