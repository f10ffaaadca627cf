import type { IncomingMessage, ServerResponse } from 'node:http'
import { AdapterError } from '../../base/errors.js'
import { isSameSecret } from '../../base/same-secret.js'
import { withoutTrailing } from '../../base/substring.js'
import type { PortAnswer, SoapPort } from '../../events/receive/soap-port.js'
import { contentTypeOf, writeFault } from '../../soap/fault-writer.js'
import type { AuditLog } from '../../telemetry/audit-log.js'
import type { Logger } from '../../telemetry/logger.js'
import { causeChain } from '../../telemetry/logger.js'
import { certificateOf } from '../authentication/certificate.js'
import type { FailedAttempts } from '../authentication/failed-attempts.js'
import type { Exchange } from '../exchange.js'
import type { FaceServer } from '../face-server.js'
import { readBody } from '../request/body.js'

export interface SoapFaceOptions {
  readonly publicUrl: string
  /** Whether clients come over TLS to this process. */
  readonly tls: boolean
  readonly logger: Logger
  readonly audit?: AuditLog | undefined
  readonly failedAttempts?: FailedAttempts | undefined
  /** Told of each message. */
  readonly onMessage: (backend: string, outcome: PortAnswer['outcome']) => void
}

/** Who sends a message, or why nobody is let in. */
type Sender = { readonly client: string | undefined } | 'challenge' | 'forbidden'

/** Serves the ports of backends that call: `/soap/{backend}`, each with its WSDL at `?wsdl`. */
export class SoapFace implements FaceServer {
  readonly paths: readonly string[]
  readonly #ports: ReadonlyMap<string, SoapPort>
  readonly #options: SoapFaceOptions

  constructor(ports: readonly SoapPort[], options: SoapFaceOptions) {
    this.#ports = new Map(ports.map((port) => [pathOf(port), port]))
    this.paths = [...this.#ports.keys()]
    this.#options = options
  }

  async serve(req: IncomingMessage, res: ServerResponse, exchange: Exchange): Promise<void> {
    const [path, query = ''] = splitAt(req.url ?? '', '?')
    const port = this.#ports.get(path)
    if (!port) throw new AdapterError('not-found', 'No port is served here.')
    const sender = await this.#sender(req, port)
    if (typeof sender === 'string') {
      req.resume()
      this.#turnAway(req, res, { port, why: sender, exchange })
    } else if (req.method === 'GET' && query !== '') this.#describe(req, res, port, { path, query })
    else if (req.method === 'POST') await this.#receive(req, res, { port, client: sender.client, exchange })
    else {
      res.setHeader('allow', 'GET, POST')
      throw new AdapterError('method-not-allowed', 'SOAP is sent with POST; the WSDL is at ?wsdl.')
    }
  }

  /** What HTTP knows of the sender; the message may say more. */
  async #sender(req: IncomingMessage, { policy: { basic, certificateSubject } }: SoapPort): Promise<Sender> {
    let client: string | undefined
    if (certificateSubject !== undefined) {
      const certificate = certificateOf(req)
      if (typeof certificate === 'string' || certificate.subject !== certificateSubject) return 'forbidden'
      client = certificate.subject
    }
    if (!basic) return { client }
    const [name, password] = basicOf(req.headers.authorization)
    const isKnown = [isSameSecret(name, basic.username), isSameSecret(password, basic.password)].every(
      Boolean,
    )
    if (isKnown) return { client: basic.username }
    const { failedAttempts } = this.#options
    if (req.headers.authorization !== undefined && (await failedAttempts?.count(req.socket.remoteAddress))) {
      return 'forbidden'
    }
    return 'challenge'
  }

