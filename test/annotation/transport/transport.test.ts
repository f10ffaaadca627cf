import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readBackends } from '../../../src/annotation/backend/backend.js'
import { checkEndpoint, type TransportAnnotation } from '../../../src/annotation/transport/transport.js'
import { Diagnostics, formatDiagnostic } from '../../../src/base/diagnostic/diagnostic.js'
import { CertificateMaker } from '../../backend/certificates.js'
import { readValid } from '../../openapi/contract-text.js'

interface Read {
  readonly transport: TransportAnnotation | undefined
  /** `severity code line`, for each diagnostic. */
  readonly found: string[]
  readonly text: string
}

function read(keys: string, env: Record<string, string> = {}, baseDir = '.'): Read {
  const diagnostics = new Diagnostics()
  const document = readValid(`openapi: 3.1.0\nx-soap-backends:\n  core:\n    wsdl: a.wsdl\n${keys}`)
  const [backend] = readBackends(document, env, diagnostics, baseDir)
  const text = diagnostics.list.map(formatDiagnostic).join('\n')
  if (text.includes('s3cret')) throw new Error('a secret is in a diagnostic')
  return {
    transport: backend?.transport,
    found: diagnostics.list.map(({ severity, code, at }) => `${severity} ${code} ${at?.line ?? 0}`),
    text,
  }
}

const secrets = { P: 's3cret', T: 'tok-s3cret' }

