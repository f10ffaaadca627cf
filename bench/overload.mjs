/**
 * What is left of the service when more is asked of it than it can do: requests are sent at a multiple of its capacity,
 * whatever becomes of those before. Generator, service and backend are processes of their own.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'

import { credentials } from './api-key.mjs'
import { startSoapstone } from './builds.mjs'
import { payment, receipt } from './messages.mjs'
import { Process } from './process.mjs'

const MULTIPLES = [0.5, 1, 2, 3]
const LINES = 27
const CLOSED_LOOP = 20
const TICK_MS = 2
const PROBE_MS = 50
const HEAD_END = '\r\n\r\n'

const body = JSON.stringify(payment(LINES))
const post = message('POST', '/v1/accounts/DE89370400440532013000/payments', body)
const probe = message('GET', '/healthz')

function message(method, path, content = '') {
  const fields = Object.entries({
    host: 'bench',
    ...credentials,
    ...(content && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) }),
  })
  const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${head}\r\n${content}`)
}

/** A connection with one request at a time: nothing costs the generator more than it must. */
class Connection {
  #socket
  #received = ''
  #settle

  static async open(url) {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    socket.setNoDelay(true)
    await once(socket, 'connect')
    return new Connection(socket)
  }

  constructor(socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => this.#receive(chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => this.#done(0))
  }

  /** @param settle gets the status, 0 where the connection was closed */
  send(request, settle) {
    this.#settle = settle
    this.#socket.write(request)
  }

  /** The server closes connections that nothing was asked on for a while. */
  get isOpen() {
    return this.#socket.writable
  }

  close() {
    this.#socket.destroy()
  }

  #receive(chunk) {
    this.#received += chunk
    const end = this.#received.indexOf(HEAD_END)
    if (end === -1) return
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.#received)?.[1] ?? 0)
    if (this.#received.length < end + HEAD_END.length + length) return
    const status = Number(this.#received.slice(9, 12))
    this.#received = ''
    this.#done(status)
  }

  #done(status) {
    const settle = this.#settle
    this.#settle = undefined
    settle?.(status)
  }
}

function quantile(times, share) {
  const sorted = times.sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) * share)]
}

/** Requests per second that are served when all clients ask as soon as they have their response. */
async function closedLoop(connections, milliseconds, expected) {
  const times = []
  const begun = performance.now()
  const client = (connection) =>
    new Promise((resolve) => {
      const next = () => {
        const start = performance.now()
        if (start - begun >= milliseconds) return resolve()
        connection.send(post, (status) => {
          if (status === expected) times.push(performance.now() - start)
          next()
        })
      }
      next()
    })
  await Promise.all(connections.map(client))
  return { perSecond: (times.length * 1000) / milliseconds, p99Ms: quantile(times, 0.99) }
}

function capacity(connections, milliseconds) {
  return closedLoop(connections.slice(0, CLOSED_LOOP), milliseconds, 201)
}

/** Asks for health, again and again. @returns what ends it and gives the longest time that it took */
function watchHealth(connection) {
  let worst = 0
  let isOver = false
  const ask = () => {
    const start = performance.now()
    connection.send(probe, () => {
      worst = Math.max(worst, performance.now() - start)
      if (!isOver) setTimeout(ask, PROBE_MS)
    })
  }
  ask()
  return () => {
    isOver = true
    return worst
  }
}

