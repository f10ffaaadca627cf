/**
 * What clients that say nothing, and clients that never read, cost the others: a thousand of each, beside a few that ask as
 * soon as they have their response.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'

import { credentials } from './api-key.mjs'
import { startSoapstone } from './builds.mjs'
import { Load } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { listRequest } from './requests.mjs'

const ROWS = 20
const LONG_ROWS = 200
/** Together longer than what the system takes for a client that does not read. */
const AHEAD = 100

const silent = { says: '' }
const kinds = {
  nobody: undefined,
  'silent, front': silent,
  'silent, admin port': { ...silent, isAdmin: true },
  'half a header, front': { says: 'GET / HTTP/1.1\r\nhost' },
  'half a header, admin port': { says: 'GET / HTTP/1.1\r\nhost', isAdmin: true },
  'never reading, front': { says: requestHead(listRequest(LONG_ROWS).path).repeat(AHEAD) },
  'never reading, documents': { says: requestHead('/v1/openapi.json').repeat(AHEAD) },
}

function requestHead(path) {
  const fields = Object.entries({ host: 'bench', ...credentials })
  return `GET ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
}

async function openAll({ ready: { url, adminUrl } }, { says, isAdmin }, count) {
  const { hostname, port } = new URL(isAdmin ? adminUrl : url)
  const sockets = []
  for (let index = 0; index < count; index++) {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => undefined)
    socket.pause()
    if (says !== '') socket.write(says)
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

/** @returns by what other clients do: what the few get */
export async function measureSilent({ count, requests, directory, progress }) {
  const backend = await Process.start('backend.mjs')
  await backend.ask({ answer: transactionList(ROWS) })
  const results = {}
  let alone
  for (const [name, kind] of Object.entries(kinds)) {
    progress(`silent: ${count} × ${name}`)
    const server = await startSoapstone({ backendUrl: backend.ready.url, log: join(directory, 'silent.log') })
    const load = new Load(server.ready.url, listRequest(ROWS))
    await load.run(requests)
    const sockets = kind ? await openAll(server, kind, count) : []
    const { seconds, times, wrong } = await load.run(requests)
    const row = {
      requestsPerSecond: times.length / seconds,
      p50Ms: times[times.length >> 1],
      p99Ms: times[Math.floor((times.length - 1) * 0.99)],
      errors: wrong.length,
      adminMs: await adminMs(server),
    }
    alone ??= row
    results[name] = { ...row, timesAlone: row.p99Ms / alone.p99Ms }
    for (const socket of sockets) socket.destroy()
    await load.close()
    await server.stop()
  }
  await backend.stop()
  return results
}
