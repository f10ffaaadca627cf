import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

export interface ProxyOptions {
  /** `user:password`; whoever has no such credentials gets 407. */
  readonly credentials?: string
  /** Answers CONNECT with these bytes, or with none for ever. */
  readonly connectAnswer?: string
}

/** A forward proxy on a real socket: tunnels for CONNECT, forwards for absolute URLs. */
export class ProxyServer {
  /** Method and target of each request, refused ones too. */
  readonly seen: string[] = []
  readonly sockets = new Set<Socket>()
  connections = 0
  #server: Server

  private constructor({ credentials, connectAnswer }: ProxyOptions) {
    const expected =
      credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`
    this.#server = createServer((req, res) => {
      this.seen.push(`${req.method ?? ''} ${req.url ?? ''} host=${req.headers.host ?? ''}`)
      if (req.headers['proxy-authorization'] !== expected) {
        res.writeHead(407, { 'content-type': 'text/html' }).end('<html>who are you?</html>')
        return
      }
      const headers = { ...req.headers }
      delete headers['proxy-authorization']
      const onward = request(req.url ?? '', { method: req.method, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 0, answer.headers)
        answer.pipe(res)
      })
      req.pipe(onward)
    })
    this.#server.on('connection', (socket) => {
      this.connections++
      this.sockets.add(socket)
    })
    this.#server.on('connect', (req, socket: Socket) => {
      this.seen.push(`CONNECT ${req.url ?? ''} host=${req.headers.host ?? ''}`)
      socket.on('error', () => undefined)
      if (req.headers['proxy-authorization'] !== expected) {
        socket.end('HTTP/1.1 407 Who\r\nContent-Length: 0\r\n\r\n')
        return
      }
      if (connectAnswer !== undefined) {
        if (connectAnswer !== '') socket.write(connectAnswer)
        socket.on('end', () => socket.end()).resume()
        return
      }
      const [, host = '', port] = /^(.*):(\d+)$/.exec(req.url ?? '') ?? []
      const onward = connect(Number(port), host.replace(/[[\]]/g, ''))
      this.sockets.add(onward)
      onward.on('error', () => socket.destroy())
      onward.on('connect', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        onward.pipe(socket)
        socket.pipe(onward)
      })
    })
  }

  static async listen(options: ProxyOptions = {}): Promise<ProxyServer> {
    const proxy = new ProxyServer(options)
    proxy.#server.listen(0, '127.0.0.1')
    await once(proxy.#server, 'listening')
    return proxy
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    const closed = once(this.#server, 'close')
    this.#server.close()
    await closed
  }
}
