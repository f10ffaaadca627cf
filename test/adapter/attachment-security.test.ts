import { afterAll, describe, expect, it } from 'vitest'
import { bytesOf } from '../../src/base/bytes/source.js'
import { dialect } from '../../src/soap/envelope.js'
import { readRelated } from '../../src/soap/mime.js'
import { packageMessage } from '../../src/soap/mime-writer.js'
import { type Attachment, ReceivedAttachments } from '../../src/soap/xop.js'
import { gcmCiphers } from '../../src/ws-security/algorithms/encryption.js'
import { inlineIncludes } from '../../src/ws-security/attachments/inline-includes.js'
import type { SignedPart, WsSecurityPolicy } from '../../src/ws-security/policy.js'
import { compileWsSecurity } from '../../src/ws-security/ws-security.js'
import { hasOpenssl, KeyFolder } from '../ws-security/keys.js'
import { verification } from '../ws-security/signed-answer.js'
import { checkedArchive } from './archive-contract.js'
import {
  type ArchiveService,
  fetched,
  octets,
  type PreparedAnswer,
  SOAP_11,
  startArchive,
  stored,
} from './archive-service.js'

if (!hasOpenssl) console.log('skipped: messages cannot be protected without the openssl command for keys')

const keys = new KeyFolder()
afterAll(() => {
  keys.remove()
})

function cast() {
  const ca = keys.make('/O=Acme/CN=CA', { ca: true })
  return {
    ca,
    ours: keys.make('/O=Acme/CN=ours', { issuer: ca }),
    backend: keys.make('/O=Acme/CN=backend', { issuer: ca }),
  }
}

