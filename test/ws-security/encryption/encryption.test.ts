import { afterAll, describe, expect, it } from 'vitest'
import { AdapterError } from '../../../src/base/errors.js'
import {
  type DataCipherName,
  dataCipherNames,
  dataCiphers,
  encryptData,
  encryptKey,
  gcmCiphers,
  type KeyTransport,
  keyTransportNames,
  keyTransports,
  newKey,
} from '../../../src/ws-security/algorithms/encryption.js'
import { DS, WSSE, WSSE_11, XENC, XENC_11 } from '../../../src/ws-security/names.js'
import type { DecryptionPolicy, EncryptionPolicy, WsSecurityPolicy } from '../../../src/ws-security/policy.js'
import { compileWsSecurity } from '../../../src/ws-security/ws-security.js'
import { hasOpenssl, KeyFolder } from '../keys.js'
import { NOW, SOAP, verification } from '../signed-answer.js'

if (!hasOpenssl) console.log('skipped: messages cannot be encrypted without the openssl command for keys')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const DAYS = 20_000
const SECRET = 'Geheimnis'
const BODY = `<m:result xmlns:m="urn:m"><m:amount>100</m:amount><m:card>${SECRET}</m:card></m:result>`
const HEADER = '<h:context xmlns:h="urn:h">ctx</h:context>'
const envelope = (body = BODY, header = HEADER): string =>
  `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header>${header}</soap:Header><soap:Body>${body}</soap:Body></soap:Envelope>`

function cast() {
  const ca = folder.make('/O=Acme/CN=CA', { ca: true, days: DAYS })
  const extensions = ['subjectKeyIdentifier=hash']
  return {
    ca,
    ours: folder.make('/O=Acme/CN=ours', { issuer: ca, days: DAYS, extensions }),
    previous: folder.make('/O=Acme/CN=previous', { issuer: ca, days: DAYS, extensions }),
    backend: folder.make('/O=Acme/CN=backend', { issuer: ca, days: DAYS, extensions }),
  }
}

const OAEP: KeyTransport = { name: 'rsa-oaep-mgf1p', digest: 'sha1', mgf: 'sha1' }