async function openLoop(connections, rate, milliseconds) {
  const idle = [...connections]
  const nextIdle = () => {
    for (;;) {
      const connection = idle.pop()
      if (!connection || connection.isOpen) return connection
    }
  }
  const accepted = []
  const refused = []
  let [sent, unsent, other, pending] = [0, 0, 0, 0]
  let served = 0
  const begun = performance.now()
  const isOver = () => performance.now() - begun >= milliseconds
  const fire = () => {
    const connection = nextIdle()
    if (!connection) {
      unsent++
      return
    }
    sent++
    pending++
    const start = performance.now()
    connection.send(post, (status) => {
      pending--
      const took = performance.now() - start
      if (status === 201) accepted.push(took)
      else if (status === 503) refused.push(took)
      else other++
      if (status === 201 && !isOver()) served++
      if (status !== 0) idle.push(connection)
    })
  }
  while (!isOver()) {
    const due = ((performance.now() - begun) / 1000) * rate
    while (sent + unsent < due) fire()
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  const seconds = milliseconds / 1000
  while (pending > 0) await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  return {
    offered: rate,
    sent: sent / seconds,
    goodput: served / seconds,
    p99Ms: quantile(accepted, 0.99),
    refusedP99Ms: quantile(refused, 0.99),
    errors: other,
  }
}

/** @param open those that are open already */
async function openAll(url, count, open = []) {
  const connections = open.filter(({ isOpen }) => isOpen)
  while (connections.length < count) {
    const some = Array.from({ length: Math.min(100, count - connections.length) }, () => Connection.open(url))
    connections.push(...(await Promise.all(some)))
  }
  return connections
}

/** @returns by number of connections and multiple of the capacity, the run with the median share of it */
async function measureLoad({ server, count, rounds, milliseconds }) {
  let connections = await openAll(server.ready.url, count)
  const front = await Connection.open(server.ready.url)
  const admin = await Connection.open(server.ready.adminUrl)
  // Their code is loaded by the first of them, as in a process that is probed from its start.
  for (const probed of [front, admin]) await new Promise((resolve) => probed.send(probe, resolve))
  await capacity(connections, milliseconds)
  const rows = {}
  for (const multiple of MULTIPLES) {
    const runs = []
    for (let round = 0; round < rounds; round++) {
      connections = await openAll(server.ready.url, count, connections)
      // Capacity before each run: what else the machine does is in both.
      const alone = await capacity(connections, milliseconds / 2)
      const before = await server.ask('usage')
      const [healthMs, adminMs] = [watchHealth(front), watchHealth(admin)]
      const run = await openLoop(connections, alone.perSecond * multiple, milliseconds)
      const after = await server.ask('usage')
      runs.push({
        ...run,
        capacity: alone.perSecond,
        share: run.goodput / alone.perSecond,
        timesUnloaded: run.p99Ms / alone.p99Ms,
        cpuShare: (after.cpuMicros - before.cpuMicros) / (milliseconds * 10),
        healthMs: healthMs(),
        adminMs: adminMs(),
      })
    }
    rows[`${count} connections, ${multiple} ×`] = runs.sort((a, b) => a.share - b.share)[runs.length >> 1]
  }
  for (const connection of [...connections, front, admin]) connection.close()
  return rows
}

/**
 * What so many connections cost a server that does nothing but pass requests on, and is asked for no more than it can do:
 * sockets that are not in the caches, and as many answers on their way.
 *
 * @returns CPU time of a request with few connections as a share of that with all
 */
async function measureHop(backendUrl, { count, rounds, milliseconds }) {
  const hop = await Process.start('node-http.mjs', { env: { LEDGER_URL: backendUrl } })
  const connections = await openAll(hop.ready.url, count)
  const costOf = async (some) => {
    const before = await hop.ask('usage')
    const { perSecond } = await closedLoop(some, milliseconds, 200)
    const after = await hop.ask('usage')
    return (after.cpuMicros - before.cpuMicros) / ((perSecond * milliseconds) / 1000)
  }
  await costOf(connections)
  const shares = []
  for (let round = 0; round < rounds; round++) {
    const few = await costOf(connections.slice(0, CLOSED_LOOP))
    shares.push(few / (await costOf(connections)))
  }
  for (const connection of connections) connection.close()
  await hop.stop()
  return shares.sort((a, b) => a - b)[shares.length >> 1]
}

/** @returns by number of connections and multiple of the capacity */
export async function measureOverload({ rounds, connections, milliseconds, directory, progress }) {
  const backend = await Process.start('backend.mjs')
  await backend.ask({ answer: receipt })
  const results = {}
  for (const count of connections) {
    progress(`overload: ${count} connections`)
    const hopShare = await measureHop(backend.ready.url, { count, rounds, milliseconds })
    const server = await startSoapstone({
      backendUrl: backend.ready.url,
      log: join(directory, 'overload.log'),
    })
    const rows = await measureLoad({ server, count, rounds, milliseconds })
    for (const [name, row] of Object.entries(rows)) results[name] = { ...row, hopShare }
    await server.stop()
  }
  await backend.stop()
  return results
}
