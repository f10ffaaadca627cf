import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { freePort, listen, onStop, ready, serve } from '../support.mjs'
import { Bank } from './bank.mjs'
import { createReceiver } from './receiver.mjs'

const password = randomBytes(16).toString('hex')
const receiver = await listen(createServer(createReceiver()), await freePort(8090))
const api = await serve(`${import.meta.dirname}/openapi.yaml`, {
  BANK_PASSWORD: password,
  // The receiver is on this machine, which subscribers may not be otherwise.
  EVENTS_ALLOW_NETWORKS: '127.0.0.1',
  // So that there is something to see; by default the second attempt is after 5 seconds, the third after 5 minutes.
  EVENTS_SCHEDULE_SECONDS: '1,1,2,2,5,5,10,10,60,300,3600',
})
const everyMs = Number(process.env.BANK_EVERY_MS ?? 3_000)
const bank = new Bank({ notices: `${api}/soap/bank`, password, everyMs })
bank.open()
onStop(() => bank.close())

ready(`
A bank tells of payments that come in, by SOAP calls to ${api}/soap/bank
Nobody has subscribed yet. Subscribe the receiver, which then prints each event that it has verified:

  curl -s -H 'Content-Type: application/json' -d '{"url":"${receiver}/hooks","types":["payment.received"]}' ${api}/v1/webhook-subscriptions | curl -d @- ${receiver}/subscription

Take it down for five seconds: what it misses comes afterwards, each event once and those of an account in order.

  curl -X POST ${receiver}/break

Read the log instead of being called:

  curl '${api}/v1/events?after=0&limit=2'

The document of the API, with the webhook: ${api}/docs/`)
