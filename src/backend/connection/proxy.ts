import * as http from 'node:http'
import * as https from 'node:https'
import type { Socket } from 'node:net'
import type { buildConnector } from 'undici'
import { AdapterError } from '../../base/errors.js'
import { basic } from '../fixed-credentials.js'
import type { ProxyPolicy } from '../policy.js'
import { proxyLogin } from '../refusal.js'
import { tlsConnector, type TlsOptions, tlsOptions } from './tls.js'
import { undici } from './undici.js'

type Connector = buildConnector.connector

/** The field that shows a proxy who calls (RFC 9110, section 11.7.2); without credentials none. */
export function proxyAuthorization({ username, password = '' }: ProxyPolicy): Record<string, string> {
  return username === undefined ? {} : { 'proxy-authorization': basic(username, password) }
}

/**
 * Connects to the proxy itself, which then forwards each request by its absolute URL (RFC 9112, section 3.2.2). A proxy
 * spoken to with TLS must have a certificate that Node trusts by default.
 */
export function proxyConnector({ url }: ProxyPolicy, timeoutMs: number): Connector {
  const connect = undici().buildConnector({
    ...(url.startsWith('https:') && tlsOptions()),
    timeout: timeoutMs,
  })
  return ({ hostname, host, protocol, port }, callback) => {
    // Without the server name, which undici takes from the Host field: that names the backend.
    connect({ hostname, ...(host !== undefined && { host }), protocol, port }, callback)
  }
}

/**
 * Connects to the backend through a tunnel that the proxy opens (RFC 9110, section 9.3.6): it sees the name of the
 * backend, and nothing of what is said.
 *
 * @param authority host and port of the backend
 * @param tls for the connection inside the tunnel
 * @param timeoutMs for the tunnel, and again for the TLS handshake
 */
export function tunnelConnector(
  proxy: ProxyPolicy,
  authority: string,
  tls: TlsOptions,
  timeoutMs: number,
): Connector {
  const secure = tlsConnector(tls, timeoutMs)
  return (options, callback) => {
    openTunnel(proxy, authority, timeoutMs).then(
      (httpSocket) => {
        secure({ ...options, httpSocket }, callback)
      },
      (error: unknown) => {
        callback(error instanceof Error ? error : new Error(String(error)), null)
      },
    )
  }
}

/** @throws AdapterError `backend-login` or `backend-unreachable` where the proxy refuses; Error of the connection */
function openTunnel(proxy: ProxyPolicy, authority: string, timeoutMs: number): Promise<Socket> {
  const { request } = proxy.url.startsWith('https:') ? https : http
  return new Promise((resolve, reject) => {
    const connecting = request(proxy.url, {
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, connection: 'keep-alive', ...proxyAuthorization(proxy) },
      agent: false,
    })
    const timer = setTimeout(() => {
      connecting.destroy(new (undici().errors.ConnectTimeoutError)('The proxy opened no tunnel in time.'))
    }, timeoutMs)
    connecting.once('connect', ({ statusCode = 0 }, socket, head) => {
      clearTimeout(timer)
      if (statusCode >= 200 && statusCode < 300 && head.length === 0) resolve(socket)
      else {
        socket.destroy()
        reject(refused(statusCode))
      }
    })
    // A proxy that answers the method with a body is one that knows nothing of tunnels.
    connecting.once('response', (answer) => {
      clearTimeout(timer)
      answer.destroy()
      reject(refused(answer.statusCode ?? 0))
    })
    connecting.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    connecting.end()
  })
}

function refused(status: number): AdapterError {
  const cause = new AdapterError('backend-unreachable', `The proxy answered ${status} to CONNECT.`)
  if (status === 407) return proxyLogin(cause)
  return new AdapterError('backend-unreachable', `The proxy opened no tunnel to the backend (${status}).`, {
    cause,
  })
}
