import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo, Server } from 'node:net'
import { createServer, type TlsOptions, type TLSSocket } from 'node:tls'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { Backend } from '../../../src/backend/backend.js'
import { checkTls } from '../../../src/backend/connection/tls-check.js'
import { defaultPolicy, type TlsPolicy } from '../../../src/backend/policy.js'
import { bytesOf } from '../../../src/base/bytes/source.js'
import { CertificateMaker } from '../certificates.js'
import { answer, Peer } from '../peer.js'

const maker = CertificateMaker.create()

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})
afterAll(() => maker?.remove())

/** A TLS server that answers each connection with the name of the client's certificate, TLS version and SNI. */
async function serverWith(options: TlsOptions): Promise<string> {
  const sockets = new Set<TLSSocket>()
  const server: Server = createServer(options, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('data', () => {
      const { subject } = socket.getPeerCertificate()
      const name = (subject as { CN?: string } | undefined)?.CN ?? 'nobody'
      socket.end(answer([name, socket.getProtocol(), socket.servername].join(' ')))
    })
  })
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

function call(url: string, tls?: TlsPolicy): Promise<string> {
  const backend = new Backend('core-banking', { ...defaultPolicy, ...(tls && { tls }) })
  open.push(() => backend.close())
  return backend.call({ url, headers: {}, body: '<Envelope/>' }, (soap) => bytesOf(soap.body).toString())
}

describe('TLS', () => {
  it('with a server that speaks plain HTTP is backend-tls', async () => {
    const peer = await Peer.listen(() => undefined, { onConnection: (socket) => socket.end(answer('<a/>')) })
    open.push(() => peer.close())
    const outcome = call(peer.url.replace('http:', 'https:'))
    await expect(outcome).rejects.toMatchObject({ code: 'backend-tls' })
    expect(peer.requests).toEqual([])
  })
})

