import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { bytesOf } from '../../../src/base/bytes/source.js'
import { dialect } from '../../../src/soap/envelope.js'
import { readRelated } from '../../../src/soap/mime.js'
import { packageMessage } from '../../../src/soap/mime-writer.js'
import { type Attachment, inOnePiece } from '../../../src/soap/xop.js'
import type { WsSecurityPolicy } from '../../../src/ws-security/policy.js'
import { protectionOrders } from '../../../src/ws-security/policy.js'
import { compileWsSecurity } from '../../../src/ws-security/ws-security.js'
import { hasOpenssl, KeyFolder } from '../keys.js'
import { NOW, PAYLOAD, SOAP, verification } from '../signed-answer.js'

// Of the packaged stacks none knows attachments: WSS4J 1.6.19 has no transform of the profile (2.x does), nor have xmlsec1 and
// gSOAP. So what the profile makes of a part is written a second time, in Python, on libraries that are not ours.
const PYTHON = '/usr/bin/python3'
const script = fileURLToPath(new URL('../peers/attachments.py', import.meta.url))
const hasPython = spawnSync(PYTHON, ['-c', 'import lxml, cryptography']).status === 0
if (!hasPython)
  console.log('skipped: python3-lxml and python3-cryptography are not there to judge attachments')
if (!hasOpenssl) console.log('skipped: openssl is not there to make keys')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

interface Done {
  readonly error?: string
  readonly signed: readonly (readonly [string, string])[]
  readonly encrypted: readonly (readonly [string, string])[]
  readonly parts: readonly (readonly [string, string, string])[]
  readonly body: string
  readonly contentType: string
  readonly hex: string
}

function asked(jobs: readonly object[]): readonly Done[] {
  const input = jobs.map((job) => JSON.stringify(job)).join('\n')
  const { stdout, stderr, status } = spawnSync(PYTHON, [script], { input, encoding: 'utf8', maxBuffer: 1e9 })
  if (status !== 0) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Done)
}

/** Every octet, a text with line ends of all kinds, XML that canonicalisation changes, and a name that must be escaped. */
const contents: readonly (readonly [string, string, Buffer])[] = [
  ['photo@a.example', 'image/png', Buffer.from(Array.from({ length: 512 }, (_, i) => i & 0xff))],
  [
    'note=1@a.example',
    'text/plain; charset=UTF-8; name="A \\"B\\".TXT"',
    Buffer.from('eins\nzwei\r\ndrei\rvier ä\n'),
  ],
  [
    'sheet@a.example',
    'application/vnd.example+xml;charset=utf-8',
    Buffer.from(
      `<?xml version="1.0"?>\n<?p  q?>\n<s:a  xmlns:s='urn:s' xmlns:u="urn:u" z='1' s:b="&lt;"><c/>ä</s:a>\n`,
    ),
  ],
]
const attachments: readonly Attachment[] = contents.map(([contentId, mediaType, bytes]) => ({
  ...{ contentId, mediaType, bytes },
}))

const words = { content: 'attachments', complete: 'complete-attachments' } as const
const coverages = ['content', 'complete'] as const
const cases = coverages.flatMap((sign) => [
  { sign, encrypt: undefined, order: undefined, name: `signed (${sign})` },
  ...coverages.flatMap((encrypt) =>
    protectionOrders.map((order) => ({
      ...{ sign, encrypt, order },
      name: `signed (${sign}), encrypted (${encrypt}), ${order}`,
    })),
  ),
])

