/** A service with webhooks in a process of its own, its subscriber in another, and what sends it SOAP messages. */
import { fileURLToPath } from 'node:url'
import { Pool } from 'undici'
import { apiKeys, credentials } from './api-key.mjs'
import { median } from './load.mjs'
import { Process } from './process.mjs'

const contract = fileURLToPath(new URL('contract/events.yaml', import.meta.url))
export const KEY = Buffer.alloc(32, 7)
export const ACCOUNTS = 500
const SENDERS = 48
/** As any sender does of what is not acknowledged: the service sheds load where the machine is busy. */
const AGAIN_MS = 100

export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}

export class EventService {
  #sent = 0

  /** @param settings of the store */
  static async start(settings) {
    const variables = {
      ...settings,
      STORE_ENCRYPTION_KEY: KEY.toString('base64'),
      EVENTS_ALLOW_NETWORKS: '127.0.0.1',
      EVENTS_CONCURRENCY: '32',
      LOG_LEVEL: 'silent',
    }
    const [service, subscriber] = await Promise.all([
      Process.start('soapstone.mjs', {
        args: [contract],
        env: { API_KEYS: apiKeys, SETTINGS: JSON.stringify(variables) },
      }),
      Process.start('subscriber.mjs'),
    ])
    return new EventService(service, subscriber)
  }

  constructor(service, subscriber) {
    this.service = service
    this.subscriber = subscriber
    this.pool = new Pool(service.ready.url, { connections: SENDERS })
  }

  async stop() {
    await this.pool.close()
    await Promise.all([this.service.stop(), this.subscriber.stop()])
  }

  usage() {
    return this.service.ask('usage')
  }

  /** @param path of the subscriber: `/taking` or `/hanging` @returns its path */
  async subscribe(path) {
    const url = `${this.subscriber.ready.url}${path}`
    const { id } = await this.#call('POST', '/v1/webhook-subscriptions', { url })
    return `/v1/webhook-subscriptions/${id}`
  }

  async set(subscription, state) {
    await this.#call('PATCH', subscription, { state })
  }

  async #call(method, path, body) {
    const headers = { ...credentials, 'content-type': 'application/json' }
    const request = { method, path, headers, body: body && JSON.stringify(body) }
    for (;;) {
      const answer = await this.pool.request(request)
      const text = await answer.body.text()
      if (answer.statusCode < 300) return JSON.parse(text)
      if (answer.statusCode !== 503) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`)
      await pause(AGAIN_MS)
    }
  }

  /** Sends one message until it is acknowledged. @param events in it */
  async send(events) {
    const request = {
      method: 'POST',
      path: '/soap/ledger',
      headers: { 'content-type': 'text/xml', soapaction: '"urn:bench:Notify"' },
      body: message(Array.from({ length: events }, () => this.#sent++)),
    }
    for (;;) {
      const { statusCode, body } = await this.pool.request(request)
      await body.text()
      if (statusCode === 200) return
      if (statusCode !== 503) throw new Error(`a message was answered ${statusCode}`)
      await pause(AGAIN_MS)
    }
  }

  /** As fast as they are acknowledged, and then until all are delivered. */
  async run(count, eventsOfMessage) {
    const before = await this.usage()
    const begun = performance.now()
    await this.subscriber.ask('take')
    let left = count
    const sender = async () => {
      while (left > 0) {
        left -= eventsOfMessage
        await this.send(eventsOfMessage)
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, sender))
    const received = performance.now() - begun
    while ((await this.subscriber.ask('count')).count < count) await pause(20)
    const delivered = performance.now() - begun
    const after = await this.usage()
    return {
      receivedPerSecond: (count * 1000) / received,
      deliveredPerSecond: (count * 1000) / delivered,
      cpuMicros: (after.cpuMicros - before.cpuMicros) / count,
      rssMb: after.rss / 2 ** 20,
    }
  }

  /** Sends at a steady rate. @returns the times from when each event was sent until it was delivered */
  async steady(perSecond, milliseconds) {
    await this.subscriber.ask('take')
    await atRate(perSecond, milliseconds, () => this.send(1))
    const wanted = Math.floor((perSecond * milliseconds) / 1000)
    while ((await this.subscriber.ask('count')).count < wanted) await pause(20)
    return (await this.subscriber.ask('take')).milliseconds
  }
}

/** Begins a task so many times in a second, whatever becomes of those before. @returns what they gave */
export async function atRate(perSecond, milliseconds, task) {
  const begun = performance.now()
  const tasks = []
  const total = Math.floor((perSecond * milliseconds) / 1000)
  while (tasks.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - begun) * perSecond) / 1000) + 1)
    while (tasks.length < due) tasks.push(task())
    await pause(2)
  }
  return Promise.all(tasks)
}

/**
 * Measures several ways by turns, so that what else the machine does meets all of them.
 *
 * @param ways functions by name, each of which gives figures
 * @returns their figures by name, those of each round in its place
 */
export async function byTurns(rounds, ways) {
  const figures = Object.fromEntries(Object.keys(ways).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) figures[name].push(await way())
  }
  return figures
}

/** @returns the median of how many times as much the one was in each round */
export function timesOf(one, other) {
  return median(one.map((value, round) => value / other[round]))
}

export function p99Of(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)]
}

function message(numbers) {
  const items = numbers.map(
    (number) =>
      `<Notification><Id>${Date.now()}-${number}</Id><AccountId>account-${number % ACCOUNTS}</AccountId><Amount>845.00</Amount>` +
      '<BookedAt>2026-11-21T09:30:00+01:00</BookedAt><Text>Rent of the house at the harbour</Text></Notification>',
  )
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><Notify xmlns="urn:bench:notifications">${items.join('')}</Notify></s:Body></s:Envelope>`
}
