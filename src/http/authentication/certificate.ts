import { hash, X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { type PeerCertificate, TLSSocket } from 'node:tls'
import type { CredentialCheck } from './credential-check.js'
import { refused, type Verdict } from './verdict.js'

export interface ClientCertificate {
  /** Most significant first, as in `C=IE, O=Fernhill, CN=partner` (RFC 4514 writes it the other way round). */
  readonly subject: string
  /** SHA-256 of its DER, base64url (RFC 8705, section 3.1). */
  readonly thumbprint: string
  /** In milliseconds since 1970: connections may outlive the certificate. */
  readonly validTo: number
}

const certificates = new WeakMap<TLSSocket, ClientCertificate | 'none' | 'untrusted'>()

/**
 * The client certificate of a connection, read once for each.
 *
 * @returns `untrusted` where its issuer is none of TLS_CLIENT_CA_FILE or it has expired
 */
export function certificateOf(req: IncomingMessage): ClientCertificate | 'none' | 'untrusted' {
  const { socket } = req
  if (!(socket instanceof TLSSocket)) return 'none'
  let certificate = certificates.get(socket)
  if (certificate === undefined) {
    certificate = readCertificate(socket)
    certificates.set(socket, certificate)
  }
  if (typeof certificate === 'object' && Date.now() >= certificate.validTo) return 'untrusted'
  return certificate
}

function readCertificate(socket: TLSSocket): ClientCertificate | 'none' | 'untrusted' {
  const peer = socket.getPeerCertificate() as Partial<PeerCertificate>
  if (!peer.raw) return 'none'
  if (!socket.authorized) return 'untrusted'
  const { subject, validTo } = new X509Certificate(peer.raw)
  return {
    subject: subject.replaceAll('\n', ', '),
    thumbprint: hash('sha256', peer.raw, 'base64url'),
    validTo: Date.parse(validTo),
  }
}

/** A certificate that the TLS handshake has verified (OpenAPI 3.1, section 4.8.27, `mutualTLS`). */
export class CertificateCheck implements CredentialCheck {
  check(req: IncomingMessage): Verdict {
    const certificate = certificateOf(req)
    if (certificate === 'none') return refused('absent', 'The connection has no client certificate.')
    if (certificate === 'untrusted') return refused('invalid', 'The client certificate is not trusted here.')
    return { granted: true, namedBy: 'certificate', client: certificate.subject }
  }

  challenge(): string {
    return 'MutualTLS'
  }
}