  #turnAway(
    { method = '', socket: { remoteAddress: address } }: IncomingMessage,
    res: ServerResponse,
    {
      port,
      why,
      exchange,
    }: { readonly port: SoapPort; readonly why: 'challenge' | 'forbidden'; readonly exchange: Exchange },
  ): void {
    if (why === 'challenge') res.setHeader('www-authenticate', 'Basic realm="soapstone", charset="UTF-8"')
    const fault = writeFault(port.soapVersion, { blame: 'sender', reason: 'The sender is not known here.' })
    this.#send(res, { ...fault, status: why === 'challenge' ? 401 : 403 })
    const { statusCode: status } = res
    this.#record(port, exchange, { method, status, client: undefined, outcome: 'unauthenticated', address })
  }

  /** Locations lead to where the sender has found us, where PUBLIC_URL does not say it. */
  #describe(
    req: IncomingMessage,
    res: ServerResponse,
    port: SoapPort,
    { path, query }: { readonly path: string; readonly query: string },
  ): void {
    const { publicUrl, tls } = this.#options
    const { host = '' } = req.headers
    if (publicUrl === '' && !/^[\w.:[\]-]+$/.test(host)) {
      throw new AdapterError('request-malformed', 'The Host header is not a host.')
    }
    const origin = publicUrl === '' ? `${tls ? 'https' : 'http'}://${host}` : withoutTrailing(publicUrl, '/')
    const body = port.description(query, origin + path)
    if (body === undefined)
      throw new AdapterError('not-found', 'There is no such file; the WSDL is at ?wsdl.')
    this.#send(res, { status: 200, contentType: 'text/xml; charset=utf-8', body })
  }

  async #receive(
    req: IncomingMessage,
    res: ServerResponse,
    {
      port,
      client,
      exchange,
    }: { readonly port: SoapPort; readonly client: string | undefined; readonly exchange: Exchange },
  ): Promise<void> {
    const address = req.socket.remoteAddress
    const answer = await this.#answer(req, port)
    if (answer.outcome === 'unauthenticated') await this.#options.failedAttempts?.count(address)
    this.#send(res, answer)
    const { status, outcome, webhook, cause } = answer
    this.#record(port, exchange, { method: 'POST', status, client, outcome, address, webhook, cause })
  }

  async #answer(req: IncomingMessage, port: SoapPort): Promise<PortAnswer> {
    if ((req.headers['content-encoding'] ?? 'identity') !== 'identity') {
      req.resume()
      return refusal(port, 415, 'A message must not be compressed.')
    }
    try {
      const bytes = await readBody(req, port.policy.maxBytes)
      const { 'content-type': contentType = '', soapaction } = req.headers
      const action = typeof soapaction === 'string' ? unquoted(soapaction) : actionOf(contentType)
      return await port.answer({ contentType, soapAction: action, bytes })
    } catch (error) {
      if (!(error instanceof AdapterError && error.code === 'request-too-large')) throw error
      return refusal(port, 413, `A message may have ${port.policy.maxBytes} bytes.`)
    }
  }

  #send(res: ServerResponse, answer: Pick<PortAnswer, 'status' | 'contentType' | 'body'>): void {
    const { status, contentType, body } = answer
    if (res.destroyed) return
    res.writeHead(status, {
      ...(contentType !== undefined && { 'content-type': contentType }),
      'cache-control': 'no-store',
      'content-length': Buffer.byteLength(body),
    })
    res.end(body)
  }

  #record(
    { name: backend }: SoapPort,
    { requestId, startedAt }: Exchange,
    told: Pick<PortAnswer, 'status' | 'outcome' | 'cause'> & {
      readonly method: string
      readonly client: string | undefined
      readonly address: string | undefined
      readonly webhook?: string | undefined
    },
  ): void {
    const { logger, audit, onMessage } = this.#options
    const { method, status, outcome, webhook, client, address, cause } = told
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10
    onMessage(backend, outcome)
    const causes = cause === undefined ? undefined : causeChain(new Error('', { cause }))
    const line = { requestId, backend, webhook, outcome, status, durationMs, ...(causes && { causes }) }
    if (outcome === 'repeat') logger.error(line, 'message not kept')
    else logger.info(line, 'message')
    audit?.record({
      ...{
        requestId,
        client,
        namedBy: client === undefined ? undefined : 'backend',
        subject: undefined,
        address,
      },
      ...{ operationId: webhook ?? `soap.${backend}`, method, status },
      problem: outcome === 'taken' ? undefined : outcome,
    })
  }
}

/** Where the port of a backend is. */
function pathOf({ name, policy: { pathSecret } }: SoapPort): string {
  return `/soap/${encodeURIComponent(name)}${pathSecret === undefined ? '' : `/${pathSecret}`}`
}

function refusal({ soapVersion }: SoapPort, status: number, reason: string): PortAnswer {
  const { body } = writeFault(soapVersion, { blame: 'sender', reason })
  return { status, contentType: contentTypeOf(soapVersion), body, webhook: undefined, outcome: 'refused' }
}

/** RFC 7617, section 2. */
function basicOf(authorization: string | undefined): readonly [name: string, password: string] {
  const [, credentials = ''] = /^basic +([A-Za-z0-9+/=_-]+) *$/i.exec(authorization ?? '') ?? []
  const [name, password = ''] = splitAt(Buffer.from(credentials, 'base64').toString('utf8'), ':')
  return [name, password]
}

function unquoted(action: string): string {
  return action.trim().replace(/^"(.*)"$/, '$1')
}

/** RFC 3902, `action`. */
function actionOf(contentType: string): string {
  const parameter = /;\s*action\s*=\s*(?:"([^"]*)"|([^\s;]+))/i.exec(contentType)
  return parameter?.[1] ?? parameter?.[2] ?? ''
}

function splitAt(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator)
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)]
}
