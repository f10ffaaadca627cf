/** Encryption of messages beside node:crypto on the same octets, and what a token that is kept adds to whole calls. */
import { createCipheriv, createDecipheriv, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { compileContract } from '../dist/adapter/adapter.js'
import { compileWsSecurity } from '../dist/ws-security/ws-security.js'
import { cpuMicros, credential } from './credential.mjs'
import { median } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'

const KILOBYTES = 500
const oaepHash = 'sha1'

/** @returns CPU microseconds by engine, and the ratio to node:crypto; those of calls with and without a token, and what it adds */
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
  progress('calls with a token that is kept')
  return { rows, ratio, token: await keptToken(rounds, milliseconds, { certificate, privateKey }) }
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

const OPERATION = 'listTransactions'
const CALLERS = 16
const PATH = { accountId: 'AC-00000101' }

/**
 * The same calls of a backend in a process of its own: with a Timestamp alone, with an assertion that each call brings, and with one
 * of the same length from a token service, which is asked for once. None is bound to a key: what a signature costs is not
 * the token's.
 */
async function keptToken(rounds, milliseconds, { certificate }) {
  const assertion = assertionOf(certificate)
  const service = await tokenService(assertion)
  const backend = await Process.start('backend.mjs')
  await backend.ask({ answer: transactionList(20) })
  const issuedToken = {
    endpoint: service.url,
    appliesTo: 'urn:bench',
    soapVersion: '1.1',
    security: { timestamp: {} },
  }
  const ways = [
    ['a Timestamp', { timestamp: {} }, {}],
    [
      'an assertion of the call',
      { timestamp: {}, saml: { assertion: '$request.header.X-Saml' } },
      { 'x-saml': assertion },
    ],
    ['a token that is kept', { timestamp: {}, issuedToken }, {}],
  ].map(([name, security, headers]) => ({
    name,
    headers,
    adapter: adapterWith(security, backend.ready.url),
    micros: [],
  }))
  // All are compiled and warm before one is measured, and each goes first in turn.
  for (const way of ways) await cpuMicrosOfCalls(way, 3 * milliseconds)
  for (let round = 0; round < rounds; round++) {
    for (const index of ways.keys()) {
      const way = ways[(index + round) % ways.length]
      way.micros.push(await cpuMicrosOfCalls(way, milliseconds))
    }
  }
  for (const { adapter } of ways) await adapter.close()
  await backend.stop()
  service.close()
  const [without, brought, kept] = ways.map(({ micros }) => micros)
  const added = (to) => median(kept.map((each, round) => each / to[round] - 1))
  return {
    rows: Object.fromEntries(ways.map(({ name, micros }) => [name, { micros: median(micros) }])),
    toCall: added(without),
    toAssertion: added(brought),
    asked: service.asked(),
  }
}

/** Of some 4 kB, as signed ones are. */
function assertionOf(certificate) {
  const end = new Date(Date.now() + 600_000).toISOString()
  const filling = certificate.raw.toString('base64').repeat(4).slice(0, 3_600)
  return `<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_1"><a:Conditions NotOnOrAfter="${end}"/><a:Advice>${filling}</a:Advice></a:Assertion>`
}

/** A token service that issues one assertion for ten minutes. */
async function tokenService(assertion) {
  const soap = 'http://schemas.xmlsoap.org/soap/envelope/'
  const wst = 'http://docs.oasis-open.org/ws-sx/ws-trust/200512'
  const answer = `<s:Envelope xmlns:s="${soap}" xmlns:w="${wst}"><s:Body><w:RequestSecurityTokenResponse><w:RequestedSecurityToken>${assertion}</w:RequestedSecurityToken></w:RequestSecurityTokenResponse></s:Body></s:Envelope>`
  let asked = 0
  const server = createServer((_, res) => {
    asked++
    res.writeHead(200, { 'content-type': 'text/xml' }).end(answer)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${server.address().port}/`
  return { url, asked: () => asked, close: () => server.close() }
}

/** The contract of the bench with another `security` of its backend. */
function adapterWith(security, endpoint) {
  const path = fileURLToPath(new URL('contract/openapi.yaml', import.meta.url))
  const contract = parse(readFileSync(path, 'utf8'))
  for (const backend of Object.values(contract['x-soap-backends']))
    Object.assign(backend, { security, endpoint })
  return compileContract({ contract, baseDir: fileURLToPath(new URL('contract/', import.meta.url)) })
}

/** Of calls that go on beside each other, as those of a busy service do. */
async function cpuMicrosOfCalls({ adapter, headers }, milliseconds) {
  const operation = adapter.operations.get(OPERATION)
  const request = { path: PATH, query: {}, headers }
  const until = performance.now() + milliseconds
  let count = 0
  const caller = async () => {
    for (; performance.now() < until; count++) {
      const { status } = await operation.invoke(request)
      if (status !== 200) throw new Error(`${OPERATION} was answered ${status}`)
    }
  }
  const from = process.cpuUsage()
  await Promise.all(Array.from({ length: CALLERS }, caller))
  const { user, system } = process.cpuUsage(from)
  return (user + system) / count
}
