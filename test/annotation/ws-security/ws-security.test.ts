import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readBackends } from '../../../src/annotation/backend/backend.js'
import { Diagnostics } from '../../../src/base/diagnostic/diagnostic.js'
import type { WsSecurityPolicy } from '../../../src/ws-security/policy.js'
import { readValid } from '../../openapi/contract-text.js'
import { Authority } from '../../ws-security/authority.js'
import { type Credential, hasOpenssl, KeyFolder, openssl } from '../../ws-security/keys.js'

if (!hasOpenssl) console.log('skipped: openssl is not there to make keys')

const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

/** @param security in YAML flow style */
function read(
  security: string,
  env: Record<string, string> = {},
  endpoint = 'https://h/',
): { policy: WsSecurityPolicy | undefined; found: string[]; text: string } {
  const diagnostics = new Diagnostics()
  const yaml = `openapi: 3.1.0\nx-soap-backends:\n  a:\n    wsdl: a.wsdl\n    endpoint: ${endpoint}\n    security: ${security}\n`
  const [backend] = readBackends(readValid(yaml), env, diagnostics, folder.path)
  const found = diagnostics.list.map(({ code, severity, at }) => `${severity} ${code} ${at?.line ?? 0}`)
  const text = diagnostics.list.map(({ message }) => message).join('\n')
  return { policy: backend?.security, found, text }
}

