import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import {
  type DataCipherName,
  dataCipherNames,
  dataCiphers,
  type KeyTransport,
  keyTransportNames,
  keyTransports,
} from '../../../src/ws-security/algorithms/encryption.js'
import { DS, WSSE, XENC } from '../../../src/ws-security/names.js'
import {
  type EncryptionPolicy,
  type KeyReference,
  keyReferences,
  type ProtectionOrder,
  protectionOrders,
  type WsSecurityPolicy,
} from '../../../src/ws-security/policy.js'
import { compileWsSecurity } from '../../../src/ws-security/ws-security.js'
import { hasOpenssl, KeyFolder, openssl } from '../keys.js'
import { hasWss4j, hasXmlsec, java, wss4jPath } from '../peers.js'
import { SOAP, verification } from '../signed-answer.js'

if (!hasOpenssl) console.log('skipped: openssl is not there to make keys')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})
const file = (name: string, text: string): string => {
  const path = join(folder.path, name)
  writeFileSync(path, text)
  return path
}

const TO = '<a:To xmlns:a="http://www.w3.org/2005/08/addressing" soap:mustUnderstand="1">urn:x</a:To>'
/** With spaces, which Base64 does not have: ciphertext can never hold it by chance. */
const NUMBER = '4111 1111 1111 1111'
const CARD = `<m:card><m:number>${NUMBER}</m:number><m:holder>Jörg &amp; Söhne</m:holder></m:card>`
const envelope = (): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<soap:Envelope xmlns:soap="${SOAP}"><soap:Header>${TO}</soap:Header>` +
  `<soap:Body><m:pay xmlns:m="urn:m" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">${CARD}<m:amount>100</m:amount></m:pay></soap:Body></soap:Envelope>`

function cast() {
  const ca = folder.make('/C=DE/O=Acme/CN=CA', { ca: true })
  const extensions = ['subjectKeyIdentifier=hash', 'authorityKeyIdentifier=keyid']
  return {
    ca,
    ours: folder.make('/C=DE/O=Acme/CN=ours', { issuer: ca, extensions }),
    theirs: folder.make('/C=DE/O=Acme/CN=theirs', { issuer: ca, extensions }),
  }
}

/** WSS4J 1.6 writes keys of 192 bits and does not read them. */
const WSS4J_192 =
  'org.apache.ws.security.WSSecurityException: An error was discovered processing the <wsse:Security> header (xenc:EncryptionMethod/@Algorithm is not supported:'

const OAEP: KeyTransport = { name: 'rsa-oaep-mgf1p', digest: 'sha1', mgf: 'sha1' }

interface Case {
  readonly name: string
  readonly cipher: DataCipherName
  readonly transport: KeyTransport
  readonly reference: KeyReference
  readonly order: ProtectionOrder
}

const DEFAULT = {
  cipher: 'aes256-gcm',
  transport: OAEP,
  reference: 'binary-token',
  order: 'sign-then-encrypt',
} as const

/** Every algorithm, order and key reference, each in both orders. */
const cases: readonly Case[] = protectionOrders.flatMap((order) => [
  ...dataCipherNames.map((cipher) => ({ ...DEFAULT, order, cipher, name: `${cipher}, ${order}` })),
  ...keyReferences.map((reference) => ({ ...DEFAULT, order, reference, name: `${reference}, ${order}` })),
  ...(['sha1', 'sha256'] as const).map((digest) => ({
    ...DEFAULT,
    order,
    transport: { ...OAEP, digest },
    name: `rsa-oaep-mgf1p with ${digest}, ${order}`,
  })),
  { ...DEFAULT, order, transport: { ...OAEP, name: 'rsa-1_5' }, name: `rsa-1_5, ${order}` },
])

