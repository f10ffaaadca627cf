import { afterAll, describe, expect, it } from 'vitest'
import { bytesOf } from '../../../src/base/bytes/source.js'
import { AdapterError } from '../../../src/base/errors.js'
import { dialect } from '../../../src/soap/envelope.js'
import { readRelated } from '../../../src/soap/mime.js'
import { packageMessage } from '../../../src/soap/mime-writer.js'
import { type Attachment, ReceivedAttachments } from '../../../src/soap/xop.js'
import { gcmCiphers } from '../../../src/ws-security/algorithms/encryption.js'
import { inlineIncludes } from '../../../src/ws-security/attachments/inline-includes.js'
import type {
  DecryptedPart,
  EncryptionPolicy,
  SignedPart,
  VerifiedPart,
  WsSecurityPolicy,
} from '../../../src/ws-security/policy.js'
import { compileWsSecurity } from '../../../src/ws-security/ws-security.js'
import { hasOpenssl, KeyFolder } from '../keys.js'
import { NOW, SOAP, verification } from '../signed-answer.js'

if (!hasOpenssl) console.log('skipped: attachments cannot be protected without the openssl command for keys')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const DAYS = 20_000
const SECRET = 'Geheimnis'
const envelope = `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header></soap:Header><soap:Body><m:r xmlns:m="urn:m"><m:photo>cid:photo@a</m:photo></m:r></soap:Body></soap:Envelope>`

const attachments: readonly Attachment[] = [
  { contentId: 'photo@a', mediaType: 'image/png', bytes: Buffer.from(`${SECRET}\u0000\n\r\u00ff`, 'latin1') },
  { contentId: 'note=1@a', mediaType: 'text/plain; charset=UTF-8', bytes: Buffer.from(`${SECRET}\r\nzwei`) },
  { contentId: 'sheet@a', mediaType: 'application/xml', bytes: Buffer.from(`<a b="1" a="2">${SECRET}</a>`) },
]

function cast() {
  const ca = folder.make('/O=Acme/CN=CA', { ca: true, days: DAYS })
  return {
    ca,
    ours: folder.make('/O=Acme/CN=ours', { issuer: ca, days: DAYS }),
    backend: folder.make('/O=Acme/CN=backend', { issuer: ca, days: DAYS }),
    stranger: folder.make('/O=Acme/CN=stranger', { days: DAYS }),
  }
}

/** A message as HTTP carries it; each octet a character. */
interface Wire {
  readonly contentType: string
  readonly body: string
}