describe('security of a backend', () => {
  it('is absent where the annotation has none', () => {
    const diagnostics = new Diagnostics()
    const document = readValid('openapi: 3.1.0\nx-soap-backends:\n  a: { wsdl: a.wsdl }\n')
    expect(readBackends(document, {}, diagnostics)[0]).not.toHaveProperty('security')
  })

  it('has defaults', () => {
    expect(read('{ timestamp: {} }')).toMatchObject({
      policy: { timestamp: { ttlSeconds: 300 }, mustUnderstand: true },
      found: [],
    })
  })

  it('has what does not need keys', () => {
    const { policy, found } = read(
      '{ timestamp: { ttlSeconds: 60 }, username: { name: "${U}", password: "${P}", type: digest }, saml: { assertion: $request.header.X-Saml }, mustUnderstand: false, actor: "urn:${U}" }',
      { U: 'bob', P: 'secret' },
    )
    expect(found).toEqual([])
    expect(policy).toEqual({
      timestamp: { ttlSeconds: 60 },
      username: { name: 'bob', password: 'secret', type: 'digest', nonce: false },
      saml: true,
      mustUnderstand: false,
      actor: 'urn:bob',
    })
  })

  it.each([
    ['{}', 'error wss-policy'],
    ['{ mustUnderstand: true }', 'error wss-policy'],
    ['5', 'error annotation-invalid'],
    ['{ timestamp: {}, kerberos: {} }', 'error wss-unsupported'],
    ['{ timestamp: {}, secureConversation: {} }', 'error wss-unsupported'],
    ['{ timestamp: {}, derivedKeys: {} }', 'error wss-unsupported'],
    ['{ timestamp: {}, reliableMessaging: {} }', 'error wss-unsupported'],
    ['{ timestamp: {}, ntlm: {} }', 'error annotation-unknown'],
    ['{ timestamp: { ttl: 5 } }', 'error annotation-unknown'],
    ['{ timestamp: { ttlSeconds: 0 } }', 'error annotation-invalid'],
    ['{ timestamp: { ttlSeconds: 86401 } }', 'error wss-policy'],
    ['{ timestamp: {}, encryption: { certificate: x } }', 'error wss-key'],
    ['{ encryption: { algorithm: aes256-cbc } }', 'error wss-policy'],
    ['{ encryption: { parts: [username] } }', 'error wss-policy'],
    ['{ encryption: { parts: [head] } }', 'error wss-policy'],
    ['{ encryption: { parts: [attachments, complete-attachments] } }', 'error wss-policy'],
    ['{ decryption: { parts: [attachments, complete-attachments] } }', 'error wss-policy'],
    ['{ verify: { trust: x.pem, parts: [body, attachments, complete-attachments] } }', 'error wss-policy'],
    ['{ encryption: { order: encrypt-then-sign } }', 'error wss-policy'],
    ['{ encryption: { elements: [Pay//Card] } }', 'error wss-policy'],
    ['{ encryption: { elements: ["m:Pay"] } }', 'error wss-policy'],
    ['{ encryption: { elements: [Pay], parts: [body] } }', 'error wss-policy'],
    ['{ encryption: { contents: [Pay], parts: [body] } }', 'error wss-policy'],
    ['{ encryption: { contents: ["*"] } }', 'error wss-policy'],
    ['{ encryption: { keyTransport: rsa-oaep-mgf1p, mgf: sha256 } }', 'error wss-policy'],
    ['{ encryption: { keyTransport: rsa-1_5, digest: sha256 } }', 'error wss-policy'],
    ['{ encryption: { keyTransport: rsa-1_5 } }', 'warning wss-weak'],
    ['{ encryption: { algorithm: tripledes-cbc } }', 'error annotation-invalid'],
    ['{ encryption: {} }', 'error annotation-invalid'],
    ['{ decryption: {} }', 'error annotation-invalid'],
    ['{ decryption: { algorithms: [aes128-cbc] } }', 'error wss-policy'],
    ['{ decryption: { keyTransports: [rsa-1_5] } }', 'warning wss-weak'],
    ['{ decryption: { previous: { key: x } } }', 'error secret-in-contract'],
    ['{ decryption: { parts: [username] } }', 'error wss-policy'],
    ['{ username: { password: "${P}", type: text } }', 'error annotation-invalid'],
    ['{ username: { name: u, type: text } }', 'error annotation-invalid'],
    ['{ username: { name: u, password: "${P}" } }', 'error annotation-invalid'],
    ['{ username: { name: u, password: "${P}", type: plain } }', 'error annotation-invalid'],
    ['{ username: { name: u, password: secret, type: text } }', 'error secret-in-contract'],
    ['{ username: { name: "u\\u0001", password: "${P}", type: text } }', 'error wss-policy'],
    ['{ username: { name: u, password: "${BELL}", type: text } }', 'error wss-policy'],
    ['{ saml: {} }', 'error annotation-invalid'],
    ['{ issuedToken: {} }', 'error annotation-invalid'],
    ['{ issuedToken: { endpoint: "https://s/" } }', 'error wss-policy'],
    ['{ issuedToken: { endpoint: "ftp://s/", security: { timestamp: {} } } }', 'error wss-policy'],
    [
      '{ issuedToken: { endpoint: "http://s/", security: { timestamp: {} } } }',
      'warning credentials-in-clear',
    ],
    [
      '{ issuedToken: { endpoint: "https://s/", keyType: public-key, security: { timestamp: {} } } }',
      'error wss-policy',
    ],
    ['{ issuedToken: { endpoint: "https://s/", keyType: symmetric-key } }', 'error annotation-invalid'],
    [
      '{ issuedToken: { endpoint: "https://s/", onBehalfOf: $request.header.X-A, actAs: $request.header.X-B, security: { timestamp: {} } } }',
      'error wss-policy',
    ],
    [
      '{ issuedToken: { endpoint: "https://s/", lifetimeSeconds: 86401, security: { timestamp: {} } } }',
      'error wss-policy',
    ],
    [
      '{ issuedToken: { endpoint: "https://s/", security: { saml: { assertion: $request.header.X-A } } } }',
      'error wss-policy',
    ],
    [
      '{ issuedToken: { endpoint: "https://s/", security: { timestamp: {} } }, saml: { assertion: $request.header.X-A } }',
      'error wss-policy',
    ],
    ['{ verify: {} }', 'error annotation-invalid'],
    ['{ verify: { trust: "${P}" } }', 'error wss-key'],
    ['{ verify: { trust: missing.pem } }', 'error wss-key'],
    ['{ verify: { once: true, parts: [body] } }', 'error wss-policy'],
    ['{ verify: { revocation: {} } }', 'error wss-policy'],
    ['{ verify: { revocation: { crl: [missing.crl] } } }', 'error wss-key'],
    ['{ verify: { revocation: { crl: ["${MISSING}"] } } }', 'error environment-missing'],
    ['{ verify: { revocation: { ocsp: "ftp://x/" } } }', 'error wss-policy'],
    ['{ verify: { revocation: { ocsp: missing.ocsp } } }', 'error wss-key'],
    ['{ verify: { revocation: { ocsp: "http://x/", unknown: ignore } } }', 'error annotation-invalid'],
  ])('%s is %s', (security, expected) => {
    const { found, text } = read(security, { P: 'pass phrase', BELL: 'a\u0007' })
    expect(found).toContain(`${expected} 6`)
    expect(text).not.toContain('pass phrase')
  })

  it.each([
    ['http://backend.example/', ['warning credentials-in-clear 6']],
    ['http://localhost:8080/', []],
    ['https://backend.example/', []],
  ])('warns of a password as text to %s', (endpoint, expected) => {
    const { found } = read('{ username: { name: u, password: "${P}", type: text } }', { P: 'p' }, endpoint)
    expect(found).toEqual(expected)
  })
})

