import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const TOLERANCE_SECONDS = 300
const MOST_BYTES = 65_536

/** An app that is told of payments. It knows nothing of SOAP. */
export interface EventReceiver {
  readonly url: string
  close(): Promise<void>
}

/**
 * Starts an app that subscribers stand for: `/hooks` takes events, and `/subscription` the answer to a subscription, for the
 * secret in it.
 *
 * @param listenPort another where it is taken
 * @param print gets a line for each event whose signature is right, once
 */
export async function startEventReceiver(
  listenPort: number,
  print: (line: string) => void,
): Promise<EventReceiver> {
  const seen = new Set<string>()
  let secret: string | undefined
  const answer = (path: string | undefined, headers: IncomingHttpHeaders, body: Buffer): Answer => {
    const message: unknown = JSON.parse(body.toString('utf8'))
    if (path === '/subscription') {
      const given = memberOf(message, 'secret')
      if (typeof given !== 'string') return [400, `No subscription: ${body.toString('utf8')}\n`]
      secret = given
      return [200, 'Subscribed.\n']
    }
    const data = memberOf(message, 'data')
    // The answer to the subscription has the secret, so that this comes before there is one: it is given back, and nothing else.
    if (memberOf(message, 'type') === 'webhook.challenge') {
      return [200, JSON.stringify({ challenge: memberOf(data, 'challenge') })]
    }
    if (secret === undefined || !isSigned(headers, body, secret)) return [401, '']
    const id = String(headers['webhook-id'])
    if (!seen.has(id)) print(`${textOf(memberOf(message, 'type'))}  ${id}  ${JSON.stringify(data)}\n`)
    seen.add(id)
    return [204, '']
  }
  const server = createServer((req, res) => {
    void serve(req, res, answer)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', () => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve)
    })
    server.listen(listenPort, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

type Answer = readonly [status: number, body: string]

async function serve(
  req: IncomingMessage,
  res: ServerResponse,
  answer: (path: string | undefined, headers: IncomingHttpHeaders, body: Buffer) => Answer,
): Promise<void> {
  try {
    const chunks: Buffer[] = []
    let bytes = 0
    for await (const chunk of req as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > MOST_BYTES) throw new Error('too large')
      chunks.push(chunk)
    }
    const [status, body] = answer(req.url, req.headers, Buffer.concat(chunks))
    res.writeHead(status).end(body)
  } catch {
    res.writeHead(400, { connection: 'close' }).end('This takes events, and the answer to a subscription.\n')
  }
}

/** Standard Webhooks 1.0, "Verifying webhook authenticity": over the octets as they came. */
function isSigned(headers: IncomingHttpHeaders, body: Buffer, secret: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given } = headers
  // An old message is one that somebody has kept.
  if (!(Math.abs(Date.now() / 1_000 - Number(time)) < TOLERANCE_SECONDS)) return false
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const hmac = createHmac('sha256', key)
    .update(`${String(id)}.${String(time)}.`)
    .update(body)
  const wanted = Buffer.from(`v1,${hmac.digest('base64')}`)
  return String(given)
    .split(' ')
    .map((each) => Buffer.from(each))
    .some((each) => each.length === wanted.length && timingSafeEqual(each, wanted))
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
