import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSecret } from '../../src/events/signature.js'
import { apiKeyLine } from '../../src/http/authentication/api-key.js'
import { contractFolder, contractText, environment } from './contract.js'
import { type Receiver, startReceiver } from './receiver.js'
import { notificationId, serve, type Served } from './served.js'

const SALES = 'key-of-sales'
const NONE = 'key-of-none'
const API_KEYS = `${apiKeyLine('sales', SALES, ['roles=crm:read,crm:sales'])}\n${apiKeyLine('none', NONE, ['roles=crm:read'])}`
const OPPORTUNITY = 'opportunity.changed'

let folder: string
let scoped: string
let served: Served
let receiver: Receiver
let next = 1
const id = (): string => notificationId(next++)
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'soapstone-scopes-'))
  scoped = written('scoped.yaml', contractText.replace('x-soap:\n        receive:', SCOPED))
  served = await serve({ API_KEYS }, scoped)
  receiver = await startReceiver()
})
afterAll(async () => {
  await served.close()
  await receiver.close()
  rmSync(folder, { recursive: true, force: true })
})

const SCOPED = 'x-soap:\n        scopes: [crm:read, crm:sales]\n        receive:'

function written(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, text.replaceAll(/wsdl: (\S+\.wsdl)/g, `wsdl: ${contractFolder}$1`))
  return file
}

interface Answer {
  readonly status: number
  readonly body: {
    readonly id: string
    readonly secret: string
    readonly types: readonly string[]
    readonly detail: string
    readonly items: readonly { readonly type: string; readonly state: string; readonly reason: string }[]
  }
}
async function call(method: string, path: string, body?: unknown, key = SALES, at = served): Promise<Answer> {
  const response = await at.call(method, path, body, key)
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}
const subscribe = (types: readonly string[] | undefined, key: string, at = served): Promise<Answer> =>
  call('POST', '/webhook-subscriptions', { url: receiver.url, ...(types && { types }) }, key, at)
/** A message of the sensors. */
function notifyReading(): Promise<Response> {
  const message = '<Message><Sequence>1</Sequence><Reading>20.50</Reading></Message>'
  const body = `<Notify xmlns="urn:test:b-2"><NotificationMessage>${message}</NotificationMessage></Notify>`
  return fetch(`${served.url}/soap/sensors`, {
    method: 'POST',
    headers: {
      'content-type': 'application/soap+xml',
      authorization: `Basic ${Buffer.from(`sensors:${environment.SENSORS_PASSWORD}`).toString('base64')}`,
    },
    body: `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>${body}</s:Body></s:Envelope>`,
  })
}
const REFUSED = `Events of type ${OPPORTUNITY} need the scope crm:read and crm:sales.`

