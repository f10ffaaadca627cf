import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CertificateMaker, type Pair } from '../../backend/certificates.js'
import { contractFolder, contractText } from '../contract.js'
import { notificationId, outboundMessage, serve, type Served } from '../served.js'

const maker = CertificateMaker.create()
const ca = maker?.authority('ca')
const made =
  maker && ca
    ? { ca, server: maker.leaf('server', ca), crm: maker.leaf('crm', ca), other: maker.leaf('other', ca) }
    : undefined
if (!made) console.warn('skipped: certificates cannot be made without the openssl command')

describe.skipIf(!made)('a port whose sender has a certificate', () => {
  let directory: string
  let served: Served
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'soapstone-mutual-'))
    const contract = join(directory, 'openapi.yaml')
    writeFileSync(
      contract,
      contractText
        .replace('wsdl: outbound-messages.wsdl', `wsdl: ${contractFolder}outbound-messages.wsdl`)
        .replace('wsdl: notify.wsdl', `wsdl: ${contractFolder}notify.wsdl`)
        .replace('pathSecret: ${CRM_PATH_SECRET}', 'certificateSubject: CN=crm'),
    )
    const tls = {
      TLS_CERT_FILE: made?.server.certFile ?? '',
      TLS_KEY_FILE: made?.server.keyFile ?? '',
      TLS_CLIENT_CA_FILE: made?.ca.certFile ?? '',
    }
    served = await serve(tls, contract)
  }, 60_000)
  afterAll(async () => {
    await served.close()
    maker?.remove()
    rmSync(directory, { recursive: true, force: true })
  })

  async function statusFor(pair: Pair | undefined): Promise<number | undefined> {
    const { port } = new URL(served.url)
    const sent = request({
      ...{ host: '127.0.0.1', port, path: '/soap/crm', method: 'POST', agent: false },
      headers: { 'content-type': 'text/xml', soapaction: '""' },
      ca: readFileSync(made?.ca.certFile ?? ''),
      checkServerIdentity: () => undefined,
      ...(pair && { cert: readFileSync(pair.certFile), key: readFileSync(pair.keyFile) }),
    })
    sent.end(outboundMessage([notificationId(1)]))
    const [response] = (await once(sent, 'response')) as [IncomingMessage]
    response.resume()
    await once(response, 'end')
    return response.statusCode
  }

  it('takes what that sender sends, and nothing of others', async () => {
    expect(await statusFor(made?.crm)).toBe(200)
    expect(await statusFor(made?.other)).toBe(403)
    expect(await statusFor(undefined)).toBe(403)
  })
})
