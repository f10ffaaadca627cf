/** What answers cost that are too long to be held: while they arrive they are given to the client. */
import { request } from 'undici'
import { apiKeys, credentials } from './api-key.mjs'
import { Load, measure, median } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'

const contract = fileURLToPath(new URL('contract/openapi.yaml', import.meta.url))
const path = '/v1/accounts/DE89370400440532013000/transactions'
const WARM_UP = 1000
const LOOK_MS = 20

/**
 * @param sizes of the answers of the backend, in MB
 * @returns by size: when the first and the last octet came, CPU time, medians of the rounds, and memory before and at most
 */
export async function measureLongAnswers({ rounds, sizes, directory, progress }) {
  const backend = await Process.start('backend.mjs')
  const results = {}
  for (const megabytes of sizes) {
    const server = await Process.start('soapstone.mjs', {
      args: [contract],
      env: { LEDGER_URL: `${backend.ready.url}/ledger`, API_KEYS: apiKeys },
      log: join(directory, 'long.log'),
    })
    await warmUp(server, backend)
    const runs = []
    for (let round = 0; round < rounds; round++) {
      progress(`long answers: ${megabytes} MB, round ${round + 1}`)
      await backend.ask(longAnswer(megabytes * 1e6))
      runs.push(await fetchOnce(server))
    }
    results[`${megabytes} MB`] = Object.fromEntries(
      Object.keys(runs[0]).map((key) => [
        key,
        key === 'peakMb' ? Math.max(...runs.map((run) => run.peakMb)) : median(runs.map((run) => run[key])),
      ]),
    )
    await server.stop()
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
    throw new Error(`a long answer: ${statusCode}`)
  return {
    firstMs,
    totalMs,
    cpuMs: (after.cpuMicros - before.cpuMicros) / 1000,
    jsonMb: bytes / 1e6,
    beforeMb: before.rss / 2 ** 20,
    peakMb: peak / 2 ** 20,
  }
}
