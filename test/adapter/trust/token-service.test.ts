import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import type { Adapter } from '../../../src/adapter/adapter.js'
import { AdapterError } from '../../../src/base/errors.js'
import { encryptData, encryptKey, newKey } from '../../../src/ws-security/algorithms/encryption.js'
import { DS, XENC, XENC_11 } from '../../../src/ws-security/names.js'
import { type Credential, hasOpenssl, KeyFolder, openssl } from '../../ws-security/keys.js'
import { hasWss4j, hasXmlsec, wss4jPath } from '../../ws-security/peers.js'
import { till } from '../header-contract.js'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const folder = new KeyFolder()
afterAll(() => {
  folder.remove()
})

const SAML_2 = 'urn:oasis:names:tc:SAML:2.0:assertion'
const WST = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512'
const SOLD = '<t:SellResponse><t:Receipt>r</t:Receipt></t:SellResponse>'
const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/'

/** A server that remembers what it was sent. */
async function served(
  answer: (body: string, count: number) => string | Promise<string>,
): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = []
  const server: Server = createServer((req, res) => {
    let body = ''
    req.on('data', (chunk) => (body += String(chunk)))
    req.on('end', () => {
      seen.push(body)
      void Promise.resolve(answer(body, seen.length)).then((text) => {
        res.writeHead(text.includes(':Fault>') ? 500 : 200, { 'content-type': 'text/xml' })
        res.end(text)
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, seen }
}

const soldTo = (): string =>
  `<s:Envelope xmlns:s="${SOAP_11}" xmlns:t="urn:till"><s:Body>${SOLD}</s:Body></s:Envelope>`
const assertion = (id: string, more = ''): string =>
  `<a:Assertion xmlns:a="${SAML_2}" ID="${id}">${more}</a:Assertion>`
const issued = (token: string, expires = new Date(Date.now() + 600_000).toISOString()): string =>
  `<s:Envelope xmlns:s="${SOAP_11}" xmlns:w="${WST}" xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"><s:Body><w:RequestSecurityTokenResponseCollection><w:RequestSecurityTokenResponse>` +
  `<w:RequestedSecurityToken>${token}</w:RequestedSecurityToken><w:Lifetime><u:Created>2020-01-01T00:00:00Z</u:Created><u:Expires>${expires}</u:Expires></w:Lifetime>` +
  '</w:RequestSecurityTokenResponse></w:RequestSecurityTokenResponseCollection></s:Body></s:Envelope>'

const USER =
  "security: { timestamp: {}, username: { name: soapstone, password: '${PASSWORD}', type: digest } }"

function opened(
  backendUrl: string,
  stsUrl: string,
  { token = '', more = '', security = USER }: { token?: string; more?: string; security?: string } = {},
  env: Record<string, string> = {},
): { adapter: Adapter; sell: (user?: string) => Promise<{ status: number }> } {
  const issuedToken = `issuedToken: { endpoint: '${stsUrl}', soapVersion: '1.1', ${security}${token} }`
  const adapter = till(
    { backend: `endpoint: '${backendUrl}', timeoutMs: 20000, security: { ${issuedToken}${more} }` },
    { PASSWORD: 'opensesame', ...env },
  )
  closing.push(() => adapter.close())
  const operation = adapter.operations.get('sell')
  if (!operation) throw new Error('there is no sell')
  return {
    adapter,
    sell: (user) =>
      operation.invoke({
        path: {},
        query: {},
        headers: user === undefined ? {} : { 'x-user': user },
        body: { item: 'x' },
      }),
  }
}

describe('a token of a security token service', () => {
  it('is asked for once for many calls, and sent with each', async () => {
    const backend = await served(soldTo)
    const sts = await served((_, count) => issued(assertion(`t${count}`)))
    const { sell } = opened(backend.url, sts.url)
    await Promise.all(Array.from({ length: 20 }, () => sell()))
    await sell()
    expect(sts.seen).toHaveLength(1)
    expect(sts.seen[0]).toContain(`<wst:RequestType>${WST}/Issue</wst:RequestType>`)
    expect(sts.seen[0]).toContain(`<wst:KeyType>${WST}/Bearer</wst:KeyType>`)
    expect(sts.seen[0]).toContain(
      `<wsa:Address>${backend.url}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>`,
    )
    expect(sts.seen[0]).toMatch(/<wsse:UsernameToken .*soapstone/s)
    expect(backend.seen).toHaveLength(21)
    for (const message of backend.seen) {
      expect(message).toMatch(
        /<wsse:Security [^>]*><a:Assertion [^>]*ID="t1"[^>]*><\/a:Assertion><\/wsse:Security>/,
      )
      expect(message).not.toContain('opensesame')
    }
  })

  it.each([
    ['on behalf of each caller', 'onBehalfOf', '<wst:OnBehalfOf>'],
    [
      'to act as each caller',
      'actAs',
      '<wst14:ActAs xmlns:wst14="http://docs.oasis-open.org/ws-sx/ws-trust/200802">',
    ],
  ])('is asked for %s', async (_, key, tag) => {
    const backend = await served(soldTo)
    const sts = await served((body) => issued(assertion(/ID="(\w+)"/.exec(body)?.[1] ?? 'none')))
    const { sell } = opened(backend.url, sts.url, { token: `, ${key}: $request.header.X-User` })
    for (const user of ['ann', 'bob', 'ann']) await sell(assertion(user))
    const asked = sts.seen.map((body) => body.split(`${tag}<a:Assertion `)[1] ?? '')
    expect(asked.map((rest) => /ID="(\w+)"/.exec(rest)?.[1])).toEqual(['ann', 'bob'])
    expect(backend.seen.map((body) => /<a:Assertion [^>]*ID="(\w+)"/.exec(body)?.[1])).toEqual([
      'ann',
      'bob',
      'ann',
    ])
    await expect(sell('no assertion')).rejects.toMatchObject({ code: 'request-invalid' })
  })

  it('that expires soon is renewed where the contract says so', async () => {
    const backend = await served(soldTo)
    const soon = (): string => new Date(Date.now() + 3000).toISOString()
    const sts = await served((_, count) => issued(assertion(`t${count}`), soon()))
    const { sell, adapter } = opened(backend.url, sts.url, {
      token: ', renew: true, cancel: true, lifetimeSeconds: 60',
    })
    await vi.waitFor(
      async () => {
        await sell()
        expect(sts.seen.length).toBeGreaterThan(1)
      },
      { timeout: 25_000, interval: 50 },
    )
    const actions = (): (string | undefined)[] =>
      sts.seen.map((body) => /200512\/(Issue|Renew|Cancel)<\/wst:RequestType/.exec(body)?.[1])
    expect(actions().slice(0, 2)).toEqual(['Issue', 'Renew'])
    expect(sts.seen[0]).toMatch(/<wst:Lifetime [^>]*><wsu:Created>/)
    expect(sts.seen[1]).toContain('<wst:RenewTarget><a:Assertion')
    await adapter.close()
    expect(actions().at(-1)).toBe('Cancel')
  })

  it('that the backend does not take is forgotten, and nothing is sent twice', async () => {
    const fault = `<s:Envelope xmlns:s="${SOAP_11}" xmlns:wsse="urn:x"><s:Body><s:Fault><faultcode>wsse:InvalidSecurityToken</faultcode><faultstring>no</faultstring></s:Fault></s:Body></s:Envelope>`
    const backend = await served((_, count) => (count === 1 ? fault : soldTo()))
    const sts = await served((_, count) => issued(assertion(`t${count}`)))
    const { sell } = opened(backend.url, sts.url)
    await expect(sell()).rejects.toMatchObject({ code: 'backend-fault' })
    expect(backend.seen).toHaveLength(1)
    expect((await sell()).status).toBe(200)
    expect(backend.seen[1]).toContain('ID="t2"')
  })

  it('is waited for no longer than the call may take; the backend is not called', async () => {
    const backend = await served(soldTo)
    let release: (text: string) => void = () => undefined
    const sts = await served(() => new Promise((resolve) => (release = resolve)))
    const issuedToken = `issuedToken: { endpoint: '${sts.url}', soapVersion: '1.1', ${USER} }`
    const adapter = till(
      { backend: `endpoint: '${backend.url}', security: { ${issuedToken} }`, operation: 'timeoutMs: 50' },
      { PASSWORD: 'p' },
    )
    closing.push(() => adapter.close())
    const sell = adapter.operations
      .get('sell')
      ?.invoke({ path: {}, query: {}, headers: {}, body: { item: 'x' } })
    await expect(sell).rejects.toMatchObject({ code: 'backend-timeout', outcome: 'not-sent' })
    release(issued(assertion('late')))
    expect(backend.seen).toHaveLength(0)
  })

  const refusals: readonly [string, string][] = [
    [
      'a fault',
      `<s:Envelope xmlns:s="${SOAP_11}"><s:Body><s:Fault><faultcode>wst:FailedAuthentication</faultcode><faultstring>secret text</faultstring></s:Fault></s:Body></s:Envelope>`,
    ],
    ['no XML', 'secret text'],
    ['another document', '<html/>'],
    ['an envelope of nothing', `<s:Envelope xmlns:s="${SOAP_11}"><s:Body/></s:Envelope>`],
    ['no body', `<s:Envelope xmlns:s="${SOAP_11}"/>`],
    ['no token', issued('')],
    ['an encrypted token', issued('<x:EncryptedData xmlns:x="http://www.w3.org/2001/04/xmlenc#"/>')],
    ['two tokens', issued(assertion('a') + assertion('b'))],
    ['a token of another kind', issued('<t:Token xmlns:t="urn:t"/>')],
    ['a token that has expired', issued(assertion('a'), '2020-01-01T00:00:00Z')],
    ['a document type declaration', `<!DOCTYPE a [<!ENTITY e "x">]>${issued(assertion('a'))}`],
  ]
  it.each(refusals)('is not had where the service answers with %s', async (_, text) => {
    const backend = await served(soldTo)
    const sts = await served(() => text)
    const { sell } = opened(backend.url, sts.url)
    const error: unknown = await sell().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'backend-login', outcome: 'not-sent' })
    for (let each = error; each instanceof Error; each = each.cause)
      expect(each.message).not.toContain('secret text')
    expect(error).toBeInstanceOf(AdapterError)
    expect(backend.seen).toHaveLength(0)
  })
})

describe.skipIf(!hasOpenssl)('a token that is encrypted', () => {
  const backendKey = hasOpenssl ? folder.make('/CN=backend') : (undefined as never)
  const other = hasOpenssl ? folder.make('/CN=other') : (undefined as never)
  const OAEP = { name: 'rsa-oaep-mgf1p', digest: 'sha1', mgf: 'sha1' } as const

  /** A saml2:EncryptedAssertion for whoever holds a certificate. */
  const encrypted = ({ certificate }: Credential, named = true): string => {
    const key = newKey('aes256-gcm')
    const [data, wrapped] = [
      encryptData('aes256-gcm', key, assertion('inner')),
      encryptKey(certificate.publicKey, key, OAEP),
    ].map((octets) => octets.toString('base64'))
    const keyInfo = `<d:KeyInfo><d:X509Data><d:X509Certificate>${certificate.raw.toString('base64')}</d:X509Certificate></d:X509Data></d:KeyInfo>`
    const cipher = (value = ''): string =>
      `<x:CipherData><x:CipherValue>${value}</x:CipherValue></x:CipherData>`
    return (
      `<a:EncryptedAssertion xmlns:a="${SAML_2}"><x:EncryptedData xmlns:x="${XENC}" xmlns:d="${DS}" Type="${XENC}Element"><x:EncryptionMethod Algorithm="${XENC_11}aes256-gcm"/>` +
      `<d:KeyInfo><x:EncryptedKey><x:EncryptionMethod Algorithm="${XENC}rsa-oaep-mgf1p"/>${named ? keyInfo : ''}${cipher(wrapped)}</x:EncryptedKey></d:KeyInfo>` +
      `${cipher(data)}</x:EncryptedData></a:EncryptedAssertion>`
    )
  }
  const certificates = () => ({
    BACKEND: backendKey.certificatePem,
    OWN: other.certificatePem,
    KEY: other.keyPem,
  })
  const RECIPIENT = ", recipient: '${BACKEND}'"

  it.each([
    ['that issuedToken names', RECIPIENT, ''],
    ['for which messages are encrypted', '', ", encryption: { certificate: '${BACKEND}', parts: [body] }"],
    ['for which the keys of calls are', '', ", symmetric: { certificate: '${BACKEND}' }, signature: {}"],
  ])('for the certificate %s is passed on as it is', async (_, token, more) => {
    const backend = await served(soldTo)
    const assertionOf = encrypted(backendKey)
    const sts = await served(() => issued(assertionOf))
    const { sell } = opened(backend.url, sts.url, { token, more }, certificates())
    expect((await sell()).status).toBe(200)
    expect((await sell()).status).toBe(200)
    expect(sts.seen).toHaveLength(1)
    const [sent] = /<a:EncryptedAssertion .*<\/a:EncryptedAssertion>/s.exec(backend.seen[1] ?? '') ?? []
    // With the declarations that it has inherited.
    expect(sent?.replace(` xmlns:s="${SOAP_11}"`, '')).toBe(assertionOf)
    if (hasXmlsec) {
      const file = join(folder.path, 'encrypted.xml')
      writeFileSync(file, sent ?? '')
      const { stdout } = spawnSync('xmlsec1', ['--decrypt', '--privkey-pem', backendKey.keyFile, file], {
        encoding: 'utf8',
      })
      expect(stdout).toContain('ID="inner"')
    }
  })

  it.each<[string, () => string, { token?: string; more?: string }, RegExp]>([
    [
      'for nobody that the contract knows',
      () => encrypted(backendKey),
      {},
      /nothing says for which certificate/,
    ],
    ['for somebody else', () => encrypted(other), { token: RECIPIENT }, /encrypted for another certificate/],
    [
      'for nobody that it names',
      () => encrypted(backendKey, false),
      { token: RECIPIENT },
      /another certificate/,
    ],
    [
      'and that the signature should name',
      () => encrypted(backendKey),
      { token: RECIPIENT, more: ", signature: { key: '${KEY}', certificate: '${OWN}', reference: saml }" },
      /no signature that names the token/,
    ],
    [
      'without saying that it is an assertion',
      () => encrypted(backendKey).replace(/<\/?a:EncryptedAssertion[^>]*>/g, ''),
      { token: RECIPIENT },
      /otherwise than as a saml2:EncryptedAssertion/,
    ],
    [
      'beside another',
      () => encrypted(backendKey) + assertion('second'),
      { token: RECIPIENT },
      /more than one token/,
    ],
  ])('%s is refused', async (_, token, settings, why) => {
    const backend = await served(soldTo)
    const sts = await served(() => issued(token()))
    const { sell } = opened(backend.url, sts.url, settings, certificates())
    await expect(sell()).rejects.toMatchObject({
      code: 'backend-login',
      outcome: 'not-sent',
      cause: { message: expect.stringMatching(why) as string },
    })
    expect(backend.seen).toHaveLength(0)
  })

  it('is not taken of a caller', async () => {
    const backend = await served(soldTo)
    const adapter = till(
      {
        backend: `endpoint: '${backend.url}', security: { saml: { assertion: $request.header.X-User } }`,
      },
      {},
    )
    closing.push(() => adapter.close())
    const headers = { 'x-user': encrypted(backendKey) }
    const call = adapter.operations.get('sell')?.invoke({ path: {}, query: {}, headers, body: { item: 'x' } })
    await expect(call).rejects.toMatchObject({ code: 'request-invalid' })
  })
})

if (!hasWss4j) console.log('skipped: libwss4j-java is not there for a security token service')

describe.runIf(hasWss4j && hasOpenssl)('a token of a service on WSS4J', () => {
  it('is issued to a user and to a key, bound to that key, renewed and cancelled', async () => {
    const ca = folder.make('/CN=ca', { ca: true })
    const own = folder.make('/CN=own', { issuer: ca, extensions: ['subjectKeyIdentifier=hash'] })
    const store = join(folder.path, 'sts.p12')
    openssl([
      'pkcs12',
      '-export',
      '-inkey',
      ca.keyFile,
      '-in',
      ca.certificateFile,
      '-name',
      'sts',
      '-passout',
      'pass:changeit',
      '-out',
      store,
    ])
    const trust = join(folder.path, 'sts-trust.pem')
    writeFileSync(trust, ca.certificatePem + own.certificatePem)
    const peer = fileURLToPath(new URL('../../ws-security/peers/TokenService.java', import.meta.url))
    const process = spawn('java', ['-cp', wss4jPath, peer, store, trust], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    closing.push(() => process.kill())
    const said: string[] = []
    const lines = createInterface({ input: process.stdout })
    const [port] = (await once(lines, 'line')) as [string]
    lines.on('line', (line) => said.push(line))
    const backend = await served(soldTo)
    const sts = (path: string): string => `http://127.0.0.1:${port}${path}`

    const user = opened(backend.url, sts('/'), { security: USER })
    expect((await user.sell()).status).toBe(200)
    const signing = `signature: { key: '\${KEY}', certificate: ${own.certificateFile}`
    const env = { KEY: own.keyPem }
    const bound = opened(
      backend.url,
      sts('/'),
      {
        token: ', keyType: public-key, cancel: true',
        security: `security: { timestamp: {}, ${signing} } }`,
        more: `, timestamp: {}, ${signing}, reference: saml, parts: [body, timestamp, saml] }`,
      },
      env,
    )
    expect((await bound.sell()).status).toBe(200)
    const wrong = opened(backend.url, sts('/'), { security: USER }, { PASSWORD: 'wrong' })
    await expect(wrong.sell()).rejects.toMatchObject({ code: 'backend-login' })
    await bound.adapter.close()
    const [bearer = '', holder = ''] = backend.seen
    expect(bearer).toContain('cm:bearer')
    expect(holder).toContain('cm:holder-of-key')
    expect(said.filter((line) => !line.startsWith('refused'))).toEqual([
      'Issue user ',
      'Issue signature  holder-of-key',
      'Cancel signature service',
    ])

    if (!hasXmlsec) return
    // The assertion is what the service signed, and its signature is ours by the key that it confirms.
    const message = join(folder.path, 'message.xml')
    writeFileSync(message, holder)
    const ids = ['Assertion', 'Body', 'Timestamp', 'SecurityTokenReference'].flatMap((name) => [
      `--id-attr:${name === 'Assertion' ? 'ID' : 'Id'}`,
      name,
    ])
    const inside = spawnSync(
      'xmlsec1',
      [
        '--verify',
        '--pubkey-cert-pem',
        ca.certificateFile,
        '--node-xpath',
        "//*[local-name()='Assertion']/*[local-name()='Signature']",
        ...ids,
        message,
      ],
      { encoding: 'utf8' },
    )
    expect(inside.stderr).toMatch(/^OK/)
  })
})
