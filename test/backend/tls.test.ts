import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type TlsOptions } from 'node:tls'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Backend } from '../../src/backend/backend.js'
import { defaultPolicy } from '../../src/backend/policy.js'
import { answer, Peer } from './peer.js'

const folder = mkdtempSync(join(tmpdir(), 'soapstone-tls-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** A certificate of its own making, for a host of that name. */
function certificate(host: string): { key: Buffer; cert: Buffer } | undefined {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const subject = ['-subj', `/CN=${host}`, '-addext', 'subjectAltName=IP:127.0.0.1']
  const made = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  try {
    execFileSync('openssl', ['req', ...made, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  return { key: readFileSync(key), cert: readFileSync(cert) }
}

const own = certificate('127.0.0.1')
if (!own) console.log('skipped: certificates need the openssl command')

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(async () => {
    server.close()
    await once(server, 'close')
  })
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

function call(url: string): Promise<number> {
  const backend = new Backend('core-banking', defaultPolicy)
  open.push(() => backend.close())
  return backend.call({ url, headers: {}, body: '<Envelope/>' }, (soap) => soap.status)
}

describe('TLS', () => {
  it('with a server that speaks plain HTTP is backend-tls', async () => {
    const peer = await Peer.listen(() => undefined, { onConnection: (socket) => socket.end(answer('<a/>')) })
    open.push(() => peer.close())
    const outcome = call(peer.url.replace('http:', 'https:'))
    await expect(outcome).rejects.toMatchObject({ code: 'backend-tls' })
    expect(peer.requests).toEqual([])
  })

  it.runIf(own).each<[string, TlsOptions, string]>([
    ['a certificate that nobody signed', {}, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['only a version that is too old', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1' }, 'ERR_SSL_'],
  ])('with a server that has %s is backend-tls, the cause in the log', async (_, options, cause) => {
    const server = createServer({ ...own, ...options }, (socket) => socket.end())
    server.on('tlsClientError', () => undefined)
    const outcome = call(await listen(server))
    await expect(outcome).rejects.toMatchObject({
      code: 'backend-tls',
      cause: { code: expect.stringContaining(cause) as string },
    })
  })
})