describe.skipIf(!hasOpenssl)('keys of a backend', () => {
  const make = (...args: Parameters<KeyFolder['make']>): Credential =>
    hasOpenssl ? folder.make(...args) : (undefined as never)
  const extensions = ['subjectKeyIdentifier=hash']
  const ca = make('/CN=ca', { ca: true, extensions })
  const client = make('/CN=client', { issuer: ca, extensions })
  const curve = make('/CN=curve', { key: ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], extensions })
  const env = hasOpenssl
    ? {
        K: client.keyPem,
        C: client.certificatePem,
        CHAIN: client.certificatePem + ca.certificatePem,
        CA: ca.certificatePem,
        CURVE_K: curve.keyPem,
        CURVE_C: curve.certificatePem,
        KEY_PATH: client.keyFile,
        SHORT_K: '',
      }
    : {}
  const signature = (more = '', keys = 'key: "${K}", certificate: "${C}"'): string =>
    `{ timestamp: {}, signature: { ${keys}${more} } }`

  it('are read, and what they sign has defaults', () => {
    const { policy, found } = read(signature(), env)
    expect(found).toEqual([])
    expect(policy?.signature).toMatchObject({
      reference: 'binary-token',
      algorithm: 'rsa-sha256',
      digest: 'sha256',
      parts: ['body', 'timestamp'],
    })
    expect(policy?.signature).toMatchObject({ key: { certificate: { subject: 'CN=client' } } })
  })

  it.each([
    ['from a chain', signature('', 'key: "${K}", certificate: "${CHAIN}"')],
    [
      'from files',
      signature(
        '',
        `key: "\${KEY_PATH}", certificate: ${basename(hasOpenssl ? client.certificateFile : '')}`,
      ),
    ],
  ])('are read %s', (_, security) => {
    const { policy, found } = read(security, env)
    expect(found).toEqual([])
    expect(policy?.signature).toMatchObject({ key: { certificate: { subject: 'CN=client' } } })
  })

  it('are read with their passphrase, and not without', () => {
    const encrypted = `${client.keyFile}.enc`
    openssl(['pkcs8', '-topk8', '-in', client.keyFile, '-passout', 'pass:opensesame', '-out', encrypted])
    const secrets = { ...env, K: readFileSync(encrypted, 'utf8'), W: 'opensesame', WRONG: 'sesame' }
    expect(read(signature(', passphrase: "${W}"'), secrets).found).toEqual([])
    expect(read(signature(', passphrase: "${WRONG}"'), secrets).found).toEqual(['error wss-key 6'])
    expect(read(signature(), secrets).found).toEqual(['error wss-key 6'])
  })

  it('decide what they sign with', () => {
    const { policy, found } = read(signature('', 'key: "${CURVE_K}", certificate: "${CURVE_C}"'), env)
    expect(found).toEqual([])
    expect(policy?.signature?.algorithm).toBe('ecdsa-sha256')
  })

  it.each([
    ['a key in the contract', signature('', 'key: abc, certificate: "${C}"'), 'error secret-in-contract 6'],
    ['a key that is none', signature('', 'key: "${C}", certificate: "${C}"'), 'error wss-key 6'],
    ['a key of another certificate', signature('', 'key: "${K}", certificate: "${CA}"'), 'error wss-key 6'],
    ['a certificate that is none', signature('', 'key: "${K}", certificate: "${K}"'), 'error wss-key 6'],
    ['no certificate', signature('', 'key: "${K}"'), 'error annotation-invalid 6'],
    ['an algorithm for other keys', signature(', algorithm: ecdsa-sha256'), 'error wss-policy 6'],
    ['an algorithm that nobody knows', signature(', algorithm: md5'), 'error annotation-invalid 6'],
    ['SHA-1', signature(', algorithm: rsa-sha1'), 'warning wss-weak 6'],
    ['SHA-1 digests', signature(', digest: sha1'), 'warning wss-weak 6'],
    ['parts that nobody knows', signature(', parts: [body, feet]'), 'error wss-policy 6'],
    ['no parts', signature(', parts: []'), 'error wss-policy 6'],
    ['attachments alone', signature(', parts: [complete-attachments]'), 'error wss-policy 6'],
    [
      'attachments in two ways',
      signature(', parts: [body, attachments, complete-attachments]'),
      'error wss-policy 6',
    ],
    ['a username that is not sent', signature(', parts: [username]'), 'error wss-policy 6'],
    [
      'a token that is not sent',
      signature(', reference: issuer-serial, parts: [token]'),
      'error wss-policy 6',
    ],
    [
      'a Timestamp that is not sent',
      '{ signature: { key: "${K}", certificate: "${C}", parts: [body, timestamp] } }',
      'error wss-policy 6',
    ],
  ])('are not: %s', (_, security, expected) => {
    const { found, text } = read(security, env)
    expect(found).toEqual([expected])
    expect(text).not.toContain('BEGIN PRIVATE')
  })

  const password =
    'username: { name: u, password: "${LONG}", type: key, iterations: 2000 }, signature: { reference: username }'
  const LONG = 'correct horse battery staple'

  it('are made of a password, both ways', () => {
    const theirs = 'verify: { username: { name: them, password: "${OTHER}" } }'
    const OTHER = 'staple battery horse correct'
    const { policy, found } = read(`{ timestamp: {}, ${password}, ${theirs} }`, { LONG, OTHER })
    expect(found).toEqual([])
    expect(policy).toMatchObject({
      username: { name: 'u', password: LONG, type: 'key', iterations: 2000 },
      signature: {
        reference: 'username',
        algorithm: 'hmac-sha256',
        digest: 'sha256',
        parts: ['body', 'timestamp'],
      },
      verify: {
        trust: [],
        username: { name: 'them', password: OTHER, minIterations: 1000, maxIterations: 10000 },
      },
    })
  })

  it.each<[string, string, string[]]>([
    ['a short password', `{ ${password} }`.replace('LONG', 'SHORT'), ['warning wss-weak 6']],
    [
      'one password both ways',
      `{ ${password}, verify: { username: { name: them, password: "\${LONG}" } } }`,
      ['warning wss-weak 6'],
    ],
    ['few iterations', `{ ${password} }`.replace('2000', '999'), ['error wss-policy 6']],
    ['many iterations', `{ ${password} }`.replace('2000', '100001'), ['error wss-policy 6']],
    [
      'iterations of a digest',
      '{ username: { name: u, password: "${LONG}", type: digest, iterations: 2000 } }',
      ['error wss-policy 6'],
    ],
    [
      'a key of no signature',
      '{ username: { name: u, password: "${LONG}", type: key } }',
      ['error wss-policy 6'],
    ],
    [
      'a key beside a certificate',
      '{ username: { name: u, password: "${LONG}", type: key }, signature: { key: "${K}", certificate: "${C}" } }',
      ['error wss-policy 6'],
    ],
    [
      'a signature of a digest',
      `{ ${password} }`.replace('key, iterations: 2000', 'digest'),
      ['error wss-policy 6'],
    ],
    [
      'a private key for a password',
      `{ ${password} }`.replace('reference: username', 'reference: username, key: "${K}"'),
      ['error wss-policy 6'],
    ],
    [
      'RSA for a password',
      `{ ${password} }`.replace('reference: username', 'reference: username, algorithm: rsa-sha256'),
      ['error wss-policy 6'],
    ],
    ['HMAC for a certificate', signature(', algorithm: hmac-sha256'), ['error wss-policy 6']],
    [
      'HMAC with SHA-1',
      `{ ${password} }`.replace('reference: username', 'reference: username, algorithm: hmac-sha1'),
      ['warning wss-weak 6'],
    ],
    [
      'a password in the contract',
      '{ verify: { username: { name: u, password: abc } } }',
      ['error secret-in-contract 6'],
    ],
    ['no name', '{ verify: { username: { password: "${LONG}" } } }', ['error annotation-invalid 6']],
    [
      'few iterations of others',
      '{ verify: { username: { name: u, password: "${LONG}", minIterations: 500 } } }',
      ['error wss-policy 6'],
    ],
    [
      'bounds the wrong way round',
      '{ verify: { username: { name: u, password: "${LONG}", minIterations: 5000, maxIterations: 2000 } } }',
      ['error wss-policy 6'],
    ],
  ])('are not made of a password, or with a word: %s', (_, security, expected) => {
    expect(read(security, { ...env, LONG, SHORT: 'open sesame' }).found).toEqual(expected)
  })

  it.each([
    ['too short', { key: ['rsa:1024'] }],
    ['not for signing', { extensions: ['keyUsage=keyEncipherment'] }],
    ['on a curve of its own', { key: ['ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'] }],
  ] as const)('are refused where they are %s', (_, options) => {
    const odd = folder.make('/CN=odd', options)
    expect(read(signature(), { K: odd.keyPem, C: odd.certificatePem }).found).toEqual(['error wss-key 6'])
  })

  it('need a subjectKeyIdentifier to be named by it', () => {
    const plain = folder.make('/CN=plain', { extensions: ['subjectKeyIdentifier=none'] })
    const pair = { K: plain.keyPem, C: plain.certificatePem }
    expect(read(signature(', reference: subject-key-identifier'), pair).found).toEqual(['error wss-policy 6'])
    expect(read(signature(', reference: thumbprint'), pair).found).toEqual([])
  })

  let list: Buffer | undefined
  const revocationList = (): Buffer => {
    if (list) return list
    const authority = new Authority(ca)
    list = readFileSync(authority.list())
    authority.remove()
    return list
  }

  it('of issuers say whose assertions are believed, with or without other signers', () => {
    const issuers =
      'assertion: { trust: "${CHAIN}", certificates: "${C}", issuer: "urn:${ISSUER}", subject: crm, audience: "urn:us" }'
    const { policy, found } = read(`{ verify: { ${issuers} } }`, { ...env, ISSUER: 'sts' })
    expect(found).toEqual([])
    expect(policy?.verify?.trust).toEqual([])
    const { trust, certificates, ...rest } = policy?.verify?.assertion ?? {}
    expect([trust?.length, certificates?.length]).toEqual([2, 1])
    expect(rest).toEqual({ issuer: 'urn:sts', subject: 'crm', audience: 'urn:us' })
    const both = read(`{ verify: { trust: "\${CA}", ${issuers} } }`, { ...env, ISSUER: 'sts' }).policy?.verify
    expect([both?.trust.length, both?.assertion?.trust.length]).toEqual([1, 2])
    expect(read('{ verify: { assertion: { issuer: x } } }').found).toEqual(['error annotation-invalid 6'])
    expect(read('{ verify: { assertion: { trust: "${CA}", keys: x } } }', env).found).toEqual([
      'error annotation-unknown 6',
    ])
  })

  it('are looked for in lists, in files beside the contract and at URLs, and asked for', () => {
    const authority = new Authority(ca)
    writeFileSync(join(folder.path, 'own.crl'), revocationList())
    authority.know([client])
    writeFileSync(join(folder.path, 'own.ocsp'), readFileSync(authority.response(client)))
    authority.remove()
    const revocation =
      'crl: [own.crl, "http://${HOST}/ca.crl"], ocsp: "http://ocsp.example/", unknown: accept'
    const { policy, found } = read(`{ verify: { trust: "\${CA}", revocation: { ${revocation} } } }`, {
      ...env,
      HOST: 'pki.example',
    })
    expect(found).toEqual([])
    expect(policy?.verify?.revocation).toEqual({
      crl: [join(folder.path, 'own.crl'), 'http://pki.example/ca.crl'],
      ocsp: 'http://ocsp.example/',
      unknown: 'accept',
      maxBytes: 5_242_880,
      timeoutMs: 5_000,
    })
    const said = read('{ verify: { trust: "${CA}", revocation: { ocsp: own.ocsp } } }', env)
    expect([said.found, said.policy?.verify?.revocation?.ocsp]).toEqual([[], join(folder.path, 'own.ocsp')])
    expect(read('{ verify: { trust: "${CA}", revocation: { ocsp: own.crl } } }', env).found).toEqual([
      'error wss-key 6',
    ])
  })

  const encryption = (more = ''): string => `{ timestamp: {}, encryption: { certificate: "\${C}"${more} } }`
  const decryption = (more = '', keys = 'key: "${K}", certificate: "${C}"'): string =>
    `{ decryption: { ${keys}${more} }, verify: { trust: "\${CA}" } }`

  it('encrypt and decrypt with defaults', () => {
    const { policy, found } = read(encryption(), env)
    expect(found).toEqual([])
    expect(policy?.encryption).toMatchObject({
      reference: 'issuer-serial',
      algorithm: 'aes256-gcm',
      keyTransport: { name: 'rsa-oaep-mgf1p', digest: 'sha1', mgf: 'sha1' },
      parts: ['body'],
      elements: [],
      order: 'sign-then-encrypt',
    })
    expect(read(decryption(), env)).toMatchObject({
      found: [],
      policy: {
        decryption: {
          parts: ['body'],
          algorithms: ['aes256-gcm', 'aes192-gcm', 'aes128-gcm'],
          keyTransports: ['rsa-oaep-mgf1p', 'rsa-oaep'],
          plainFaults: false,
        },
      },
    })
  })

  it('encrypt and decrypt as told', () => {
    const told = encryption(
      ', reference: thumbprint, algorithm: aes128-gcm, keyTransport: rsa-oaep, mgf: sha1, elements: [Pay/Card, Pay/Pin]',
    )
    expect(read(told, env)).toMatchObject({
      found: [],
      policy: {
        encryption: {
          keyTransport: { name: 'rsa-oaep', digest: 'sha256', mgf: 'sha1' },
          parts: [],
          elements: [
            ['Pay', 'Card'],
            ['Pay', 'Pin'],
          ],
        },
      },
    })
    const rotated = decryption(', previous: { key: "${K}", certificate: "${C}" }')
    expect(read(rotated, env).policy?.decryption?.keys).toHaveLength(2)
  })

  it.each([
    ['encryption for a curve', encryption().replace('${C}', '${CURVE_C}'), ['error wss-key 6']],
    [
      'decryption with a curve',
      decryption('', 'key: "${CURVE_K}", certificate: "${CURVE_C}"'),
      ['error wss-key 6'],
    ],
    [
      'decryption with the key of another',
      decryption('', 'key: "${K}", certificate: "${CA}"'),
      ['error wss-key 6'],
    ],
    [
      'CBC without a signature',
      encryption(', algorithm: aes256-cbc'),
      ['error wss-policy 6', 'warning wss-weak 6'],
    ],
    [
      'CBC of attachments that are not signed',
      encryption(', parts: [attachments], algorithm: aes256-cbc').replace(
        'encryption:',
        'signature: { key: "${K}", certificate: "${C}" }, encryption:',
      ),
      ['error wss-policy 6', 'warning wss-weak 6'],
    ],
    ['responses of which nothing must be encrypted', decryption(', parts: []'), []],
    ['CBC that is verified', decryption(', algorithms: [aes256-cbc]'), ['warning wss-weak 6']],
    [
      'CBC that is not always verified',
      decryption(', algorithms: [aes256-cbc]').replace('trust:', 'unsignedFaults: true, trust:'),
      ['error wss-policy 6', 'warning wss-weak 6'],
    ],
    [
      'CBC of headers that are kept unsigned',
      decryption(', algorithms: [aes256-cbc]').replace('trust:', 'unsignedHeaders: keep, trust:'),
      ['error wss-policy 6', 'warning wss-weak 6'],
    ],
    [
      'tokens encrypted before they are signed',
      encryption(', parts: [signature], order: encrypt-then-sign'),
      ['error wss-policy 6', 'error wss-policy 6', 'error wss-policy 6'],
    ],
  ])('are judged: %s', (_, security, expected) => {
    expect(read(security, env).found).toEqual(expected)
  })

  it('must be for encryption', () => {
    const signer = folder.make('/CN=signer', { extensions: ['keyUsage=digitalSignature'] })
    const pair = { ...env, K: signer.keyPem, C: signer.certificatePem }
    expect(read(encryption(), pair).found).toEqual(['error wss-key 6'])
    expect(read(decryption(), pair).found).toEqual(['error wss-key 6'])
  })

  it('warn when they have expired', () => {
    const old = folder.make('/CN=old', { days: 0 })
    const { found } = read(signature(), { K: old.keyPem, C: old.certificatePem })
    expect(found).toEqual(['warning wss-certificate-expired 6'])
  })

  const page = readFileSync(new URL('../../../docs/soap.md', import.meta.url), 'utf8')
  const section = page.slice(page.indexOf('\n## WS-Security'))
  const examples = [...section.matchAll(/```yaml\n(security:\n[^]*?)```/g)].map(([, yaml]) => yaml ?? '')

  it('has the demands of the documentation', () => {
    expect(examples).toHaveLength(13)
  })

  it.each(examples)('reads the example of the documentation: %s', (example) => {
    writeFileSync(join(folder.path, 'client.pem'), client.certificatePem)
    writeFileSync(join(folder.path, 'bank-ca.pem'), ca.certificatePem)
    writeFileSync(join(folder.path, 'bank.pem'), client.certificatePem)
    writeFileSync(join(folder.path, 'sts.pem'), ca.certificatePem)
    writeFileSync(join(folder.path, 'bank.crl'), revocationList())
    const diagnostics = new Diagnostics()
    const yaml = `openapi: 3.1.0\nx-soap-backends:\n  a:\n    wsdl: a.wsdl\n${example.replace(/^(?=.)/gm, '    ')}`
    const secrets = {
      ...{ BANK_USER: 'u', BANK_PASSWORD: LONG, BANK_ANSWER_PASSWORD: `${LONG}s`, BANK_KEY: client.keyPem },
    }
    const [backend] = readBackends(readValid(yaml), secrets, diagnostics, folder.path)
    expect(diagnostics.list).toEqual([])
    expect(backend?.security).toBeDefined()
  })

  it('verify answers', () => {
    const { policy, found } = read(
      '{ verify: { trust: "${CHAIN}", certificates: "${C}", parts: [body, addressing], maxAgeSeconds: 10, clockSkewSeconds: 1, certificateSubject: CN=x, unsignedFaults: true, unsignedHeaders: keep, unsignedPrefixes: true } }',
      env,
    )
    expect(found).toEqual([])
    expect(policy?.verify).toMatchObject({
      parts: ['body', 'addressing'],
      maxAgeSeconds: 10,
      clockSkewSeconds: 1,
      certificateSubject: 'CN=x',
      sha1: false,
      unsignedFaults: true,
      unsignedHeaders: 'keep',
      unsignedPrefixes: true,
    })
    expect(policy?.verify?.trust.map(({ subject }) => subject)).toEqual(['CN=client', 'CN=ca'])
    expect(policy?.verify?.certificates).toHaveLength(1)
  })

  it('verify answers of a day, by clocks that are an hour apart', () => {
    const times = { maxAgeSeconds: 86_400, clockSkewSeconds: 3_600 }
    const { policy } = read(
      `{ verify: { trust: "\${CA}", maxAgeSeconds: 86400, clockSkewSeconds: 3600 } }`,
      env,
    )
    expect(policy?.verify).toMatchObject(times)
  })

  it('verify answers with defaults', () => {
    expect(read('{ verify: { trust: "${CA}" } }', env).policy?.verify).toMatchObject({
      certificates: [],
      parts: ['body', 'timestamp'],
      maxAgeSeconds: 300,
      clockSkewSeconds: 60,
      sha1: false,
      unsignedFaults: false,
      unsignedHeaders: 'drop',
      unsignedPrefixes: false,
    })
  })

  it.each([
    ['parts: [timestamp]', 'error wss-policy 6'],
    ['parts: [feet]', 'error wss-policy 6'],
    ['maxAgeSeconds: 86401', 'error wss-policy 6'],
    ['clockSkewSeconds: 3601', 'error wss-policy 6'],
    ['parts: [attachments]', 'error wss-policy 6'],
    ['sha1: true', 'warning wss-weak 6'],
    ['unsignedHeaders: maybe', 'error annotation-invalid 6'],
    ['certificates: x.pem', 'error wss-key 6'],
  ])('verify answers, but for %s', (more, expected) => {
    expect(read(`{ verify: { trust: "\${CA}", ${more} } }`, env).found).toContain(expected)
  })
})

