import { randomUUID } from 'node:crypto'
import { createServer, type RequestListener, type Server, type ServerOptions, STATUS_CODES } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import { AdapterError, type AdapterErrorCode, ContractError } from '../../base/errors.js'
import type { Settings } from '../../config/settings-table.js'
import { toProblem } from '../answer/problem.js'
import { answerOn } from '../answer/unfinished-answers.js'
import { expectContinue } from '../request/expectation.js'
import { TlsFiles } from './tls-files.js'

/** A server of HTTP/1.1, and what it watches. */
export interface Listener {
  readonly server: Server
  readonly tls: boolean
  /** Stops watching files. */
  unwatch(): void
}

/** A request that was broken before it reached the app. */
export type BrokenRequestListener = (error: AdapterError, requestId: string) => void

/**
 * Makes the server: with TLS where there is a certificate, and with problem documents for requests that Node refuses
 * by itself.
 *
 * @param onBroken is told of each of those
 * @param onCertificate is told when the certificate was replaced, or why it could not be
 * @throws ContractError where certificate and key cannot be used
 */
export function createListener(
  settings: Settings,
  app: RequestListener,
  onBroken: BrokenRequestListener,
  onCertificate: (failure?: Error) => void,
): Listener {
  const options = serverOptions(settings)
  const secure = secureListener(settings, options, app, onCertificate)
  const server = secure?.server ?? createServer(options, app)
  // Node would drop what exceeds its limit without a word; the app refuses it.
  server.maxHeadersCount = 0
  answerBrokenRequests(server, onBroken)
  // A server may ignore what it is expected to do (RFC 9110, section 10.1.1).
  server.on('checkExpectation', app)
  server.on('checkContinue', (req, res) => {
    expectContinue(req)
    app(req, res)
  })
  return { server, tls: secure !== undefined, unwatch: () => secure?.unwatch() }
}

/** What every server of ours gives its clients, that of operators too. */
export function serverOptions(settings: Settings): ServerOptions {
  return {
    maxHeaderSize: settings.maxHeaderBytes,
    headersTimeout: settings.headersTimeoutMs,
    requestTimeout: settings.requestTimeoutMs,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(settings.headersTimeoutMs, settings.requestTimeoutMs, 5_000),
    // The app answers with a problem document instead.
    requireHostHeader: false,
    insecureHTTPParser: false,
  }
}

function secureListener(
  settings: Settings,
  options: ServerOptions,
  app: RequestListener,
  onCertificate: (failure?: Error) => void,
): { server: Server; unwatch: () => void } | undefined {
  if (settings.tlsCertFile === '') return undefined
  let files: TlsFiles | undefined
  try {
    const watched = new TlsFiles(settings, (refusal) => {
      reload(refusal)
    })
    files = watched
    const server = createTlsServer(
      {
        ...options,
        ...watched.material,
        handshakeTimeout: settings.headersTimeoutMs,
        requestCert: settings.tlsClientCaFile !== '',
        // Each operation decides by its contract; probes come without a certificate.
        rejectUnauthorized: false,
      },
      app,
    )
    const reload = (refusal: Error | undefined) => {
      try {
        if (refusal) throw refusal
        server.setSecureContext(watched.material)
        onCertificate()
      } catch (error) {
        // Certificate and key are replaced one after the other: the second change makes them fit again.
        onCertificate(
          refusal ?? new Error('TLS_CERT_FILE and TLS_KEY_FILE do not fit together', { cause: error }),
        )
      }
    }
    return {
      server,
      unwatch: () => {
        watched.close()
      },
    }
  } catch {
    files?.close()
    const diagnostics = new Diagnostics()
    const message =
      'TLS_CERT_FILE, TLS_KEY_FILE and TLS_CLIENT_CA_FILE must name PEM files, of which the key belongs to the certificate.'
    diagnostics.error('setting-invalid', message)
    throw new ContractError(diagnostics.list)
  }
}

const BROKEN: Readonly<Record<string, readonly [AdapterErrorCode, string]>> = {
  HPE_HEADER_OVERFLOW: ['header-too-large', 'The request line and header fields are too large together.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['request-timeout', 'The request was not complete in time.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['request-too-large', 'The chunk extensions of the body are too large.'],
}
const MALFORMED: readonly [AdapterErrorCode, string] = [
  'request-malformed',
  'The request is not valid HTTP/1.1.',
]

function answerBrokenRequests(server: Server, onBroken: BrokenRequestListener): void {
  const secured = new WeakSet<Socket>()
  server.on('secureConnection', (socket: Socket) => secured.add(socket))
  const ending = new WeakSet<Socket>()
  server.on('clientError', (cause: NodeJS.ErrnoException, socket: Socket) => {
    if (ending.has(socket)) return
    const { code = '' } = cause
    const answer = answerOn(socket)
    if (answer?.req.complete === true && !answer.writableFinished && code !== 'ECONNRESET') {
      // What is broken came behind a request whose response this would be taken for: that is the last one.
      ending.add(socket)
      answer.once('close', () => {
        socket.destroySoon()
      })
      return
    }
    const isAnswering = answer?.headersSent === true && !answer.writableFinished
    // Nothing can be said to one whose handshake failed or took too long: it would be waited for without end.
    const isInHandshake = socket instanceof TLSSocket && !secured.has(socket)
    if (code === 'ECONNRESET' || !socket.writable || isAnswering || isInHandshake) {
      socket.destroy()
      return
    }
    const [problem, message] = BROKEN[code] ?? MALFORMED
    const error = new AdapterError(problem, message, { cause })
    const requestId = randomUUID()
    onBroken(error, requestId)
    const document = toProblem(error, requestId)
    const body = JSON.stringify(document)
    const head = [
      `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status] ?? ''}`,
      `x-request-id: ${requestId}`,
      'content-type: application/problem+json',
      `content-length: ${Buffer.byteLength(body)}`,
      'cache-control: no-store',
      "content-security-policy: default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options: nosniff',
      'connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
    socket.once('finish', () => {
      socket.destroySoon()
    })
  })
}
