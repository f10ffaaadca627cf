import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Script = (response: ServerResponse, request: IncomingMessage) => void

/** An HTTP server that answers what a test tells it, on a TCP port that it keeps while it is down. */
export class ScriptedBackend {
  #server: Server | undefined
  #listenPort = 0
  script: Script = (response) => response.writeHead(404).end()
  calls = 0

  get url(): string {
    return `http://127.0.0.1:${this.#listenPort}/soap`
  }

  async start(): Promise<this> {
    const server = createServer((request, response) => {
      this.calls += 1
      request.resume()
      request.once('end', () => {
        this.script(response, request)
      })
    })
    server.listen(this.#listenPort, '127.0.0.1')
    await once(server, 'listening')
    this.#server = server
    this.#listenPort = (server.address() as AddressInfo).port
    return this
  }

  /** Cuts every connection. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (!server) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  }
}

export function answer(
  status: number,
  body: string | Uint8Array,
  contentType = 'text/xml; charset=utf-8',
): Script {
  return (response) => {
    response.writeHead(status, { 'content-type': contentType })
    response.end(body)
  }
}
