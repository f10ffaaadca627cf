import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { compileContract } from '../../src/adapter/adapter.js'
import { newSecret } from '../../src/events/signature.js'
import { contractFile, contractFolder, contractText, environment } from './contract.js'
import { type Receiver, startReceiver } from './receiver.js'
import { KEYS, notificationId, serve, type Served } from './served.js'

interface Subscription {
  readonly id: string
  readonly url: string
  readonly secret: string
  readonly state: string
  readonly types: readonly string[]
}

let served: Served
let receiver: Receiver
let next = 1
beforeAll(async () => {
  served = await serve()
})
afterAll(() => served.close())
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(() => receiver.close())

const id = () => notificationId(next++)

async function subscribed(more: object = {}, key: string = KEYS.one): Promise<Subscription> {
  const response = await served.call('POST', '/webhook-subscriptions', { url: receiver.url, ...more }, key)
  const subscription = (await response.json()) as Subscription
  expect(response.status, JSON.stringify(subscription)).toBe(201)
  receiver.secrets.push(subscription.secret)
  return subscription
}
const of = ({ id: subscription }: Subscription, path = '') => `/webhook-subscriptions/${subscription}${path}`
const deliveriesOf = async (subscription: Subscription, query = '') => {
  const response = await served.call('GET', of(subscription, `/deliveries${query}`))
  return (
    (await response.json()) as {
      items: { eventId: string; state: string; status: number; attempts: number }[]
    }
  ).items
}
/** Waits until deliveries are as they should be: they are recorded after they were made. */
const settled = async (subscription: Subscription, states: readonly string[]) => {
  await expect
    .poll(async () => (await deliveriesOf(subscription)).map(({ state }) => state), { timeout: 15_000 })
    .toEqual(states)
}
const removed = async (subscription: Subscription) => {
  expect((await served.call('DELETE', of(subscription))).status).toBe(204)
}

it('is served with the protocols that its contract switches on', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'protocols-'))
  cpSync(contractFolder, directory, { recursive: true })
  const contract = join(directory, 'openapi.yaml')
  writeFileSync(contract, `${contractText}\nx-soap-protocols: [mcp]\n`)
  const other = await serve({}, contract)
  try {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' }
    const headers = {
      'x-api-key': KEYS.one,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    }
    const asked = (url: string) =>
      fetch(`${url}/mcp`, { method: 'POST', headers, body: JSON.stringify(ping) })
    expect((await asked(other.url)).status).toBe(200)
    expect((await asked(served.url)).status).toBe(404)
  } finally {
    await other.close()
    rmSync(directory, { recursive: true })
  }
})

