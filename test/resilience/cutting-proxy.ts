import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Cut {
  /** What a message to the server holds when the connection is to be cut. */
  readonly at: string
  /** `before` the server has the message, or `after` it has carried it out and before its response is passed on. */
  readonly when: 'before' | 'after'
  times: number
}

/** Stands between a client and its database and cuts connections in the middle of a statement. */
export class CuttingProxy {
  cut: Cut | undefined
  /** How many connections were cut. */
  cuts = 0
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((client) => {
    const server = connect(this.port, this.host)
    let isLast = false
    const end = () => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        end()
        this.#sockets.delete(socket)
      })
    }
    client.on('data', (chunk: Buffer) => {
      const cut = this.cut
      if (cut && cut.times > 0 && chunk.includes(cut.at)) {
        cut.times -= 1
        this.cuts += 1
        if (cut.when === 'before') {
          end()
          return
        }
        isLast = true
      }
      server.write(chunk)
    })
    server.on('data', (chunk: Buffer) => {
      if (isLast) end()
      else client.write(chunk)
    })
  })

  constructor(
    readonly host: string,
    readonly port: number,
  ) {}

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  /** Cuts every connection that is open. */
  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  close(): void {
    this.#server.close()
    this.cutAll()
  }
}