describe.skipIf(!hasOpenssl || !hasPython)('attachments, by the profile written a second time', () => {
  const DAYS = 20_000
  const ca = hasOpenssl ? folder.make('/O=Acme/CN=CA', { ca: true, days: DAYS }) : (undefined as never)
  const ours = folder.make('/O=Acme/CN=ours', { issuer: ca, days: DAYS })
  const theirs = folder.make('/O=Acme/CN=theirs', { issuer: ca, days: DAYS })

  const written = ({ sign, encrypt, order }: (typeof cases)[number]) => {
    const policy: WsSecurityPolicy = {
      timestamp: { ttlSeconds: 300 },
      mustUnderstand: true,
      signature: {
        key: ours,
        reference: 'binary-token',
        algorithm: 'rsa-sha256',
        digest: 'sha256',
        parts: ['body', 'timestamp', words[sign]],
      },
      ...(encrypt && {
        encryption: {
          certificate: theirs.certificate,
          reference: 'issuer-serial',
          algorithm: 'aes256-gcm',
          keyTransport: { name: 'rsa-oaep-mgf1p', digest: 'sha1', mgf: 'sha1' },
          parts: [words[encrypt]],
          elements: [],
          order,
        },
      }),
    }
    const envelope = `<soap:Envelope xmlns:soap="${SOAP}"><soap:Body>${PAYLOAD}</soap:Body></soap:Envelope>`
    const message = compileWsSecurity(policy, '1.1').secureMessage({ envelope, attachments }, {})
    const { contentType, body } = packageMessage([message.envelope], {
      attachments: message.attachments,
      form: 'swa',
      dialect: dialect('1.1'),
      action: 'a',
    })
    return { contentType, hex: bytesOf(body).toString('hex') }
  }

  it('reads what we send', () => {
    const found = asked(cases.map((each) => ({ do: 'read', key: theirs.keyFile, ...written(each) })))
    for (const [index, { sign, encrypt }] of cases.entries()) {
      const done = found[index]
      expect(done?.error).toBeUndefined()
      const transform = `Attachment-${sign === 'content' ? 'Content' : 'Complete'}-Signature-Transform`
      expect(done?.signed).toEqual([
        ['Timestamp', 'element'],
        ['Body', 'element'],
        ...contents.map(([name]) => [name, transform]),
      ])
      const type = `Attachment-${encrypt === 'content' ? 'Content-Only' : 'Complete'}`
      expect(done?.encrypted).toEqual(encrypt ? contents.map(([name]) => [name, type]) : [])
      expect(done?.parts.map(([name, type, hex]) => [name, type.trim(), hex])).toEqual(
        contents.map(([name, mediaType, bytes]) => [name, mediaType, bytes.toString('hex')]),
      )
    }
  })

  it('refuses what was changed on the way', () => {
    const { contentType, hex } = written({ sign: 'complete', encrypt: undefined, order: undefined, name: '' })
    const body = Buffer.from(hex, 'hex').toString('latin1')
    const changed = [
      body.replace('image/png', 'image/gif'),
      body.replace('zwei', 'drei'),
      body.replace("z='1'", "z='2'"),
    ]
    const found = asked(
      changed.map((each) => ({
        do: 'read',
        key: theirs.keyFile,
        contentType,
        hex: Buffer.from(each, 'latin1').toString('hex'),
      })),
    )
    for (const { error } of found) expect(error).toMatch(/the digest of cid:.* is another one/)
  })

  it('writes what we read', () => {
    const parts = contents.map(([name, mediaType, bytes]) => [
      name,
      [
        ['Content-Type', mediaType],
        ['Content-Location', 'http://a.example/b'],
        ['Content-Disposition', 'Attachment; size=7; name="A.B"'],
      ],
      bytes.toString('hex'),
    ])
    const jobs = cases.map(({ sign, encrypt, order }) => ({
      do: 'write',
      ...{ sign, encrypt, order, parts },
      key: theirs.keyFile,
      certificate: theirs.certificateFile,
      recipient: ours.certificateFile,
      body: PAYLOAD,
      created: '2030-01-02T03:04:00Z',
      expires: '2030-01-02T03:09:00Z',
    }))
    for (const [index, { error, contentType, hex }] of asked(jobs).entries()) {
      expect(error).toBeUndefined()
      const { sign = 'content', encrypt, order } = cases[index] ?? {}
      // What was encrypted before it was signed has its media type outside what is signed.
      const isOpen = encrypt === 'content' && order === 'encrypt-then-sign'
      const policy: WsSecurityPolicy = {
        mustUnderstand: true,
        verify: verification([ca], { parts: ['body', 'timestamp', isOpen ? 'attachments' : words[sign]] }),
        ...(encrypt && {
          decryption: {
            keys: [ours],
            parts: [words[encrypt]],
            algorithms: ['aes256-gcm'],
            keyTransports: ['rsa-oaep-mgf1p'],
            plainFaults: false,
          },
        }),
      }
      const { root, attachments: came } = readRelated(Buffer.from(hex, 'hex'), contentType)
      const message = {
        envelope: Buffer.from(root.bytes).toString('utf8'),
        attachments: came.map(inOnePiece),
      }
      const { envelope, attachments: found } = compileWsSecurity(policy, '1.1', () => NOW).verifyMessage(
        message,
      )
      expect(envelope).toContain(PAYLOAD)
      expect(
        found.map((part) => [part.contentId, part.mediaType, Buffer.from(part.bytes).toString('hex')]),
      ).toEqual(contents.map(([name, mediaType, bytes]) => [name, mediaType, bytes.toString('hex')]))
    }
  })
})
