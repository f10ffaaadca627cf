import { createHmac, timingSafeEqual } from 'node:crypto'
import express from 'express'

const TOLERANCE_SECONDS = 300
const BREAK_MS = 5_000

/** An app that is told of payments: it prints each once, when it has verified it. It knows nothing of SOAP. */
export function createReceiver() {
  let secret
  let brokenUntil = 0
  const seen = new Map()
  const app = express()

  app.post('/hooks', express.raw({ type: () => true }), (req, res) => {
    if (Date.now() < brokenUntil) return res.status(503).end()
    const event = JSON.parse(req.body)
    // The answer to the subscription has the secret, so that this comes before there is one: it is given back, and nothing else.
    if (event.type === 'webhook.challenge') return res.json({ challenge: event.data.challenge })
    if (secret === undefined || !isSigned(req, secret)) return res.status(401).end()
    const id = req.headers['webhook-id']
    if (!seen.has(id)) {
      seen.set(id, event)
      const { bookingId, account, amount, payer } = event.data
      console.log(`${bookingId}  ${account}  ${amount.value} ${amount.currency} from ${payer}  (${id})`)
    }
    res.status(204).end()
  })

  // Takes the answer to a subscription, for the secret in it.
  app.post('/subscription', express.json({ type: () => true }), (req, res) => {
    if (typeof req.body.secret !== 'string')
      return res.status(400).send(`No subscription: ${JSON.stringify(req.body)}\n`)
    secret = req.body.secret
    res.send('Subscribed.\n')
  })

  app.post('/break', (_, res) => {
    brokenUntil = Date.now() + BREAK_MS
    res.send(`Down for ${BREAK_MS / 1_000} seconds.\n`)
  })
  app.get('/events', (_, res) => res.json([...seen.values()]))
  return app
}

/** Standard Webhooks 1.0: over the octets as they came. The package standardwebhooks does the same. */
function isSigned({ headers, body }, secret) {
  const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': given = '' } = headers
  // An old message is one that somebody has kept.
  if (!(Math.abs(Date.now() / 1_000 - Number(time)) < TOLERANCE_SECONDS)) return false
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const hmac = createHmac('sha256', key).update(`${id}.${time}.`).update(body)
  const wanted = Buffer.from(`v1,${hmac.digest('base64')}`)
  return given
    .split(' ')
    .map((each) => Buffer.from(each))
    .some((each) => each.length === wanted.length && timingSafeEqual(each, wanted))
}
