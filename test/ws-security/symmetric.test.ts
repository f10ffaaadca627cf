import { constants, createDecipheriv, createHash, createHmac, privateDecrypt, randomBytes } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { type DataCipherName, encryptData } from '../../src/ws-security/algorithms/encryption.js'
import { WSSE_11, XENC, XENC_11 } from '../../src/ws-security/names.js'
import type {
  DecryptionPolicy,
  EncryptionPolicy,
  EndorsementPolicy,
  SymmetricPolicy,
  WsSecurityPolicy,
} from '../../src/ws-security/policy.js'
import type { SentMessage } from '../../src/ws-security/tokens/call-key.js'
import { compileWsSecurity } from '../../src/ws-security/ws-security.js'
import { type Credential, hasOpenssl, KeyFolder } from './keys.js'
import { type AnswerOptions, NOW, PAYLOAD, signedAnswer, SOAP, verification } from './signed-answer.js'

if (!hasOpenssl) console.log('skipped: keys cannot be made without the openssl command')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const WSS_11 = 'http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#'
const WSC = 'http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512'
const HMAC = 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256'
const SECRET = 'Geheimnis'
const envelope = `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header/><soap:Body><m:ask xmlns:m="urn:m">${SECRET}</m:ask></soap:Body></soap:Envelope>`

const identifier = (name: Buffer): string =>
  `<wsse:SecurityTokenReference><wsse:KeyIdentifier ValueType="${WSS_11}EncryptedKeySHA1">${name.toString('base64')}</wsse:KeyIdentifier></wsse:SecurityTokenReference>`
const reference = (uri: string): string =>
  `<wsse:SecurityTokenReference><wsse:Reference URI="${uri}"/></wsse:SecurityTokenReference>`
const keyInfo = (content: string): string => `<ds:KeyInfo>${content}</ds:KeyInfo>`
const confirming = (value: string, id = 'SC'): string =>
  `<c:SignatureConfirmation xmlns:c="${WSSE_11}" wsu:Id="${id}"${value === '' ? '' : ` Value="${value}"`}/>`

interface DerivedToken {
  readonly name: Buffer
  readonly length?: number
  readonly offset?: string
  readonly nonce?: Buffer
  readonly label?: string
  readonly more?: string
  readonly attributes?: string
  readonly origin?: string
}

const NONCE = Buffer.from('0123456789abcdef')

const derivedToken = (token: DerivedToken): string =>
  `<c:DerivedKeyToken xmlns:c="${WSC}" wsu:Id="DK"${token.attributes ?? ''}>${token.origin ?? identifier(token.name)}` +
  `${token.offset ?? '<c:Offset>0</c:Offset>'}<c:Length>${token.length ?? 24}</c:Length>` +
  `${token.label === undefined ? '' : `<c:Label>${token.label}</c:Label>`}<c:Nonce>${(token.nonce ?? NONCE).toString('base64')}</c:Nonce>${token.more ?? ''}</c:DerivedKeyToken>`

/** P_SHA1 once more, as RFC 2246 has it: A(i) first, all at once. */
function pSha1(secret: Buffer, seed: Buffer, from: number, length: number): Buffer {
  const hmac = (data: Buffer): Buffer => createHmac('sha1', secret).update(data).digest()
  const chain = [seed]
  while (chain.length < 60) chain.push(hmac(chain.at(-1) ?? seed))
  const all = Buffer.concat(chain.slice(1).map((a) => hmac(Buffer.concat([a, seed]))))
  return all.subarray(from, from + length)
}

const LABEL = 'WS-SecureConversationWS-SecureConversation'

/** What a backend makes of a request: its key, what the key is called, and what is confirmed. */
interface Call {
  readonly request: string
  readonly sent: SentMessage
  readonly secret: Buffer
  readonly name: Buffer
  readonly values: readonly string[]
}

