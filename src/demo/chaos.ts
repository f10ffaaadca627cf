import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How a backend behaves for a while. */
export type Weather = 'fair' | 'slow' | 'refusing' | 'garbage'

/** What follows what, again and again. */
export const FORECAST: readonly Weather[] = ['fair', 'slow', 'fair', 'refusing', 'fair', 'garbage']

export interface ChaosOptions {
  /** Of a response in slow weather, in milliseconds; every third takes ten times as long. */
  readonly slowMs?: number
}

const SLOW_MS = 1_500
const HTML = '<!doctype html><title>502 Bad Gateway</title><h1>Bad Gateway</h1>'

/**
 * Stands in front of a simulated backend and spoils its days: it hands calls on in fair weather, hands them on late when it
 * is slow, breaks connections off when it refuses, and otherwise answers in turn with the page of a proxy, with half of the
 * response, and with a page of HTML under status 200.
 */
export class Chaos {
  weather: Weather = 'fair'
  readonly #target: URL
  readonly #slowMs: number
  readonly #server: Server
  readonly #timers = new Set<NodeJS.Timeout>()
  #count = 0

  private constructor(target: string, { slowMs = SLOW_MS }: ChaosOptions) {
    this.#target = new URL(target)
    this.#slowMs = slowMs
    this.#server = createServer((req, res) => {
      this.#serve(req, res)
    })
  }

  /** @param target URL of the backend */
  static async start(target: string, options: ChaosOptions = {}): Promise<Chaos> {
    const chaos = new Chaos(target, options)
    await new Promise<void>((resolve) => chaos.#server.listen(0, '127.0.0.1', resolve))
    return chaos
  }

  /** Where the backend seems to be. */
  get url(): string {
    const { port } = this.#server.address() as AddressInfo
    return `http://127.0.0.1:${port}${this.#target.pathname}`
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #serve(req: IncomingMessage, res: ServerResponse): void {
    const { weather } = this
    const number = this.#count++
    if (weather === 'refusing') {
      req.socket.destroy()
    } else if (weather === 'slow') {
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer)
          this.#handOn(req, res, (body) => body)
        },
        number % 3 === 2 ? 10 * this.#slowMs : this.#slowMs,
      )
      this.#timers.add(timer)
    } else if (weather === 'fair') this.#handOn(req, res, (body) => body)
    else if (number % 3 === 0) answer(req, res, 502)
    else if (number % 3 === 1) this.#handOn(req, res, (body) => body.subarray(0, body.length / 2))
    else answer(req, res, 200)
  }

  #handOn(req: IncomingMessage, res: ServerResponse, change: (body: Buffer) => Buffer): void {
    const { hostname, port } = this.#target
    const { method, url: path, headers } = req
    const forwarded = request({ hostname, port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const body = change(Buffer.concat(chunks))
        const contentType = response.headers['content-type'] ?? 'text/xml'
        res.writeHead(response.statusCode ?? 502, {
          'content-type': contentType,
          'content-length': body.length,
        })
        res.end(body)
      })
    })
    forwarded.on('error', () => {
      res.destroy()
    })
    res.on('close', () => {
      forwarded.destroy()
    })
    req.pipe(forwarded)
  }
}

function answer(req: IncomingMessage, res: ServerResponse, status: number): void {
  req.resume()
  res.writeHead(status, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(HTML) })
  res.end(HTML)
}
