/**
 * What clients that say nothing, and clients that never read, cost the others: a thousand of each, beside a few that ask as
 * soon as they have their response, over plain HTTP and over TLS.
 */
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'

import { credentials } from './api-key.mjs'
import { startSoapstone } from './builds.mjs'
import { Load, medians } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { listRequest } from './requests.mjs'

const ROWS = 20
const LONG_ROWS = 200
const LOOK_MS = 500
/** So many may be sent ahead on a connection; their responses are together longer than what the system takes for a client. */
const AHEAD = 60

const HALF_A_HEADER = 'GET / HTTP/1.1\r\nhost'
/** The header of a record of 512 octets that begins a handshake (RFC 8446, section 5.1), and none of those. */
const HALF_A_RECORD = '\x16\x03\x01\x02\x00'

const silent = { says: '' }
/** Once all that they have asked for is answered, or waits for them. */
const neverReading = { says: requestHead(listRequest(LONG_ROWS).path).repeat(AHEAD) }
/** By protocol of the front, what a thousand clients are; `handshake` where theirs is over before they are silent. */
const kinds = {
  http: {
    nobody: undefined,
    'silent, front': silent,
    'silent, admin port': { ...silent, isAdmin: true },
    'half a header, front': { says: HALF_A_HEADER },
    'half a header, admin port': { says: HALF_A_HEADER, isAdmin: true },
    'never reading, front': neverReading,
    'never reading, while served': { ...neverReading, isBeingServed: true },
    'never reading, documents': { says: requestHead('/v1/openapi.json').repeat(AHEAD) },
  },
  https: {
    'nobody, TLS': undefined,
    'silent before the handshake, TLS': silent,
    'half a record, TLS': { says: HALF_A_RECORD },
    'silent after the handshake, TLS': { ...silent, handshake: true },
    'half a header, TLS': { says: HALF_A_HEADER, handshake: true },
    'never reading, TLS': { ...neverReading, handshake: true },
  },
}

/** Others than the address of those that are measured, where the system has more than one for itself. */
const localAddress = process.platform === 'linux' ? '127.0.0.2' : undefined

function requestHead(path) {
  const fields = Object.entries({ host: 'bench', ...credentials })
  return `GET ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

async function openAll({ ready: { url, adminUrl } }, { says, isAdmin, handshake }, count) {
  const { hostname, port } = new URL(isAdmin ? adminUrl : url)
  const to = { port: Number(port), host: hostname, localAddress }
  const sockets = []
  for (let index = 0; index < count; index++) {
    const socket = handshake ? connectTls({ ...to, rejectUnauthorized: false }) : connect(to)
    socket.on('error', () => undefined)
    const ready = once(socket, handshake ? 'secureConnect' : 'connect')
    await Promise.race([ready, once(socket, 'close')]).catch(() => undefined)
    socket.pause()
    if (says !== '') socket.write(says, 'latin1')
    sockets.push(socket)
  }
  return sockets
}

/** @returns the time of one request to the admin port, undefined where it has no response in ten seconds */
async function adminMs({ ready: { adminUrl } }) {
  const start = performance.now()
  const response = await fetch(`${adminUrl}/healthz`, { signal: AbortSignal.timeout(10_000) }).catch(
    () => undefined,
  )
  return response && performance.now() - start
}

/** @returns settings for a front with TLS; undefined where there is no openssl to make a certificate with */
function tlsSettings(directory) {
  const [TLS_KEY_FILE, TLS_CERT_FILE] = ['silent.key', 'silent.crt'].map((name) => join(directory, name))
  const { status } = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'],
    ...['-subj', '/CN=bench', '-keyout', TLS_KEY_FILE, '-out', TLS_CERT_FILE],
  ])
  return status === 0 ? { TLS_KEY_FILE, TLS_CERT_FILE } : undefined
}

/** @returns by what other clients do: what the few get */
export async function measureSilent({ rounds, count, requests, directory, progress }) {
  const backend = await Process.start('backend.mjs')
  await backend.ask({ answer: transactionList(ROWS) })
  const results = {}
  for (const [protocol, clients] of Object.entries(kinds)) {
    const settings = protocol === 'https' ? tlsSettings(directory) : {}
    if (!settings) {
      progress('silent: no row with TLS, since openssl, which makes the certificate, is not installed')
      continue
    }
    let alone
    for (const [name, kind] of Object.entries(clients)) {
      progress(`silent: ${count} × ${name}`)
      const log = join(directory, 'silent.log')
      const server = await startSoapstone({ backendUrl: backend.ready.url, log, settings })
      const row = await measureBeside(server, kind, { rounds, count, requests })
      alone ??= row
      results[name] = { ...row, timesAlone: row.p99Ms / alone.p99Ms }
      await server.stop()
    }
  }
  await backend.stop()
  return results
}

/** Resolves when the server has next to nothing to do. */
async function idle(server) {
  for (let before = await server.ask('usage'); ;) {
    await delay(LOOK_MS)
    const now = await server.ask('usage')
    if (now.cpuMicros - before.cpuMicros < LOOK_MS * 50) return
    before = now
  }
}

async function measureBeside(server, kind, { rounds, count, requests }) {
  const load = new Load(server.ready.url, listRequest(ROWS))
  await load.run(requests)
  const sockets = kind ? await openAll(server, kind, count) : []
  if (!kind?.isBeingServed) await idle(server)
  const measured = []
  for (let round = 0; round < (kind?.isBeingServed ? 1 : rounds); round++) {
    const { seconds, times, wrong } = await load.run(requests)
    measured.push({
      requestsPerSecond: times.length / seconds,
      p50Ms: times[times.length >> 1],
      p99Ms: times[Math.floor((times.length - 1) * 0.99)],
      errors: wrong.length,
    })
  }
  const row = { ...medians(measured), adminMs: await adminMs(server) }
  for (const socket of sockets) socket.destroy()
  await load.close()
  return row
}
