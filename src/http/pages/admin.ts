import express, { type Express } from 'express'
import type { BackendState } from '../../adapter/rest.js'
import type { Metrics } from '../../telemetry/metrics.js'
import { answerError, nothingHere } from '../answer/error-handlers.js'
import { KeptHead } from '../answer/head.js'
import { securityHeaders } from '../answer/security-headers.js'
import type { FailedAttempts } from '../authentication/failed-attempts.js'
import { operatorsOnly } from './admin-token.js'
import { livenessPage, type Readiness, readinessPage } from './health.js'
import { readOnly } from './read-only.js'

/** Whether what the service keeps elsewhere can be used, for its operators. */
export interface StoreStates {
  /** Of idempotency keys, where the contract marks operations. */
  readonly store?: {
    /** The setting that says where it is. */
    readonly setting: 'DATABASE_URL' | 'STORE_FILE'
    /** The file, or host and name of the database. */
    readonly place: string
    readonly state: 'usable' | 'failing' | 'unused'
  }
  /** Of limits and attempts: by all replicas together, or by this process alone. */
  readonly counters?: { readonly shared: boolean }
}

export interface AdminOptions {
  readonly metrics: Metrics
  readonly readiness: Readiness
  readonly backends: () => readonly BackendState[]
  /** Of what the service keeps elsewhere; nothing by default. */
  readonly stores?: () => StoreStates
  /** What operators must send; by default nothing. */
  readonly token?: string
  /** Tells those who try tokens to wait, and others that they try. */
  readonly failedAttempts?: FailedAttempts
}

/**
 * What shows the state of the service: for its operators, on a port of its own that clients do not reach. The pages for
 * probes, which tell one word, are for everybody.
 */
export function createAdminApp({
  metrics,
  readiness,
  backends,
  stores,
  ...operators
}: AdminOptions): Express {
  const guard = operatorsOnly(operators.token ?? '', operators.failedAttempts)
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.set('query parser', 'simple')
  const fields = securityHeaders({ tls: false })
  app.use((_req, res, next) => {
    new KeptHead(res, fields).release()
    next()
  })
  app.all(
    '/metrics',
    guard,
    readOnly(async (_req, res) => {
      res.setHeader('content-type', metrics.contentType)
      res.send(await metrics.text())
    }),
  )
  app.all('/healthz', livenessPage())
  app.all(
    '/readyz',
    (req, res, next) => {
      if (req.query.verbose !== undefined) return guard(req, res, next)
      next('route')
    },
    readOnly((_req, res) => {
      res.status(readiness.state === 'ready' ? 200 : 503)
      res.json({ status: readiness.state, backends: backends(), ...stores?.() })
    }),
  )
  app.all('/readyz', readinessPage(readiness))
  app.use(nothingHere)
  app.use(answerError)
  return app
}
