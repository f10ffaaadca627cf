import { Fault, soapServer, xml } from '../support.mjs'

/** A card gateway: it books what it is asked for, and tells the merchant of it a moment later. */
export class Gateway {
  #books = new Map()
  #brokenUntil = 0
  /** Where it tells the merchant. */
  merchant = ''

  /** For some seconds it does as it is told, and hangs up before it has answered. */
  break(seconds) {
    this.#brokenUntil = Date.now() + seconds * 1000
  }

  /** Every payment that was ever booked. */
  get books() {
    return [...this.#books.values()]
  }

  server = soapServer({
    Authorize: ({ MerchantReference, Amount, Card }, { res }) => {
      if (Card.Number.endsWith('0002')) {
        const why = '<ReasonCode>203</ReasonCode><Text>The bank refuses this card</Text>'
        throw new Fault('e:Client', 'Declined', `<Declined xmlns="urn:example:gateway">${why}</Declined>`)
      }
      const id = `P-${this.#books.size + 1}`
      const { Currency: currency, Value: value } = Amount
      this.#books.set(id, { id, reference: MerchantReference, currency, value, state: 'AUTHORIZED' })
      return this.#answer(id, res)
    },
    Capture: ({ PaymentId }, { res }) => this.#change(PaymentId, 'CAPTURED', res),
    Refund: ({ PaymentId }, { res }) => this.#change(PaymentId, 'REFUNDED', res),
    FindPayment: ({ MerchantReference }, { res }) => {
      const found = this.books.find(({ reference }) => reference === MerchantReference)
      return this.#answer(found?.id, res, 'FindPaymentReply')
    },
  })

  #change(id, state, res) {
    const payment = this.#books.get(id)
    if (!payment) throw new Fault('e:Client', 'No such payment')
    payment.state = state
    setTimeout(() => void this.#notify(payment), 700)
    return this.#answer(id, res)
  }

  #answer(id, res, name = 'PaymentReply') {
    if (Date.now() < this.#brokenUntil) res.destroy()
    const { reference, currency, value, state } = this.#books.get(id) ?? {}
    const amount = `<Amount><Currency>${currency}</Currency><Value>${value}</Value></Amount>`
    const payment = `<PaymentId>${id}</PaymentId><MerchantReference>${xml(reference)}</MerchantReference>${amount}<State>${state}</State>`
    return `<${name} xmlns="urn:example:gateway">${id ? `<Payment>${payment}</Payment>` : ''}</${name}>`
  }

  async #notify({ id, reference, state }) {
    const body = `<Notify xmlns="urn:example:gateway"><Id>${id}-${state}</Id><MerchantReference>${xml(reference)}</MerchantReference><State>${state}</State></Notify>`
    await fetch(this.merchant, {
      method: 'POST',
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      body: `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`,
    })
  }
}