describe('an event', () => {
  it('goes from the backend to a subscriber, signed', async () => {
    const subscription = await subscribed({ types: ['opportunity.changed'] })
    expect((await served.notify(id(), id())).status).toBe(200)
    const [first, second] = await receiver.until(2)
    expect(receiver.unverified).toEqual([])
    expect(first).toMatchObject({
      type: 'opportunity.changed',
      data: { opportunity: { id: '006000000000000AAA', name: 'canary' } },
      headers: { 'content-type': 'application/json', 'user-agent': 'soapstone' },
    })
    expect(first?.id).not.toBe(second?.id)
    await settled(subscription, ['delivered', 'delivered'])
    expect(served.log()).not.toContain('canary')
    await removed(subscription)
  })

  it('that its sender repeats is delivered once', async () => {
    const subscription = await subscribed()
    const [one, two] = [id(), id()]
    for (const ids of [[one], [one, two], [two]]) expect((await served.notify(...ids)).status).toBe(200)
    await settled(subscription, ['delivered', 'delivered'])
    expect(receiver.events).toHaveLength(2)
    await removed(subscription)
  })

  it('that is not taken is sent again, with the same id, octets and another signature', async () => {
    const subscription = await subscribed()
    const answers: (number | Record<string, string>)[] = [500, { status: '503', 'retry-after': '0' }, 204]
    receiver.answer = () => answers.shift() ?? 204
    await served.notify(id())
    await settled(subscription, ['delivered'])
    expect(new Set(receiver.events.map((event) => `${event.id} ${event.body}`)).size).toBe(1)
    expect(await deliveriesOf(subscription)).toMatchObject([{ attempts: 3, status: 204 }])
    await removed(subscription)
  })

  it('that is never taken is dead, listed, and sent again on demand', async () => {
    const subscription = await subscribed()
    receiver.answer = () => 400
    await served.notify(id())
    await settled(subscription, ['dead'])
    expect(receiver.events).toHaveLength(4)
    expect(await deliveriesOf(subscription, '?state=dead')).toMatchObject([{ attempts: 4, status: 400 }])
    receiver.answer = () => 204
    const again = await served.call('POST', of(subscription, '/redeliver'))
    expect(await again.json()).toEqual({ redelivered: 1 })
    await settled(subscription, ['delivered'])
    await removed(subscription)
  })

  it('goes to an endpoint that redirects, and no further', async () => {
    const subscription = await subscribed()
    const elsewhere = await startReceiver()
    receiver.answer = () => ({ status: '307', location: elsewhere.url })
    await served.notify(id())
    await settled(subscription, ['dead'])
    expect([elsewhere.events, elsewhere.unverified]).toEqual([[], []])
    await elsewhere.close()
    await removed(subscription)
  })

  it('waits for those before it of the same order', async () => {
    const subscription = await subscribed()
    const ids = Array.from({ length: 12 }, id)
    let failures = 3
    receiver.answer = () => (failures-- > 0 ? 500 : 204)
    for (const each of ids) await served.notify(each)
    await settled(
      subscription,
      ids.map(() => 'delivered'),
    )
    const order = (await deliveriesOf(subscription)).map(({ eventId }) => eventId).toReversed()
    expect([...new Set(receiver.events.map((event) => event.id))]).toEqual(order)
    await removed(subscription)
  })

  it('does not wait for a subscriber that says nothing', async () => {
    const hanging = await startReceiver()
    const slow = await served.call('POST', '/webhook-subscriptions', { url: hanging.url })
    hanging.answer = () => undefined
    const subscription = await subscribed()
    for (let time = 0; time < 30; time++) await served.notify(id())
    await settled(
      subscription,
      Array.from({ length: 30 }, () => 'delivered'),
    )
    await removed((await slow.json()) as Subscription)
    await hanging.close()
    await removed(subscription)
  })
})