describe.skipIf(!hasOpenssl)('attachments of a backend that signs and encrypts', () => {
  const { ca, ours, backend } = hasOpenssl ? cast() : (undefined as never)
  const env = { KEY: ours.keyPem }

  const security = (signed: string, sealed = ''): string => {
    const parts = (words: string): string => `parts: [body, ${words}]`
    const encrypted =
      sealed === ''
        ? ''
        : `, encryption: { certificate: ${backend.certificateFile}, ${parts(sealed)} }, decryption: { key: '\${KEY}', certificate: ${ours.certificateFile}, ${parts(sealed)} }`
    return `security: { timestamp: {}, signature: { key: '\${KEY}', certificate: ${ours.certificateFile}, ${parts(`timestamp${signed}`)} }, verify: { trust: ${ca.certificateFile}, ${parts(`timestamp${signed}`)} }${encrypted} }`
  }

  /** What the backend makes of a message. */
  const read = (
    { headers, body }: ArchiveService['received'][number],
    policy: WsSecurityPolicy,
  ): ReturnType<typeof inlineIncludes> => {
    const { root, attachments } = readRelated(body, headers['content-type'] ?? '')
    const text = Buffer.from(root.bytes).toString('utf8')
    return compileWsSecurity(policy, '1.1').verifyMessage(
      inlineIncludes(text, new ReceivedAttachments(attachments, 1e7)),
    )
  }

  const reading = (
    parts: readonly ('attachments' | 'complete-attachments')[],
    isSealed = false,
  ): WsSecurityPolicy => ({
    mustUnderstand: true,
    verify: verification([ca], { parts: ['body', 'timestamp', ...parts] }),
    ...(isSealed && {
      decryption: {
        keys: [backend],
        parts: ['body', ...parts],
        algorithms: gcmCiphers,
        keyTransports: ['rsa-oaep-mgf1p'],
        plainFaults: false,
      },
    }),
  })

  /** What the backend answers. */
  const answer = (
    envelope: string,
    beside: readonly Attachment[],
    { parts = ['attachments'], isSealed = false }: { parts?: readonly SignedPart[]; isSealed?: boolean } = {},
  ): PreparedAnswer => {
    const message = compileWsSecurity(
      {
        mustUnderstand: true,
        timestamp: { ttlSeconds: 300 },
        signature: {
          key: backend,
          reference: 'binary-token',
          algorithm: 'rsa-sha256',
          digest: 'sha256',
          parts: ['body', 'timestamp', ...parts],
        },
        ...(isSealed && {
          encryption: {
            certificate: ours.certificate,
            reference: 'issuer-serial',
            algorithm: 'aes256-gcm',
            keyTransport: { name: 'rsa-oaep-mgf1p', digest: 'sha1', mgf: 'sha1' },
            parts: ['body', 'complete-attachments'],
            elements: [],
            order: 'sign-then-encrypt',
          },
        }),
      },
      '1.1',
    ).secureMessage(
      {
        envelope: envelope.replace(/<(\/?)e:/g, '<$1soap:').replace('xmlns:e', 'xmlns:soap'),
        attachments: beside,
      },
      {},
    )
    const { contentType, body } = packageMessage([message.envelope], {
      attachments: message.attachments,
      form: 'swa',
      dialect: dialect('1.1'),
      action: '',
    })
    return { contentType, body: bytesOf(body) }
  }

  const image = (contentId: string, bytes: Uint8Array, mediaType = 'image/png'): Attachment => ({
    ...{ contentId, mediaType, bytes },
  })

  async function within(backendKeys: string, use: (service: ArchiveService) => Promise<void>): Promise<void> {
    const service = await startArchive({ backend: backendKeys, env })
    try {
      await use(service)
    } finally {
      await service.close()
    }
  }

  const put = (service: ArchiveService, path: string, type: string, body: Uint8Array) =>
    fetch(`${service.url}${path}`, { method: 'PUT', headers: { 'content-type': type }, body: body as never })

  it.each([
    ['signed', 'attachments', ''],
    ['signed with their header fields', 'complete-attachments', ''],
    ['signed and encrypted', 'complete-attachments', 'complete-attachments'],
  ] as const)('are %s, in requests and responses', async (_, signed, sealed) => {
    await within(security(`, ${signed}`, sealed), async (service) => {
      const isSealed = sealed !== ''
      service.answer = answer(
        stored,
        [image('thumb=1@b', octets(3), 'image/gif'), image('photo=1@b', octets(9))],
        {
          parts: [signed],
          isSealed,
        },
      )
      const response = await put(service, '/photos/P-1', 'image/png', octets(1000))
      expect(await response.json()).toEqual({
        id: 'D-1',
        photo: octets(9).toString('base64'),
        thumb: octets(3).toString('base64'),
      })
      const [message] = service.received
      if (!message) throw new Error('Nothing was sent')
      const { attachments } = read(message, reading([signed], isSealed))
      expect(attachments.map(({ mediaType, bytes }) => [mediaType, Buffer.from(bytes)])).toEqual([
        ['image/png', octets(1000)],
      ])
      expect(message.body.includes(octets(1000))).toBe(!isSealed)
    })
  })

  it.each([5, 300_000])('are named by a reference in the body (swaRef), of %i bytes', async (length) => {
    await within(security(', attachments'), async (service) => {
      const content = '<LinkResponse xmlns="urn:a"><File>cid:f@b</File></LinkResponse>'
      const envelope = `<e:Envelope xmlns:e="${SOAP_11}"><e:Body>${content}</e:Body></e:Envelope>`
      service.answer = answer(envelope, [image('f@b', octets(length))])
      const response = await fetch(`${service.url}/links`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: octets(7) as never,
      })
      expect(Buffer.from(await response.arrayBuffer()).equals(octets(length))).toBe(true)
    })
  })

  it.each<[string, Attachment[], SignedPart[]]>([
    ['are not signed', [image('photo=1@b', octets(9))], []],
    [
      'could be meant by each other',
      [image('1@b', octets(9)), image('2@b', octets(9), 'image/gif')],
      ['attachments'],
    ],
  ])('are refused where they %s', async (_, beside, parts) => {
    await within(security(', attachments'), async (service) => {
      service.answer = answer(stored, beside, { parts })
      const response = await put(service, '/photos/P-1', 'image/png', octets(10))
      expect(response.status).toBe(502)
      const told = await response.text()
      expect(told).toMatch(/backend-(?:untrusted|mismatch)/)
      expect(told).not.toMatch(/1@b|image|cid:/)
    })
  })

  it('are found by there being no other', async () => {
    const contract = security(', attachments')
    await within(contract, async (service) => {
      service.answer = answer(stored, [image('thumb=1@b', octets(3), 'image/gif'), image('1@b', octets(9))])
      const response = await put(service, '/photos/P-1', 'image/png', octets(10))
      expect(await response.json()).toMatchObject({ photo: octets(9).toString('base64') })
    })
  })

  it.each([
    ['signed', ''],
    ['signed and encrypted', 'body'],
  ])('are base64 in the envelope for what is %s, where they travel as MTOM', async (_, sealed) => {
    const isSealed = sealed !== ''
    const more = isSealed
      ? `, encryption: { certificate: ${backend.certificateFile} }, decryption: { key: '\${KEY}', certificate: ${ours.certificateFile} } }`
      : ' }'
    const contract = `attachments: mtom\n    ${security(', attachments').replace(/ }$/, more)}`
    await within(contract, async (service) => {
      const content = octets(70_000)
      service.answer = answer(
        fetched(`<Title>t</Title><Content>${content.toString('base64')}</Content>`),
        [],
        { parts: [], isSealed },
      )
      const response = await fetch(`${service.url}/documents/D-1/file`)
      expect(Buffer.from(await response.arrayBuffer())).toEqual(content)
      service.answer = answer(stored, [], { parts: [], isSealed })
      expect((await put(service, '/documents/D-1/file', 'application/pdf', content)).status).toBe(200)
      const message = service.received[1]
      if (!message) throw new Error('Nothing was sent')
      const { root, attachments } = readRelated(message.body, message.headers['content-type'] ?? '')
      expect(Buffer.from(root.bytes).includes('xop:Include')).toBe(!isSealed)
      expect(attachments.map(({ bytes }) => bytesOf(bytes))).toEqual(isSealed ? [] : [content])
      const policy = reading([])
      const found = read(
        message,
        isSealed
          ? {
              ...policy,
              decryption: {
                keys: [backend],
                parts: ['body'],
                algorithms: gcmCiphers,
                keyTransports: ['rsa-oaep-mgf1p'],
                plainFaults: false,
              },
            }
          : policy,
      )
      expect(found.envelope).toContain(`Content>${content.toString('base64')}</`)
    })
  })

  it.each<[string, string, string[]]>([
    ['', '', ['attachment-unsigned']],
    [', attachments', '', []],
    [', complete-attachments', 'headers', []],
    [', attachments', 'body', ['attachment-unencrypted']],
    [', attachments', 'attachments', []],
  ])('are judged when a contract is checked: signed%s, encrypted %s', (signed, sealed, expected) => {
    const contract = security(signed, sealed)
      .replace('parts: [body, body]', 'parts: [body]')
      .replace('[body, headers]', '[headers]')
    const codes = checkedArchive({ backend: contract }, undefined, env).diagnostics.map(({ code }) => code)
    const judged = ['attachment-unsigned', 'attachment-unencrypted'] as const
    expect(judged.filter((code) => codes.includes(code))).toEqual(expected)
  })
})