describe.skipIf(!hasOpenssl)('attachments', () => {
  const { ca, ours, backend, stranger } = hasOpenssl ? cast() : (undefined as never)

  interface Sent {
    readonly signed?: readonly SignedPart[]
    readonly encryption?: Partial<EncryptionPolicy>
    readonly by?: typeof backend
    readonly beside?: readonly Attachment[]
    readonly text?: string
  }

  /** What a backend sends, secured with what we send with. */
  const answer = ({
    signed = ['body', 'timestamp', 'attachments'],
    encryption,
    by = backend,
    beside = attachments,
    text = envelope,
  }: Sent = {}): Wire => {
    const message = compileWsSecurity(
      {
        timestamp: { ttlSeconds: 300 },
        mustUnderstand: true,
        ...(signed.length > 0 && {
          signature: {
            key: by,
            reference: 'binary-token',
            algorithm: 'rsa-sha256',
            digest: 'sha256',
            parts: signed,
          },
        }),
        ...(encryption && {
          encryption: {
            certificate: ours.certificate,
            reference: 'issuer-serial',
            algorithm: 'aes256-gcm',
            keyTransport: { name: 'rsa-oaep-mgf1p', digest: 'sha1', mgf: 'sha1' },
            parts: ['body', 'attachments'],
            elements: [],
            order: 'sign-then-encrypt',
            ...encryption,
          },
        }),
      },
      '1.1',
      () => NOW,
    ).secureMessage({ envelope: text, attachments: beside }, {})
    const { contentType, body } = packageMessage([message.envelope], {
      attachments: message.attachments,
      form: 'swa',
      dialect: dialect('1.1'),
      action: '',
      boundary: 'b-1',
    })
    return { contentType, body: bytesOf(body).toString('latin1') }
  }

  const policyOf = (
    parts: readonly VerifiedPart[] | undefined = ['body', 'timestamp', 'attachments'],
    decrypted?: readonly DecryptedPart[],
  ): WsSecurityPolicy => ({
    mustUnderstand: true,
    ...(parts.length > 0 && { verify: verification([ca], { parts }) }),
    ...(decrypted && {
      decryption: {
        keys: [ours],
        parts: decrypted,
        algorithms: [...gcmCiphers, 'aes256-cbc'],
        keyTransports: ['rsa-oaep-mgf1p'],
        plainFaults: false,
      },
    }),
  })

  const receive = ({ contentType, body }: Wire, policy = policyOf()) => {
    const { root, attachments: parts } = readRelated(Buffer.from(body, 'latin1'), contentType)
    const text = Buffer.from(root.bytes).toString('utf8')
    const sent = inlineIncludes(text, new ReceivedAttachments(parts, 1e6))
    return compileWsSecurity(policy, '1.1', () => NOW).verifyMessage(sent)
  }

  /** Why a message is refused: with nothing of it. */
  const refusal = (wire: Wire, policy = policyOf()): string => {
    try {
      receive(wire, policy)
    } catch (error) {
      if (!(error instanceof AdapterError)) throw error
      for (let each: unknown = error; each instanceof Error; each = each.cause) {
        expect(each.message).not.toContain(SECRET)
        expect(each.message).not.toContain('photo@a')
        expect(each.message).not.toMatch(/[A-Za-z0-9+/]{40}/)
      }
      expect(error.code).toMatch(/^backend-(untrusted|malformed|not-soap)$/)
      return error.message
    }
    throw new Error('It was believed')
  }

  const told = (parts: readonly Attachment[]) =>
    parts.map(({ contentId, mediaType, bytes }) => ({
      contentId,
      mediaType,
      bytes: Buffer.from(bytes).toString('latin1'),
    }))

  const words = { content: 'attachments', complete: 'complete-attachments' } as const
  const coverages = ['content', 'complete'] as const
  const orders = ['sign-then-encrypt', 'encrypt-then-sign'] as const

  it.each(coverages)('come back when signed: %s', (coverage) => {
    const wire = answer({ signed: ['body', 'timestamp', words[coverage]] })
    expect(wire.body.match(/Attachment-\w+-Signature-Transform/g)).toHaveLength(3)
    const found = receive(wire, policyOf(['body', 'timestamp', words[coverage]]))
    expect(told(found.attachments)).toEqual(told(attachments))
  })

  it.each(
    coverages.flatMap((signed) =>
      coverages.flatMap((encrypted) =>
        orders.flatMap((order) =>
          (['aes256-gcm', 'aes256-cbc'] as const).map((algorithm) => ({
            signed,
            encrypted,
            order,
            algorithm,
          })),
        ),
      ),
    ),
  )('come back when signed ($signed) and encrypted ($encrypted), $order, $algorithm', (each) => {
    const { signed, encrypted, order, algorithm } = each
    const wire = answer({
      signed: ['body', 'timestamp', words[signed]],
      encryption: { parts: ['body', words[encrypted]], order, algorithm },
    })
    expect(wire.body).not.toContain(SECRET)
    expect(wire.body).toContain(`#Attachment-${encrypted === 'content' ? 'Content-Only' : 'Complete'}"`)
    // What was encrypted before it was signed has its media type outside what is signed.
    const isOpen = encrypted === 'content' && order === 'encrypt-then-sign'
    const asked = isOpen ? 'attachments' : words[signed]
    const policy = policyOf(['body', 'timestamp', asked], ['body', words[encrypted]])
    if (order === 'encrypt-then-sign' && algorithm === 'aes256-cbc') {
      expect(refusal(wire, policy)).toBe('The response could not be decrypted and verified.')
      return
    }
    const found = receive(wire, policy)
    expect(found.envelope).toContain('cid:photo@a')
    expect(told(found.attachments)).toEqual(told(attachments))
  })

  it.each([true, false])(
    'come back when what is encrypted stands before its lists (signed: %s)',
    (isSigned) => {
      const { contentType, body } = answer({
        ...(!isSigned && { signed: [] }),
        encryption: { parts: ['body', 'attachments'] },
      })
      const data = body.match(/<xenc:EncryptedData [^>]*MimeType=.*?<\/xenc:EncryptedData>/gs) ?? []
      const [ofBody = ''] = /<xenc:DataReference .*?<\/xenc:DataReference>/s.exec(body) ?? []
      const list = `<xenc:ReferenceList xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">${ofBody}</xenc:ReferenceList>`
      const moved = data
        .reduce((text, each) => text.replace(each, ''), body)
        .replace(ofBody, '')
        .replace(/<xenc:EncryptedKey .*?<\/xenc:EncryptedKey>/s, (key) => data.join('') + key + list)
      expect(data).toHaveLength(3)
      const policy = policyOf(isSigned ? undefined : [], ['body', 'attachments'])
      const found = receive({ contentType, body: moved }, policy)
      expect(told(found.attachments)).toEqual(told(attachments))
    },
  )

  it('are not what somebody else has chosen a key for, where their cipher text is signed and CBC', () => {
    const [photo] = attachments
    const key = /<xenc:EncryptedKey .*?<\/xenc:EncryptedKey>/s
    const value = /<xenc:CipherValue>.*?<\/xenc:CipherValue>/s
    const cbc = (by: typeof backend): Wire =>
      answer({
        by,
        beside: photo ? [photo] : [],
        encryption: { parts: ['attachments'], algorithm: 'aes256-cbc', order: 'encrypt-then-sign' },
      })
    const { contentType, body } = cbc(backend)
    const policy = policyOf(undefined, ['attachments'])
    // One key in sixteen leads to a padding that may be.
    for (let tried = 0; tried < 128; tried++) {
      const [other = ''] = value.exec(key.exec(cbc(stranger).body)?.[0] ?? '') ?? []
      const swapped = body.replace(key, (own) => own.replace(value, () => other))
      expect(swapped).not.toBe(body)
      expect(refusal({ contentType, body: swapped }, policy)).toMatch(/could not be decrypted and verified/)
    }
  })

  it.each(coverages)('come back when encrypted alone: %s', (coverage) => {
    const wire = answer({ signed: [], encryption: { parts: [words[coverage]] } })
    const found = receive(wire, policyOf([], [words[coverage]]))
    expect(told(found.attachments)).toEqual(told(attachments))
  })

  it('are not needed where there are none', () => {
    const alone = { beside: [], text: envelope.replace('cid:photo@a', 'x') }
    expect(receive(answer(alone)).attachments).toEqual([])
    expect(
      receive(answer({ ...alone, encryption: {} }), policyOf(undefined, ['body', 'attachments'])).attachments,
    ).toEqual([])
  })

  it('are a hundred at most, in references too', () => {
    const many = Array.from({ length: 100 }, (_, i) => ({
      contentId: `p${i}@a`,
      mediaType: 'image/png',
      bytes: Buffer.from(`${i}`),
    }))
    const wire = answer({ beside: many, encryption: {} })
    const policy = policyOf(undefined, ['body', 'attachments'])
    expect(receive(wire, policy).attachments).toHaveLength(100)
    const [reference = ''] = /<ds:Reference URI="cid:.*?<\/ds:Reference>/s.exec(answer().body) ?? []
    const more = reference.repeat(98)
    expect(refusal(swap(answer(), reference, reference + more))).toMatch(/more than 32 references, or 100/)
  })

  it.each([true, false])(
    'are named by eight lists at most: each has the message read again (signed: %s)',
    (isSigned) => {
      const named = (count: number): Wire => {
        const beside = Array.from({ length: count }, (_, i) => ({
          contentId: `p${i}@a`,
          mediaType: 'image/png',
          bytes: Buffer.from(`${i}`),
        }))
        const { contentType, body } = answer({
          ...(!isSigned && { signed: [] }),
          beside,
          encryption: { parts: ['attachments'] },
        })
        const lists = (body.match(/<xenc:DataReference .*?<\/xenc:DataReference>/gs) ?? []).map(
          (each) =>
            `<xenc:ReferenceList xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">${each}</xenc:ReferenceList>`,
        )
        const apart = body
          .replace(/<xenc:ReferenceList>.*?<\/xenc:ReferenceList>/s, '')
          .replace('</xenc:EncryptedKey>', (end) => end + lists.join(''))
        return { contentType, body: apart }
      }
      const policy = policyOf(isSigned ? undefined : [], ['attachments'])
      expect(receive(named(8), policy).attachments).toHaveLength(8)
      expect(refusal(named(9), policy)).toMatch(/more than 8 lists/)
    },
  )

  it('of XML are given without comments, which no signature covers', () => {
    const wire = answer()
    const found = receive(swap(wire, `a="2">${SECRET}`, `a="2"><!-- ${SECRET} -->${SECRET}`))
    expect(Buffer.from(found.attachments[2]?.bytes ?? []).toString()).toBe(`<a b="1" a="2">${SECRET}</a>`)
  })

  it('of XML are refused where their signature leaves open what a type means, unless the contract takes it', () => {
    const content =
      '<a xmlns:t="urn:one" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="t:b"></a>'
    const beside = [{ contentId: 'photo@a', mediaType: 'text/xml', bytes: Buffer.from(content) }]
    const wire = swap(answer({ beside }), 'urn:one', 'urn:two')
    expect(refusal(wire)).toMatch(/xsi:type in it uses a prefix whose declaration no signature/)
    const { verify, ...others } = policyOf()
    const loosely = { ...others, ...(verify && { verify: { ...verify, unsignedPrefixes: true } }) }
    expect(receive(wire, loosely).attachments).toHaveLength(1)
  })

  it('may come in another transfer encoding: what was signed is what it stands for', () => {
    const [photo] = attachments
    const octets = Buffer.from(photo?.bytes ?? []).toString('latin1')
    const wire = swap(
      swap(answer(), octets, Buffer.from(octets, 'latin1').toString('base64')),
      'Content-Transfer-Encoding: binary\r\nContent-ID: <photo@a>',
      'Content-Transfer-Encoding: base64\r\nContent-ID: <photo@a>',
    )
    expect(told(receive(wire).attachments)).toEqual(told(attachments))
  })

  it('cannot be signed where they are not what they say', () => {
    const beside = [{ contentId: 'a@b', mediaType: 'text/xml', bytes: Buffer.from('<a>') }]
    expect(() => answer({ beside })).toThrow(expect.objectContaining({ code: 'request-unencodable' }))
  })

  const complete = (): Wire => answer({ signed: ['body', 'timestamp', 'complete-attachments'] })
  const sealed = (more: Partial<EncryptionPolicy> = {}): Wire =>
    answer({ encryption: { parts: ['attachments'], ...more } })
  const all = ['body', 'timestamp', 'complete-attachments'] as const
  const both = policyOf(undefined, ['attachments'])
  const unsigned = policyOf([], ['attachments'])
  const loose = (parts: EncryptionPolicy['parts'] = ['attachments']): Wire =>
    answer({ signed: [], encryption: { parts } })

  it.each<[string, () => Wire, RegExp, WsSecurityPolicy?]>([
    // What is signed
    [
      'no signature of theirs',
      () => answer({ signed: ['body', 'timestamp'] }),
      /An attachment is not signed/,
    ],
    [
      'attachments that nobody expects',
      () => answer(),
      /refers to an attachment/,
      policyOf(['body', 'timestamp']),
    ],
    [
      'a signature over contents where header fields must be signed',
      () => answer(),
      /header fields of an attachment are not signed/,
      policyOf(all),
    ],
    ['a signature of a stranger', () => answer({ by: stranger }), /does not lead to a certificate/],
    [
      'attachments with the signature that they had in another message',
      () => {
        const { body } = answer({ signed: ['token', 'attachments'] })
        const [token = ''] = /<wsse:BinarySecurityToken .*?<\/wsse:BinarySecurityToken>/s.exec(body) ?? []
        const [signature = ''] = /<ds:Signature .*?<\/ds:Signature>/s.exec(body) ?? []
        const wire = answer({ signed: ['body', 'timestamp'] })
        return swap(wire, '</wsse:Security>', `${token}${signature}</wsse:Security>`)
      },
      /An attachment and the soap:Body are signed apart/,
    ],
    ['changed octets', () => swap(answer(), `${SECRET}\u0000`, `${SECRET}\u0001`), /changed/],
    ['changed text', () => swap(answer(), 'zwei', 'drei'), /changed/],
    ['changed XML', () => swap(answer(), 'b="1"', 'b="2"'), /changed/],
    ['swapped Content-IDs', () => exchange(answer(), '<photo@a>', '<note=1@a>'), /changed/],
    [
      'swapped contents',
      () => exchange(answer(), `${SECRET}\r\nzwei`, `<a b="1" a="2">${SECRET}</a>`),
      /changed|canonical/,
    ],
    ['a part that is missing', () => without(answer(), 'note=1@a'), /does not have/],
    [
      'all parts missing',
      () => attachments.reduce((w, a) => without(w, a.contentId ?? ''), answer()),
      /does not have/,
    ],
    ['a part that was added', () => withPart(answer(), 'more@a'), /An attachment is not signed/],
    [
      'a part that was added, without a name',
      () => withPart(answer(), undefined),
      /An attachment is not signed/,
    ],
    ['a part that is there twice', () => withPart(answer(), 'photo@a'), /two parts of the same Content-ID/],
    ['a part under another name', () => swap(answer(), '<photo@a>', '<photo@b>'), /does not have/],
    ['a part without its name', () => swap(answer(), 'Content-ID: <photo@a>\r\n', ''), /does not have/],
    [
      'a part named twice by one signature',
      () => {
        const wire = answer()
        const [reference = ''] = /<ds:Reference URI="cid:.*?<\/ds:Reference>/s.exec(wire.body) ?? []
        return swap(wire, reference, reference + reference)
      },
      /not that of its certificate|Two references/,
    ],
    [
      'a part named twice by one signature that is good',
      () => {
        const [photo] = attachments
        const wire = answer({ beside: photo ? [photo, photo] : [] })
        const [preamble = '', root = '', first = '', , ...rest] = parts(wire)
        return { ...wire, body: [preamble, root, first, ...rest].join('--b-1') }
      },
      /Two references are to one attachment/,
    ],
    [
      'a reference that is escaped wrongly',
      () => swap(answer(), '"cid:note%3D1@a"', '"cid:note%3@a"'),
      /not that of its|does not have/,
    ],
    [
      'a name that is not escaped in its URL, beside one that it is',
      () => withPart(swap(answer(), '<note=1@a>', '<note%3D1@a>'), 'note=1@a'),
      /does not have/,
    ],
    [
      'another media type with Complete',
      () => swap(complete(), 'image/png', 'text/html'),
      /changed/,
      policyOf(all),
    ],
    [
      'XML as a text',
      () => swap(answer(), 'Content-Type: application/xml', 'Content-Type: image/png'),
      /changed/,
    ],
    [
      'another charset with Complete',
      () => swap(complete(), 'plain; charset=UTF-8', 'plain; charset=ISO-8859-1'),
      /changed/,
      policyOf(all),
    ],
    [
      'a disposition with Complete',
      () =>
        swap(complete(), 'Content-ID: <photo@a>', 'Content-ID: <photo@a>\r\nContent-Disposition: attachment'),
      /changed/,
      policyOf(all),
    ],
    [
      'a description with Complete',
      () => swap(complete(), 'Content-ID: <photo@a>', 'Content-ID: <photo@a>\r\nContent-Description: x'),
      /changed/,
      policyOf(all),
    ],
    [
      'a location with Complete',
      () => swap(complete(), 'Content-ID: <photo@a>', 'Content-Location: x\r\nContent-ID: <photo@a>'),
      /changed/,
      policyOf(all),
    ],
    [
      'no media type with Complete',
      () => swap(complete(), 'Content-Type: image/png\r\n', ''),
      /changed/,
      policyOf(all),
    ],
    [
      'a media type twice',
      () =>
        swap(
          complete(),
          'Content-Type: image/png\r\n',
          'Content-Type: image/png\r\ncontent-type: text/html\r\n',
        ),
      /Content- field twice/,
      policyOf(all),
    ],
    [
      'a header field without a canonical form',
      () => swap(complete(), 'Content-Type: image/png', 'Content-Type: image/png; a'),
      /no canonical form: Content-Type has a parameter that is not name=value/,
      policyOf(all),
    ],
    [
      'a transfer encoding that reads other octets',
      () =>
        swap(
          answer({ beside: [{ contentId: 'a@b', mediaType: 'image/png', bytes: Buffer.from('QUJD') }] }),
          'Content-Transfer-Encoding: binary\r\nContent-ID: <a@b>',
          'Content-Transfer-Encoding: base64\r\nContent-ID: <a@b>',
        ),
      /changed/,
    ],
    [
      'a transfer encoding that nobody knows',
      () =>
        swap(
          answer(),
          'Content-Transfer-Encoding: binary\r\nContent-ID: <photo@a>',
          'Content-Transfer-Encoding: x-rot13\r\nContent-ID: <photo@a>',
        ),
      /Content-Transfer-Encoding that RFC 2045 does not have/,
    ],
    [
      'another transform',
      () => swap(answer(), '#Attachment-Content-Signature-Transform', '#Attachment-Signature-Transform'),
      /other transforms/,
    ],
    [
      'exclusive canonicalization of a part',
      () =>
        swap(
          answer(),
          'http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform',
          'http://www.w3.org/2001/10/xml-exc-c14n#',
        ),
      /other transforms/,
    ],
    [
      'the transform of an attachment over the body',
      () => {
        const wire = answer()
        return {
          ...wire,
          body: wire.body.replace(
            /(<ds:Reference URI="#B-[^>]*><ds:Transforms>)<ds:Transform .*?<\/ds:Transform>/s,
            '$1<ds:Transform Algorithm="http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform"></ds:Transform>',
          ),
        }
      },
      /Only exclusive canonicalization/,
    ],
    ['XML that is not well-formed', () => swap(answer(), `${SECRET}</a>`, SECRET), /no canonical form/],
    [
      'XML with a document type',
      () => swap(answer(), '<a b="1"', '<!DOCTYPE a><a b="1"'),
      /no canonical form/,
    ],
    [
      'an Include of a part that is signed as an attachment',
      () => answer({ text: envelope.replace('cid:photo@a', include('nothing@a')) }),
      /refers to an attachment, which the signature does not cover/,
    ],
    // What is encrypted
    [
      'attachments in the clear',
      () => answer({ encryption: { parts: ['body'] } }),
      /An attachment is not encrypted/,
      policyOf(undefined, ['body', 'attachments']),
    ],
    [
      'attachments in the clear without a signature',
      () => loose(['body']),
      /An attachment is not encrypted/,
      policyOf([], ['body', 'attachments']),
    ],
    [
      'attachments that nobody expects, without a signature',
      () => loose(['body']),
      /decryption.parts does not say/,
      policyOf([], ['body']),
    ],
    [
      'encrypted attachments where there is no key',
      () => loose(),
      /security.decryption does not say with which key/,
    ],
    [
      'contents where whole parts must be encrypted',
      () => loose(),
      /header fields of an attachment are not encrypted/,
      policyOf([], ['complete-attachments']),
    ],
    [
      'a part that was added in the clear',
      () => withPart(loose(), 'more@a'),
      /An attachment is not encrypted/,
      unsigned,
    ],
    [
      'a cipher text that is missing',
      () => without(loose(), 'photo@a'),
      /something else than an attachment/,
      unsigned,
    ],
    [
      'a cipher text of another part',
      () => exchange(sealed(), 'URI="cid:photo@a"><xenc', 'URI="cid:sheet@a"><xenc'),
      /changed|canonical/,
      both,
    ],
    ['swapped cipher texts', () => exchange(sealed(), '<photo@a>', '<note=1@a>'), /changed/, both],
    [
      'one cipher text named twice',
      () => swap(loose(), 'CipherReference URI="cid:sheet@a"', 'CipherReference URI="cid:photo@a"'),
      /once/,
      unsigned,
    ],
    [
      'a CipherReference that is escaped wrongly',
      () => swap(loose(), 'CipherReference URI="cid:note%3D1@a"', 'CipherReference URI="cid:note%ZZ1@a"'),
      /something else than an attachment/,
      unsigned,
    ],
    ...['http://attacker.example/x', 'file:///etc/passwd', '#B', '', 'cid:', 'cid:root@a', 'CID:photo@b'].map(
      (uri): [string, () => Wire, RegExp, WsSecurityPolicy] => [
        `a CipherReference to ${uri}`,
        () => swap(loose(), 'CipherReference URI="cid:photo@a"', `CipherReference URI="${uri}"`),
        /something else than an attachment/,
        unsigned,
      ],
    ),
    [
      'a CipherReference to the envelope',
      () =>
        swap(loose(), 'CipherReference URI="cid:photo@a"', 'CipherReference URI="cid:envelope@soapstone"'),
      /something else than an attachment/,
      unsigned,
    ],
    [
      'other transforms of a cipher text',
      () => swap(loose(), '#Attachment-Ciphertext-Transform', '#Attachment-Content-Signature-Transform'),
      /other transforms/,
      unsigned,
    ],
    [
      'an EncryptedData in the body',
      () => {
        const wire = loose()
        const [data = ''] = /<xenc:EncryptedData .*?<\/xenc:EncryptedData>/s.exec(wire.body) ?? []
        return swap(swap(wire, data, ''), '<m:photo>', `<m:photo>${data}`)
      },
      /outside wsse:Security/,
      unsigned,
    ],
    [
      'an EncryptedData that was taken away',
      () => {
        const wire = loose()
        const [data = ''] = /<xenc:EncryptedData .*?<\/xenc:EncryptedData>/s.exec(wire.body) ?? []
        return swap(wire, data, '')
      },
      /names something else than one EncryptedData/,
      unsigned,
    ],
    [
      'an EncryptedData that no list names',
      () => {
        const wire = loose()
        const [reference = ''] = /<xenc:DataReference .*?<\/xenc:DataReference>/s.exec(wire.body) ?? []
        return swap(wire, reference, '')
      },
      /no ReferenceList names/,
      unsigned,
    ],
    [
      'a media type outside what is signed, where header fields must be signed',
      () =>
        swap(
          answer({
            signed: ['body', 'timestamp', 'complete-attachments'],
            encryption: { parts: ['attachments'], order: 'encrypt-then-sign' },
          }),
          'MimeType="image/png"',
          'MimeType="text/html"',
        ),
      /media type of an attachment, whose content alone was encrypted before it was signed/,
      policyOf(all, ['attachments']),
    ],
    ['a changed cipher text', () => changedPart(loose(), 'photo@a'), /could not be decrypted/, unsigned],
    [
      'a changed cipher text with CBC',
      () => changedPart(sealed({ algorithm: 'aes256-cbc' }), 'photo@a'),
      /could not be decrypted and verified/,
      both,
    ],
    [
      'a MimeType that is none',
      () => swap(loose(), 'MimeType="image/png"', 'MimeType="image"'),
      /no media type/,
      unsigned,
    ],
    [
      'a MimeType with a line end',
      () => swap(loose(), 'MimeType="image/png"', 'MimeType="image/png&#10;X: y"'),
      /no media type/,
      unsigned,
    ],
    [
      'a Type that is neither',
      () => swap(loose(), '#Attachment-Content-Only"', '#Attachment-All"'),
      /another Type/,
      unsigned,
    ],
    [
      'a whole part that is only content',
      () => swap(loose(), '#Attachment-Content-Only"', '#Attachment-Complete"'),
      /could not be decrypted/,
      unsigned,
    ],
    [
      'a whole part under another name',
      () => exchange(loose(['complete-attachments']), '<photo@a>', '<note=1@a>'),
      /another Content-ID within than without/,
      policyOf([], ['complete-attachments']),
    ],
  ])('refuses %s', (_, wire, expected, policy) => {
    const reason = refusal(wire(), policy)
    expect(reason).toMatch(expected)
  })

  it.each([
    ['a charset in a comment', 'plain; (;charset=ISO-8859-1;) charset=UTF-8'],
    ['white space within a charset', 'plain; charset=U TF-8'],
    ['a charset in sections', 'plain; charset*0=U; charset*1=TF-8'],
    ['a charset in a charset', "plain; charset*=us-ascii''UTF-8"],
    ['white space within a media type', 'pl ain; charset=UTF-8'],
    ['a comment in a media type', 'plain(x); charset=UTF-8'],
    ['a value that is quoted in part', 'plain; charset=U"TF-8"'],
  ])('refuses %s with Complete', (_, type) => {
    const wire = swap(complete(), 'plain; charset=UTF-8', type)
    expect(refusal(wire, policyOf(all))).toMatch(/Content-Type of an attachment has comments|changed/)
  })

  it.each([
    ['attachments', 'Content-Only', 'Complete'],
    ['complete-attachments', 'Complete', 'Content-Only'],
  ] as const)('refuses signed cipher texts of %s that are said to be others', (part, is, says) => {
    // Content that reads like a part of its own.
    const bytes = Buffer.from(`Content-Type: text/html\r\n\r\n${SECRET}`)
    const wire = answer({
      beside: [{ contentId: 'a@b', mediaType: 'message/rfc822', bytes }],
      encryption: { parts: ['body', part], order: 'encrypt-then-sign' },
    })
    expect(
      refusal(swap(wire, `#Attachment-${is}"`, `#Attachment-${says}"`), policyOf(undefined, ['body', part])),
    ).toMatch(/nothing signed says|header fields of an attachment are not encrypted/)
    // The contract does not say of what they are.
    expect(refusal(wire, policyOf(undefined, ['body']))).toMatch(/nothing signed says/)
  })

  it('count as what they stand for where they are included (XOP)', () => {
    const bytes = Buffer.from(`${SECRET}${SECRET}`)
    const text = envelope.replace('cid:photo@a', bytes.toString('base64'))
    const inline = answer({ signed: ['body', 'timestamp'], beside: [], text })
    const wire = withPart(
      swap(inline, bytes.toString('base64'), include('x@a')),
      'x@a',
      bytes.toString('latin1'),
    )
    const found = receive(wire, policyOf(['body', 'timestamp']))
    expect(found.envelope).toContain(`<m:photo>${bytes.toString('base64')}</m:photo>`)
    expect(found.attachments).toEqual([])
    expect(refusal(swap(wire, `${SECRET}${SECRET}`, SECRET), policyOf(['body', 'timestamp']))).toMatch(
      /changed/,
    )
    expect(refusal(withPart(wire, 'more@a'), policyOf(['body', 'timestamp']))).toMatch(/verify.parts/)
    expect(refusal(without(wire, 'x@a'), policyOf(['body', 'timestamp']))).toMatch(/changed/)
  })
})

function include(contentId: string): string {
  return `<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:${contentId}"/>`
}

function swap({ contentType, body }: Wire, from: string, to: string): Wire {
  if (!body.includes(from)) throw new Error('There is nothing to change')
  return { contentType, body: body.replace(from, () => to) }
}

function exchange(wire: Wire, one: string, other: string): Wire {
  return swap(swap(swap(wire, one, '\u0000one'), other, one), '\u0000one', other)
}

const parts = ({ body }: Wire): string[] => body.split('--b-1')

function without(wire: Wire, contentId: string): Wire {
  const kept = parts(wire).filter((part) => !part.includes(`Content-ID: <${contentId}>`))
  return { ...wire, body: kept.join('--b-1') }
}

function withPart(wire: Wire, contentId: string | undefined, content = 'x'): Wire {
  const id = contentId === undefined ? '' : `Content-ID: <${contentId}>\r\n`
  const part = `\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n${id}\r\n${content}\r\n`
  return swap(wire, '\r\n--b-1--', `\r\n--b-1${part}--b-1--`)
}

/** The last octet of a part is another one. */
function changedPart(wire: Wire, contentId: string): Wire {
  const changed = parts(wire).map((part) =>
    part.includes(`Content-ID: <${contentId}>`)
      ? part.slice(0, -3) + String.fromCharCode(part.charCodeAt(part.length - 3) ^ 1) + '\r\n'
      : part,
  )
  return { ...wire, body: changed.join('--b-1') }
}
