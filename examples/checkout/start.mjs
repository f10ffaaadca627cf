import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { freePort, listen, ready, scratchFolder, serve } from '../support.mjs'
import { Gateway } from './gateway.mjs'
import { createShop } from './shop.mjs'

const secret = `whsec_${randomBytes(32).toString('base64')}`
const notificationSecret = randomBytes(16).toString('hex')
let api = ''

const gateway = new Gateway()
const gatewayUrl = await listen(gateway.server)
const shop = createServer(createShop({ api: () => api, secret, gateway }))
const shopUrl = await listen(shop, await freePort(Number(process.env.PORT ?? 8080)))

// The shop is the one subscriber of the webhooks; it need not subscribe itself.
const subscriptions = join(scratchFolder(), 'subscriptions.json')
writeFileSync(
  subscriptions,
  JSON.stringify([{ id: 'shop', url: `${shopUrl}/hooks`, types: ['payment.changed'], secrets: [secret] }]),
)
api = await serve(`${import.meta.dirname}/openapi.yaml`, {
  PORT: String(await freePort()),
  GATEWAY_URL: gatewayUrl,
  NOTIFICATION_SECRET: notificationSecret,
  EVENTS_SUBSCRIPTIONS_FILE: subscriptions,
  EVENTS_ALLOW_NETWORKS: '127.0.0.1',
})
gateway.merchant = `${api}/soap/notifications/${notificationSecret}`

ready(`
The shop: ${shopUrl}
The API that it pays with: ${api}/docs/`)
