/** Encryption of messages beside node:crypto on the same octets, and what a token that is kept adds to a call. */
import { execFileSync } from 'node:child_process'
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  privateDecrypt,
  publicEncrypt,
  randomBytes,
  X509Certificate,
} from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { TokenService } from '../dist/adapter/token-service.js'
import { compileWsSecurity } from '../dist/ws-security/ws-security.js'
import { median } from './load.mjs'
import { transactionList } from './messages.mjs'

const KILOBYTES = 500
const oaepHash = 'sha1'

/** @returns CPU microseconds by engine, and the ratios to node:crypto; microseconds of a call that finds a token kept */
export async function measureWsSecurity({ rounds, milliseconds, directory, progress }) {
  const { certificate, privateKey } = credential(directory)
  const envelope = transactionList(1900)
  const start = envelope.indexOf('<soap:Body>') + 11
  const body = envelope.slice(start, envelope.lastIndexOf('</soap:Body>'))
  progress(`encryption of ${Math.round(body.length / 1000)} kB`)
  const security = compileWsSecurity(policyFor(certificate, privateKey), '1.1')
  const secured = security.secure(envelope, {})
  const bare = encrypt(body, certificate)
  const jobs = {
    'node:crypto, encrypt': () => encrypt(body, certificate),
    'soapstone, encrypt': () => security.secure(envelope, {}),
    'node:crypto, decrypt': () => decrypt(bare, privateKey),
    'soapstone, decrypt': () => security.verify(secured),
  }
  const micros = Object.fromEntries(Object.keys(jobs).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const [name, job] of Object.entries(jobs)) micros[name].push(cpuMicros(job, milliseconds))
  }
  const rows = Object.fromEntries(
    Object.entries(micros).map(([name, values]) => [name, { micros: median(values), kilobytes: KILOBYTES }]),
  )
  const of = (name) => rows[name].micros
  const ratio =
    (of('soapstone, encrypt') + of('soapstone, decrypt')) /
    (of('node:crypto, encrypt') + of('node:crypto, decrypt'))
  return { rows, ratio, tokenMicros: await keptToken(rounds) }
}

function credential(directory) {
  const [key, certificate] = [join(directory, 'wss.key'), join(directory, 'wss.crt')]
  const subject = ['-subj', '/CN=bench', '-days', '30']
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, ...subject],
    { stdio: 'ignore' },
  )
  return {
    certificate: new X509Certificate(readFileSync(certificate)),
    privateKey: createPrivateKey(readFileSync(key)),
  }
}

function policyFor(certificate, privateKey) {
  const keyTransport = { name: 'rsa-oaep-mgf1p', digest: oaepHash, mgf: oaepHash }
  return {
    mustUnderstand: true,
    encryption: {
      certificate,
      keyTransport,
      reference: 'issuer-serial',
      algorithm: 'aes256-gcm',
      parts: ['body'],
      elements: [],
      order: 'sign-then-encrypt',
    },
    decryption: {
      keys: [{ privateKey, certificate }],
      parts: ['body'],
      algorithms: ['aes256-gcm'],
      keyTransports: ['rsa-oaep-mgf1p'],
      plainFaults: false,
    },
  }
}

function encrypt(text, certificate) {
  const [key, iv] = [randomBytes(32), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const data = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  const wrapped = publicEncrypt({ key: certificate.publicKey, oaepHash }, key)
  return { wrapped: wrapped.toString('base64'), data: data.toString('base64') }
}

function decrypt({ wrapped, data }, privateKey) {
  const key = privateDecrypt({ key: privateKey, oaepHash }, Buffer.from(wrapped, 'base64'))
  const bytes = Buffer.from(data, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(-16))
  const text = decipher.update(bytes.subarray(12, -16))
  decipher.final()
  return text.toString('utf8')
}

function cpuMicros(job, milliseconds) {
  for (let i = 0; i < 20; i++) job()
  const from = process.cpuUsage()
  let count = 0
  for (const until = performance.now() + milliseconds; performance.now() < until; count++) job()
  const { user, system } = process.cpuUsage(from)
  return (user + system) / count
}

/** A token service that issues one token for ten minutes. */
async function keptToken(rounds) {
  const soap = 'http://schemas.xmlsoap.org/soap/envelope/'
  const wst = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512'
  const assertion = `<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1"><a:Conditions NotOnOrAfter="${new Date(Date.now() + 600_000).toISOString()}"/></a:Assertion>`
  const answer = `<s:Envelope xmlns:s="${soap}" xmlns:w="${wst}"><s:Body><w:RequestSecurityTokenResponse><w:RequestedSecurityToken>${assertion}</w:RequestedSecurityToken></w:RequestSecurityTokenResponse></s:Body></s:Envelope>`
  const server = createServer((_, res) => res.writeHead(200, { 'content-type': 'text/xml' }).end(answer))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${server.address().port}/`
  const policy = {
    ...{ endpoint, soapVersion: '1.1', appliesTo: 'urn:bench', tokenType: 'saml-2.0', keyType: 'bearer' },
    ...{ renew: false, cancel: false, security: { mustUnderstand: true, timestamp: { ttlSeconds: 300 } } },
  }
  const tokens = new TokenService({ policy, connection: {} }, 5000)
  await tokens.token(undefined, 5000)
  const runs = []
  for (let round = 0; round < rounds; round++) {
    const from = process.cpuUsage()
    for (let i = 0; i < 100_000; i++) await tokens.token(undefined, 5000)
    const { user, system } = process.cpuUsage(from)
    runs.push((user + system) / 100_000)
  }
  await tokens.close()
  server.close()
  return median(runs)
}
