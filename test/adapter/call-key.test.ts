import { constants, createHash, privateDecrypt } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { WSSE_11 } from '../../src/ws-security/names.js'
import { hasOpenssl, KeyFolder } from '../ws-security/keys.js'
import { signedAnswer } from '../ws-security/signed-answer.js'
import { till } from './header-contract.js'

if (!hasOpenssl) console.log('skipped: keys cannot be made without the openssl command')

const folder = new KeyFolder()
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
afterAll(() => {
  folder.remove()
})

const SOLD = '<t:SellResponse xmlns:t="urn:till"><t:Receipt>r</t:Receipt></t:SellResponse>'
const NAMED = 'http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#EncryptedKeySHA1'

describe.skipIf(!hasOpenssl)('a call with a key of its own', () => {
  const backend = hasOpenssl ? folder.make('/CN=backend') : (undefined as never)

  /** What the backend says to a request: signed with the key of that, and confirming its signature. */
  const answerTo = (request: string): string => {
    const cipher = Buffer.from(/<xenc:CipherValue>([^<]*)/.exec(request)?.[1] ?? '', 'base64')
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
    const secret = privateDecrypt({ key: backend.privateKey, ...padding }, cipher)
    const name = createHash('sha1').update(cipher).digest('base64')
    const [, value = ''] = /<ds:SignatureValue>([^<]*)/.exec(request) ?? []
    const at = (ms: number): string => new Date(Date.now() + ms).toISOString()
    return signedAnswer({
      ...{ by: backend, body: SOLD, created: at(-1_000), expires: at(60_000) },
      method: { uri: 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256', hash: 'sha256', secret },
      tokens: `<c:SignatureConfirmation xmlns:c="${WSSE_11}" wsu:Id="SC" Value="${value}"/>`,
      references: [{ id: 'Body' }, { id: 'TS' }, { id: 'SC' }],
      keyInfo: `<ds:KeyInfo><wsse:SecurityTokenReference><wsse:KeyIdentifier ValueType="${NAMED}">${name}</wsse:KeyIdentifier></wsse:SecurityTokenReference></ds:KeyInfo>`,
    })
  }

  /** A backend that gets requests, and answers when it is told. */
  async function selling(onRequest: (request: string, res: ServerResponse) => void) {
    const server = createServer((req, res) => {
      const chunks: Buffer[] = []
      req.on('data', (chunk: Buffer) => chunks.push(chunk))
      req.on('end', () => {
        res.setHeader('content-type', 'text/xml')
        onRequest(Buffer.concat(chunks).toString(), res)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => server.close())
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const security =
      "security: { timestamp: {}, symmetric: { certificate: '${CERTIFICATE}' }, signature: {}, verify: { confirmation: true } }"
    const adapter = till(
      { backend: `endpoint: '${endpoint}', ${security}` },
      { CERTIFICATE: backend.certificatePem },
    )
    closing.push(() => adapter.close())
    const sell = adapter.operations.get('sell')
    return {
      sell: () => sell?.invoke({ path: {}, query: {}, headers: {}, body: { item: 'x' } }),
      decode: (body: string) => sell?.decode({ status: 200, headers: { 'content-type': 'text/xml' }, body }),
    }
  }

  it('is answered with that key', async () => {
    const { sell } = await selling((request, res) => res.end(answerTo(request)))
    expect([await sell(), await sell()]).toMatchObject([{ status: 200 }, { status: 200 }])
  })

  it('is not answered by the response to another, before it or beside it', async () => {
    const waiting: { readonly request: string; readonly res: ServerResponse }[] = []
    const { sell, decode } = await selling((request, res) => {
      waiting.push({ request, res })
      if (waiting.length < 2) return
      const [one, other] = waiting
      if (one && other) {
        one.res.end(answerTo(other.request))
        other.res.end(answerTo(one.request))
      }
    })
    const outcomes = await Promise.allSettled([sell(), sell()])
    expect(outcomes).toMatchObject(
      [1, 2].map(() => ({
        status: 'rejected',
        reason: {
          code: 'backend-untrusted',
          message: expect.stringMatching(/another key than that of its call/) as string,
        },
      })),
    )
    // Apart from its call nobody can say anything of it.
    expect(() => decode(answerTo(waiting[0]?.request ?? ''))).toThrow(/Which call the response answers/)
  })
})