describe.skipIf(!hasOpenssl)('encryption, with judges that are not ours', () => {
  const { ca, ours, theirs } = hasOpenssl ? cast() : (undefined as never)

  const policyOf = (each: Case, more: Partial<EncryptionPolicy> = {}): WsSecurityPolicy => ({
    timestamp: { ttlSeconds: 300 },
    mustUnderstand: true,
    signature: {
      key: ours,
      reference: 'binary-token',
      algorithm: 'rsa-sha256',
      digest: 'sha256',
      parts: ['body', 'timestamp', 'headers'],
    },
    encryption: {
      certificate: theirs.certificate,
      reference: each.reference,
      algorithm: each.cipher,
      keyTransport: each.transport,
      parts: ['body', 'headers'],
      elements: [],
      order: each.order,
      ...more,
    },
  })
  const ownPolicy: WsSecurityPolicy = {
    mustUnderstand: true,
    decryption: {
      keys: [ours],
      parts: ['body'],
      algorithms: dataCipherNames,
      keyTransports: keyTransportNames,
      plainFaults: false,
    },
    verify: verification([ca]),
  }
  const secure = (policy: WsSecurityPolicy): string => compileWsSecurity(policy, '1.1').secure(envelope(), {})

  describe.runIf(hasWss4j)('WSS4J', () => {
    const keyStore = (name: string, { keyFile, certificateFile }: typeof ours): string => {
      const path = join(folder.path, `${name}.p12`)
      const certificate = ['-inkey', keyFile, '-in', certificateFile, '-name', name]
      openssl(['pkcs12', '-export', ...certificate, '-passout', 'pass:changeit', '-out', path])
      return path
    }
    const run = (jobs: readonly string[]): string[] => {
      const trust = file('trust.pem', ca.certificatePem + ours.certificatePem)
      const { stdout, stderr } = java([
        '-cp',
        wss4jPath,
        fileURLToPath(new URL('../peers/Wss4jEncryption.java', import.meta.url)),
        file('jobs', jobs.join('\n')),
        keyStore('theirs', theirs),
        trust,
      ])
      const verdicts = stdout.trim().split('\n')
      expect(verdicts, stderr).toHaveLength(jobs.length)
      return verdicts
    }

    it('reads what we encrypt', () => {
      const partial = policyOf(
        { ...DEFAULT, name: 'elements' },
        { parts: ['signature'], elements: [['pay', 'card']] },
      )
      const messages: [string, string, string][] = [
        ...cases.map((each): [string, string, string] => [
          each.name,
          secure(policyOf(each)),
          each.cipher.startsWith('aes192')
            ? `refused: ${WSS4J_192} ${dataCiphers[each.cipher].uri})`
            : 'encryption of 2, signature of 3, timestamp',
        ]),
        ['elements and the signature', secure(partial), 'encryption of 2, signature of 3, timestamp'],
      ]
      const jobs = messages.map(([, text], i) => {
        expect(text).not.toContain(NUMBER)
        return `read ${file(`ours-${i}.xml`, text)} ${join(folder.path, `ours-${i}-plain.xml`)}`
      })
      const verdicts = run(jobs)
      const found = messages.map(([name], i) => `${name}: ${verdicts[i] ?? ''}`)
      expect(found).toEqual(messages.map(([name, , verdict]) => `${name}: ${verdict}`))
      for (const i of messages.keys()) {
        if (verdicts[i]?.startsWith('refused')) continue
        const plain = readFileSync(join(folder.path, `ours-${i}-plain.xml`), 'utf8')
        expect(plain).toContain(`<m:number>${NUMBER}</m:number>`)
        expect(plain).toContain('urn:x</a:To>')
      }
    })

    it('writes what we decrypt, and what we must refuse is refused', () => {
      const referenceNames = {
        'binary-token': 'BST_DIRECT_REFERENCE',
        'issuer-serial': 'ISSUER_SERIAL',
        'subject-key-identifier': 'SKI_KEY_IDENTIFIER',
        thumbprint: 'THUMBPRINT_IDENTIFIER',
      }
      const parts = [
        'Body|soap|Content',
        'To|http://www.w3.org/2005/08/addressing|Header',
        'card|urn:m|Element',
      ]
      const plain = file('plain.xml', envelope().replace(' soap:mustUnderstand="1"', ''))
      const jobs = cases
        .filter(({ transport }) => transport.digest === 'sha1')
        .map((each, i) => ({ each, part: parts[i % 3] ?? '', out: join(folder.path, `theirs-${i}.xml`) }))
      const verdicts = run(
        jobs.map(({ each, part, out }) =>
          [
            'write',
            each.order.replaceAll('encrypt', 'crypt'),
            referenceNames[each.reference],
            dataCiphers[each.cipher].uri,
            keyTransports[each.transport.name].uri,
            part,
            plain,
            out,
          ].join(' '),
        ),
      )
      expect(verdicts).toEqual(jobs.map(() => 'written'))
      for (const { each, part, out } of jobs) {
        const isWhole = part.startsWith('Body')
        const policy = {
          ...ownPolicy,
          decryption: { ...ownPolicy.decryption, parts: isWhole ? ['body'] : [] },
        }
        const text = readFileSync(out, 'utf8')
        const result = compileWsSecurity(policy as WsSecurityPolicy, '1.1').verify(text)
        expect(result, each.name).toContain(`<m:number>${NUMBER}</m:number>`)
        expect(result, each.name).not.toContain('EncryptedData')
      }
    })
  })

  describe.runIf(hasXmlsec)('xmlsec1', () => {
    const xmlsec = (...args: string[]): { stdout: string; stderr: string } =>
      spawnSync('xmlsec1', args, { encoding: 'utf8' })
    const known = cases.filter(
      ({ order, transport, reference }) =>
        order === 'sign-then-encrypt' && transport.digest === 'sha1' && reference === 'binary-token',
    )

    it.each(known)('decrypts what we encrypt, $name, and verifies what it finds', (each) => {
      const text = secure(policyOf(each, { parts: ['body'] }))
      // It knows nothing of references from EncryptedData to a key in a header.
      const key = /<xenc:EncryptedKey .*<\/xenc:EncryptedKey>/s.exec(text)?.[0] ?? ''
      const bare = key
        .replace(/<ds:KeyInfo.*<\/ds:KeyInfo>/s, '')
        .replace(/<xenc:ReferenceList>.*<\/xenc:ReferenceList>/s, '')
      const moved = text
        .replace(key, '')
        .replace(/(<xenc:EncryptedData .*?<ds:KeyInfo[^>]*>).*?(<\/ds:KeyInfo>)/s, `$1${bare}$2`)
      const path = file('moved.xml', moved)
      const { stdout, stderr } = xmlsec('--decrypt', '--privkey-pem', theirs.keyFile, path)
      expect(stdout, stderr).toContain(`<m:number>${NUMBER}</m:number>`)
      const ids = ['Body', 'Timestamp', 'To'].flatMap((name) => ['--id-attr:Id', name])
      const verdict = xmlsec(
        '--verify',
        '--pubkey-cert-pem',
        ours.certificateFile,
        ...ids,
        file('plain.xml', stdout),
      )
      expect(verdict.stderr).toMatch(/^OK/)
    })

    it.each(
      known.flatMap((each) =>
        (['Content', 'Element'] as const).map((type) => ({ ...each, type, name: `${each.name}, ${type}` })),
      ),
    )('encrypts what we decrypt, $name', ({ cipher, transport, type }) => {
      const template = file(
        'template.xml',
        `<xenc:EncryptedData xmlns:xenc="${XENC}" Id="ED" Type="${XENC}${type}"><xenc:EncryptionMethod Algorithm="${dataCiphers[cipher].uri}"/>` +
          `<ds:KeyInfo xmlns:ds="${DS}"><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="${keyTransports[transport.name].uri}"/><xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>` +
          '<xenc:CipherData><xenc:CipherValue/></xenc:CipherData></xenc:EncryptedData>',
      )
      const list = `<wsse:Security xmlns:wsse="${WSSE}"><xenc:ReferenceList xmlns:xenc="${XENC}"><xenc:DataReference URI="#ED"/></xenc:ReferenceList></wsse:Security>`
      const data = file('data.xml', envelope().replace('</soap:Header>', `${list}</soap:Header>`))
      const bits = `${dataCiphers[cipher].keyBytes * 8}`
      const { stdout, stderr } = xmlsec(
        ...['--encrypt', '--pubkey-cert-pem', ours.certificateFile, '--session-key', `aes-${bits}`],
        ...['--xml-data', data, '--node-name', type === 'Element' ? 'urn:m:pay' : `${SOAP}:Body`, template],
      )
      expect(stdout, stderr).toContain('CipherValue')
      expect(stdout).not.toContain(NUMBER)
      const { decryption, mustUnderstand } = ownPolicy
      const policy = { mustUnderstand, ...(decryption && { decryption }) }
      expect(compileWsSecurity(policy, '1.1').verify(stdout)).toContain(`<m:number>${NUMBER}</m:number>`)
    })
  })
})
