import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { loadAdapter, type RestResponse } from '../../src/index.js'
import { type Credential, hasOpenssl, KeyFolder } from '../ws-security/keys.js'
import { cellName, matrixContract, matrixWsdl, type SoapVersion, soapVersions } from './contract.js'
import { type Relay, startRelay } from './relay.js'
import { bodyJson } from './response.js'
import { gsoapPolicies } from './stacks/gsoap-policies.js'
import { jaxWs, startJaxWsPolicies } from './stacks/jax-ws.js'

const order = {
  id: 77,
  customer: 'Ünal & <Söhne>',
  placed: '2026-11-22T23:59:59Z',
  express: true,
  weight: 1.5,
  color: 'GREEN',
  payload: 'AP8QgA==',
  discount: null,
  items: [{ sku: 'A-1', quantity: 2, price: '10.50' }],
}

interface Call {
  readonly backend: object
  readonly env?: Readonly<Record<string, string>>
  readonly soap?: SoapVersion
  readonly body?: typeof order
}

let folder: string
let relay: Relay

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'policies-'))
  for (const soap of soapVersions) {
    const cell = { style: 'document wrapped', soap } as const
    writeFileSync(join(folder, `${cellName(cell)}.wsdl`), matrixWsdl(cell, 'http://localhost:1/'))
  }
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

async function submit({
  backend,
  env = {},
  soap = '1.1',
  body = order,
}: Call): Promise<RestResponse | undefined> {
  const cell = { style: 'document wrapped', soap } as const
  const adapter = await loadAdapter({
    contract: matrixContract(cell, `${cellName(cell)}.wsdl`, { backend }),
    baseDir: folder,
    env: { MATRIX_URL: relay.url, ...env },
  })
  try {
    return await adapter.operations.get('submit')?.invoke({ path: {}, query: {}, headers: {}, body })
  } finally {
    await adapter.close()
  }
}

/** What gSOAP said last. */
const said = (): string => relay.answered.at(-1)?.body ?? ''

const { found } = gsoapPolicies
const absent = 'absent' in found ? found.absent : hasOpenssl ? undefined : 'openssl makes no keys here'

if (absent !== undefined) console.log(`skipped: the policies of gSOAP, for ${absent}`)
if ('absent' in jaxWs.found) console.log(`skipped: the policies of JAX-WS, for ${jaxWs.found.absent}`)

