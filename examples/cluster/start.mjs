import { randomBytes, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Gateway } from '../checkout/gateway.mjs'
import { freePort, listen, replica, stopAll } from '../support.mjs'
import { Balancer } from './balancer.mjs'

const { DATABASE_URL, CLIENTS = 8 } = process.env
if (!DATABASE_URL) {
  console.error('Replicas share a PostgreSQL: set DATABASE_URL=postgres://user:password@host/database')
  process.exit(1)
}
const contract = join(import.meta.dirname, '../checkout/openapi.yaml')

// One gateway, and replicas that share what they know of keys in PostgreSQL.
const gateway = new Gateway()
const env = {
  GATEWAY_URL: await listen(gateway.server),
  NOTIFICATION_SECRET: randomUUID(),
  DATABASE_URL,
  STORE_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
}
const balancer = new Balancer()
const url = await listen(balancer.server)
async function startReplica(version) {
  const started = await replica(contract, { ...env, PORT: String(await freePort()) })
  balancer.add(started.url)
  console.log(`${version} is ready at ${started.url}`)
  return started
}
let replicas = [await startReplica('replica 1, old'), await startReplica('replica 2, old')]

// The load: each client pays again and again, each payment under a key of its own, sent twice to two replicas.
let isOver = false
const answers = { paid: 0, replayed: 0, lost: 0 }
async function pay(reference) {
  const response = await fetch(`${url}/v1/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': reference },
    body: `{"reference":"${reference}","amount":{"currency":"EUR","value":"1.00"},"card":{"number":"4111111111111111","expiry":"2029-12"}}`,
  })
  const { paymentId } = await response.json()
  if (response.status !== 201) throw new Error(`${response.status}`)
  return { paymentId, isReplayed: response.headers.get('idempotency-replayed') === 'true' }
}
async function client() {
  while (!isOver) {
    const reference = randomUUID()
    try {
      const [first, second] = [await pay(reference), await pay(reference)]
      answers.paid++
      if (second.isReplayed && second.paymentId === first.paymentId) answers.replayed++
    } catch (error) {
      answers.lost++
      console.error(`lost: ${error.message}`)
    }
  }
}
const load = Array.from({ length: Number(CLIENTS) }, client)

// The rolling update: a new replica is ready before an old one gets SIGTERM, as `maxUnavailable: 0` has it.
for (const [index, old] of replicas.entries()) {
  await wait(1000)
  const next = await startReplica(`replica ${index + 1}, new`)
  balancer.remove(old.url)
  const startedAt = performance.now()
  await old.stop()
  console.log(
    `replica ${index + 1}, old, has ended ${Math.round(performance.now() - startedAt)} ms after SIGTERM`,
  )
  replicas = replicas.with(index, next)
}
await wait(1000)
isOver = true
await Promise.all(load)

const booked = gateway.books.length
const twice = booked - new Set(gateway.books.map(({ reference }) => reference)).size
console.log(`
${answers.paid} payments were made during the update, each sent twice: ${answers.lost} lost,
${answers.replayed} second answers the same as the first. The gateway has booked ${booked}, ${twice} of them twice.`)
await Promise.all(replicas.map(({ stop }) => stop()))
await stopAll()
process.exit(answers.lost === 0 && twice === 0 && booked === answers.paid ? 0 : 1)
