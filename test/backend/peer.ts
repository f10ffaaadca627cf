import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** What a peer does with the nth complete request (from 1), of all connections, on one connection. */
export type Script = (socket: Socket, request: { readonly number: number; readonly text: string }) => void

/** A server on a real socket that writes exactly the bytes that it is told to. */
export class Peer {
  readonly sockets: Socket[] = []
  readonly requests: string[] = []
  port = 0
  #waiting: (() => void)[] = []

  private constructor(readonly server: Server) {}

  static async listen(
    script: Script,
    options: { onConnection?: (socket: Socket) => void } = {},
  ): Promise<Peer> {
    const peer = new Peer(createServer({ noDelay: true }))
    peer.server.on('connection', (socket) => {
      peer.accept(socket, script)
      options.onConnection?.(socket)
    })
    peer.server.listen(0, '127.0.0.1')
    await once(peer.server, 'listening')
    peer.port = (peer.server.address() as AddressInfo).port
    return peer
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/service?wsdl=no`
  }

  get connections(): number {
    return this.sockets.length
  }

  /** Resolves when so many requests have arrived in full. */
  async received(count: number): Promise<void> {
    while (this.requests.length < count) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  /** Resolves when the nth connection (from 0) is closed. */
  async gone(index: number): Promise<void> {
    const socket = this.sockets[index]
    if (!socket || socket.closed) return
    await new Promise((resolve) => socket.once('close', resolve))
  }

  accept(socket: Socket, script: Script): void {
    this.sockets.push(socket)
    let text = ''
    socket.setEncoding('latin1')
    socket.on('error', () => undefined)
    socket.on('data', (chunk: string) => {
      text += chunk
      const length = /content-length: (\d+)/i.exec(text)?.[1]
      const end = text.indexOf('\r\n\r\n') + 4
      if (length === undefined || end < 4 || text.length < end + Number(length)) return
      const request = { number: this.requests.push(text), text }
      text = ''
      script(socket, request)
      for (const resolve of this.#waiting.splice(0)) resolve()
    })
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    const closed = once(this.server, 'close')
    this.server.close()
    await closed
  }
}

export function answer(body: string, ...fields: string[]): string {
  return [`HTTP/1.1 200 OK`, `Content-Length: ${Buffer.byteLength(body)}`, ...fields, '', body].join('\r\n')
}
