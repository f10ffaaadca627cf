import { once } from 'node:events'
import { createServer } from 'node:net'

const envelope = (body) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`

const http = (status, body, field = '') =>
  `HTTP/1.1 ${status} X\r\nContent-Type: text/xml\r\n${field}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

/** The same numbers at every run (Marsaglia's xorshift, 32 bits). */
export function numbers(seed) {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** Payments that are counted, at an address where about a quarter of the requests comes to harm. */
export class HostileBackend {
  /** @param executions by reference, shared by all addresses */
  constructor(executions, seed) {
    this.executions = executions
    this.random = numbers(seed)
    this.sockets = new Set()
    this.server = createServer({ noDelay: true }, (socket) => this.serve(socket))
  }

  async listen() {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    this.port = this.server.address().port
    return `http://127.0.0.1:${this.port}/`
  }

  /** Is down for so long: connections are refused. */
  async stop(forMs) {
    for (const socket of this.sockets) socket.resetAndDestroy()
    this.server.close()
    await once(this.server, 'close')
    await new Promise((resolve) => setTimeout(resolve, forMs))
    this.server.listen(this.port, '127.0.0.1')
    await once(this.server, 'listening')
  }

  close() {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
  }

  serve(socket) {
    let text = ''
    this.sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.sockets.delete(socket))
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk
      const end = text.indexOf('\r\n\r\n') + 4
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? NaN)
      if (end < 4 || !(text.length >= end + length)) return
      const request = text
      text = ''
      this.answer(socket, request)
    })
  }

  answer(socket, request) {
    const chance = this.random()
    const isRead = request.includes('GetPayment')
    const reference = /Reference>([^<]*)</.exec(request)?.[1] ?? ''
    const isDone = chance >= 0.22 || this.random() < 0.5
    if (isDone && !isRead) this.executions.set(reference, (this.executions.get(reference) ?? 0) + 1)
    const name = isRead ? 'GetPaymentResponse' : 'PayResponse'
    const body = envelope(
      `<t:${name} xmlns:t="urn:test:payments"><t:PaymentId>P</t:PaymentId><t:Reference>${reference}</t:Reference></t:${name}>`,
    )
    if (chance < 0.05) socket.resetAndDestroy()
    else if (chance < 0.1) socket.end(http(200, body).slice(0, 150))
    else if (chance < 0.15) socket.write(http(503, '<html/>', 'Retry-After: 1\r\n'))
    else if (chance < 0.2) socket.write(http(200, '<html/>'))
    else if (chance < 0.22) socket.write('HTTP/1.1 200 OK\r\n')
    else if (chance < 0.24) this.drip(socket, http(200, body))
    else if (chance < 0.3) setTimeout(() => socket.write(http(200, body)), 300 * this.random())
    else socket.write(http(200, body))
  }

  drip(socket, bytes) {
    let sent = 0
    const timer = setInterval(() => socket.write(bytes[sent++] ?? ''), 50)
    socket.on('close', () => clearInterval(timer))
  }
}