describe('credentials', () => {
  test.each<[string, string, TransportAnnotation['credentials']]>([
    [
      'basic',
      '{ type: basic, username: "${U:-facade}", password: "${P}" }',
      { type: 'basic', username: 'facade', password: 's3cret' },
    ],
    [
      'digest',
      '{ type: digest, username: facade, password: "${P}", md5: allowed }',
      { type: 'digest', username: 'facade', password: 's3cret', allowsMd5: true },
    ],
    ['bearer', '{ type: bearer, token: "${T}" }', { type: 'bearer', token: 'tok-s3cret' }],
    [
      'an API key',
      '{ type: api-key, header: X-Api-Key, value: "${P}" }',
      { type: 'api-key', header: 'X-Api-Key', value: 's3cret' },
    ],
    [
      'OAuth 2.0',
      '{ type: oauth2, tokenUrl: "https://login.example/token", clientId: facade, clientSecret: "${P}" }',
      {
        type: 'oauth2',
        tokenUrl: 'https://login.example/token',
        clientId: 'facade',
        clientSecret: 's3cret',
        authentication: 'basic',
      },
    ],
    [
      'OAuth 2.0 with all keys',
      '{ type: oauth2, tokenUrl: "http://localhost/t", clientId: facade, clientSecret: "${P}", scope: a b, audience: urn:x, authentication: body, tls: { minimumVersion: TLSv1.3 }, proxy: "http://proxy:3128" }',
      {
        type: 'oauth2',
        tokenUrl: 'http://localhost/t',
        clientId: 'facade',
        clientSecret: 's3cret',
        scope: 'a b',
        audience: 'urn:x',
        authentication: 'body',
        tls: { minimumVersion: 'TLSv1.3' },
        proxy: { url: 'http://proxy:3128' },
      },
    ],
  ])('may be %s', (_, keys, expected) => {
    const { transport, text } = read(`    credentials: ${keys}\n`, secrets)
    expect(text).toBe('')
    expect(transport).toEqual({ credentials: expected })
  })

  test.each<[string, string, string]>([
    ['without a type', '{ username: a }', 'error annotation-invalid 5'],
    ['of an unknown type', '{ type: kiss }', 'error annotation-invalid 5'],
    ['of NTLM', '{ type: NTLM, username: a, password: "${P}" }', 'error credentials-unsupported 5'],
    ['of Kerberos', '{ type: kerberos }', 'error credentials-unsupported 5'],
    [
      'of Digest with MD5 in other words',
      '{ type: digest, username: a, password: "${P}", md5: yes }',
      'error annotation-invalid 5',
    ],
    [
      'with a password in the contract',
      '{ type: basic, username: a, password: hidden-s3cret }',
      'error secret-in-contract 5',
    ],
    [
      'with a default password',
      '{ type: basic, username: a, password: "${X:-s3cret}" }',
      'error secret-in-contract 5',
    ],
    ['with a token in the contract', '{ type: bearer, token: s3cret }', 'error secret-in-contract 5'],
    ['with text around a token', '{ type: bearer, token: "x${T}" }', 'error secret-in-contract 5'],
    [
      'with an API key in the contract',
      '{ type: api-key, header: X, value: s3cret }',
      'error secret-in-contract 5',
    ],
    [
      'with a client secret in the contract',
      '{ type: oauth2, tokenUrl: "https://a/", clientId: a, clientSecret: s3cret }',
      'error secret-in-contract 5',
    ],
    ['without a password', '{ type: basic, username: a }', 'error annotation-invalid 5'],
    [
      'with a password that is not set',
      '{ type: basic, username: a, password: "${NONE}" }',
      'error environment-missing 5',
    ],
    [
      'with a colon in the user name',
      '{ type: basic, username: "a:b", password: "${P}" }',
      'error credentials-invalid 5',
    ],
    ['with a line end in the token', '{ type: bearer, token: "${LINES}" }', 'error credentials-invalid 5'],
    [
      'with a header that is none',
      '{ type: api-key, header: "X Key", value: "${P}" }',
      'error credentials-invalid 5',
    ],
    [
      'with a header that HTTP needs',
      '{ type: api-key, header: Content-Length, value: "${P}" }',
      'error credentials-invalid 5',
    ],
    ['with an unknown key', '{ type: bearer, token: "${T}", username: a }', 'error annotation-unknown 5'],
    [
      'with a token URL that is none',
      '{ type: oauth2, tokenUrl: nowhere, clientId: a, clientSecret: "${P}" }',
      'error credentials-invalid 5',
    ],
    [
      'with a token URL without TLS',
      '{ type: oauth2, tokenUrl: "http://login.example/t", clientId: a, clientSecret: "${P}" }',
      'warning credentials-in-clear 5',
    ],
  ])('%s are told of', (_, keys, expected) => {
    const { found } = read(`    credentials: ${keys}\n`, { ...secrets, LINES: 'a\ns3cret' })
    expect(found).toEqual([expected])
  })

  test('that are not supported are told of with what to do instead', () => {
    expect(read('    credentials: { type: ntlm }\n').text).toMatch(
      /basic or digest over https:, oauth2 or a client certificate/,
    )
  })
})

describe('proxy', () => {
  const env = { PROXY: 'https://facade:s3cret%3A%40@proxy.example:8443', USER: 'fa%C3%A7ade', P: 's3cret' }
  test.each<[string, TransportAnnotation['proxy']]>([
    ['http://proxy.example:3128', { url: 'http://proxy.example:3128' }],
    ['http://proxy.example/', { url: 'http://proxy.example' }],
    ['http://facade@proxy:1', { url: 'http://proxy:1', username: 'facade' }],
    ['http://facade:${P}@proxy:1', { url: 'http://proxy:1', username: 'facade', password: 's3cret' }],
    ['http://${USER}:${P}@proxy:1', { url: 'http://proxy:1', username: 'façade', password: 's3cret' }],
    ['${PROXY}', { url: 'https://proxy.example:8443', username: 'facade', password: 's3cret:@' }],
  ])('%s', (text, expected) => {
    const { transport } = read(`    proxy: '${text}'\n`, env)
    expect(transport).toEqual({ proxy: expected })
  })

  test.each<[string, string]>([
    ['http://facade:s3cret@proxy:1', 'error secret-in-contract 5'],
    ['http://${USER}:s3cret@proxy:1', 'error secret-in-contract 5'],
    ['http://${USER}:${P:-s3cret}@proxy:1', 'error secret-in-contract 5'],
    ['proxy:3128', 'error proxy-invalid 5'],
    ['socks5://proxy:1080', 'error proxy-invalid 5'],
    ['http://proxy:1/path', 'error proxy-invalid 5'],
    ['http://proxy:1?x', 'error proxy-invalid 5'],
    ['http://a%:${P}@proxy:1', 'error proxy-invalid 5'],
    ['${NONE}', 'error environment-missing 5'],
  ])('%s is told of: %s', (text, expected) => {
    expect(read(`    proxy: '${text}'\n`, env)).toMatchObject({ transport: undefined, found: [expected] })
  })
})

