import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, Server as TcpServer } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Settings } from '../../config/settings-table.js'
import type { LimitedConnections } from '../limits/connections.js'

/**
 * Connections that wait to be accepted; the system takes `net.core.somaxconn` where that is less. With Node's 511 a burst
 * of clients loses its first packets, and each tries again after a second.
 */
const BACKLOG = 65_535

export async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen({ port, host, backlog: BACKLOG })
  await once(server, 'listening')
}

/** Without a token the state of the service is for this machine alone, unless ADMIN_HOST says otherwise. */
export function adminHost({ adminHost: own, adminToken, host }: Settings): string {
  if (own !== '') return own
  return adminToken !== '' || isLoopback(host) ? host : '127.0.0.1'
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

const IDLE_CHECK_MS = 50
/** For requests that are under way on connections that look idle: longer than a packet takes around the world. */
const LINGER_MS = 500

/**
 * Stops listening, lets requests in flight finish, and cuts those that outlast the grace. Requests that arrive on open
 * connections are answered, and their connections closed (RFC 9112, section 9.6).
 */
export async function drain(server: Server, connections: LimitedConnections, graceMs: number): Promise<void> {
  if (!server.listening) {
    connections.stop()
    return
  }
  const closed = once(server, 'close')
  // Node's own `close` cuts idle connections at once, and whatever a client has just sent on them is lost.
  TcpServer.prototype.close.call(server)
  await Promise.race([closed, delay(Math.min(LINGER_MS, graceMs))])
  server.close()
  // A connection that was busy when listening ended becomes idle, and would be kept alive, after its response.
  const idle = setInterval(() => {
    server.closeIdleConnections()
  }, IDLE_CHECK_MS)
  const timer = setTimeout(
    () => {
      server.closeAllConnections()
      connections.closeAll()
    },
    Math.max(0, graceMs - LINGER_MS),
  )
  await closed
  clearInterval(idle)
  clearTimeout(timer)
  connections.stop()
}

/** @returns the address that a server listens at: `http://127.0.0.1:8080` */
export function urlOf(server: Server, host: string, { tls }: { readonly tls: boolean }): string {
  const { port } = server.address() as AddressInfo
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `${tls ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`
}
