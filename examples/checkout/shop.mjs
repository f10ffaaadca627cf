import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import express from 'express'

/** A shop: a page, orders, payments over REST, and an endpoint for webhooks. It knows nothing of SOAP. */
export function createShop({ api, secret, gateway }) {
  const orders = new Map()
  const changes = new EventEmitter()
  const set = (order, status, note = '') => changes.emit('order', Object.assign(order, { status, note }))

  /** Sends a payment until it is known what became of it: always under the same key. */
  async function send(method, path, { order, key, body }) {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(api() + path, {
        method,
        headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
        ...(body && { body: JSON.stringify(body) }),
      })
      const answer = await response.json()
      const isOpen = response.status >= 500 || answer.code?.startsWith('idempotency-')
      if (!isOpen) return { isGood: response.ok, answer }
      order.attempts = attempt + 1
      set(order, 'paying', `attempt ${attempt}: ${answer.code}; asking again`)
      await wait(500)
    }
  }

  async function checkout(order, number) {
    const { id, amount } = order
    const payment = { reference: id, amount, card: { number, expiry: '2029-12' } }
    const paid = await send('POST', '/v1/payments', { order, key: id, body: payment })
    if (!paid.isGood) return set(order, 'declined', paid.answer.fault?.text ?? paid.answer.title)
    set(order, 'authorised', 'waiting for the webhook')
    await send('PUT', `/v1/payments/${paid.answer.paymentId}/capture`, { order })
  }

  const app = express()
  app.get('/', (_, res) => res.sendFile(join(import.meta.dirname, 'index.html')))
  app.post('/orders', express.json(), (req, res) => {
    const order = {
      id: randomUUID(),
      amount: { currency: 'EUR', value: '49.90' },
      status: 'paying',
      note: '',
    }
    orders.set(order.id, order)
    set(order, 'paying')
    checkout(order, String(req.body.card)).catch((error) => set(order, 'failed', error.message))
    res.status(202).json(order)
  })
  app.get('/orders', (_, res) => res.json([...orders.values()]))
  app.get('/books', (_, res) => res.json(gateway.books))
  app.post('/break', (_, res) => {
    gateway.break(4)
    res.status(204).end()
  })

  // Standard Webhooks: the signature is judged before the body is read.
  app.post('/hooks', express.raw({ type: () => true }), (req, res) => {
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given = '' } = req.headers
    const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
    const wanted = Buffer.from(
      `v1,${createHmac('sha256', key).update(`${id}.${time}.${req.body}`).digest('base64')}`,
    )
    const isSigned = given
      .split(' ')
      .map((each) => Buffer.from(each))
      .some((each) => each.length === wanted.length && timingSafeEqual(each, wanted))
    if (!isSigned) return res.status(401).end()
    const { data } = JSON.parse(req.body)
    const order = orders.get(data.reference)
    const note = order?.attempts ? `once, after ${order.attempts} attempts under one key` : ''
    if (order) set(order, data.state === 'CAPTURED' ? 'paid' : 'refunded', note)
    res.status(204).end()
  })

  app.get('/changes', (req, res) => {
    res.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const send = (order) => res.write(`data: ${JSON.stringify(order)}\n\n`)
    changes.on('order', send)
    req.on('close', () => changes.off('order', send))
  })
  return app
}
