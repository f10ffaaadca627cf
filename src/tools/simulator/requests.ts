import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { dialect } from '../../soap/envelope.js'
import type { SimulatedAnswer, SimulatorOptions } from './options.js'
import { PlainPort } from './plain-port.js'
import { actionOf } from './request-envelope.js'
import { SimulatedPort } from './simulated-port.js'

const MAX_BYTES = 10 * 1024 * 1024

type Behaviour = Pick<SimulatorOptions, 'latencyMs' | 'failurePercent' | 'onCall'>

/** What HTTP adds to the ports: paths, methods, media types, and the ways in which a simulated backend misbehaves. */
export function answerRequests(
  ports: ReadonlyMap<string, SimulatedPort | PlainPort>,
  { latencyMs = 0, failurePercent = 0, onCall }: Behaviour,
): RequestListener {
  let due = 0
  const failsNow = () => {
    due += failurePercent
    if (due < 100) return false
    due -= 100
    return true
  }
  const serve = async (req: IncomingMessage, res: ServerResponse) => {
    const { pathname, search } = new URL(req.url ?? '/', 'http://simulator')
    const port = ports.get(pathname) ?? plainAt(ports, pathname)
    if (!port) {
      req.resume()
      send(res, plain(404, `There is no port here; there are ${[...ports.keys()].join(', ')}.`))
    } else if (req.method === 'GET' && isForFile(port, pathname, search)) {
      req.resume()
      send(res, fileOf(req, port, search.slice(1), ports))
    } else {
      const answer =
        port instanceof PlainPort
          ? await plainAnswerTo(req, port, failsNow)
          : await answerTo(req, port, failsNow)
      if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs))
      send(res, answer)
      onCall?.({ operation: answer.operation, status: answer.status, outcome: answer.outcome })
    }
  }
  return (req, res) => {
    serve(req, res).catch(() => {
      if (res.headersSent) res.destroy()
      else send(res, plain(500, 'The simulator failed.'))
    })
  }
}

/** Locations lead to where the client has found us, through a proxy or a name of its own. */
function fileOf(
  req: IncomingMessage,
  port: SimulatedPort | PlainPort,
  query: string,
  ports: ReadonlyMap<string, SimulatedPort | PlainPort>,
): SimulatedAnswer {
  const { host = '' } = req.headers
  if (!/^[\w.:[\]-]+$/.test(host)) return plain(400, 'The Host header is not a host.')
  const origin = `http://${host}`
  const siblings = [...ports.values()].filter(({ wsdl }) => wsdl === port.wsdl)
  const addresses = new Map(siblings.map(({ name, path }) => [name, origin + path]))
  const body = port.wsdl.text(query, origin + port.path, addresses)
  if (body === undefined) return plain(404, 'There is no such file; the WSDL is at ?wsdl.')
  const contentType = 'text/xml; charset=utf-8'
  return { status: 200, contentType, body, operation: 'none', outcome: 'answered' }
}

/** The port without an envelope whose path the request's begins with: the longest of them. */
function plainAt(
  ports: ReadonlyMap<string, SimulatedPort | PlainPort>,
  pathname: string,
): PlainPort | undefined {
  const [longest] = [...ports.values()]
    .filter((port) => port instanceof PlainPort)
    .filter(({ path }) => pathname.startsWith(path))
    .toSorted((a, b) => b.path.length - a.path.length)
  return longest
}

/** `?wsdl` and the schemas; the query of a port without an envelope may be a call. */
function isForFile(port: SimulatedPort | PlainPort, pathname: string, search: string): boolean {
  if (search === '') return false
  return (
    port instanceof SimulatedPort || (pathname === port.path && /^\?(?:wsdl|xsd)(?:=\d+)?$/i.test(search))
  )
}

async function plainAnswerTo(
  req: IncomingMessage,
  port: PlainPort,
  failsNow: () => boolean,
): Promise<SimulatedAnswer> {
  const body = await bodyOf(req)
  if (!body) return plain(413, `A request may have ${MAX_BYTES} bytes.`)
  if (failsNow()) return { ...plain(503, 'Simulated failure.'), outcome: 'failed' }
  const { pathname, searchParams } = new URL(req.url ?? '/', 'http://simulator')
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(req.headers['content-type'] ?? '')?.[1]
  const location = pathname.slice(port.path.length)
  return port.answer({ method: req.method ?? 'GET', location, query: searchParams, body, charset })
}

async function answerTo(
  req: IncomingMessage,
  port: SimulatedPort,
  failsNow: () => boolean,
): Promise<SimulatedAnswer> {
  if (req.method !== 'POST') {
    req.resume()
    return plain(405, 'SOAP is sent with POST; the WSDL is at ?wsdl.')
  }
  const bytes = await bodyOf(req)
  if (!bytes) return plain(413, `A request may have ${MAX_BYTES} bytes.`)
  const contentType = req.headers['content-type'] ?? ''
  const { mediaType } = dialect(port.soapVersion)
  if (contentType.split(';')[0]?.trim().toLowerCase() !== mediaType) {
    return plain(415, `This port speaks SOAP ${port.soapVersion}: Content-Type must be ${mediaType}.`)
  }
  if (failsNow()) {
    return { ...plain(503, 'Simulated failure.'), outcome: 'failed' }
  }
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]
  return port.answer(bytes, charset, actionOf(req.headers))
}

/** @returns undefined where it is too large */
async function bodyOf(req: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes <= MAX_BYTES) chunks.push(chunk)
  }
  return bytes <= MAX_BYTES ? Buffer.concat(chunks) : undefined
}

function plain(status: number, body: string): SimulatedAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body, operation: 'none', outcome: 'refused' }
}

function send(res: ServerResponse, { status, contentType, body }: SimulatedAnswer): void {
  res.writeHead(status, {
    ...(contentType !== undefined && { 'content-type': contentType }),
    ...(status === 405 && { allow: 'POST' }),
    'content-length': Buffer.byteLength(body),
  })
  res.end(body)
}
