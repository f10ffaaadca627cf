import { Writable } from 'node:stream'
import type { Express } from 'express'
import { type AppOptions, createApp, type FacadeApp } from '../../src/http/app.js'
import { createAdminApp } from '../../src/http/pages/admin.js'
import { Readiness } from '../../src/http/pages/health.js'
import type { RequestLimits } from '../../src/http/request/reader.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.js'
import { facadeOf, sampleDocument, type SampleFacade } from './sample-facade.js'

export interface SampleApp {
  readonly app: FacadeApp
  /** What operators see. */
  readonly admin: Express
  readonly facade: SampleFacade
  readonly readiness: Readiness
  readonly metrics: Metrics
  readonly logLines: Record<string, unknown>[]
  /** The next log line that is written. */
  readonly nextLogLine: () => Promise<Record<string, unknown>>
}

export interface SampleOptions extends Partial<Omit<AppOptions, 'limits'>> {
  readonly document?: OpenApiObject
  readonly adminToken?: string
}

export function sampleApp(limits: Partial<RequestLimits> = {}, options: SampleOptions = {}): SampleApp {
  const { document = sampleDocument, adminToken: token = '', ...more } = options
  const facade = facadeOf(document)
  const readiness = new Readiness()
  readiness.state = 'ready'
  const metrics = createMetrics(facade.backends)
  const logLines: Record<string, unknown>[] = []
  const waiting: ((line: Record<string, unknown>) => void)[] = []
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const line = JSON.parse(chunk.toString()) as Record<string, unknown>
      logLines.push(line)
      waiting.splice(0).forEach((resolve) => {
        resolve(line)
      })
      done()
    },
  })
  const app = createApp(facade, {
    logger: createLogger('info', destination),
    metrics,
    readiness,
    docs: true,
    limits: { maxBodyBytes: 20_000, maxJsonDepth: 16, maxJsonValues: 5_000, ...limits },
    ...more,
  })
  const nextLogLine = () => new Promise<Record<string, unknown>>((resolve) => waiting.push(resolve))
  const admin = createAdminApp({ metrics, readiness, backends: facade.backends, token })
  return { app, admin, facade, readiness, metrics, logLines, nextLogLine }
}
