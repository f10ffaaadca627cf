/** What answers cost that are too long to be held: while they arrive they are given to the client. */
import { request } from 'undici'
import { credentials } from './api-key.mjs'
import { buildsOf, startSoapstone, timesAgainst } from './builds.mjs'
import { Load, measure, medians } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { join } from 'node:path'

const path = '/v1/accounts/DE89370400440532013000/transactions'
const WARM_UP = 1000
const LOOK_MS = 20

/**
 * @param sizes of the responses of the backend, in MB
 * @param against the root of another build, which takes its turns in the same rounds
 * @returns by size: when the first and the last octet came, CPU time, medians of the rounds, and memory before and at most
 */
export async function measureLongAnswers({ rounds, sizes, directory, progress, against }) {
  const backend = await Process.start('backend.mjs')
  const results = {}
  for (const megabytes of sizes) {
    const servers = {}
    for (const [name, build] of Object.entries(buildsOf(against))) {
      const log = join(directory, `long-${name}.log`)
      servers[name] = await startSoapstone({ build, backendUrl: backend.ready.url, log })
      await warmUp(servers[name], backend)
    }
    const runs = Object.fromEntries(Object.keys(servers).map((name) => [name, []]))
    await backend.ask(longAnswer(megabytes * 1e6))
    for (let round = 0; round < rounds; round++) {
      progress(`long responses: ${megabytes} MB, round ${round + 1}`)
      for (const [name, server] of Object.entries(servers)) runs[name].push(await fetchOnce(server))
    }
    results[`${megabytes} MB`] = {
      ...medians(runs.soapstone),
      peakMb: Math.max(...runs.soapstone.map((run) => run.peakMb)),
      timesAgainst: timesAgainst(runs),
    }
    for (const server of Object.values(servers)) await server.stop()
  }
  await backend.stop()
  return results
}

/** Memory is compared with that of a server that has served. */
async function warmUp(server, backend) {
  await backend.ask({ answer: transactionList(20) })
  const proves = (text) => JSON.parse(text).items.length === 20
  const load = new Load(server.ready.url, { method: 'GET', path, status: 200, proves })
  await measure(server, load, WARM_UP)
  await load.close()
}

/** @returns what the backend is asked for: one list of some 500 kB, its items over and over */
function longAnswer(bytes) {
  const list = transactionList(2000)
  const start = list.indexOf('<Items>')
  const end = list.lastIndexOf('</Items>') + '</Items>'.length
  const times = Math.ceil(bytes / (end - start))
  return { before: list.slice(0, start), repeated: list.slice(start, end), times, after: list.slice(end) }
}

async function fetchOnce(server) {
  const before = await server.ask('usage')
  let peak = before.rss
  let isOver = false
  const looks = (async () => {
    while (!isOver) {
      peak = Math.max(peak, (await server.ask('usage')).rss)
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
  })()
  const start = performance.now()
  const { statusCode, body } = await request(`${server.ready.url}${path}`, { headers: credentials })
  let firstMs
  let bytes = 0
  let last
  for await (const chunk of body) {
    firstMs ??= performance.now() - start
    bytes += chunk.length
    last = chunk
  }
  const totalMs = performance.now() - start
  isOver = true
  await looks
  const after = await server.ask('usage')
  if (statusCode !== 200 || last?.toString().slice(-3) !== '}]}')
    throw new Error(`a long response: ${statusCode}`)
  return {
    firstMs,
    totalMs,
    cpuMs: (after.cpuMicros - before.cpuMicros) / 1000,
    jsonMb: bytes / 1e6,
    beforeMb: before.rss / 2 ** 20,
    peakMb: peak / 2 ** 20,
  }
}
