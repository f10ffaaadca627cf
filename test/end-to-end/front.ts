import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { FacadeApp } from '../../src/http/app.js'
import { loadAdapter, type MountableAdapter } from '../../src/index.js'
import { root } from '../oracle/contracts.js'
import { appOf, type CapturedLog, captureLog } from './deployment.js'

/** The repository's own contract, with one backend for all of its backends. */
export function shippedAdapter(url: string): Promise<MountableAdapter> {
  return loadAdapter({
    contract: `${root}openapi.yaml`,
    env: { CORE_BANKING_URL: url, LENDING_URL: url, PATIENT_REGISTRY_URL: url },
  })
}

/** An adapter behind the whole app, warm and listening. */
export interface Front {
  readonly app: FacadeApp
  readonly log: CapturedLog
  readonly port: number
  /** Without the base path. */
  readonly url: string
  /** Ends the adapter, too. */
  close(): Promise<void>
}

export async function openFront(adapter: MountableAdapter): Promise<Front> {
  const log = captureLog()
  const app = appOf(adapter, log)
  await app.warmUp()
  // As the deployed server keeps them: Node's five seconds pass while a judge holds the event loop.
  const server = createServer({ keepAliveTimeout: 65_000 }, app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    app,
    log,
    port,
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.close()
      server.closeAllConnections()
      await adapter.close()
    },
  }
}
