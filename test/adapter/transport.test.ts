import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { compileContract } from '../../src/adapter/adapter.js'
import { closeAll, closing } from '../backend/calls.js'
import { CertificateMaker } from '../backend/certificates.js'
import { ProxyServer } from '../backend/proxy-server.js'
import { TokenServer } from '../backend/token-server.js'
import { answer, openapi, operationOf, request, wsdl } from './contract.js'

const maker = CertificateMaker.create()
afterEach(closeAll)
afterAll(() => maker?.remove())

const stored = answer(
  '<StoreResponse xmlns="urn:w"><Result><Key>k</Key><Total>1</Total><Item><Name>n</Name></Item></Result></StoreResponse>',
)

describe.runIf(maker)('the transport that a contract describes', () => {
  if (!maker) return
  const ca = maker.authority('ca')
  const server = maker.leaf('server', ca)
  const client = maker.leaf('client', ca)

  test('is what calls are made with: mutual TLS through a proxy, a token, compression', async () => {
    const seen: string[] = []
    const service = createServer(
      { ...server, requestCert: true, rejectUnauthorized: true, ca: ca.cert },
      (req, res) => {
        seen.push([req.headers.authorization, req.headers['accept-encoding']].join(' | '))
        req.resume().on('end', () => res.writeHead(200, stored.headers).end(stored.body))
      },
    )
    service.listen(0, '127.0.0.1')
    await once(service, 'listening')
    closing({
      close: async () => {
        service.closeAllConnections()
        service.close()
        await once(service, 'close')
      },
    })
    const tokens = closing(await TokenServer.listen())
    const proxy = closing(await ProxyServer.listen({ credentials: 'facade:hush' }))
    const endpoint = `https://127.0.0.1:${(service.address() as AddressInfo).port}/w`
    const { host } = new URL(proxy.url)
    const backend = `warehouse:
    wsdl: w.wsdl
    endpoint: '${endpoint}'
    compression: true
    tls: { ca: ca.pem, certificate: client.pem, key: '\${CLIENT_KEY}', minimumVersion: TLSv1.3 }
    proxy: 'http://facade:\${PROXY_PASSWORD}@${host}'
    credentials: { type: oauth2, tokenUrl: '${tokens.url}', clientId: facade, clientSecret: '\${SECRET}' }`
    writeFileSync(join(maker.folder, 'w.wsdl'), wsdl)
    const contract = join(maker.folder, 'openapi.yaml')
    writeFileSync(contract, openapi.replace(/x-soap-backends: .*/, `x-soap-backends:\n  ${backend}`))
    const env = { CLIENT_KEY_FILE: client.keyFile, PROXY_PASSWORD: 'hush', SECRET: 's3cret' }
    const adapter = closing(compileContract({ contract, env }))
    rmSync(contract)
    const outcome = await operationOf(adapter, 'store').invoke(
      request({ path: { id: '1' }, body: { where: { aisle: 'A' } } }),
    )
    expect([outcome.status, outcome.body]).toEqual([200, '{"name":"n"}'])
    expect(seen).toEqual(['Bearer token-1 | gzip, deflate, br'])
    expect(proxy.seen).toEqual([`CONNECT ${new URL(endpoint).host} host=${new URL(endpoint).host}`])
    expect(JSON.stringify(adapter.document)).not.toMatch(/hush|s3cret|PRIVATE KEY|x-soap/)
  })
})