describe('scopes of a webhook', () => {
  it.each([
    ['one with all of them, what it asks for', SALES, [OPPORTUNITY], 201, [OPPORTUNITY]],
    ['one with all of them, everything', SALES, undefined, 201, [OPPORTUNITY, 'reading']],
    ['one with some of them, the rest', NONE, undefined, 201, ['reading']],
    ['one with some of them, not what it asks for', NONE, ['reading', OPPORTUNITY], 403, undefined],
  ] as const)('give %s', async (_, key, types, status, got) => {
    const attempts = receiver.events.length
    const made = await subscribe(types, key)
    expect([made.status, made.body.types]).toEqual([status, got])
    if (status === 201) {
      expect(
        (await served.call('DELETE', `/webhook-subscriptions/${made.body.id}`, undefined, key)).status,
      ).toBe(204)
    } else {
      expect(made.body.detail).toBe(REFUSED)
      // Nobody has been called.
      expect(receiver.events).toHaveLength(attempts)
    }
  })

  it('are asked for where a subscription is changed', async () => {
    const { body } = await subscribe(undefined, NONE)
    const path = `/webhook-subscriptions/${body.id}`
    const wider = await call('PATCH', path, { types: [OPPORTUNITY] }, NONE)
    expect([wider.status, wider.body.detail]).toEqual([403, REFUSED])
    expect((await call('GET', path, undefined, NONE)).body.types).toEqual(['reading'])
    expect((await call('PATCH', path, { state: 'paused' }, NONE)).status).toBe(200)
    expect((await call('PATCH', path, { state: 'active', types: ['reading'] }, NONE)).status).toBe(200)
    await served.call('DELETE', path, undefined, NONE)
  })

  it('are asked for where the log is read', async () => {
    expect((await served.notify(id(), id())).status).toBe(200)
    const all = await call('GET', '/events?after=0')
    expect(new Set(all.body.items.map(({ type }) => type))).toEqual(new Set([OPPORTUNITY]))
    for (const path of ['/events?after=0', '/events?after=0&types=reading']) {
      const rest = await call('GET', path, undefined, NONE)
      expect([rest.status, rest.body.items]).toEqual([200, []])
    }
    for (const path of ['/events', '/events/stream']) {
      const refused = await call('GET', `${path}?after=0&types=reading&types=${OPPORTUNITY}`, undefined, NONE)
      expect([refused.status, refused.body.detail]).toEqual([403, REFUSED])
    }
    const stream = await served.call('GET', '/events/stream?after=0', undefined, NONE)
    const reader = stream.body?.getReader()
    const first = await reader?.read()
    expect(Buffer.from(first?.value ?? []).toString()).toBe(': events\n\n')
    expect((await notifyReading()).status).toBeLessThan(300)
    const more = Buffer.from((await reader?.read())?.value ?? []).toString()
    expect(more.match(/^event: .*$/gm)).toEqual(['event: reading'])
    await reader?.cancel().catch(() => undefined)
  })

  it('are in the published document', async () => {
    const document = await (await fetch(`${served.url}/v1/openapi.json`)).text()
    expect(document).toContain('`opportunity.changed` needs `crm:read crm:sales`')
  })

  it('are not asked for of subscriptions that the deployment has written', async () => {
    const subscriptions = join(folder, 'subscriptions.json')
    const [secret, events] = [newSecret(), receiver.events.length]
    receiver.secrets.push(secret)
    writeFileSync(subscriptions, JSON.stringify([{ id: 'app', url: receiver.url, secrets: [secret] }]))
    const filed = await serve({ API_KEYS, EVENTS_SUBSCRIPTIONS_FILE: subscriptions }, scoped)
    try {
      expect((await filed.notify(id())).status).toBe(200)
      await expect.poll(() => receiver.events.length, { timeout: 20_000 }).toBeGreaterThan(events)
    } finally {
      await filed.close()
    }
  })

  it('are asked for at each delivery: what a later contract asks for is not sent to who has it not', async () => {
    const directory = mkdtempSync(join(folder, 'store-'))
    const STORE_FILE = join(directory, 'store.db')
    const open = await serve({ API_KEYS, STORE_FILE }, written('open.yaml', contractText))
    const { body } = await subscribe([OPPORTUNITY], NONE, open)
    receiver.secrets.push(body.secret)
    const events = receiver.events.length
    await open.notify(id())
    await expect.poll(() => receiver.events.length, { timeout: 20_000 }).toBe(events + 1)
    await open.close()

    const closed = await serve({ API_KEYS, STORE_FILE }, scoped)
    try {
      await closed.notify(id())
      const path = `/webhook-subscriptions/${body.id}`
      const states = async (): Promise<unknown> => {
        const { items } = (await call('GET', `${path}/deliveries`, undefined, NONE, closed)).body
        return items.map(({ state, reason }) => [state, reason])
      }
      await expect.poll(states, { timeout: 20_000 }).toEqual([
        ['dead', 'scope'],
        ['delivered', ''],
      ])
      expect(receiver.events).toHaveLength(events + 1)
      const resumed = await call('PATCH', path, { state: 'active' }, NONE, closed)
      expect([resumed.status, resumed.body.detail]).toEqual([403, REFUSED])
    } finally {
      await closed.close()
    }
  })

  it.each([
    ['whose key lost a role', apiKeyLine('sales', SALES, ['roles=crm:read'])],
    ['whose key was revoked', apiKeyLine('none', NONE)],
    ['whose key has expired', apiKeyLine('sales', SALES, ['roles=crm:read,crm:sales', 'expires=2020-01-01'])],
  ])('are asked for at each delivery: nothing is sent to a client %s', async (_, keys) => {
    const STORE_FILE = join(mkdtempSync(join(folder, 'store-')), 'store.db')
    const before = await serve({ API_KEYS, STORE_FILE }, scoped)
    const { body } = await subscribe([OPPORTUNITY], SALES, before)
    receiver.secrets.push(body.secret)
    const events = receiver.events.length
    await before.notify(id())
    await expect.poll(() => receiver.events.length, { timeout: 20_000 }).toBe(events + 1)
    await before.close()

    const after = await serve({ API_KEYS: keys, STORE_FILE }, scoped)
    try {
      await after.notify(id())
      await expect.poll(() => after.log(), { timeout: 20_000 }).toContain('"reason":"scope"')
      expect(receiver.events).toHaveLength(events + 1)
    } finally {
      await after.close()
    }
  })

  it('are not asked for where AUTHENTICATION is off', async () => {
    const off = await serve({ AUTHENTICATION: 'off' }, scoped)
    try {
      expect((await subscribe([OPPORTUNITY], NONE, off)).status).toBe(201)
    } finally {
      await off.close()
    }
  })
})