describe('a subscription', () => {
  it('is its client’s, and nobody else’s', async () => {
    const subscription = await subscribed()
    const own = await served.call('GET', of(subscription))
    expect(await own.json()).toEqual({
      id: subscription.id,
      url: receiver.url,
      types: ['opportunity.changed', 'reading'],
      state: 'active',
      createdAt: expect.any(String) as string,
    })
    for (const method of ['GET', 'DELETE']) {
      expect((await served.call(method, of(subscription), undefined, KEYS.two)).status).toBe(404)
    }
    expect((await served.call('GET', of(subscription), undefined, 'wrong')).status).toBe(401)
    const listed = async (key: string) => {
      const response = await served.call('GET', '/webhook-subscriptions', undefined, key)
      return ((await response.json()) as { items: Subscription[] }).items.map((each) => each.id)
    }
    expect(await listed(KEYS.one)).toContain(subscription.id)
    expect(await listed(KEYS.two)).toEqual([])
    await removed(subscription)
    expect((await served.call('GET', of(subscription))).status).toBe(404)
  })

  it.each([
    ['no URL', { url: 'hello' }],
    ['another scheme', { url: 'ftp://files.example/' }],
    ['plain HTTP to somewhere', { url: 'http://192.0.2.1/' }],
    ['a private address', { url: 'https://10.0.0.1/' }],
    ['the metadata of a cloud', { url: 'https://169.254.169.254/latest' }],
    ['this machine by a number', { url: 'https://2130706434/' }],
    ['this machine in IPv6', { url: 'https://[::1]/' }],
    ['a password in the URL', { url: 'https://a:b@example.com/' }],
    ['a type that there is none of', { url: 'https://example.com/', types: ['other'] }],
    ['a member too many', { url: 'https://example.com/', secret: 'mine' }],
  ])('is refused: %s', async (_, body) => {
    const response = await served.call('POST', '/webhook-subscriptions', body)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })

  it('is refused where the endpoint does not answer the challenge', async () => {
    const silent = await startReceiver()
    const url = silent.url.replace('/hook', '/other')
    await silent.close()
    const response = await served.call('POST', '/webhook-subscriptions', { url })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('did not answer the challenge')
  })

  it('is paused, and gets what it has missed', async () => {
    const subscription = await subscribed()
    const change = async (body: object) => (await served.call('PATCH', of(subscription), body)).status
    expect(await change({ state: 'paused' })).toBe(200)
    await served.notify(id(), id())
    expect((await deliveriesOf(subscription)).map(({ state }) => state)).toEqual(['queued', 'pending'])
    expect(receiver.events).toEqual([])
    expect(await change({ state: 'active' })).toBe(200)
    await settled(subscription, ['delivered', 'delivered'])
    expect(await change({ types: ['reading'], description: 'mine' })).toBe(200)
    expect(await (await served.call('GET', of(subscription))).json()).toMatchObject({
      types: ['reading'],
      description: 'mine',
    })
    await removed(subscription)
  })

  it('rotates its secret, and signs with both', async () => {
    const subscription = await subscribed()
    const rotated = await served.call('POST', of(subscription, '/rotate-secret'))
    const { secret } = (await rotated.json()) as Subscription
    expect(secret).toMatch(/^whsec_/)
    expect(secret).not.toBe(subscription.secret)
    for (const known of [subscription.secret, secret]) {
      receiver.secrets.splice(0, 9, known)
      const ping = await served.call('POST', of(subscription, '/ping'))
      expect(await ping.json()).toEqual({ isTaken: true, status: 204, reason: '' })
    }
    expect(receiver.events.map(({ type }) => type)).toEqual(['webhook.ping', 'webhook.ping'])
    expect(String(receiver.events[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2)
    await removed(subscription)
  })

  it('ends where its endpoint is gone', async () => {
    const subscription = await subscribed()
    receiver.answer = () => 410
    await served.notify(id())
    await settled(subscription, ['dead'])
    expect(receiver.events).toHaveLength(1)
    await vi.waitFor(async () => {
      const ended = { state: 'ended', reason: 'gone' }
      expect(await (await served.call('GET', of(subscription))).json()).toMatchObject(ended)
    })
    await served.notify(id())
    expect(await deliveriesOf(subscription)).toHaveLength(1)
    await removed(subscription)
  })
})

describe('the log of events', () => {
  it('is read in pages, and waits', async () => {
    const start = await served.call('GET', '/events')
    const { next: from } = (await start.json()) as { next: string }
    await served.notify(id(), id(), id())
    const read = async (query: string) => {
      const response = await served.call('GET', `/events?${query}`)
      return (await response.json()) as { items: { id: string; type: string; data: object }[]; next: string }
    }
    const page = await read(`after=${from}&limit=2`)
    expect(page.items).toHaveLength(2)
    expect(page.items[0]).toMatchObject({
      type: 'opportunity.changed',
      data: { opportunity: { name: 'canary' } },
    })
    const rest = await read(`after=${page.next}&types=opportunity.changed`)
    expect(rest.items).toHaveLength(1)
    expect((await read(`after=${from}&types=reading`)).items).toEqual([])
    const waiting = read(`after=${rest.next}&wait=30`)
    await served.notify(id())
    expect((await waiting).items).toHaveLength(1)
    expect((await served.call('GET', '/events?after=x')).status).toBe(400)
    expect((await served.call('GET', '/events', undefined, 'wrong')).status).toBe(401)
  })

  it('is a stream of server-sent events', async () => {
    const { next: from } = (await (await served.call('GET', '/events')).json()) as { next: string }
    const response = await served.call('GET', `/events/stream?after=${from}`)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const reader = (response.body as unknown as ReadableStream<Uint8Array>).getReader()
    await served.notify(id())
    let text = ''
    while (!text.includes('data: ')) text += Buffer.from((await reader.read()).value ?? []).toString()
    expect(text).toMatch(
      /id: \d+\nevent: opportunity\.changed\ndata: \{"id":"msg_[\w-]{32}","type":"opportunity\.changed",.*\}\n\n$/,
    )
    await reader.cancel()
  })
})

describe('the service', () => {
  it('publishes what clients call, and counts', async () => {
    const document = (await (await fetch(`${served.url}/v1/openapi.json`)).json()) as {
      paths: Record<string, object>
      webhooks: object
    }
    expect(Object.keys(document.paths)).toEqual([
      '/webhook-subscriptions',
      '/webhook-subscriptions/{subscriptionId}',
      '/webhook-subscriptions/{subscriptionId}/rotate-secret',
      '/webhook-subscriptions/{subscriptionId}/ping',
      '/webhook-subscriptions/{subscriptionId}/deliveries',
      '/webhook-subscriptions/{subscriptionId}/redeliver',
      '/events',
      '/events/stream',
    ])
    expect(Object.keys(document.webhooks)).toEqual(['opportunity.changed', 'reading'])
    const metrics = await (await fetch(`${served.adminUrl}/metrics`)).text()
    expect(metrics).toMatch(/events_total\{outcome="delivered"\} [1-9]/)
    expect(metrics).toMatch(/events_total\{outcome="repeated"\} [1-9]/)
    expect(metrics).toMatch(/event_messages_total\{outcome="taken"\} [1-9]/)
    expect(metrics).toMatch(/events_waiting \d/)
  })

  it('writes to the audit log what each message became, and not what it said', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'soapstone-audit-')), 'audit.log')
    const other = await serve({ AUDIT_LOG: file })
    try {
      await other.notify(id())
      const headers = { 'content-type': 'text/xml' }
      const url = `${other.url}/soap/crm/${environment.CRM_PATH_SECRET}`
      await (await fetch(url, { method: 'POST', headers, body: '<canary/>' })).text()
    } finally {
      await other.close()
    }
    const text = readFileSync(file, 'utf8')
    const lines = text.trim().split('\n')
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      { operationId: 'opportunity.changed', status: 200 },
      { operationId: 'soap.crm', problem: 'refused' },
    ])
    expect(text).not.toContain('canary')
  })

  it('delivers to subscriptions of a file, after a restart too, and takes no others', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'soapstone-file-')), 'subscriptions.json')
    const secret = newSecret()
    receiver.secrets.push(secret)
    writeFileSync(file, JSON.stringify([{ id: 'crm', url: receiver.url, secrets: [secret] }]))
    const other = await serve({ EVENTS_SUBSCRIPTIONS_FILE: file })
    try {
      expect((await other.call('POST', '/webhook-subscriptions', { url: receiver.url })).status).toBe(404)
      await other.notify(id())
      await receiver.until(1)
      expect(receiver.unverified).toEqual([])
    } finally {
      await other.close()
    }
  })

  it.each([
    ['{}', /JSON array/],
    ['[{"id":"a","url":"x","secrets":[]}]', /entry 1: url/],
    ['[{"id":"a","url":"https://a.example","types":["x"],"secrets":[]}]', /entry 1: types/],
    ['[{"id":"a","url":"https://a.example","secrets":["whsec_c2hvcnQ="]}]', /entry 1: secrets/],
  ])('refuses a file that is wrong: %s', async (text, message) => {
    const file = join(mkdtempSync(join(tmpdir(), 'soapstone-file-')), 'subscriptions.json')
    writeFileSync(file, text)
    await expect(serve({ EVENTS_SUBSCRIPTIONS_FILE: file })).rejects.toThrow(message)
  })

  it('does not take a backend that only calls for one that it calls', async () => {
    const adapter = compileContract({ contract: contractFile, env: environment })
    expect(adapter.backends()).toEqual([])
    await adapter.close()
  })
})
