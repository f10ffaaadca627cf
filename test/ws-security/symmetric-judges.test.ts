import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import {
  type DataCipherName,
  dataCipherNames,
  dataCiphers,
} from '../../src/ws-security/algorithms/encryption.js'
import { digestMethods, type MacAlgorithm, macMethods } from '../../src/ws-security/algorithms/signature.js'
import type { ConversationVersion } from '../../src/ws-security/names.js'
import type { EncryptedPart, ProtectionOrder, WsSecurityPolicy } from '../../src/ws-security/policy.js'
import { compileWsSecurity } from '../../src/ws-security/ws-security.js'
import { hasOpenssl, KeyFolder, openssl } from './keys.js'
import { hasWss4j, hasXmlsec, java, wss4jPath } from './peers.js'
import { PAYLOAD, SOAP, verification } from './signed-answer.js'

if (!hasOpenssl) console.log('skipped: openssl is not there to make keys')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})
const file = (name: string, text: string | Buffer): string => {
  const path = join(folder.path, name)
  writeFileSync(path, text)
  return path
}

/** With spaces, which Base64 does not have: ciphertext can never hold it by chance. */
const NUMBER = '4111 1111 1111 1111'
const TO = '<a:To xmlns:a="http://www.w3.org/2005/08/addressing">urn:x</a:To>'
const envelope = `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header>${TO}</soap:Header><soap:Body><m:pay xmlns:m="urn:m"><m:card>${NUMBER}</m:card></m:pay></soap:Body></soap:Envelope>`
const response = `<soap:Envelope xmlns:soap="${SOAP}"><soap:Header/><soap:Body>${PAYLOAD}</soap:Body></soap:Envelope>`

interface Case {
  readonly name: string
  readonly derived?: ConversationVersion
  readonly cipher?: DataCipherName
  readonly encrypted?: readonly EncryptedPart[]
  readonly order?: ProtectionOrder
  readonly mac?: MacAlgorithm
  readonly isEndorsed?: boolean
  readonly hasUser?: boolean
  readonly hasTokenSigned?: boolean
  /** What WSS4J says of the request. */
  readonly done: string
}

/** WSS4J 1.6 does not know how long derived keys for GCM are. */
const NO_DERIVED_GCM =
  'refused: org.apache.ws.security.WSSecurityException: An unsupported signature or encryption algorithm was used'

/** WSS4J 1.6 does not read AES with 192 bits. */
const ciphers = dataCipherNames.filter((name) => !name.startsWith('aes192'))
const orders = ['sign-then-encrypt', 'encrypt-then-sign'] as const
const kinds = [undefined, 'ws-sc-1.3', 'ws-sc-2005'] as const

const cases: readonly Case[] = kinds.flatMap((derived): Case[] => {
  const what = derived ?? 'the key itself'
  const keys = derived ? 'derived key, derived key, ' : ''
  return [
    { name: `${what}, signed alone`, ...(derived && { derived }), done: `${keys}signature of 3, timestamp` },
    ...ciphers.flatMap((cipher) =>
      orders.map((order): Case => ({
        name: `${what}, ${cipher}, ${order}`,
        ...(derived && { derived }),
        ...{ cipher, order, encrypted: ['body'] },
        done:
          derived && cipher.endsWith('gcm')
            ? NO_DERIVED_GCM
            : `${keys}encryption of 1, signature of 3, timestamp`,
      })),
    ),
    {
      name: `${what}, HMAC-SHA1`,
      ...(derived && { derived }),
      mac: 'hmac-sha1',
      done: `${keys}signature of 3, timestamp`,
    },
    {
      name: `${what}, signature and user encrypted, endorsed`,
      ...(derived && { derived }),
      ...{
        cipher: 'aes256-cbc',
        encrypted: ['body', 'signature', 'username'],
        isEndorsed: true,
        hasUser: true,
      },
      done: `${keys}encryption of 4, endorsement of 1, signature of 4, timestamp, user`,
    },
    {
      name: `${what}, endorsed, with tokens signed`,
      ...(derived && { derived }),
      ...{ isEndorsed: true, hasTokenSigned: true },
      done: `${keys}endorsement of 2, signature of 4, timestamp`,
    },
    {
      name: `${what}, endorsed`,
      ...(derived && { derived }),
      isEndorsed: true,
      done: `${keys}endorsement of 1, signature of 3, timestamp`,
    },
  ]
})

function cast() {
  const ca = folder.make('/C=DE/O=Acme/CN=CA', { ca: true })
  return {
    ca,
    ours: folder.make('/C=DE/O=Acme/CN=ours', { issuer: ca }),
    theirs: folder.make('/C=DE/O=Acme/CN=theirs', { issuer: ca, extensions: ['subjectKeyIdentifier=hash'] }),
  }
}

