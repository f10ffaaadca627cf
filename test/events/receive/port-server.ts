import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Adapter, compileContract } from '../../../src/adapter/adapter.js'
import { soapPorts } from '../../../src/events/receive/soap-ports.js'
import { sendProblem } from '../../../src/http/answer/problem.js'
import { FailedAttempts } from '../../../src/http/authentication/failed-attempts.js'
import { SoapFace } from '../../../src/http/events/soap-face.js'
import { exchangeOf } from '../../../src/http/exchange.js'
import type { NewEvent } from '../../../src/store/outbox/outbox.js'
import type { AuditEntry } from '../../../src/telemetry/audit-log.js'
import { createLogger } from '../../../src/telemetry/logger.js'
import { contractFile, environment } from '../contract.js'

export interface PortServer {
  readonly url: string
  readonly adapter: Adapter
  /** What was kept. */
  readonly events: NewEvent[]
  /** What was written to the audit log. */
  readonly audited: AuditEntry[]
  /** Of all log lines. */
  readonly log: () => string
  /** What keeping fails with from now on. */
  failing: Error | undefined
  close(): Promise<void>
}

/** The SOAP side of a contract, whose events are kept in memory. */
export async function startPorts(contract = contractFile, env: object = environment): Promise<PortServer> {
  const adapter = compileContract({ contract, env: { ...env } })
  const events: NewEvent[] = []
  const audited: AuditEntry[] = []
  const lines: string[] = []
  const ports = soapPorts(adapter.webhooks, (kept) => {
    if (server.failing) return Promise.reject(server.failing)
    events.push(...kept)
    return Promise.resolve()
  })
  const face = new SoapFace(ports, {
    publicUrl: '',
    tls: false,
    logger: createLogger('info', { write: (line: string) => void lines.push(line) }),
    audit: { record: (entry) => void audited.push(entry), close: () => undefined },
    failedAttempts: new FailedAttempts(3),
    onMessage: () => undefined,
  })
  const http = createServer((req, res) => {
    const exchange = exchangeOf(req)
    face.serve(req, res, exchange).catch((error: unknown) => {
      sendProblem(res, error, exchange)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const server: PortServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    adapter,
    events,
    audited,
    log: () => lines.join(''),
    failing: undefined,
    close: async () => {
      http.close()
      http.closeAllConnections()
      await adapter.close()
    },
  }
  return server
}

export function dataOf({ body }: NewEvent): string {
  return /"data":(.*)\}$/s.exec(Buffer.from(body).toString())?.[1] ?? ''
}
