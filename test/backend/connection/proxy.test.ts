import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { setImmediate as idle } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { AdapterError } from '../../../src/base/errors.js'
import { backendWith, closeAll, closing, outcomeOf } from '../calls.js'
import { CertificateMaker } from '../certificates.js'
import { answer, Peer } from '../peer.js'
import { ProxyServer } from '../proxy-server.js'

afterEach(closeAll)

async function proxyWith(options: Parameters<typeof ProxyServer.listen>[0] = {}): Promise<ProxyServer> {
  return closing(await ProxyServer.listen(options))
}

async function peerThat(says: string): Promise<Peer> {
  return closing(await Peer.listen((socket) => socket.write(says)))
}

const known = { username: 'facade', password: 's3cret: ü' }
const asks = { credentials: 'facade:s3cret: ü' }

describe('a proxy', () => {
  it('forwards calls of an http: endpoint by their URL, over one connection', async () => {
    const proxy = await proxyWith(asks)
    const peer = await peerThat(answer('<ok/>'))
    const backend = backendWith({ proxy: { url: proxy.url, ...known } })
    expect(await outcomeOf(backend, peer.url)).toBe('<ok/>')
    await idle()
    expect(await outcomeOf(backend, peer.url)).toBe('<ok/>')
    const host = `127.0.0.1:${peer.port}`
    expect(proxy.seen).toEqual(Array(2).fill(`POST ${peer.url} host=${host}`))
    expect(proxy.connections).toBe(1)
    expect(peer.requests[0]).toContain('soapaction: "urn:x"')
    expect(peer.requests[0]).not.toContain('proxy-authorization')
  })

  it.each([
    ['no credentials', {}],
    ['wrong ones', { username: 'facade', password: 's3cret' }],
  ])('that refuses %s is backend-login, and the backend is not called', async (_, given) => {
    const proxy = await proxyWith(asks)
    const peer = await peerThat(answer('<ok/>'))
    const refused = 'backend-login: The proxy refused the credentials of this service (407).'
    const backend = backendWith({ proxy: { url: proxy.url, ...given } })
    expect(await outcomeOf(backend, peer.url)).toBe(refused)
    expect(await outcomeOf(backend, 'https://127.0.0.1:1/')).toBe(refused)
    expect(peer.requests).toEqual([])
    expect(proxy.seen).toHaveLength(2)
  })

  it.each<[string, string, RegExp]>([
    [
      'opens no tunnel',
      'HTTP/1.1 502 No\r\nContent-Length: 4\r\n\r\nsad!',
      /^backend-unreachable: .*\(502\)/,
    ],
    ['speaks something else', '220 mail.example\r\n', /^backend-unreachable: No connection/],
    ['never answers', '', /^backend-timeout: No connection .* in time/],
    ['says more than that it is open', 'HTTP/1.1 200 Ok\r\n\r\nhello', /^backend-unreachable: .*\(200\)/],
  ])('that %s fails the call, and its connections are closed', async (_, connectAnswer, expected) => {
    const proxy = await proxyWith({ connectAnswer })
    const backend = backendWith({ timeoutMs: 80, proxy: { url: proxy.url } })
    const url = 'https://backend.example:8443/x'
    const patient = backend.call({ url, headers: {}, body: '' }, () => 'no', { timeoutMs: 5000 })
    await expect(patient).rejects.toThrow()
    const error: unknown = await patient.catch((reason: unknown) => reason)
    expect(error instanceof AdapterError && `${error.code}: ${error.message}`).toMatch(expected)
    expect(proxy.seen).toEqual(['CONNECT backend.example:8443 host=backend.example:8443'])
    await Promise.all(
      [...proxy.sockets].map(async (socket) => {
        if (!socket.closed) await once(socket, 'close')
      }),
    )
  })

  it('that cannot be reached is backend-unreachable', async () => {
    const proxy = await ProxyServer.listen()
    const { url } = proxy
    await proxy.close()
    const backend = backendWith({ proxy: { url } })
    expect(await outcomeOf(backend, 'http://127.0.0.1:1/')).toMatch(/^backend-unreachable/)
    expect(await outcomeOf(backend, 'https://127.0.0.1:1/')).toMatch(/^backend-unreachable/)
  })

  it('is never taken from the environment', async () => {
    const proxy = await proxyWith()
    const peer = await peerThat(answer('<ok/>'))
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY']
    const before = names.map((name) => process.env[name])
    for (const name of names) process.env[name] = proxy.url
    try {
      expect(await outcomeOf(backendWith({}), peer.url)).toBe('<ok/>')
    } finally {
      names.forEach((name, index) => {
        const value = before[index]
        if (value === undefined) Reflect.deleteProperty(process.env, name)
        else process.env[name] = value
      })
    }
    expect(proxy.seen).toEqual([])
  })
})

const maker = CertificateMaker.create()
afterAll(() => maker?.remove())

describe.runIf(maker)('a proxy before an https: endpoint', () => {
  if (!maker) return
  const ca = maker.authority('ca')
  const server = maker.leaf('server', ca)
  const client = maker.leaf('client', ca)

  async function httpsServer(): Promise<string> {
    const mutual = { requestCert: true, rejectUnauthorized: true, ca: ca.cert }
    const service = createServer({ ...server, ...mutual }, (req, res) => {
      req.resume()
      req.on('end', () => {
        res.end(`<ok authorization="${req.headers['proxy-authorization'] ?? 'none'}"/>`)
      })
    })
    service.listen(0, '127.0.0.1')
    await once(service, 'listening')
    closing({
      close: async () => {
        service.closeAllConnections()
        service.close()
        await once(service, 'close')
      },
    })
    return `https://127.0.0.1:${(service.address() as AddressInfo).port}/`
  }

  it('tunnels TLS, with the client certificate of this service, over one connection', async () => {
    const url = await httpsServer()
    const proxy = await proxyWith(asks)
    const tls = { ca: ca.cert, certificate: client.cert, key: client.key }
    const backend = backendWith({ proxy: { url: proxy.url, ...known }, tls })
    expect(await outcomeOf(backend, url)).toBe('<ok authorization="none"/>')
    await idle()
    expect(await outcomeOf(backend, url)).toBe('<ok authorization="none"/>')
    const { host } = new URL(url)
    expect(proxy.seen).toEqual([`CONNECT ${host} host=${host}`])
  })

  it('must itself be trusted where it is spoken to with TLS', async () => {
    const { origin } = new URL(await httpsServer())
    const backend = backendWith({ proxy: { url: origin }, tls: { ca: ca.cert } })
    expect(await outcomeOf(backend, 'https://127.0.0.1:1/')).toMatch(/^backend-tls/)
    expect(await outcomeOf(backend, 'http://127.0.0.1:1/')).toMatch(/^backend-tls/)
  })

  it('does not make a backend trusted', async () => {
    const url = await httpsServer()
    const proxy = await proxyWith()
    const backend = backendWith({ proxy: { url: proxy.url } })
    expect(await outcomeOf(backend, url)).toMatch(/^backend-tls/)
  })
})
