import { Writable } from 'node:stream'
import { startCoreBanking } from '../../src/demo/core-banking/service.js'
import { startPatientRegistry } from '../../src/demo/health/patient-registry.js'
import { startLending } from '../../src/demo/lending/service.js'
import { createApp, type FacadeApp } from '../../src/http/app.js'
import { Readiness } from '../../src/http/pages/health.js'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import { createLogger, type Logger } from '../../src/telemetry/logger.js'
import { createMetrics } from '../../src/telemetry/metrics.js'
import { root } from '../oracle/contracts.js'

/** What the log of a service says, line by line. */
export interface CapturedLog {
  readonly logger: Logger
  readonly text: () => string
}

export function captureLog(): CapturedLog {
  const lines: string[] = []
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString())
      done()
    },
  })
  return { logger: createLogger('trace', destination), text: () => lines.join('') }
}

/** An adapter behind the whole app, not listening. */
export function appOf(adapter: MountableAdapter, { logger }: CapturedLog): FacadeApp {
  const readiness = new Readiness()
  readiness.state = 'ready'
  return createApp(adapter, {
    logger,
    metrics: createMetrics(adapter.backends),
    readiness,
    docs: true,
    // Who may call is proved in test/http/authentication.
    authentication: 'off',
    limits: { maxBodyBytes: 65_536, maxJsonDepth: 32, maxJsonValues: 10_000 },
  })
}

export interface Deployment {
  readonly app: FacadeApp
  readonly adapter: MountableAdapter
  readonly log: CapturedLog
  close(): Promise<void>
}

/** The repository's own contract in front of fresh simulated backends. */
export async function deploy(): Promise<Deployment> {
  const backends = await Promise.all([startCoreBanking(), startLending(), startPatientRegistry()])
  const [banking, lending, registry] = backends
  const adapter = await loadAdapter({
    contract: `${root}openapi.yaml`,
    env: { CORE_BANKING_URL: banking.url, LENDING_URL: lending.url, PATIENT_REGISTRY_URL: registry.url },
  })
  const log = captureLog()
  const app = appOf(adapter, log)
  await app.warmUp()
  return {
    app,
    adapter,
    log,
    close: async () => {
      await adapter.close()
      await Promise.all(backends.map((backend) => backend.close()))
    },
  }
}
