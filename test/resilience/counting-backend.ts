import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where a payment can be interrupted: before it is carried out, after that, and in the middle of the response. */
export type BackendStep = 'received' | 'executed' | 'answering'

const envelope = (body: string) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`

/** A payment system that counts how often it carries out each payment, and does not notice when a client is gone. */
export class CountingBackend {
  /** By reference. */
  readonly executions = new Map<string, number>()
  readonly paymentIds = new Map<string, string>()
  /** Called at each step of a payment, which waits for it. */
  onStep: (step: BackendStep, reference: string) => Promise<void> = () => Promise.resolve()
  readonly #server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('error', () => undefined)
    req.on('end', () => {
      void this.#answer(Buffer.concat(chunks).toString(), res)
    })
  })

  async start(port = 0): Promise<string> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #answer(request: string, res: ServerResponse): Promise<void> {
    const reference = /Reference>([^<]*)</.exec(request)?.[1] ?? ''
    res.on('error', () => undefined)
    res.setHeader('content-type', 'text/xml; charset=utf-8')
    if (/<\w+:GetPayment|<GetPayment/.test(request)) {
      const id = this.paymentIds.get(reference)
      if (id === undefined) res.statusCode = 500
      res.end(envelope(id === undefined ? notFound(reference) : payment('GetPaymentResponse', id, reference)))
      return
    }
    await this.onStep('received', reference)
    const count = (this.executions.get(reference) ?? 0) + 1
    this.executions.set(reference, count)
    const id = `${reference}/${count}`
    this.paymentIds.set(reference, id)
    await this.onStep('executed', reference)
    const answer = envelope(payment('PayResponse', id, reference))
    res.setHeader('content-length', Buffer.byteLength(answer))
    res.write(answer.slice(0, 80))
    await this.onStep('answering', reference)
    res.end(answer.slice(80))
  }
}

function payment(name: string, id: string, reference: string): string {
  return `<t:${name} xmlns:t="urn:test:payments"><t:PaymentId>${id}</t:PaymentId><t:Reference>${reference}</t:Reference></t:${name}>`
}

function notFound(reference: string): string {
  return `<e:Fault><faultcode>e:Client</faultcode><faultstring>unknown</faultstring><detail><t:NotFound xmlns:t="urn:test:payments"><t:Reference>${reference}</t:Reference></t:NotFound></detail></e:Fault>`
}