describe.skipIf(absent !== undefined)(
  'version' in found ? `gSOAP ${found.version}` : `gSOAP (skipped: ${found.absent})`,
  () => {
    const program = { security: '', addressing: '' }
    let keys: KeyFolder

    beforeAll(() => {
      keys = new KeyFolder()
      for (const part of ['security', 'addressing'] as const) {
        program[part] = gsoapPolicies.compile(folder, join(folder, 'wrapped11.wsdl'), part)
      }
    }, 120_000)
    afterAll(() => {
      keys.remove()
    })
    afterEach(() => {
      relay.changes = {}
      vi.useRealTimers()
    })

    /** A server with the policy, behind a relay. */
    const serves = (part: keyof typeof program, policy: () => readonly string[]): void => {
      let stop: () => Promise<void>
      beforeAll(async () => {
        const server = await gsoapPolicies.start(program[part], policy())
        ;({ stop } = server)
        relay = await startRelay(server.url)
      })
      afterAll(async () => {
        await relay.stop()
        await stop()
      })
    }

    describe('UsernameToken with a digest, and a Timestamp', () => {
      serves('security', () => ['username'])
      const backend = {
        security: {
          timestamp: {},
          username: { name: '${NAME}', password: '${PASSWORD}', type: 'digest' },
        },
      }
      const env = { NAME: 'facade', PASSWORD: 'open sesame' }

      test.each(soapVersions)('SOAP %s: accepted, and each time anew', async (soap) => {
        expect(bodyJson(await submit({ backend, env, soap }))).toEqual({ receipt: 'A-1', order })
        expect(bodyJson(await submit({ backend, env, soap }))).toMatchObject({ receipt: 'A-1' })
      })

      test('a wrong password is refused', async () => {
        const wrong = submit({ backend, env: { ...env, PASSWORD: 'open simsim' } })
        await expect(wrong).rejects.toMatchObject({ code: 'backend-login' })
        expect(said()).toContain('FailedAuthentication')
      })

      test('an unknown name is refused', async () => {
        const wrong = submit({ backend, env: { ...env, NAME: 'somebody' } })
        await expect(wrong).rejects.toMatchObject({ code: 'backend-fault' })
        expect(said()).toContain('Nobody of that name')
      })

      test('a replayed message is refused', async () => {
        await submit({ backend, env })
        const [message] = relay.sent.slice(-1)
        const again = message && (await relay.send(message))
        expect(again?.status).toBe(500)
        expect(again?.body).toContain('FailedAuthentication')
      })

      test('a message of an hour ago is refused', async () => {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
        await expect(submit({ backend, env })).rejects.toMatchObject({ code: 'backend-login' })
        expect(said()).toContain('Authentication expired')
      })

      test('no token at all is refused', async () => {
        await expect(submit({ backend: {} })).rejects.toMatchObject({ code: 'backend-login' })
        expect(said()).toContain('Username authentication required')
      })
    })

    describe('X.509 signature over Body and Timestamp', () => {
      const extensions = ['keyUsage=digitalSignature', 'subjectKeyIdentifier=hash']
      let ours: Credential
      let ca: Credential
      serves('security', () => {
        ca = keys.make('/O=Bank/CN=Authority', { ca: true })
        ours = keys.make('/O=Shop/CN=facade', { issuer: ca, extensions })
        const theirs = keys.make('/O=Bank/CN=backend', { issuer: ca, extensions })
        const pem = join(folder, 'backend.pem')
        writeFileSync(pem, theirs.keyPem + theirs.certificatePem)
        return ['signature', ca.certificateFile, pem]
      })
      const backendOf = (certificate: string, verify?: object): object => ({
        security: {
          timestamp: {},
          signature: { key: '${KEY}', certificate },
          ...(verify && { verify }),
        },
      })

      test.each(soapVersions)('SOAP %s: accepted, and the signed response believed', async (soap) => {
        const backend = backendOf(ours.certificateFile, {
          trust: ca.certificateFile,
          certificateSubject: 'CN=backend,O=Bank',
        })
        const response = await submit({ backend, env: { KEY: ours.keyPem }, soap })
        expect(bodyJson(response)).toEqual({ receipt: 'A-1', order })
        expect(said()).toContain('SignatureValue')
      })

      test('a response that was changed on the way is not believed', async () => {
        const backend = backendOf(ours.certificateFile, { trust: ca.certificateFile })
        relay.changes = { answer: (body) => body.replace('>A-1<', '>A-2<') }
        await expect(submit({ backend, env: { KEY: ours.keyPem } })).rejects.toMatchObject({
          code: 'backend-untrusted',
        })
        expect(said()).toContain('SubmitResponse')
      })

      test('a tampered body is refused', async () => {
        relay.changes = { request: (body) => body.replace('10.50', '90.50') }
        const call = submit({ backend: backendOf(ours.certificateFile), env: { KEY: ours.keyPem } })
        await expect(call).rejects.toMatchObject({ code: 'backend-fault' })
        expect(said()).toContain('FailedCheck')
      })

      test('a tampered timestamp is refused', async () => {
        relay.changes = {
          request: (body) => body.replace(/(<wsu:Expires>)\d{4}/, (_all, tag: string) => `${tag}2999`),
        }
        const call = submit({ backend: backendOf(ours.certificateFile), env: { KEY: ours.keyPem } })
        await expect(call).rejects.toMatchObject({ code: 'backend-fault' })
        expect(said()).toContain('FailedCheck')
      })

      test('a certificate of another authority is refused', async () => {
        const other = keys.make('/O=Bank/CN=Other authority', { ca: true })
        const foreign = keys.make('/O=Shop/CN=facade', { issuer: other, extensions })
        const call = submit({ backend: backendOf(foreign.certificateFile), env: { KEY: foreign.keyPem } })
        await expect(call).rejects.toMatchObject({ code: 'backend-fault' })
        expect(said()).toContain('Invalid certificate')
      })

      test('a signature of an hour ago is refused', async () => {
        vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
        const call = submit({ backend: backendOf(ours.certificateFile), env: { KEY: ours.keyPem } })
        await expect(call).rejects.toMatchObject({ code: 'backend-fault' })
        expect(said()).toContain('Message has expired')
      })

      test('no signature at all is refused', async () => {
        const call = submit({ backend: { security: { timestamp: {} } } })
        await expect(call).rejects.toMatchObject({ code: 'backend-fault' })
        expect(said()).toContain('Signature with SignedInfo required')
      })
    })

    describe('WS-Addressing', () => {
      serves('addressing', () => ['addressing'])
      const backend = { addressing: true }

      test.each(soapVersions)('SOAP %s: the response relates to the message', async (soap) => {
        expect(bodyJson(await submit({ backend, soap }))).toEqual({ receipt: 'A-1', order })
        const id = /<wsa:MessageID[^>]*>([^<]+)</.exec(relay.sent.at(-1)?.body ?? '')?.[1]
        expect(id).toMatch(/^urn:uuid:/)
        expect(said()).toContain(`RelatesTo>${id}<`)
      })

      test('a response to another message is not believed', async () => {
        relay.changes = { answer: (body) => body.replace(/(RelatesTo>)urn:uuid:\w/, '$1urn:uuid:-') }
        await expect(submit({ backend })).rejects.toMatchObject({ code: 'backend-untrusted' })
      })

      test('without it the backend refuses, in headers that only who knows WS-Addressing may pass over', async () => {
        await expect(submit({ backend: {} })).rejects.toMatchObject({ code: 'backend-mismatch' })
        expect(said()).toContain('MessageAddressingHeaderRequired')
      })
    })

    describe('MTOM', () => {
      serves('addressing', () => ['mtom'])
      const octets = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 256))

      test.each(soapVersions)('SOAP %s: there and back as an attachment', async (soap) => {
        const body = { ...order, payload: octets.toString('base64') }
        const response = await submit({ backend: { attachments: 'mtom' }, soap, body })
        expect(bodyJson(response)).toEqual({ receipt: 'attachment of 5000 bytes', order: body })
        expect(relay.sent.at(-1)?.headers['content-type']).toMatch(/^multipart\/related/)
        expect(relay.answered.at(-1)?.headers['content-type']).toMatch(/^multipart\/related/)
      })

      test('base64 in the message without it', async () => {
        const response = await submit({ backend: {} })
        expect(bodyJson(response)).toEqual({ receipt: 'text of 4 bytes', order })
      })
    })
  },
)

