import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CoreBanking } from '../../demo/core-banking/service.js'
import { createLogger } from '../../telemetry/logger.js'
import { settingsFrom } from '../options/settings.js'

/** The webhook is the whole contract. */
const CONTRACT = fileURLToPath(new URL('../../../examples/events/openapi.yaml', import.meta.url))
const RECEIVER_PORT = 8090
const EVERY_MS = 5_000

/** What the demo shows of events. */
export interface DemoEvents {
  /** Of the service that takes the bank's notices and has clients subscribe, without credentials. */
  readonly url: string
  readonly receiverUrl: string
  close(): Promise<void>
}

/**
 * Has the bank tell of payments to a service of its own, so that the API has nothing of it, and starts an app that may subscribe
 * and prints what it has verified.
 *
 * @param port of the service; another where it is taken, 0 for any
 * @param directory of its store
 */
export async function startEvents(
  { books }: CoreBanking,
  { port, directory }: { readonly port: number; readonly directory: string },
): Promise<DemoEvents> {
  const [{ compileContract }, { startServer }, { startEventReceiver }, { startPaymentNotices }] =
    await Promise.all([
      import('../../adapter/adapter.js'),
      import('../../server.js'),
      import('../../demo/event-receiver.js'),
      import('../../demo/core-banking/payment-notices.js'),
    ])
  const password = randomBytes(16).toString('hex')
  const adapter = compileContract({ contract: CONTRACT, env: { BANK_PASSWORD: password } })
  const settings = settingsFrom({
    ...{ HOST: '127.0.0.1', PORT: String(port), ADMIN_PORT: '0', AUTHENTICATION: 'off' },
    STORE_FILE: join(directory, 'events.db'),
    // The receiver is on this machine, where subscribers may not be otherwise.
    EVENTS_ALLOW_NETWORKS: '127.0.0.1',
  })
  // That everybody may call it is what the demo says: a line of the log would be taken to be about the API.
  const logger = createLogger('error').child({ service: 'events' })
  const options = { signals: false, logger }
  const server = await startServer(adapter, settings, options).catch(() =>
    startServer(adapter, { ...settings, listenPort: 0 }, options),
  )
  logger.level = 'warn'
  const receiver = await startEventReceiver(port === 0 ? 0 : RECEIVER_PORT, (line) => {
    process.stdout.write(line)
  })
  const stop = startPaymentNotices(books, { url: `${server.url}/soap/bank`, password, everyMs: EVERY_MS })
  return {
    url: server.url,
    receiverUrl: receiver.url,
    close: async () => {
      stop()
      await server.close()
      await receiver.close()
    },
  }
}