test('compression', () => {
  expect(read('    compression: true\n').transport).toEqual({ compression: true })
  expect(read('    compression: gzip\n').found).toEqual(['error annotation-invalid 5'])
})

test.each<[string, TransportAnnotation | undefined, string, string[]]>([
  ['nothing', undefined, 'http://core.example/', []],
  ['credentials to https:', { credentials: { type: 'bearer', token: 'a' } }, 'https://core.example/', []],
  ['credentials to this machine', { credentials: { type: 'bearer', token: 'a' } }, 'http://127.0.0.1:1/', []],
  [
    'credentials to http:',
    { credentials: { type: 'bearer', token: 'a' } },
    'http://core.example/',
    ['warning credentials-in-clear'],
  ],
  ['tls for http:', { tls: {} }, 'HTTP://localhost/', ['warning tls-unused']],
])('an endpoint is compared with %s', (_, transport, endpoint, expected) => {
  const diagnostics = new Diagnostics()
  checkEndpoint(transport, endpoint, { file: 'a', line: 1 }, diagnostics)
  expect(diagnostics.list.map(({ severity, code }) => `${severity} ${code}`)).toEqual(expected)
})

const maker = CertificateMaker.create()
afterAll(() => maker?.remove())

describe.runIf(maker)('tls', () => {
  if (!maker) return
  const { folder } = maker
  const ca = maker.authority('ca')
  const client = maker.leaf('client', ca)
  const other = maker.leaf('other', ca)
  const late = maker.leaf('late', ca, { days: -1 })
  const encrypted = maker.encrypted(client, 'open s3cret')
  const pkcs12 = maker.pkcs12(client, 'open s3cret')
  copyFileSync(client.keyFile, join(folder, 'client-of-bank.key'))
  const env = {
    KEY: 'client-of-bank.key',
    KEY_TEXT: client.key.toString(),
    KEY_AT_FILE: client.keyFile,
    OTHER_KEY: other.keyFile,
    LATE_KEY: late.keyFile,
    ENCRYPTED: encrypted,
    CA_AT_FILE: ca.certFile,
    CA_TEXT: ca.cert.toString(),
    P12: pkcs12,
    P12_AT_FILE: pkcs12,
    PASS: 'open s3cret',
    WRONG: 'wrong s3cret',
    LOST: '/nowhere/s3cret.pem',
  }
  const own = { certificate: client.cert, key: client.key }
  const lastLineEndCut = (pem: Buffer) => Buffer.from(pem.toString().trimEnd())

  test.each<[string, string, NonNullable<TransportAnnotation['tls']>]>([
    ['a path from the directory of the contract', '{ ca: ca.pem }', { ca: ca.cert }],
    ['an absolute path', `{ ca: ${ca.certFile} }`, { ca: ca.cert }],
    ['text of the environment', '{ ca: "${CA_TEXT}" }', { ca: ca.cert }],
    ['a file that the environment names', '{ ca: "${CA_AT}" }', { ca: lastLineEndCut(ca.cert) }],
    ['text in the contract', JSON.stringify({ ca: ca.cert.toString() }), { ca: ca.cert }],
    ['a key by its path', '{ certificate: client.pem, key: "${KEY}" }', own],
    ['a key as text', '{ certificate: client.pem, key: "${KEY_TEXT}" }', own],
    [
      'a key by NAME_FILE',
      '{ certificate: client.pem, key: "${KEY_AT}" }',
      { ...own, key: lastLineEndCut(client.key) },
    ],
    [
      'an encrypted key',
      '{ certificate: client.pem, key: "${ENCRYPTED}", passphrase: "${PASS}" }',
      { certificate: client.cert, key: readFileSync(encrypted), passphrase: 'open s3cret' },
    ],
    [
      'PKCS #12 by its path',
      '{ pkcs12: "${P12}", passphrase: "${PASS}" }',
      { pkcs12: readFileSync(pkcs12), passphrase: 'open s3cret' },
    ],
    [
      'PKCS #12 by NAME_FILE',
      '{ pkcs12: "${P12_AT}", passphrase: "${PASS}" }',
      { pkcs12: readFileSync(pkcs12), passphrase: 'open s3cret' },
    ],
    [
      'version and name',
      '{ minimumVersion: TLSv1.3, serverName: core.bank.example }',
      { minimumVersion: 'TLSv1.3', serverName: 'core.bank.example' },
    ],
  ])('takes %s', (_, keys, expected) => {
    const { transport, text } = read(`    tls: ${keys}\n`, env, folder)
    expect(text).toBe('')
    expect(transport).toEqual({ tls: expected })
  })

  test.each<[string, string, string, RegExp]>([
    ['a file that is not there', '{ ca: lost.pem }', 'error tls-file', /ca is neither .*ENOENT/],
    ['a folder', '{ ca: . }', 'error tls-file', /EISDIR/],
    ['a secret path', '{ certificate: client.pem, key: "${LOST}" }', 'error tls-file', /key is neither/],
    [
      'a key in the contract',
      '{ certificate: client.pem, key: client.key }',
      'error secret-in-contract',
      /NAME/,
    ],
    [
      'a passphrase in the contract',
      '{ pkcs12: "${P12}", passphrase: s3cret }',
      'error secret-in-contract',
      /NAME/,
    ],
    ['a key without certificate', '{ key: "${KEY}" }', 'error tls-invalid', /key needs its certificate/],
    [
      'a certificate without key',
      '{ certificate: client.pem }',
      'error tls-invalid',
      /certificate needs its key/,
    ],
    [
      'PKCS #12 beside a certificate',
      '{ pkcs12: "${P12}", certificate: client.pem, key: "${KEY}" }',
      'error tls-invalid',
      /one or the other/,
    ],
    ['a passphrase of nothing', '{ passphrase: "${PASS}" }', 'error tls-invalid', /belongs to/],
    [
      'the key of another',
      '{ certificate: client.pem, key: "${OTHER_KEY}" }',
      'error tls-invalid',
      /key does not belong to certificate/,
    ],
    [
      'a wrong passphrase',
      '{ pkcs12: "${P12}", passphrase: "${WRONG}" }',
      'error tls-invalid',
      /passphrase does not open pkcs12/,
    ],
    [
      'an expired certificate',
      '{ certificate: late.pem, key: "${LATE_KEY}" }',
      'warning tls-validity',
      /The certificate in certificate expired on 20\d\d-\d\d-\d\d/,
    ],
    ['an old version', '{ minimumVersion: TLSv1.1 }', 'error annotation-invalid', /TLSv1.2 or TLSv1.3/],
    ['an address as name', '{ serverName: 10.0.0.1 }', 'error tls-invalid', /host name/],
    ['an unknown key', '{ cert: ca.pem }', 'error annotation-unknown', /there is ca, certificate, key/],
  ])('tells of %s', (_, keys, expected, message) => {
    const { found, text } = read(`    tls: ${keys}\n`, env, folder)
    expect(found).toEqual([`${expected} 5`])
    expect(text).toMatch(message)
  })
})
