import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileContract } from '../../src/adapter/adapter.js'
import { Diagnostics } from '../../src/base/diagnostic/diagnostic.js'
import { readSettings } from '../../src/config/settings.js'
import { apiKeyLine } from '../../src/http/authentication/api-key.js'
import { startServer } from '../../src/server.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { contractFile, environment } from './contract.js'

export interface Served {
  readonly url: string
  readonly adminUrl: string
  readonly storeFile: string
  readonly log: () => string
  /** Calls an operation as a client. */
  call(method: string, path: string, body?: unknown, key?: string): Promise<Response>
  /** Sends a message of the CRM with these notifications. */
  notify(...ids: readonly string[]): Promise<Response>
  close(): Promise<void>
}

export const KEYS = { one: 'key-of-one', two: 'key-of-two' } as const

/** The service with the contract of the tests, a store of its own, and endpoints on this machine allowed. */
export async function serve(
  env: Readonly<Record<string, string>> = {},
  contract = contractFile,
): Promise<Served> {
  const directory = mkdtempSync(join(tmpdir(), 'soapstone-events-'))
  const storeFile = join(directory, 'store.db')
  const settings = readSettings(
    {
      ...{ HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', STORE_FILE: storeFile, SHUTDOWN_GRACE_MS: '1000' },
      API_KEYS: `${apiKeyLine('one', KEYS.one)}\n${apiKeyLine('two', KEYS.two)}`,
      EVENTS_ALLOW_NETWORKS: '127.0.0.1',
      EVENTS_SCHEDULE_SECONDS: '0,0,0',
      EVENTS_TIMEOUT_MS: '5000',
      ...env,
    },
    new Diagnostics(),
  )
  if (!settings) throw new Error('the settings are wrong')
  const lines: string[] = []
  const logger = createLogger('info', { write: (line: string) => void lines.push(line) })
  const adapter = compileContract({ contract, env: { ...environment, ...env } })
  const server = await startServer(adapter, settings, { logger, signals: false })
  return {
    url: server.url,
    adminUrl: server.adminUrl,
    storeFile,
    log: () => lines.join(''),
    call: (method, path, body, key = KEYS.one) =>
      fetch(`${server.url}/v1${path}`, {
        method,
        headers: { 'x-api-key': key, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
    notify: (...ids) =>
      fetch(`${server.url}/soap/crm/${environment.CRM_PATH_SECRET}`, {
        method: 'POST',
        headers: { 'content-type': 'text/xml', soapaction: '""' },
        body: outboundMessage(ids),
      }),
    close: async () => {
      await server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/**
 * @param ids of notifications: 18 letters and digits each
 * @param order of the object that they are about
 * @param name of that object in each
 */
export function outboundMessage(
  ids: readonly string[],
  order = '006000000000000AAA',
  name: (id: string) => string = () => 'canary',
): string {
  const notifications = ids.map(
    (id) =>
      `<Notification><Id>${id}</Id><sObject><Id>${order}</Id><Name>${name(id)}</Name></sObject></Notification>`,
  )
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><notifications xmlns="urn:crm:outbound"><OrganizationId>${environment.CRM_ORGANIZATION}</OrganizationId><ActionId>04k000000000001AAA</ActionId><SessionId/>${notifications.join('')}</notifications></s:Body></s:Envelope>`
}

/** An id of a notification. */
export function notificationId(number: number): string {
  return `04l${String(number).padStart(15, '0')}`
}
