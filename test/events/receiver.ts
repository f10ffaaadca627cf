import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export interface ReceivedEvent {
  readonly id: string
  readonly type: string
  readonly data: unknown
  readonly headers: IncomingMessage['headers']
  readonly body: string
  readonly connection: Connection
}

/** Of a sender. */
export interface Connection {
  /** Of performance.now(), once it is closed. */
  closedAt?: number
}

/** An endpoint of a subscriber that verifies what it gets with a library that is not ours. */
export interface Receiver {
  readonly url: string
  readonly events: ReceivedEvent[]
  /** Secrets that it knows; what none of them signs is kept in `unverified`. */
  readonly secrets: string[]
  readonly unverified: ReceivedEvent[]
  /** When the last event came, of performance.now(). */
  lastAt: number
  /** Says how an event is answered; by default 204. It may answer itself and return undefined. */
  answer: (event: ReceivedEvent, res: ServerResponse) => number | Readonly<Record<string, string>> | undefined
  /** Resolves when so many events have come. */
  until(count: number): Promise<readonly ReceivedEvent[]>
  close(): Promise<void>
}

export async function startReceiver(): Promise<Receiver> {
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const connections = new WeakMap<object, Connection>()
  const connectionOf = ({ socket }: IncomingMessage): Connection => {
    let connection = connections.get(socket)
    if (!connection) {
      const own: Connection = {}
      socket.once('close', () => (own.closedAt = performance.now()))
      connections.set(socket, own)
      connection = own
    }
    return connection
  }
  const http = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8')
      const { type, data } = JSON.parse(body) as { type: string; data: unknown }
      const { headers } = req
      const event = {
        id: String(headers['webhook-id']),
        type,
        data,
        headers,
        body,
        connection: connectionOf(req),
      }
      receiver.lastAt = performance.now()
      if (type === 'webhook.challenge') {
        res.writeHead(200, { 'content-type': 'application/json' })
        res.end(JSON.stringify(data))
        return
      }
      if (!isSigned(event, receiver.secrets)) receiver.unverified.push(event)
      else receiver.events.push(event)
      const answer = receiver.answer(event, res)
      if (typeof answer === 'number') res.writeHead(answer).end()
      else if (answer) res.writeHead(Number(answer.status), answer).end()
      for (const { count, resolve } of waiting) if (receiver.events.length >= count) resolve()
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/hook`,
    events: [],
    secrets: [],
    unverified: [],
    lastAt: 0,
    answer: () => 204,
    until: (count) =>
      new Promise((resolve) => {
        const done = (): void => {
          resolve(receiver.events)
        }
        if (receiver.events.length >= count) done()
        else waiting.push({ count, resolve: done })
      }),
    close: async () => {
      http.close()
      http.closeAllConnections()
      await once(http, 'close').catch(() => undefined)
    },
  }
  return receiver
}

function isSigned({ body, headers }: ReceivedEvent, secrets: readonly string[]): boolean {
  return secrets.some((secret) => {
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>)
      return true
    } catch {
      return false
    }
  })
}
