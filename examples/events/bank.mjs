import { setTimeout as wait } from 'node:timers/promises'
import { XMLParser } from 'fast-xml-parser'
import { xml } from '../support.mjs'

const AGAIN_MS = 1_000
const PAYERS = ['Ines Moreau', 'Ola Lind', 'Harbour Row Lettings', 'Fern & Sons']
const parser = new XMLParser({ removeNSPrefix: true })

/** A bank that tells of payments by calls of its own, and repeats what it got no answer for. */
export class Bank {
  #timer
  #booked = 0
  #messages = 0
  #isClosed = false

  /** @param notices where it calls; @param password of its HTTP Basic */
  constructor({ notices, password, everyMs }) {
    this.notices = notices
    this.authorization = `Basic ${Buffer.from(`bank:${password}`).toString('base64')}`
    this.everyMs = everyMs
  }

  open() {
    this.#timer = setInterval(() => void this.#notify(), this.everyMs)
  }

  close() {
    this.#isClosed = true
    clearInterval(this.#timer)
  }

  async #notify() {
    const number = ++this.#messages
    // One payment, then two in a message, and so on.
    const payments = Array.from({ length: 1 + (number % 2) }, () => this.#book())
    const send = () => this.#send(payments.join(''))
    // Every third answer is lost on its way to the bank.
    if (number % 3 === 0) await send()
    while (!(await send())) {
      if (this.#isClosed) return
      await wait(AGAIN_MS)
    }
  }

  #book() {
    const number = ++this.#booked
    const id = `B-${String(number).padStart(6, '0')}`
    const members = [
      `<BookedAt>${new Date().toISOString()}</BookedAt>`,
      `<AccountNumber>${number % 3 === 0 ? 'AC-00000102' : 'AC-00000101'}</AccountNumber>`,
      `<Amount><Currency>EUR</Currency><Value>${10 + ((number * 37) % 400)}.50</Value></Amount>`,
      `<Payer>${xml(PAYERS[number % PAYERS.length])}</Payer>`,
      `<Purpose>Invoice ${4_000 + number}</Purpose>`,
    ]
    return `<Payment bookingId="${id}">${members.join('')}</Payment>`
  }

  /** @returns whether the message was acknowledged */
  async #send(payments) {
    const body = `<NotifyPayments xmlns="urn:example:bank:notices">${payments}</NotifyPayments>`
    try {
      const response = await fetch(this.notices, {
        method: 'POST',
        headers: {
          'content-type': 'text/xml; charset=utf-8',
          soapaction: '"urn:example:bank:notices/NotifyPayments"',
          authorization: this.authorization,
        },
        body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`,
        signal: AbortSignal.timeout(10_000),
      })
      const { Body: answer } = parser.parse(await response.text()).Envelope
      return response.ok && answer.NotifyPaymentsResponse.Accepted === true
    } catch {
      return false
    }
  }
}
