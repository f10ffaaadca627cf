import { createSecureContext, type SecureContext } from 'node:tls'
import type { buildConnector } from 'undici'
import type { TlsPolicy } from '../policy.js'
import { undici } from './undici.js'

/** What `tls.connect` is told besides the address. */
export interface TlsOptions {
  readonly secureContext: SecureContext
  readonly servername?: string
}

/**
 * Reads certificates and keys once, instead of for each connection. Nothing below TLS 1.2 is spoken (RFC 8996).
 *
 * @throws Error of OpenSSL for what cannot be read or does not belong together; its message holds no secret
 */
export function tlsOptions(policy: TlsPolicy = {}): TlsOptions {
  const { ca, certificate, key, pkcs12, passphrase, minimumVersion = 'TLSv1.2', serverName } = policy
  const secureContext = createSecureContext({
    minVersion: minimumVersion,
    ...(ca && { ca }),
    ...(certificate && { cert: certificate }),
    ...(key && { key }),
    ...(pkcs12 && { pfx: pkcs12 }),
    ...(passphrase !== undefined && { passphrase }),
  })
  return { secureContext, ...(serverName !== undefined && { servername: serverName }) }
}

/** Connects with TLS. @param timeoutMs to the end of the handshake */
export function tlsConnector(tls: TlsOptions, timeoutMs: number): buildConnector.connector {
  const connect = undici().buildConnector({ ...tls, timeout: timeoutMs })
  return (options, callback) => {
    connect(options, (...made) => {
      const [, socket] = made
      // In TLS 1.3 a server refuses our certificate after the handshake. undici would forget that alert when it sees
      // the end that follows.
      socket?.once('error', (error: Error) => socket.destroy(error))
      callback(...made)
    })
  }
}