describe.runIf(maker)('TLS settings', () => {
  if (!maker) return
  const ca = maker.authority('ca')
  const stranger = maker.authority('stranger')
  const client = maker.leaf('client', ca)
  const server = maker.leaf('server', ca)
  const named = maker.leaf('named', ca, { alternative: 'DNS:core.bank.example' })
  const expired = maker.leaf('expired', ca, { days: -1 })
  const foreignClient = maker.leaf('foreign-client', stranger)
  const keyFile = maker.encrypted(client, 'open sesame')
  const pkcs12File = maker.pkcs12(client, 'open sesame')
  const passphrase = 'open sesame'
  const mutual = { requestCert: true, rejectUnauthorized: true, ca: ca.cert }
  const withIssuer = readFileSync(maker.pkcs12(foreignClient, passphrase, '-certfile', ca.certFile))

  it.each<[string, TlsOptions, TlsPolicy, string]>([
    ['an authority of its own', server, { ca: ca.cert }, 'nobody TLSv1.3 false'],
    [
      'several authorities in one file',
      server,
      { ca: Buffer.concat([stranger.cert, ca.cert]) },
      'nobody TLSv1.3 false',
    ],
    [
      'a server that has TLS 1.2 only',
      { ...server, maxVersion: 'TLSv1.2' },
      { ca: ca.cert },
      'nobody TLSv1.2 false',
    ],
    [
      'another server name than that of the URL',
      named,
      { ca: ca.cert, serverName: 'core.bank.example' },
      'nobody TLSv1.3 core.bank.example',
    ],
    [
      'a client certificate in PEM',
      { ...server, ...mutual },
      { ca: ca.cert, certificate: client.cert, key: client.key },
      'client TLSv1.3 false',
    ],
    [
      'a client certificate with an encrypted key',
      { ...server, ...mutual },
      { ca: ca.cert, certificate: client.cert, key: readFileSync(keyFile), passphrase },
      'client TLSv1.3 false',
    ],
    [
      'a client certificate in PKCS #12',
      { ...server, ...mutual, maxVersion: 'TLSv1.2' },
      { ca: ca.cert, pkcs12: readFileSync(pkcs12File), passphrase },
      'client TLSv1.2 false',
    ],
    [
      'an authority that comes in PKCS #12, beside another: Node trusts it',
      server,
      { ca: stranger.cert, pkcs12: withIssuer, passphrase },
      'nobody TLSv1.3 false',
    ],
  ])('connect with %s', async (_, options, tls, expected) => {
    expect(await call(await serverWith(options), tls)).toBe(expected)
  })

  it.each<[string, TlsOptions, TlsPolicy | undefined, string]>([
    ['an authority that Node does not know', server, undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['an authority that is not the one', server, { ca: stranger.cert }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['a certificate that nobody signed', stranger, { ca: ca.cert }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['an expired certificate', expired, { ca: ca.cert }, 'CERT_HAS_EXPIRED'],
    ['a certificate for another host', named, { ca: ca.cert }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    [
      'a certificate for another than serverName',
      server,
      { ca: ca.cert, serverName: 'core.bank.example' },
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    [
      'only versions that are too old for anybody',
      { ...server, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' },
      { ca: ca.cert },
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    ],
    [
      'only a version below minimumVersion',
      { ...server, maxVersion: 'TLSv1.2' },
      { ca: ca.cert, minimumVersion: 'TLSv1.3' },
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    ],
    [
      'a wish for a client certificate, and we have none (TLS 1.3)',
      { ...server, ...mutual },
      { ca: ca.cert },
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    ],
    [
      'a wish for a client certificate, and we have none (TLS 1.2)',
      { ...server, ...mutual, maxVersion: 'TLSv1.2' },
      { ca: ca.cert },
      'ALERT_HANDSHAKE_FAILURE',
    ],
  ])('with a server that has %s are backend-tls, the cause in the log', async (_, options, tls, code) => {
    const outcome = call(await serverWith(options), tls)
    await expect(outcome).rejects.toMatchObject({
      code: 'backend-tls',
      message: 'No trusted TLS connection to the backend could be made.',
      cause: { code: expect.stringContaining(code) as string },
    })
  })

  it.each<[string, TlsPolicy, string]>([
    ['refuses us without a certificate', {}, 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
    [
      'refuses the issuer of our certificate',
      { certificate: foreignClient.cert, key: foreignClient.key },
      'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    ],
  ])('with a server of OpenSSL that %s are backend-tls, the cause in the log', async (_, tls, code) => {
    const own = ['-cert', server.certFile, '-key', server.keyFile, '-CAfile', ca.certFile]
    const judge = spawn('openssl', [
      's_server',
      '-accept',
      '127.0.0.1:0',
      ...own,
      '-Verify',
      '1',
      '-verify_return_error',
    ])
    open.push(async () => {
      judge.kill()
      if (judge.exitCode === null && judge.signalCode === null) await once(judge, 'exit')
    })
    let printed = ''
    judge.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()))
    while (!printed.includes('ACCEPT')) await once(judge.stdout, 'data')
    const port = /ACCEPT .*:(\d+)/.exec(printed)?.[1] ?? ''
    const outcome = call(`https://127.0.0.1:${port}/`, { ca: ca.cert, ...tls })
    await expect(outcome).rejects.toMatchObject({ code: 'backend-tls', cause: { code } })
  })

  const junk = Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
  const legacy = (): Buffer => readFileSync(maker.pkcs12(foreignClient, passphrase, '-legacy'))
  it.each<[string, () => TlsPolicy, string[]]>([
    ['nothing', () => ({}), []],
    ['what fits', () => ({ ca: ca.cert, certificate: client.cert, key: client.key }), []],
    ['PKCS #12 that opens', () => ({ pkcs12: readFileSync(pkcs12File), passphrase }), []],
    ['no certificate in ca', () => ({ ca: Buffer.from('junk') }), ['error ca holds no certificate in PEM.']],
    [
      'a broken certificate among several',
      () => ({ ca: Buffer.concat([ca.cert, junk]) }),
      ['error The certificate number 2 in ca cannot be read.'],
    ],
    ['a broken certificate', () => ({ ca: junk }), ['error The certificate in ca cannot be read.']],
    [
      'the key of another certificate',
      () => ({ certificate: client.cert, key: server.key }),
      ['error key does not belong to certificate.'],
    ],
    [
      'a key that is none',
      () => ({ certificate: client.cert, key: client.cert }),
      ['error key cannot be read: it must be a private key in PEM.'],
    ],
    [
      'a wrong passphrase of a key',
      () => ({ certificate: client.cert, key: readFileSync(keyFile), passphrase: 'wrong' }),
      ['error passphrase does not open key.'],
    ],
    [
      'no passphrase of a key',
      () => ({ certificate: client.cert, key: readFileSync(keyFile) }),
      ['error key is encrypted: give its passphrase.'],
    ],
    [
      'a wrong passphrase of PKCS #12',
      () => ({ pkcs12: readFileSync(pkcs12File), passphrase: 'wrong' }),
      ['error passphrase does not open pkcs12.'],
    ],
    [
      'no passphrase of PKCS #12',
      () => ({ pkcs12: readFileSync(pkcs12File) }),
      ['error pkcs12 is encrypted: give its passphrase.'],
    ],
    [
      'PKCS #12 that is none',
      () => ({ pkcs12: Buffer.from('junk'), passphrase }),
      ['error pkcs12 cannot be read: it must be PKCS #12.'],
    ],
    [
      'PKCS #12 of the old kind',
      () => ({ pkcs12: legacy(), passphrase }),
      [
        'error pkcs12 is encrypted with an algorithm that OpenSSL 3 no longer reads, such as RC2: export it anew.',
      ],
    ],
  ])('are checked at start-up: %s', (_, policy, expected) => {
    const findings = checkTls(policy())
    expect(findings.map(({ severity, message }) => `${severity} ${message}`)).toEqual(expected)
  })

  const day = 86_400_000
  it.each<[string, TlsPolicy, number, RegExp]>([
    [
      'that has expired',
      { certificate: client.cert, key: client.key },
      3,
      /^certificate .* expired on 20\d\d-\d\d-\d\d/,
    ],
    ['of an issuer that has expired', { ca: ca.cert }, 3, /^ca .* expired on/],
    [
      'in PKCS #12 that has expired',
      { pkcs12: readFileSync(pkcs12File), passphrase },
      3,
      /^pkcs12 .* expired on/,
    ],
    ['that is not valid yet', { ca: ca.cert }, -1, /^ca .* not valid before 20/],
  ])('warn of a certificate %s', (_, policy, days, expected) => {
    const findings = checkTls(policy, Date.now() + days * day)
    expect(findings).toHaveLength(1)
    expect(findings[0]?.severity).toBe('warning')
    expect(`${findings[0]?.key ?? ''} ${findings[0]?.message ?? ''}`).toMatch(expected)
  })
})