describe.skipIf('absent' in jaxWs.found)(
  `JAX-WS, the reference implementation, ${'version' in jaxWs.found ? jaxWs.found.version : `(skipped: ${jaxWs.found.absent})`}`,
  () => {
    let server: Awaited<ReturnType<typeof startJaxWsPolicies>>

    beforeAll(async () => {
      server = await startJaxWsPolicies(folder)
    }, 120_000)
    afterAll(() => server.stop())

    describe.each(soapVersions)('SOAP %s', (soap) => {
      const serves = (policy: 'addressing' | 'mtom'): void => {
        beforeAll(async () => {
          relay = await startRelay(server.endpoint(policy, soap))
        })
        afterAll(() => relay.stop())
      }

      describe('WS-Addressing', () => {
        serves('addressing')

        test('the response relates to the message', async () => {
          const response = await submit({ backend: { addressing: true }, soap })
          expect(bodyJson(response)).toEqual({ receipt: '2xA-1', order })
          expect(said()).toMatch(/RelatesTo[^>]*>urn:uuid:/)
        })

        test('declared faults too', async () => {
          const body = { ...order, customer: 'declared' }
          expect(await submit({ backend: { addressing: true }, soap, body })).toMatchObject({ status: 409 })
        })

        test('without it the backend refuses', async () => {
          await expect(submit({ backend: {}, soap })).rejects.toMatchObject({ code: 'backend-fault' })
          expect(said()).toContain('MessageAddressingHeaderRequired')
        })
      })

      describe('MTOM', () => {
        serves('mtom')
        const octets = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 256))

        test('there and back as an attachment', async () => {
          const body = { ...order, payload: octets.toString('base64') }
          const response = await submit({ backend: { attachments: 'mtom' }, soap, body })
          expect(bodyJson(response)).toEqual({ receipt: '2xA-1', order: body })
          expect(relay.sent.at(-1)?.headers['content-type']).toMatch(/^multipart\/related/)
          expect(relay.answered.at(-1)?.headers['content-type']).toMatch(/^multipart\/related/i)
        })

        test('base64 in the message without it', async () => {
          expect(bodyJson(await submit({ backend: {}, soap }))).toEqual({ receipt: '2xA-1', order })
        })
      })
    })
  },
)