describe.skipIf(!hasOpenssl)('a key for each call, with judges that are not ours', () => {
  const { ca, ours, theirs } = hasOpenssl ? cast() : (undefined as never)

  const policyOf = (each: Case): WsSecurityPolicy => {
    const { cipher, order = 'sign-then-encrypt', encrypted = [], mac = 'hmac-sha256' } = each
    const digest = mac === 'hmac-sha1' ? 'sha1' : 'sha256'
    return {
      mustUnderstand: true,
      timestamp: { ttlSeconds: 300 },
      ...(each.hasUser && { username: { name: 'mike', password: 'changeit', type: 'text', nonce: false } }),
      symmetric: {
        certificate: theirs.certificate,
        reference: 'thumbprint',
        keyTransport: { name: 'rsa-oaep-mgf1p', digest: 'sha1', mgf: 'sha1' },
        keyBytes: cipher ? dataCiphers[cipher].keyBytes : 32,
        ...(each.derived && { derivedKeys: each.derived }),
      },
      signature: {
        ...{ reference: 'symmetric', algorithm: mac, digest },
        parts: [
          ...(['body', 'timestamp', 'headers'] as const),
          ...(each.hasUser ? (['username'] as const) : []),
          ...(each.hasTokenSigned ? (['token'] as const) : []),
        ],
      },
      ...(each.isEndorsed && {
        endorsement: { key: ours, reference: 'binary-token', algorithm: 'rsa-sha256', digest: 'sha256' },
      }),
      ...(cipher && { encryption: { algorithm: cipher, parts: encrypted, elements: [], order } }),
      ...(cipher && {
        decryption: {
          ...{ keys: [], parts: ['body'], algorithms: [cipher], keyTransports: [], plainFaults: false },
        },
      }),
      verify: verification([], { symmetric: true, confirmation: true, sha1: mac === 'hmac-sha1' }),
    }
  }

  it.runIf(hasWss4j)('are read and answered by WSS4J', () => {
    const p12 = join(folder.path, 'theirs.p12')
    const certificate = ['-inkey', theirs.keyFile, '-in', theirs.certificateFile, '-name', 'theirs']
    openssl(['pkcs12', '-export', ...certificate, '-passout', 'pass:changeit', '-out', p12])
    const plain = file('response.xml', response)
    const calls = cases.map((each, i) => {
      const security = compileWsSecurity(policyOf(each), '1.1')
      const { envelope: text, sent } = security.secureMessage({ envelope, attachments: [] }, {})
      if (each.encrypted?.includes('body')) expect(text).not.toContain(NUMBER)
      const out = join(folder.path, `answer-${i}.xml`)
      const mac = each.mac ?? 'hmac-sha256'
      const options = [
        'confirm',
        ...(each.derived ? [each.derived === 'ws-sc-1.3' ? 'derived' : 'derived2005'] : []),
        ...(each.cipher ? ['encrypt'] : []),
        ...(each.order === 'encrypt-then-sign' ? ['encrypt-first'] : []),
        ...(each.encrypted?.includes('signature') ? ['encrypt-signature'] : []),
      ]
      const job = [
        file(`request-${i}.xml`, text),
        plain,
        out,
        dataCiphers[each.cipher ?? 'aes256-gcm'].uri,
        macMethods[mac].uri,
        digestMethods[mac === 'hmac-sha1' ? 'sha1' : 'sha256'],
        options.join(','),
      ]
      return { each, security, sent, out, job: job.join(' ') }
    })
    const { stdout, stderr } = java([
      ...['-cp', wss4jPath, fileURLToPath(new URL('peers/Wss4jSymmetric.java', import.meta.url))],
      ...[file('jobs', calls.map(({ job }) => job).join('\n')), p12, file('trust.pem', ca.certificatePem)],
    ])
    const verdicts = stdout.trim().split('\n')
    expect(verdicts, stderr).toHaveLength(calls.length)
    const found = calls.map(({ each: { name } }, i) => `${name}: ${verdicts[i] ?? ''}`)
    expect(found).toEqual(cases.map(({ name, done }) => `${name}: ${done}`))
    for (const [i, { each, security, sent, out }] of calls.entries()) {
      if (each.done === NO_DERIVED_GCM) continue
      const text = readFileSync(out, 'utf8')
      if (each.cipher) expect(text, each.name).not.toContain('m:amount')
      expect(security.verify(text, undefined, sent), each.name).toContain(PAYLOAD)
      // To another call it says nothing.
      const other = calls[(i + 1) % calls.length]?.sent
      expect(() => security.verify(text, undefined, other), each.name).toThrow(
        expect.objectContaining({ code: 'backend-untrusted' }) as Error,
      )
    }
  })

  it.runIf(hasXmlsec).each(['hmac-sha1', 'hmac-sha256', 'hmac-sha384', 'hmac-sha512'] as const)(
    'are signed so that xmlsec1 verifies them: %s',
    (mac) => {
      const security = compileWsSecurity(policyOf({ name: '', mac, done: '' }), '1.1')
      const { envelope: text, sent } = security.secureMessage({ envelope, attachments: [] }, {})
      const key = file('secret.bin', sent.key?.secret ?? '')
      const ids = ['Body', 'Timestamp', 'To'].flatMap((name) => ['--id-attr:Id', name])
      const bare = text.replace(/(<ds:Signature .*)<ds:KeyInfo>.*?<\/ds:KeyInfo>/s, '$1')
      const judged = (message: string): string =>
        spawnSync('xmlsec1', ['--verify', '--hmackey', key, ...ids, file('signed.xml', message)], {
          encoding: 'utf8',
        }).stderr
      expect(judged(bare)).toMatch(/^OK/)
      expect(judged(bare.replace(NUMBER, '0'))).toMatch(/^FAIL/m)
    },
  )
})