describe.skipIf(!hasOpenssl)('a key for each call', () => {
  const days = 20_000
  const ca = hasOpenssl ? folder.make('/CN=CA', { ca: true, days }) : (undefined as never)
  const backend: Credential = hasOpenssl
    ? folder.make('/CN=backend', { issuer: ca, days })
    : (undefined as never)
  const ours = hasOpenssl ? folder.make('/CN=ours', { issuer: ca, days }) : (undefined as never)

  const symmetric: SymmetricPolicy = {
    certificate: backend.certificate,
    reference: 'thumbprint',
    keyTransport: { name: 'rsa-oaep-mgf1p', digest: 'sha1', mgf: 'sha1' },
    keyBytes: 32,
  }
  const policy = (more: Partial<WsSecurityPolicy> = {}): WsSecurityPolicy => ({
    mustUnderstand: true,
    timestamp: { ttlSeconds: 300 },
    symmetric,
    signature: {
      ...{ reference: 'symmetric', algorithm: 'hmac-sha256', digest: 'sha256' },
      parts: ['body', 'timestamp'],
    },
    verify: verification([], { symmetric: true, confirmation: true }),
    ...more,
  })
  const endorsement: EndorsementPolicy = {
    key: ours,
    reference: 'binary-token',
    algorithm: 'rsa-sha256',
    digest: 'sha256',
  }
  const encryption: EncryptionPolicy = {
    algorithm: 'aes256-gcm',
    parts: ['body'],
    elements: [],
    order: 'sign-then-encrypt',
  }
  const decryption: DecryptionPolicy = {
    keys: [],
    parts: ['body'],
    algorithms: ['aes256-gcm'],
    keyTransports: [],
    plainFaults: false,
  }
  const encrypted = { encryption, decryption }
  const secured = (each: WsSecurityPolicy) => compileWsSecurity(each, '1.1', () => NOW)

  const call = (each = policy()): Call => {
    const { envelope: request, sent } = secured(each).secureMessage({ envelope, attachments: [] }, {})
    const cipher = Buffer.from(/<xenc:CipherValue>([^<]*)/.exec(request)?.[1] ?? '', 'base64')
    const key = { key: backend.privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }
    const values = [...request.matchAll(/<ds:SignatureValue>([^<]*)/g)].map(([, value = '']) => value)
    const name = createHash('sha1').update(cipher).digest()
    return { request, sent, secret: privateDecrypt(key, cipher), name, values }
  }

  /** The response of a backend, as it should be but for the changes. */
  const answer = ({ secret, name, values }: Call, changes: Partial<AnswerOptions> = {}): string =>
    signedAnswer({
      by: backend,
      method: { uri: HMAC, hash: 'sha256', secret },
      keyInfo: keyInfo(identifier(name)),
      tokens: values.map((value, i) => confirming(value, `SC${i}`)).join(''),
      references: [{ id: 'Body' }, { id: 'TS' }, ...values.map((_, i) => ({ id: `SC${i}` }))],
      ...changes,
    })
  const verified = (text: string, { sent }: Call, each = policy()): string =>
    secured(each).verify(text, undefined, sent)

  it('verifies what came beside a response', () => {
    const asked = call()
    const bytes = Buffer.from(SECRET)
    const part = { contentId: 'a@b', mediaType: 'image/png', bytes }
    const transform =
      'http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform'
    const references = [
      ...[{ id: 'Body' }, { id: 'TS' }, ...asked.values.map((_, i) => ({ id: `SC${i}` }))],
      {
        ...{ id: 'none', uri: 'cid:a@b', octets: bytes },
        transforms: `<ds:Transforms><ds:Transform Algorithm="${transform}"/></ds:Transforms>`,
      },
    ]
    const each = policy({
      verify: verification([], {
        ...{ symmetric: true, confirmation: true },
        parts: ['body', 'timestamp', 'attachments'],
      }),
    })
    const received = (attachments: readonly (typeof part)[]) =>
      secured(each).verifyMessage(
        { envelope: answer(asked, { references }), attachments },
        undefined,
        asked.sent,
      )
    expect(received([part]).attachments).toEqual([part])
    expect(() => received([{ ...part, bytes: Buffer.from('x') }])).toThrow(/has been changed/)
    expect(() => received([])).toThrow(/does not have/)
  })

  describe('signs the request', () => {
    it('and is another one for each', () => {
      const [one, other] = [call(), call()]
      expect(one.secret).toHaveLength(32)
      expect(one.secret.equals(other.secret)).toBe(false)
      expect(one.sent.key?.secret.equals(one.secret)).toBe(true)
      expect(one.sent.signatures.map((value) => value.toString('base64'))).toEqual(one.values)
      expect(one.request).not.toContain(one.secret.toString('base64'))
    })

    it.each(['sign-then-encrypt', 'encrypt-then-sign'] as const)('and what is beside it: %s', (order) => {
      const bytes = Buffer.from(`${SECRET}\u0000`)
      const attachments = [{ contentId: 'a@b', mediaType: 'image/png', bytes }]
      const each = policy({
        signature: {
          ...{ reference: 'symmetric', algorithm: 'hmac-sha256', digest: 'sha256' },
          parts: ['body', 'timestamp', 'attachments'],
        },
        encryption: { ...encryption, parts: ['attachments'], order },
        decryption: { ...decryption, parts: ['attachments'] },
      })
      const message = secured(each).secureMessage({ envelope, attachments }, {})
      const [sealed] = message.attachments
      const octets = Buffer.from(sealed?.bytes ?? [])
      const decipher = createDecipheriv(
        'aes-256-gcm',
        message.sent.key?.secret ?? '',
        octets.subarray(0, 12),
      ).setAuthTag(octets.subarray(-16))
      expect(Buffer.concat([decipher.update(octets.subarray(12, -16)), decipher.final()])).toEqual(bytes)
      const signed = order === 'sign-then-encrypt' ? bytes : octets
      const digest = createHash('sha256').update(signed).digest('base64')
      expect(message.envelope).toMatch(
        new RegExp(`URI="cid:a@b".*?${digest.replace(/[+/=]/g, '\\$&')}</ds:DigestValue>`),
      )
      expect(message.envelope).toContain('CipherReference URI="cid:a@b"')
    })

    it.each([
      ['sign-then-encrypt', 'EncryptedKey DerivedKeyToken DerivedKeyToken ReferenceList Signature'],
      ['encrypt-then-sign', 'EncryptedKey DerivedKeyToken DerivedKeyToken Signature ReferenceList'],
    ] as const)('with what is needed first standing first: %s', (order, expected) => {
      const { request } = call(
        policy({
          ...encrypted,
          symmetric: { ...symmetric, derivedKeys: 'ws-sc-1.3' },
          encryption: { ...encryption, order },
        }),
      )
      expect(request).not.toContain(SECRET)
      const security = /<wsse:Security .*<\/wsse:Security>/.exec(request)?.[0] ?? ''
      const names = [
        ...security.matchAll(
          /<(?:xenc|wsc|ds|wsu):(EncryptedKey|DerivedKeyToken|ReferenceList|Signature|Timestamp)[ >]/g,
        ),
      ]
      expect(names.map(([, name]) => name).join(' ')).toBe(`Timestamp ${expected}`)
    })

    it('and a key of ours signs over that', () => {
      const { request, values } = call(policy({ endorsement }))
      expect(values).toHaveLength(2)
      const [, id] = /<ds:Signature [^>]*Id="([^"]*)"/.exec(request) ?? []
      expect(request).toContain(`<ds:Reference URI="#${id ?? ''}">`)
    })
  })

  const label = (text = LABEL): Buffer => Buffer.concat([Buffer.from(text), NONCE])

  describe('makes the response, which is believed', () => {
    it.each<[string, (each: Call) => Partial<AnswerOptions>, Partial<WsSecurityPolicy>?]>([
      ['as it is', () => ({})],
      ['with confirmations of all signatures', () => ({}), { endorsement }],
      [
        'with a key that is derived',
        ({ secret, name, values }) => ({
          method: { uri: HMAC, hash: 'sha256', secret: pSha1(secret, label(), 0, 24) },
          keyInfo: keyInfo(reference('#DK')),
          tokens: derivedToken({ name }) + confirming(values[0] ?? '', 'SC0'),
        }),
      ],
      [
        'with one of another offset, length and label',
        ({ secret, name, values }) => ({
          method: { uri: HMAC, hash: 'sha256', secret: pSha1(secret, label('ours'), 40, 16) },
          keyInfo: keyInfo(reference('#DK')),
          tokens:
            derivedToken({ name, offset: '<c:Offset>40</c:Offset>', length: 16, label: 'ours' }) +
            confirming(values[0] ?? '', 'SC0'),
        }),
      ],
      [
        'with one of a generation',
        ({ secret, name, values }) => ({
          method: { uri: HMAC, hash: 'sha256', secret: pSha1(secret, label(), 72, 24) },
          keyInfo: keyInfo(reference('#DK')),
          tokens:
            derivedToken({
              ...{ name, offset: '<c:Generation>3</c:Generation>' },
              attributes: ` Algorithm="${WSC}/dk/p_sha1"`,
            }) + confirming(values[0] ?? '', 'SC0'),
        }),
      ],
    ])('%s', (_, changes, more = {}) => {
      const each = policy(more)
      const asked = call(each)
      expect(verified(answer(asked, changes(asked)), asked, each)).toContain(PAYLOAD)
    })

    it('encrypted with the key itself', () => {
      const each = policy(encrypted)
      const asked = call(each)
      expect(verified(encryptedAnswer(asked), asked, each)).toContain(PAYLOAD)
    })

    it('without confirmations, where none are asked for', () => {
      const each = policy({ verify: verification([], { symmetric: true }) })
      const asked = call(each)
      const plain = { tokens: '', references: [{ id: 'Body' }, { id: 'TS' }] }
      expect(verified(answer(asked, plain), asked, each)).toContain(PAYLOAD)
      expect(verified(answer(asked), asked, each)).toContain(PAYLOAD)
      // A wrong one says that it is the response to something else.
      expect(() => verified(answer({ ...asked, values: ['AAAA'] }), asked, each)).toThrow(
        /confirms other signatures/,
      )
    })
  })

  const another = /another key than that of its call/
  const confirms = /confirms other signatures than those of its request/
  const notOfCall = /not made with the key of its call/
  const derivedWith =
    (token: Partial<DerivedToken>): Attack =>
    (asked) =>
      answer(asked, {
        method: { uri: HMAC, hash: 'sha256', secret: pSha1(asked.secret, Buffer.from(LABEL), 0, 24) },
        keyInfo: keyInfo(reference('#DK')),
        tokens: derivedToken({ name: asked.name, ...token }) + confirming(asked.values[0] ?? '', 'SC0'),
      })
  const stranger = (): Buffer => randomBytes(32)
  type Attack = (asked: Call) => string
  const strangersKey = (id: string): string =>
    `<e:EncryptedKey xmlns:e="${XENC}" Id="${id}"><e:EncryptionMethod Algorithm="${XENC}rsa-oaep-mgf1p"/><e:CipherData><e:CipherValue>AAAA</e:CipherValue></e:CipherData></e:EncryptedKey>`

  const withoutKey = (request: string): string =>
    request.replace(/<xenc:EncryptedKey .*<\/xenc:EncryptedKey>/, '')

  const attacks: readonly [string, Attack, RegExp, Partial<WsSecurityPolicy>?][] = [
    ['another key under its name', (asked) => answer({ ...asked, secret: stranger() }), notOfCall],
    [
      'another key by its own name',
      (asked) => answer({ ...asked, secret: stranger(), name: randomBytes(20) }),
      another,
    ],
    ['the name cut short', (asked) => answer({ ...asked, name: asked.name.subarray(1) }), another],
    ['the response to another call', () => answer(call()), another],
    [
      'the key of another call under this name',
      ({ name, values }) => answer({ ...call(), name, values }),
      notOfCall,
    ],
    [
      'a key that a stranger has encrypted anew',
      (asked) => {
        const text = answer({ ...asked, secret: stranger() }, { keyInfo: keyInfo(reference('#EK')) })
        return text.replace(
          '<ds:Signature>',
          `${strangersKey('EK').replace(' Id=', ' wsu:Id=')}<ds:Signature>`,
        )
      },
      /does not say with which key/,
    ],
    [
      'a certificate of somebody who is believed elsewhere',
      () =>
        signedAnswer({
          by: backend,
          references: [{ id: 'Body' }, { id: 'TS' }],
        }),
      another,
    ],
    [
      'no confirmation',
      (asked) => answer(asked, { tokens: '', references: [{ id: 'Body' }, { id: 'TS' }] }),
      /does not confirm the signatures/,
    ],
    ['a confirmation of another request', (asked) => answer({ ...asked, values: call().values }), confirms],
    ['a confirmation without a value', (asked) => answer({ ...asked, values: [''] }), confirms],
    [
      'a confirmation too many',
      (asked) => answer({ ...asked, values: [...asked.values, ...call().values] }),
      confirms,
    ],
    [
      'one confirmation twice',
      (asked) => answer({ ...asked, values: [...asked.values, ...asked.values] }),
      confirms,
    ],
    [
      'one confirmation of two',
      (asked) => answer({ ...asked, values: asked.values.slice(0, 1) }),
      confirms,
      { endorsement },
    ],
    [
      'a confirmation that is not signed',
      (asked) => answer(asked, { references: [{ id: 'Body' }, { id: 'TS' }] }),
      /A SignatureConfirmation is not signed together/,
    ],
    [
      'an unsigned body',
      (asked) => answer(asked, { references: [{ id: 'TS' }, { id: 'SC0' }] }),
      /soap:Body is not signed/,
    ],
    [
      'an unsigned Timestamp',
      (asked) => answer(asked, { references: [{ id: 'Body' }, { id: 'SC0' }] }),
      /Timestamp is not signed/,
    ],
    ['a body that was changed', (asked) => answer(asked).replace('>100<', '>666<'), /has been changed/],
    [
      'no signature',
      (asked) => answer(asked).replace(/<ds:Signature>.*<\/ds:Signature>/, ''),
      /has no signature/,
    ],
    [
      'a signature cut short',
      (asked) => answer(asked).replace(/(<ds:SignatureValue>.{20})[^<]*/, '$1'),
      notOfCall,
    ],
    ['the request itself', ({ request }) => request, /does not say with which key/],
    [
      'the request itself, without its key',
      ({ request }) => withoutKey(request),
      /something else than/,
      { verify: verification([], { symmetric: true }) },
    ],
    [
      'the request itself, its key called by the name',
      ({ request, name }) =>
        withoutKey(request).replace(
          /(<ds:KeyInfo>).*?(<\/ds:KeyInfo><\/ds:Signature>)/,
          `$1${identifier(name)}$2`,
        ),
      /somebody has sent our message back/,
      { verify: verification([], { symmetric: true }) },
    ],
    ['a derived key of another name', derivedWith({ name: randomBytes(20) }), another],
    ['a derived key of a key that comes with it', derivedWith({ origin: reference('#EK') }), another],
    ['a derived key of a derived key', derivedWith({ origin: reference('#DK') }), another],
    ['a derived key of another nonce', derivedWith({ nonce: randomBytes(16) }), notOfCall],
    ['a derived key of no length', derivedWith({ length: 0 }), /too short/],
    [
      'a derived key of one octet, which is guessed at once',
      (asked) =>
        answer(asked, {
          method: { uri: HMAC, hash: 'sha256', secret: pSha1(asked.secret, label(), 0, 1) },
          keyInfo: keyInfo(reference('#DK')),
          tokens: derivedToken({ name: asked.name, length: 1 }) + confirming(asked.values[0] ?? '', 'SC0'),
        }),
      /too short/,
    ],
    ['a derived key of 15 octets', derivedWith({ length: 15 }), /too short/],
    ['a derived key of enormous length', derivedWith({ length: 99_999 }), /too long/],
    [
      'a derived key of a length that is none',
      derivedWith({ more: '', offset: '<c:Offset>-1</c:Offset>' }),
      /not a whole number/,
    ],
    ['a derived key far behind', derivedWith({ offset: '<c:Offset>65535</c:Offset>' }), /too long/],
    ['a derived key with a long nonce', derivedWith({ nonce: randomBytes(1_000) }), /too long/],
    [
      'a derived key by another algorithm',
      derivedWith({ attributes: ' Algorithm="urn:weak"' }),
      /another algorithm than P_SHA-1/,
    ],
    [
      'a derived key with properties',
      derivedWith({ more: '<c:Properties/>' }),
      /nothing else but Offset or Generation/,
    ],
    ['a derived key with two nonces', derivedWith({ more: '<c:Nonce>AAAA</c:Nonce>' }), /each once/],
    [
      'a derived key with offset and generation',
      derivedWith({ offset: '<c:Offset>0</c:Offset><c:Generation>0</c:Generation>' }),
      /both Offset and Generation/,
    ],
    ['a plain body', (asked) => answer(asked), /content of the soap:Body is not encrypted/, encrypted],
    [
      'a body that another key encrypts',
      (asked) => encryptedAnswer(asked, { secret: stranger() }),
      /could not be decrypted/,
      encrypted,
    ],
    [
      'a body that a key of another call encrypts, by its name',
      (asked) => {
        const { secret, name } = call()
        return encryptedAnswer(asked, { secret, name })
      },
      another,
      encrypted,
    ],
    [
      'a body that a key of the response encrypts',
      (asked) =>
        encryptedAnswer(asked).replace(/<e:ReferenceList.*?<\/e:ReferenceList>/, (list) =>
          strangersKey('EK').replace('</e:EncryptedKey>', `${list}</e:EncryptedKey>`),
        ),
      another,
      {
        ...encrypted,
        decryption: { ...decryption, keyTransports: ['rsa-oaep-mgf1p'] },
      },
    ],
    [
      'a body that a derived key of a wrong length encrypts',
      (asked) => encryptedAnswer(asked, { secret: asked.secret.subarray(0, 16), cipher: 'aes128-gcm' }),
      /could not be decrypted/,
      { ...encrypted, decryption: { ...decryption, algorithms: ['aes256-gcm', 'aes128-gcm'] } },
    ],
  ]

  it.each(attacks)('does not make %s', (_, attack, refusal, more = {}) => {
    const each = policy(more)
    const asked = call(each)
    const text = attack(asked)
    let error: unknown
    try {
      verified(text, asked, each)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({ code: 'backend-untrusted' })
    expect((error as Error).message).toMatch(refusal)
    for (const told of [asked.secret, asked.name]) {
      expect((error as Error).message).not.toContain(told.toString('base64'))
    }
  })

  it('is known of no response where the call is not', () => {
    const asked = call()
    expect(() => secured(policy()).verify(answer(asked))).toThrow(
      /Which call the response answers is not known/,
    )
  })

  it('says that it is one, where the contract has none', () => {
    const asked = call()
    const other = policy({ verify: verification([ca]) })
    expect(() => verified(answer(asked), asked, other)).toThrow(
      expect.objectContaining({ code: 'backend-untrusted' }) as Error,
    )
  })

  /** A response whose body is encrypted with a key, by default that of the call. */
  function encryptedAnswer(
    asked: Call,
    {
      secret = asked.secret,
      name = asked.name,
      cipher = 'aes256-gcm',
    }: { secret?: Buffer; name?: Buffer; cipher?: DataCipherName } = {},
  ): string {
    const text = answer(asked)
    const data =
      `<e:EncryptedData xmlns:e="${XENC}" Id="ED" Type="${XENC}Content"><e:EncryptionMethod Algorithm="${XENC_11}${cipher}"/>` +
      `${keyInfo(identifier(name))}<e:CipherData><e:CipherValue>${encryptData(cipher, secret, PAYLOAD).toString('base64')}</e:CipherValue></e:CipherData></e:EncryptedData>`
    const list = `<e:ReferenceList xmlns:e="${XENC}"><e:DataReference URI="#ED"/></e:ReferenceList>`
    return text.replace(PAYLOAD, data).replace('<wsse:Security>', `<wsse:Security>${list}`)
  }
})