describe.skipIf(!hasOpenssl)('a key for each call', () => {
  const authority = hasOpenssl ? folder.make('/CN=Authority', { ca: true }) : undefined
  const backend = authority && folder.make('/CN=backend', { issuer: authority })
  const own = authority && folder.make('/CN=own', { issuer: authority })
  const env = {
    BACKEND: backend?.certificatePem ?? '',
    KEY: own?.keyPem ?? '',
    CERTIFICATE: own?.certificatePem ?? '',
    P: 'secret',
  }
  const symmetric = 'symmetric: { certificate: "${BACKEND}" }'

  it('signs and encrypts both ways', () => {
    const { policy, found } = read(
      `{ timestamp: {}, symmetric: { certificate: "\${BACKEND}", reference: issuer-serial, keyTransport: rsa-oaep, derivedKeys: ws-sc-2005 }, ` +
        'signature: { algorithm: hmac-sha512, parts: [body, timestamp, headers] }, endorsement: { key: "${KEY}", certificate: "${CERTIFICATE}", reference: thumbprint }, ' +
        'encryption: { algorithm: aes128-gcm, parts: [body, signature] }, decryption: { algorithms: [aes128-gcm] }, verify: { confirmation: true } }',
      env,
    )
    expect(found).toEqual([])
    expect(policy).toMatchObject({
      symmetric: {
        reference: 'issuer-serial',
        keyTransport: { name: 'rsa-oaep', digest: 'sha256', mgf: 'sha256' },
        keyBytes: 16,
        derivedKeys: 'ws-sc-2005',
      },
      signature: { reference: 'symmetric', algorithm: 'hmac-sha512', digest: 'sha256' },
      endorsement: { reference: 'thumbprint', algorithm: 'rsa-sha256', digest: 'sha256' },
      encryption: { algorithm: 'aes128-gcm', parts: ['body', 'signature'] },
      decryption: { keys: [], algorithms: ['aes128-gcm'] },
      verify: { symmetric: true, confirmation: true, trust: [] },
    })
    expect(policy?.encryption).not.toHaveProperty('certificate')
  })

  it('has defaults', () => {
    const { policy, found } = read(`{ timestamp: {}, ${symmetric}, signature: {}, verify: {} }`, env)
    expect(found).toEqual([])
    expect(policy).toMatchObject({
      symmetric: { reference: 'thumbprint', keyTransport: { name: 'rsa-oaep-mgf1p' }, keyBytes: 32 },
      signature: { reference: 'symmetric', algorithm: 'hmac-sha256', parts: ['body', 'timestamp'] },
      verify: { symmetric: true, confirmation: false },
    })
    expect(policy?.symmetric).not.toHaveProperty('derivedKeys')
  })

  it.each([
    [symmetric, /give signature: \{ parts \} too/],
    [
      `${symmetric}, signature: { reference: thumbprint, key: "\${KEY}", certificate: "\${CERTIFICATE}" }`,
      /reference is symmetric/,
    ],
    ['signature: { reference: symmetric }', /give symmetric/],
    [`${symmetric}, signature: { key: "\${KEY}" }`, /signs with the key of the call, without key/],
    [
      `${symmetric}, signature: { algorithm: rsa-sha256 }`,
      /The key of the call signs with one of hmac-sha256/,
    ],
    [
      `${symmetric}, signature: {}, encryption: { certificate: "\${BACKEND}" }`,
      /encryption takes no certificate/,
    ],
    [
      `${symmetric}, signature: {}, encryption: { keyTransport: rsa-oaep }`,
      /encryption takes no keyTransport/,
    ],
    [`${symmetric}, signature: {}, decryption: { key: "\${KEY}" }`, /decryption takes no key/],
    [`${symmetric}, signature: {}, verify: { trust: "\${BACKEND}" }`, /verify takes no trust/],
    [
      `${symmetric}, signature: {}, verify: { certificateSubject: CN=x }`,
      /verify takes no certificateSubject/,
    ],
    [
      `${symmetric}, signature: {}, verify: {}, decryption: { algorithms: [aes256-cbc] }`,
      /CBC can be attacked/,
    ],
    [
      `${symmetric}, signature: {}, encryption: { algorithm: aes128-gcm }, verify: {}, decryption: { algorithms: [aes256-gcm] }`,
      /a key of 16 octets, and none of decryption.algorithms takes one so long/,
    ],
    [
      `${symmetric}, signature: {}, decryption: { algorithms: [aes128-gcm, aes192-gcm] }`,
      /a key of 32 octets, and none of/,
    ],
    ['endorsement: { key: "${KEY}", certificate: "${CERTIFICATE}" }', /security has none/],
    ['timestamp: {}, derivedKeys: true', /derivedKeys belongs to symmetric/],
  ])('and reports %s', (security, message) => {
    expect(read(`{ ${security} }`, env).text).toMatch(message)
  })

  it.each([
    `${symmetric}, signature: {}, encryption: { algorithm: aes128-gcm }, decryption: {}`,
    'symmetric: { certificate: "${BACKEND}", derivedKeys: ws-sc-1.3 }, signature: {}, decryption: { algorithms: [aes128-gcm] }',
  ])('and not that no key fits: %s', (security) => {
    expect(read(`{ ${security} }`, env).found).toEqual([])
  })

  it('and nothing that is received, which answers no call', () => {
    const security = `{ ${symmetric}, signature: {}, verify: {} }`
    expect(read(`${security}\n    receive: { open: true }`, env).text).toMatch(
      /What is received answers no call/,
    )
  })

  it('nor confirmations of what is received', () => {
    const security = '{ verify: { trust: "${BACKEND}", confirmation: true } }'
    expect(read(security, env).found).toEqual([])
    const { found, text } = read(`${security}\n    receive: { open: true }`, env)
    expect(found).toHaveLength(1)
    expect(text).toMatch(/What is received answers no call, so that it can confirm the signatures of none/)
  })
})
