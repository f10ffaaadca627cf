import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

export interface Message {
  readonly headers: IncomingHttpHeaders
  /** One character for each byte. */
  readonly body: string
}

/** What stands on the way between us and a backend: it shows what went by, and may change it. */
export interface Relay {
  readonly url: string
  readonly sent: Message[]
  readonly answered: Message[]
  /** Changes of what comes by from now on. */
  changes: { request?: (body: string) => string; answer?: (body: string) => string }
  /** Sends a message to the backend, as it is. */
  send(message: Message): Promise<Message & { readonly status: number | undefined }>
  stop(): Promise<void>
}

export async function startRelay(target: string): Promise<Relay> {
  const send: Relay['send'] = async ({ headers, body }) => {
    const octets = Buffer.from(body, 'latin1')
    const outgoing = request(target, {
      method: 'POST',
      headers: {
        ...headers,
        host: new URL(target).host,
        'content-length': octets.length,
        connection: 'close',
      },
    })
    outgoing.end(octets)
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage]
    const text = (await buffer(incoming)).toString('latin1')
    return { status: incoming.statusCode, headers: incoming.headers, body: text }
  }
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = (await buffer(incoming)).toString('latin1')
      const message = { headers: incoming.headers, body: relay.changes.request?.(body) ?? body }
      relay.sent.push(message)
      const answer = await send(message)
      relay.answered.push(answer)
      const text = relay.changes.answer?.(answer.body) ?? answer.body
      outgoing.writeHead(answer.status ?? 502, { 'content-type': answer.headers['content-type'] })
      outgoing.end(Buffer.from(text, 'latin1'))
    })().catch(() => outgoing.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const relay: Relay = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    sent: [],
    answered: [],
    changes: {},
    send,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
  return relay
}