describe.skipIf(!hasOpenssl)('XML Encryption', () => {
  const { ca, ours, previous, backend } = hasOpenssl ? cast() : (undefined as never)

  /** What a backend sends, secured with what we send with: judges of others prove that it is right. */
  const answer = (
    encryption: Partial<EncryptionPolicy> = {},
    {
      signed = true,
      text = envelope(),
      parts = ['body', 'timestamp', 'headers'],
    }: { signed?: boolean; text?: string; parts?: readonly ('body' | 'timestamp' | 'headers')[] } = {},
  ): string =>
    compileWsSecurity(
      {
        timestamp: { ttlSeconds: 300 },
        mustUnderstand: true,
        ...(signed && {
          signature: {
            key: backend,
            reference: 'binary-token',
            algorithm: 'rsa-sha256',
            digest: 'sha256',
            parts,
          },
        }),
        encryption: {
          certificate: ours.certificate,
          reference: 'issuer-serial',
          algorithm: 'aes256-gcm',
          keyTransport: OAEP,
          parts: ['body'],
          elements: [],
          order: 'sign-then-encrypt',
          ...encryption,
        },
      },
      '1.1',
      () => NOW,
    ).secure(text, {})

  const policyOf = (
    decryption: Partial<DecryptionPolicy> = {},
    verify: Parameters<typeof verification>[1] | false = {},
  ): WsSecurityPolicy => ({
    mustUnderstand: true,
    decryption: {
      keys: [ours],
      parts: ['body'],
      algorithms: gcmCiphers,
      keyTransports: ['rsa-oaep', 'rsa-oaep-mgf1p'],
      plainFaults: false,
      ...decryption,
    },
    ...(verify && { verify: verification([ca], verify) }),
  })
  const receive = (text: string, policy = policyOf()): string =>
    compileWsSecurity(policy, '1.1', () => NOW).verify(text)

  const refusal = (text: string, policy = policyOf()): string => {
    try {
      receive(text, policy)
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error
      for (let each: unknown = error; each instanceof Error; each = each.cause) {
        expect(each.message).not.toContain(SECRET)
        expect(each.message).not.toMatch(/[A-Za-z0-9+/]{40}/)
      }
      expect(error.code).toMatch(/^backend-(untrusted|malformed)$/)
      return error.message
    }
    throw new Error('It was believed')
  }

  const orders = ['sign-then-encrypt', 'encrypt-then-sign'] as const
  const clear = (text: string): string =>
    text.replace(/<wsse:Security .*<\/wsse:Security>/s, '').replace(/ wsu:Id="[^"]*"| xmlns:wsu="[^"]*"/g, '')

  describe('gives back what was encrypted', () => {
    it.each(
      orders.flatMap((order) => [
        ...dataCipherNames.map((algorithm) => ({ order, algorithm, name: algorithm })),
        ...(['binary-token', 'subject-key-identifier', 'thumbprint'] as const).map((reference) => ({
          order,
          reference,
          name: reference,
        })),
        ...(['sha1', 'sha256', 'sha512'] as const).flatMap((digest) =>
          (['sha1', 'sha256'] as const).map((mgf) => ({
            order,
            keyTransport: { name: 'rsa-oaep', digest, mgf } as const,
            name: `rsa-oaep ${digest} ${mgf}`,
          })),
        ),
        { order, keyTransport: { ...OAEP, name: 'rsa-1_5' } as const, name: 'rsa-1_5' },
        { order, parts: ['body', 'headers'] as const, name: 'headers too' },
      ]),
    )('$name, $order', (encryption) => {
      const text = answer(encryption)
      expect(text).not.toContain(SECRET)
      const policy = policyOf({ algorithms: dataCipherNames, keyTransports: keyTransportNames })
      expect(clear(receive(text, policy))).toBe(envelope())
    })

    it('without a signature, where nothing is verified', () => {
      expect(clear(receive(answer({}, { signed: false }), policyOf({}, false)))).toBe(envelope())
    })

    it.each([
      ['elements of the body', { elements: [['result', 'card']], parts: [] }, { parts: [] }],
      ['contents of elements', { elements: [], contents: [['result', 'card']], parts: [] }, { parts: [] }],
      ['the signature', { parts: ['body', 'signature'] }, { parts: ['body', 'signature'] }],
      ['headers', { parts: ['headers'] }, { parts: ['headers'] }],
      ['for the certificate before', { certificate: undefined }, { keys: [] }],
    ] as const)('%s', (name, encryption, decryption) => {
      const isPrevious = name.startsWith('for')
      const text = answer(
        isPrevious ? { certificate: previous.certificate } : (encryption as Partial<EncryptionPolicy>),
      )
      const policy = policyOf(isPrevious ? { keys: [ours, previous] } : decryption)
      expect(clear(receive(text, policy))).toBe(envelope())
    })

    it('of an empty body', () => {
      expect(clear(receive(answer({}, { text: envelope('') })))).toBe(envelope(''))
    })

    it('of a fault in the clear only where faults may be', () => {
      const fault = `<soap:Fault><faultcode>soap:Server</faultcode><faultstring>x</faultstring></soap:Fault>`
      const text = answer({ parts: ['headers'] }, { text: envelope(fault) })
      expect(refusal(text)).toMatch(/plainFaults/)
      expect(clear(receive(text, policyOf({ plainFaults: true })))).toBe(envelope(fault))
    })
  })

  it('leaves the tags of elements whose contents it encrypts, and those that are empty', () => {
    const body = '<m:r xmlns:m="urn:m"><m:a x="1"><m:b/>t</m:a><m:a/><m:a></m:a></m:r>'
    const text = answer(
      { parts: [], elements: [], contents: [['r', 'a']] },
      { signed: false, text: envelope(body) },
    )
    expect(text).toMatch(
      /<m:r xmlns:m="urn:m"><m:a x="1"><xenc:EncryptedData [^>]*Type="[^"]*#Content".*<\/xenc:EncryptedData><\/m:a><m:a\/><m:a><\/m:a><\/m:r>/,
    )
    expect(clear(receive(text, policyOf({ parts: [] }, false)))).toBe(envelope(body))
  })

  it('writes SOAP 1.2 and the attributes of headers that intermediaries look for', () => {
    const header = '<h:a xmlns:h="urn:h" soap:mustUnderstand="1" soap:actor="urn:next">x</h:a>'
    const text = answer({ parts: ['headers'] }, { text: envelope(BODY, header) })
    expect(text).toMatch(
      /<wsse11:EncryptedHeader [^>]*soap:mustUnderstand="1" soap:actor="urn:next"><xenc:EncryptedData/,
    )
  })

  /** An answer whose plain text is of the attacker's choice; anybody can encrypt for our certificate. */
  const crafted = (
    plain: string,
    {
      type = 'Content',
      algorithm = 'aes256-gcm',
      place = 'body',
    }: { type?: string; algorithm?: DataCipherName; place?: 'body' | 'header' } = {},
  ): string => {
    const key = newKey(algorithm)
    const data = `<xenc:EncryptedData xmlns:xenc="${XENC}" Id="ED" Type="${XENC}${type}"><xenc:EncryptionMethod Algorithm="${dataCiphers[algorithm].uri}"/><xenc:CipherData><xenc:CipherValue>${encryptData(algorithm, key, plain).toString('base64')}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`
    const wrapped = encryptKey(ours.certificate.publicKey, key, OAEP).toString('base64')
    const encryptedKey = `<xenc:EncryptedKey xmlns:xenc="${XENC}"><xenc:EncryptionMethod Algorithm="${keyTransports['rsa-oaep-mgf1p'].uri}"/><xenc:CipherData><xenc:CipherValue>${wrapped}</xenc:CipherValue></xenc:CipherData><xenc:ReferenceList><xenc:DataReference URI="#ED"/></xenc:ReferenceList></xenc:EncryptedKey>`
    return `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header><wsse:Security xmlns:wsse="${WSSE}">${encryptedKey}${place === 'header' ? data : ''}</wsse:Security></soap:Header><soap:Body>${place === 'body' ? data : BODY}</soap:Body></soap:Envelope>`
  }

  it('refuses to let a plain text out of its element', () => {
    for (const plain of [
      '<a/></soap:Body><soap:Body>',
      '<a/></soap:Body></soap:Envelope><!--',
      '<a>',
      '</a>',
      '<a/><!--',
      '<![CDATA[',
      '<?p',
      'x<',
      '&lt',
      '<x:a/>',
      '<!DOCTYPE a>',
      ' <?xml version="1.0"?><a/>',
      '\u0001',
      '<a>'.repeat(300) + '</a>'.repeat(300),
    ]) {
      // Signed as cipher text, which says nothing of what is in it.
      const text = answer({ order: 'encrypt-then-sign' }, { text: envelope(plain) })
      expect(refusal(text)).toBe('The response could not be decrypted.')
    }
    for (const plain of ['<a/><b/>', 'text', '<a/>text', 'text<a/>', '']) {
      const text = crafted(plain, { type: 'Element', place: 'header' })
      expect(refusal(text, policyOf({ parts: [] }, false))).toBe('The response could not be decrypted.')
    }
  })

  it('gives back what is long, and leaves what is not its own', () => {
    const long = 'A'.repeat(50_000)
    const body = `<m:a xmlns:m="urn:m"><x:CipherValue xmlns:x="urn:x">${long}</x:CipherValue></m:a>`
    expect(clear(receive(answer({}, { signed: false, text: envelope(body) }), policyOf({}, false)))).toBe(
      envelope(body),
    )
    expect(clear(receive(answer({}, { text: envelope(body) })))).toBe(envelope(body))
    const inClear = answer({ parts: ['headers'] }, { signed: false, text: envelope(body) })
    expect(clear(receive(inClear, policyOf({ parts: ['headers'] }, false)))).toBe(envelope(body))
    const changedInside = answer({}, { signed: false, text: envelope(body) }).replace(
      /(<xenc:EncryptedData.*CipherValue>.{30000})/s,
      '$1?',
    )
    expect(refusal(changedInside, policyOf({}, false))).toMatch(/CipherValue is not as its schema says/)
  })

  it('refuses what was encrypted twice and is listed once', () => {
    const inner = /<xenc:EncryptedData.*<\/xenc:EncryptedData>/.exec(crafted(BODY))?.[0] ?? ''
    // Whoever decodes finds the inner one.
    expect(receive(crafted(inner.replace('Id="ED"', 'Id="inner"')), policyOf({}, false))).toContain(
      'EncryptedData',
    )
  })

  it('refuses content where only elements may be', () => {
    expect(refusal(crafted('<a/>', { place: 'header' }), policyOf({ parts: [] }, false))).toMatch(
      /only whole elements/,
    )
  })

  it('says that a response is encrypted where none is expected', () => {
    const expected = /is encrypted \(XML Encryption\), and security.decryption does not say with which key/
    for (const parts of [['body'], ['headers'], ['signature']] as const) {
      const { verify } = policyOf()
      expect(refusal(answer({ parts }), { mustUnderstand: true, ...(verify && { verify }) })).toMatch(
        expected,
      )
    }
  })

  interface Variant {
    readonly name: string
    readonly edit: (text: string) => string
    readonly expected: RegExp
    readonly policy?: WsSecurityPolicy
  }

  const isolated = (text: string, name: string): string =>
    new RegExp(`<${name}[ >].*</${name}>`, 's').exec(text)?.[0] ?? ''
  const inData = (text: string, edit: (data: string) => string): string => {
    const data = isolated(text, 'xenc:EncryptedData')
    return text.replace(data, () => edit(data))
  }
  const inKey = (text: string, edit: (key: string) => string): string => {
    const key = isolated(text, 'xenc:EncryptedKey')
    return text.replace(key, () => edit(key))
  }
  const inValue = (markup: string, edit: (bytes: Buffer) => Buffer | string): string =>
    markup.replace(/(<xenc:CipherValue>)([^<]*)/, (_, tag: string, value: string) => {
      const edited = edit(Buffer.from(value, 'base64'))
      return tag + (typeof edited === 'string' ? edited : edited.toString('base64'))
    })
  const flipped =
    (at: number) =>
    (bytes: Buffer): Buffer => {
      const i = at < 0 ? bytes.length + at : at
      bytes[i] = (bytes[i] ?? 0) ^ 0x40
      return bytes
    }

  const undecryptable = /could not be decrypted/
  const schema = /is not as its schema says/
  const references = /ReferenceList (names|holds) something else|names more than 32/
  const algorithms = /algorithm that is not among decryption\.(algorithms|keyTransports)/
  const changed = /What was signed has been changed|could not be decrypted/
  const EK_METHOD = /(<xenc:EncryptedKey [^>]*>)<xenc:EncryptionMethod [^>]*>/

  const keyVariants: readonly Variant[] = [
    ...[0, 1, 100, 255].map((at) => ({
      name: `octet ${at} of the key changed`,
      edit: (t: string) => inKey(t, (k) => inValue(k, flipped(at))),
      expected: undecryptable,
    })),
    {
      name: 'a key of zeros',
      edit: (t) => inKey(t, (k) => inValue(k, () => Buffer.alloc(256))),
      expected: undecryptable,
    },
    {
      name: 'a key of ones',
      edit: (t) => inKey(t, (k) => inValue(k, () => Buffer.alloc(256, 255))),
      expected: undecryptable,
    },
    {
      name: 'a key that is too short',
      edit: (t) => inKey(t, (k) => inValue(k, (b) => b.subarray(1))),
      expected: undecryptable,
    },
    {
      name: 'a key that is too long',
      edit: (t) => inKey(t, (k) => inValue(k, (b) => Buffer.concat([b, b]))),
      expected: undecryptable,
    },
    { name: 'no key', edit: (t) => inKey(t, (k) => inValue(k, () => '')), expected: schema },
    {
      name: 'a key that is no base64',
      edit: (t) => inKey(t, (k) => inValue(k, () => '?!')),
      expected: schema,
    },
    {
      name: 'the key of another message',
      edit: (t) =>
        inKey(t, (k) => {
          const other = isolated(answer(), 'xenc:EncryptedKey')
          return inValue(k, () => /CipherValue>([^<]*)/.exec(other)?.[1] ?? '')
        }),
      expected: undecryptable,
    },
    ...['rsa-1_5', 'tripledes-cbc', 'kw-aes256', ''].map((name) => ({
      name: `key transport ${name}`,
      edit: (t: string) => t.replace(/rsa-oaep-mgf1p/, name),
      expected: algorithms,
    })),
    {
      name: 'OAEP with another hash',
      edit: (t) =>
        t
          .replace(
            EK_METHOD,
            `$1<xenc:EncryptionMethod Algorithm="${XENC}rsa-oaep-mgf1p"><ds:DigestMethod xmlns:ds="${DS}" Algorithm="${XENC}sha256"/></xenc:EncryptionMethod>`,
          )
          .replace('</xenc:EncryptionMethod></xenc:EncryptionMethod>', '</xenc:EncryptionMethod>'),
      expected: undecryptable,
    },
    {
      name: 'OAEP with a hash that nobody knows',
      edit: (t) =>
        t
          .replace(
            EK_METHOD,
            `$1<xenc:EncryptionMethod Algorithm="${XENC}rsa-oaep-mgf1p"><ds:DigestMethod xmlns:ds="${DS}" Algorithm="urn:md5"/></xenc:EncryptionMethod>`,
          )
          .replace('</xenc:EncryptionMethod></xenc:EncryptionMethod>', '</xenc:EncryptionMethod>'),
      expected: /hash that is not supported/,
    },
    {
      name: 'OAEP of 1.0 with an MGF',
      edit: (t) =>
        t
          .replace(
            EK_METHOD,
            `$1<xenc:EncryptionMethod Algorithm="${XENC}rsa-oaep-mgf1p"><x:MGF xmlns:x="${XENC_11}" Algorithm="${XENC_11}mgf1sha256"/></xenc:EncryptionMethod>`,
          )
          .replace('</xenc:EncryptionMethod></xenc:EncryptionMethod>', '</xenc:EncryptionMethod>'),
      expected: /parameters that are not supported/,
    },
    {
      name: 'OAEP with a label',
      edit: (t) =>
        t
          .replace(
            EK_METHOD,
            `$1<xenc:EncryptionMethod Algorithm="${XENC}rsa-oaep-mgf1p"><xenc:OAEPparams>AAAA</xenc:OAEPparams></xenc:EncryptionMethod>`,
          )
          .replace('</xenc:EncryptionMethod></xenc:EncryptionMethod>', '</xenc:EncryptionMethod>'),
      expected: /parameters that are not supported/,
    },
    {
      name: 'a key for another serial number',
      edit: (t) => t.replace(/(X509SerialNumber>)\d+/, '$11'),
      expected: /another certificate/,
    },
    {
      name: 'a key for another issuer',
      edit: (t) => t.replace(/(X509IssuerName>)[^<]*/, '$1CN=x'),
      expected: /another certificate/,
    },
    {
      name: 'a key for a name',
      edit: (t) =>
        t.replace(
          /<ds:KeyInfo xmlns:ds="[^"]*"><wsse:SecurityTokenReference><ds:X509Data>.*?<\/ds:KeyInfo>/s,
          `<ds:KeyInfo xmlns:ds="${DS}"><ds:KeyName>x</ds:KeyName></ds:KeyInfo>`,
        ),
      expected: /does not name an X\.509 certificate/,
    },
    {
      name: 'another Id of the key',
      edit: (t) => t.replace(/(<xenc:EncryptedKey [^>]*Id=")[^"]*/, '$1other'),
      expected: /names a key that is not that of its ReferenceList/,
    },
    {
      name: 'the key twice',
      edit: (t) => inKey(t, (k) => k + k),
      expected: /names a key|names something else/,
    },
    {
      name: 'no EncryptionMethod of the key',
      edit: (t) =>
        t.replace(EK_METHOD, '$1').replace(/(<xenc:EncryptedKey [^>]*>)<\/xenc:EncryptionMethod>/, '$1'),
      expected: schema,
    },
    {
      name: 'the key gone',
      edit: (t) => inKey(t, () => ''),
      expected: /changed|is not encrypted/,
    },
    {
      name: 'more after the ReferenceList',
      edit: (t) => t.replace('</xenc:ReferenceList>', '</xenc:ReferenceList><a xmlns="urn:a"/>'),
      expected: schema,
    },
    ...['', '#', '#nothing', 'http://example.invalid/#ED', 'file:///etc/hostname', 'cid:a'].map((uri) => ({
      name: `a reference to "${uri}"`,
      edit: (t: string) => t.replace(/(DataReference URI=")[^"]*/, `$1${uri}`),
      expected: references,
    })),
    {
      name: 'a reference to the signed body',
      edit: (t) =>
        t.replace(/(DataReference URI=")[^"]*/, `$1#${/<soap:Body wsu:Id="([^"]*)/.exec(t)?.[1] ?? ''}`),
      expected: references,
    },
    {
      name: 'a reference to the key itself',
      edit: (t) =>
        t.replace(
          /(DataReference URI=")[^"]*/,
          `$1#${/<xenc:EncryptedKey [^>]*Id="([^"]*)/.exec(t)?.[1] ?? ''}`,
        ),
      expected: references,
    },
    {
      name: 'a reference twice',
      edit: (t) => t.replace(/<xenc:DataReference [^>]*><\/xenc:DataReference>/, '$&$&'),
      expected: references,
    },
    {
      name: 'a reference in a second list too',
      edit: (t) =>
        t
          .replace(/<xenc:ReferenceList>.*<\/xenc:ReferenceList>/s, '$&')
          .replace(
            '</wsse:Security>',
            `<xenc:ReferenceList xmlns:xenc="${XENC}">${/<xenc:DataReference [^>]*>/.exec(t)?.[0] ?? ''}</xenc:DataReference></xenc:ReferenceList></wsse:Security>`,
          ),
      expected: references,
    },
    {
      name: 'a KeyReference',
      edit: (t) => t.replaceAll('xenc:DataReference', 'xenc:KeyReference'),
      expected: references,
    },
    {
      name: '33 references',
      edit: (t) => t.replace(/<xenc:DataReference [^>]*><\/xenc:DataReference>/, (r) => r.repeat(33)),
      expected: references,
    },
    {
      name: 'no references',
      edit: (t) => t.replace(/<xenc:DataReference [^>]*><\/xenc:DataReference>/, ''),
      expected: /no ReferenceList names|is not encrypted|changed/,
    },
    {
      name: '20 keys',
      edit: (t) =>
        inKey(
          t,
          (k) =>
            [...Array(20).keys()]
              .map((i) =>
                k
                  .replace(/ Id="[^"]*"/, ` Id="k${i}"`)
                  .replace(/<xenc:ReferenceList>.*<\/xenc:ReferenceList>/s, ''),
              )
              .join('') + k,
        ),
      expected: /more than 8 encrypted keys/,
    },
  ]

  const dataVariants: readonly Variant[] = [
    ...[0, 11, 12, 40, -17, -16, -1].map((at) => ({
      name: `octet ${at} of the data changed`,
      edit: (t: string) => inData(t, (d) => inValue(d, flipped(at))),
      expected: changed,
    })),
    ...[0, 1, 11, 12, 27, 28].map((length) => ({
      name: `${length} octets of data`,
      edit: (t: string) => inData(t, (d) => inValue(d, (b) => b.subarray(0, length))),
      expected: length === 0 ? /schema|changed/ : changed,
    })),
    {
      name: 'data that is no base64',
      edit: (t) => inData(t, (d) => inValue(d, () => 'A?')),
      expected: /schema|changed/,
    },
    {
      name: 'data without its last octet',
      edit: (t) => inData(t, (d) => inValue(d, (b) => b.subarray(0, -1))),
      expected: changed,
    },
    {
      name: 'the data of another message',
      edit: (t) =>
        inData(t, (d) =>
          inValue(d, () => /CipherValue>([^<]*)/.exec(isolated(answer(), 'xenc:EncryptedData'))?.[1] ?? ''),
        ),
      expected: changed,
    },
    ...[`${XENC}aes256-cbc`, `${XENC}tripledes-cbc`, 'urn:none', ''].map((uri) => ({
      name: `data in "${uri}"`,
      edit: (t: string) => inData(t, (d) => d.replace(`${XENC_11}aes256-gcm`, uri)),
      expected: /not among decryption\.algorithms|changed/,
    })),
    {
      name: 'data with a shorter key',
      edit: (t) => inData(t, (d) => d.replace('aes256-gcm', 'aes128-gcm')),
      expected: changed,
    },
    {
      name: 'an element that was content',
      edit: (t) => inData(t, (d) => d.replace(`${XENC}Content`, `${XENC}Element`)),
      expected: /changed|It was believed/,
    },
    {
      name: 'no Type',
      edit: (t) => inData(t, (d) => d.replace(/ Type="[^"]*"/, '')),
      expected: /another Type|changed/,
    },
    {
      name: 'the Type of compressed data',
      edit: (t) =>
        inData(t, (d) => d.replace(/ Type="[^"]*"/, ' Type="http://www.w3.org/2009/xmlenc11#EXI"')),
      expected: /another Type|changed/,
    },
    {
      name: 'a CipherReference',
      edit: (t) =>
        inData(t, (d) =>
          d.replace(
            /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>/,
            '<xenc:CipherReference URI="http://example.invalid/"/>',
          ),
        ),
      expected: /CipherReference is only followed|changed/,
    },
    {
      name: 'a RetrievalMethod',
      edit: (t) =>
        inData(t, (d) =>
          d.replace(
            /<ds:KeyInfo.*<\/ds:KeyInfo>/s,
            `<ds:KeyInfo xmlns:ds="${DS}"><ds:RetrievalMethod URI="#k"/></ds:KeyInfo>`,
          ),
        ),
      expected: /RetrievalMethod|changed/,
    },
    {
      name: 'EncryptedKeySHA1',
      edit: (t) =>
        inData(t, (d) =>
          d.replace(
            /<ds:KeyInfo.*<\/ds:KeyInfo>/s,
            `<ds:KeyInfo xmlns:ds="${DS}"><wsse:SecurityTokenReference xmlns:wsse="${WSSE}"><wsse:KeyIdentifier ValueType="${WSSE_11}#EncryptedKeySHA1">AAAA</wsse:KeyIdentifier></wsse:SecurityTokenReference></ds:KeyInfo>`,
          ),
        ),
      expected: /EncryptedKeySHA1|changed/,
    },
    {
      name: 'two keys',
      edit: (t) => inData(t, (d) => d.replace('</ds:KeyInfo>', '<ds:KeyName>x</ds:KeyName></ds:KeyInfo>')),
      expected: /schema|changed/,
    },
    {
      name: 'properties',
      edit: (t) =>
        inData(t, (d) => d.replace('</xenc:CipherData>', '</xenc:CipherData><xenc:EncryptionProperties/>')),
      expected: /schema|changed/,
    },
    {
      name: 'no EncryptionMethod',
      edit: (t) => inData(t, (d) => d.replace(/<xenc:EncryptionMethod.*<\/xenc:EncryptionMethod>/s, '')),
      expected: /schema|changed/,
    },
    {
      name: 'parameters of the cipher',
      edit: (t) =>
        inData(t, (d) =>
          d.replace('</xenc:EncryptionMethod>', '<xenc:KeySize>128</xenc:KeySize></xenc:EncryptionMethod>'),
        ),
      expected: /schema|changed/,
    },
    {
      name: 'two values',
      edit: (t) =>
        inData(t, (d) =>
          d.replace('</xenc:CipherValue>', '</xenc:CipherValue><xenc:CipherValue>AAAA</xenc:CipherValue>'),
        ),
      expected: /schema|changed/,
    },
    {
      name: 'the data twice',
      edit: (t) => inData(t, (d) => d + d),
      expected: /ReferenceList|changed|It was believed/,
    },
    {
      name: 'the data twice, with another Id',
      edit: (t) => inData(t, (d) => d + d.replace(/ Id="[^"]*"/, ' Id="other"')),
      expected: /no ReferenceList names|changed|is not signed/,
    },
    {
      name: 'text beside the data',
      edit: (t) => inData(t, (d) => `x${d}`),
      expected: /changed|not encrypted/,
    },
    {
      name: 'an element beside the data',
      edit: (t) => inData(t, (d) => `${d}<m:amount xmlns:m="urn:m">666</m:amount>`),
      expected: /changed|not encrypted/,
    },
    {
      name: 'the data in a wrapper',
      edit: (t) => inData(t, (d) => `<w xmlns="urn:w">${d}</w>`),
      expected: /changed|not encrypted/,
    },
    {
      name: 'the data in a header, another body',
      edit: (t) => {
        const d = isolated(t, 'xenc:EncryptedData')
        return t
          .replace(d, '<m:result xmlns:m="urn:m"/>')
          .replace('</soap:Header>', `<w xmlns="urn:w">${d}</w></soap:Header>`)
      },
      expected: /changed|not encrypted/,
    },
    {
      name: 'the data in wsse:Security, another body',
      edit: (t) => {
        const d = isolated(t, 'xenc:EncryptedData')
        return t.replace(d, '<m:result xmlns:m="urn:m"/>').replace('</wsse:Security>', `${d}</wsse:Security>`)
      },
      expected: /changed|only whole elements|not encrypted/,
    },
    {
      name: 'the body in a header, another body that is encrypted',
      edit: (t) => {
        const body = isolated(t, 'soap:Body')
        const other = isolated(crafted('<m:result xmlns:m="urn:m"/>'), 'soap:Body')
        return t.replace(body, other).replace('</soap:Header>', `<w xmlns="urn:w">${body}</w></soap:Header>`)
      },
      expected: /no ReferenceList names|something else|not signed|changed/,
    },
    {
      name: 'the same Id on another element',
      edit: (t) =>
        t.replace(
          '</soap:Header>',
          `<w xmlns="urn:w" Id="${/<xenc:EncryptedData [^>]*Id="([^"]*)/.exec(t)?.[1] ?? ''}"/></soap:Header>`,
        ),
      expected: /ReferenceList names something else|not signed/,
    },
    {
      name: 'the signature gone',
      edit: (t) => t.replace(/<ds:Signature .*<\/ds:Signature>/s, ''),
      expected: /has no signature/,
    },
    {
      name: 'the wsse:Security gone',
      edit: (t) => t.replace(/<wsse:Security .*<\/wsse:Security>/s, ''),
      expected: /no wsse:Security header/,
    },
    {
      name: 'another signature value',
      edit: (t) =>
        t.replace(/(SignatureValue>)(.)/, (_, tag: string, c: string) => tag + (c === 'A' ? 'B' : 'A')),
      expected: /not that of its certificate/,
    },
    {
      name: 'a plain body',
      edit: (t) => inData(t, () => BODY),
      expected: /changed|ReferenceList|not encrypted/,
    },
    {
      name: 'an EncryptedHeader that nobody lists',
      edit: (t) =>
        t.replace(
          '</soap:Header>',
          `<e:EncryptedHeader xmlns:e="${WSSE_11}"><xenc:EncryptedData xmlns:xenc="${XENC}" Id="x"/></e:EncryptedHeader></soap:Header>`,
        ),
      expected: /no ReferenceList names/,
    },
    {
      name: 'an EncryptedData in wsse:Security that nobody lists',
      edit: (t) =>
        t.replace('</wsse:Security>', `<xenc:EncryptedData xmlns:xenc="${XENC}" Id="x"/></wsse:Security>`),
      expected: /no ReferenceList names/,
    },
  ]

  describe.each(orders)('%s: refuses', (order) => {
    const text = hasOpenssl ? answer({ order }) : ''
    it.each([...keyVariants, ...dataVariants])('$name', ({ edit, expected }) => {
      const edited = edit(text)
      expect(edited).not.toBe(text)
      let message: string
      try {
        message = refusal(edited)
      } catch (error) {
        message = (error as Error).message
        // What changes nothing of the meaning may pass: then it is what was signed.
        if (message === 'It was believed') expect(clear(receive(edited))).toBe(envelope())
      }
      expect(message).toMatch(expected)
    })
  })

  describe.each(orders)('with CBC allowed, %s: says the same of whatever is wrong', (order) => {
    const policy = policyOf({ algorithms: dataCipherNames })
    const text = hasOpenssl ? answer({ order, algorithm: 'aes128-cbc' }) : ''
    it.each(
      [0, 15, 16, 40, 100, -33, -32, -17, -16, -2, -1].flatMap((at) =>
        ['data', 'key'].map((where): [string, number] => [where, at]),
      ),
    )('%s, octet %d', (where, at) => {
      const edited = (where === 'data' ? inData : inKey)(text, (each) => inValue(each, flipped(at)))
      const message = refusal(edited, policy)
      // A signature over the cipher text is verified before anything is decrypted.
      if (order === 'encrypt-then-sign' && where === 'data')
        expect(message).toBe('What was signed has been changed.')
      else expect(message).toBe('The response could not be decrypted and verified.')
    })
  })

  it('takes CBC for what it is: not GCM with another name', () => {
    const gcm = answer().replace(`${XENC_11}aes256-gcm`, `${XENC}aes256-cbc`)
    expect(refusal(gcm, policyOf({ algorithms: dataCipherNames }))).toBe(
      'The response could not be decrypted and verified.',
    )
  })

  it('refuses declarations that a signature over cipher text does not cover', () => {
    const text = envelope('<m:result><m:amount>1</m:amount></m:result>').replace(
      '<soap:Envelope ',
      '<soap:Envelope xmlns:m="urn:m" ',
    )
    const signed = answer({ order: 'encrypt-then-sign' }, { text })
    expect(refusal(signed)).toMatch(/prefix whose declaration the signature does not cover/)
    expect(receive(signed, policyOf({}, { unsignedPrefixes: true }))).toContain('<m:amount>1')
    // What is signed within the body is covered.
    const covered = answer({ order: 'encrypt-then-sign', parts: [], elements: [['result', 'card']] })
    expect(receive(covered, policyOf({ parts: [] }))).toContain(SECRET)
  })
})
