import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requestText } from '../../src/cli/message/request-text.js'
import { parseRestRequest } from '../../src/cli/message/rest-request.js'
import { Inspector } from '../../src/inspector/inspector.js'
import { type InspectorServer, startInspectorServer } from '../../src/inspector/server.js'
import { call, SampledBackend } from './inspected.js'

let backend: SampledBackend
let inspector: Inspector
let open: InspectorServer
let closed: InspectorServer
const TOKEN = 'a-token-of-operators'
const own = { host: '127.0.0.1', port: 0, parseRequest: parseRestRequest, requestText }
beforeAll(async () => {
  backend = await SampledBackend.start()
  inspector = new Inspector()
  inspector.attach(backend.adapter)
  open = await startInspectorServer(inspector, { ...own, token: '' })
  closed = await startInspectorServer(inspector, { ...own, token: TOKEN })
})
afterAll(async () => {
  await open.close()
  await closed.close()
  await backend.close()
})

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** fetch would write Host and Origin itself. */
function ask({ url }: InspectorServer, path: string, { method = 'GET', headers = {}, body }: Asked = {}) {
  return new Promise<{ status: number; headers: Readonly<Record<string, unknown>>; text: string }>(
    (resolve, reject) => {
      const asked = request(new URL(path, url), { method, headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
        })
      })
      asked.on('error', reject)
      asked.end(body)
    },
  )
}

describe('who may look', () => {
  it.each<[string, Readonly<Record<string, string>>, number]>([
    ['its address', {}, 200],
    ['localhost', { host: 'localhost:1' }, 200],
    ['IPv6 of this machine', { host: '[::1]:1' }, 200],
    ['a name that may be rebound', { host: 'evil.example:1' }, 403],
    ['a name that begins like an address', { host: '127.0.0.1.evil.example' }, 403],
    ['an address of another machine', { host: '10.0.0.1' }, 403],
    ['the origin of another site', { origin: 'http://evil.example' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }, 403],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['a page of another port', { 'sec-fetch-site': 'same-site' }, 403],
    ['its own page', { 'sec-fetch-site': 'same-origin' }, 200],
  ])('asked by %s, with %j: %i', async (_what, headers, status) => {
    expect((await ask(open, '/api/calls', { headers })).status).toBe(status)
  })

  it('takes its own origin', async () => {
    const { host, origin } = new URL(open.url)
    expect((await ask(open, '/api/calls', { headers: { host, origin } })).status).toBe(200)
  })

  it('has whoever looks send the token of operators, where there is one; the page itself tells nothing', async () => {
    expect((await ask(closed, '/api/calls')).status).toBe(401)
    expect((await ask(closed, '/api/calls', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
    expect((await ask(closed, '/api/calls', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(
      200,
    )
    expect((await ask(closed, '/')).status).toBe(200)
  })

  it.each(['0.0.0.0', '::', '192.0.2.1', 'inspector.example'])(
    'is not open to other machines on %s',
    async (host) => {
      await expect(startInspectorServer(inspector, { ...own, host, token: '' })).rejects.toThrow(
        'ADMIN_TOKEN',
      )
    },
  )

  it('takes no request that a page of another site can send without being asked', async () => {
    const path = '/api/operations/getAccount/preview'
    const body = '{"path":{"accountId":"AC-1"}}'
    const sent = (type: string) =>
      ask(open, path, { method: 'POST', headers: { 'content-type': type }, body })
    expect((await sent('text/plain')).status).toBe(415)
    expect((await sent('application/x-www-form-urlencoded')).status).toBe(415)
    expect((await sent('application/json')).status).toBe(200)
  })
})

it.each([
  '/',
  '/inspector.js',
  '/message-view.js',
  '/inspector.css',
  '/icon.svg',
  '/api/calls',
  '/api/nothing',
])('%s may load nothing from elsewhere and run nothing inline', async (path) => {
  const { headers } = await ask(open, path)
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe|https?:|\*/)
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['cache-control']).toBe('no-store')
})

describe('what is told', () => {
  it('are the calls, one of them, and nothing once they are cleared', async () => {
    await call(backend.adapter, 'getAccount')
    const { calls } = JSON.parse((await ask(open, '/api/calls')).text) as { calls: readonly { id: number }[] }
    const [{ id }] = calls as [{ id: number }]
    expect(JSON.parse((await ask(open, `/api/calls/${id}`)).text)).toMatchObject({
      id,
      operationId: 'getAccount',
    })
    expect((await ask(open, '/api/calls', { method: 'DELETE' })).status).toBe(204)
    expect((await ask(open, `/api/calls/${id}`)).status).toBe(404)
  })

  it('is a sample as text, whose preview is an envelope', async () => {
    const path = '/api/operations/createPayment'
    const { text } = JSON.parse((await ask(open, `${path}/sample?optionals=none`)).text) as { text: string }
    const headers = { 'content-type': 'application/json' }
    const preview = await ask(open, `${path}/preview`, { method: 'POST', headers, body: text })
    expect(JSON.parse(preview.text)).toMatchObject({ soapRequest: { xml: { name: 'Envelope' } } })
    const broken = await ask(open, `${path}/preview`, { method: 'POST', headers, body: '{"path": nope}' })
    expect(broken.status).toBe(400)
    expect(broken.text).toContain('line 1')
  })

  it.each([
    '/api/operations/nothing/rules',
    '/api/operations/nothing/sample',
    '/api/calls/999',
    '/../package.json',
    '/assets/index.html',
  ])('is nothing at %s', async (path) => {
    expect((await ask(open, path)).status).toBe(404)
  })
})
