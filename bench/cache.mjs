/** A response that the cache has, beside what a hop can least cost: node:http in front, undici behind. */
import { join } from 'node:path'
import { changedLedger, startSoapstone } from './builds.mjs'
import { Load, measure, median } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { listRequest } from './requests.mjs'

const WARM_UP = 4000
const PASS_THROUGH = 'node:http pass-through'

/** @returns by number of rows, by server: the medians of the rounds, and how many times the CPU time of pass-through */
export async function measureCache({ rounds, requests, directory, progress }) {
  const backend = await Process.start('backend.mjs')
  const backendUrl = backend.ready.url
  const log = join(directory, 'cache.log')
  const servers = {
    [PASS_THROUGH]: await Process.start('node-http.mjs', { env: { LEDGER_URL: backendUrl } }),
    'soapstone, from the backend': await startSoapstone({ backendUrl, log }),
    'soapstone, from the cache': await startSoapstone({
      backendUrl,
      log,
      contract: cachedContract(directory),
    }),
  }
  const results = {}
  for (const rows of [1, 20, 200]) {
    progress(`cache: ${rows} rows`)
    const answer = transactionList(rows)
    await backend.ask({ answer })
    const loads = Object.fromEntries(
      Object.entries(servers).map(([name, { ready }]) => {
        const request = listRequest(rows)
        const proves = name === PASS_THROUGH ? (text) => text === answer : request.proves
        return [name, new Load(ready.url, { ...request, proves })]
      }),
    )
    for (const load of Object.values(loads)) await load.run(WARM_UP)
    const runs = Object.fromEntries(Object.keys(servers).map((name) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      for (const name of Object.keys(servers))
        runs[name].push(await measure(servers[name], loads[name], requests))
    }
    for (const [name, measured] of Object.entries(runs)) {
      const times = measured.map(({ cpuMicros }, round) => cpuMicros / runs[PASS_THROUGH][round].cpuMicros)
      results[`${rows} rows, ${name}`] = {
        cpuMicros: median(measured.map(({ cpuMicros }) => cpuMicros)),
        p99Ms: median(measured.map(({ p99Ms }) => p99Ms)),
        timesPassThrough: median(times),
      }
    }
    for (const load of Object.values(loads)) await load.close()
  }
  for (const process of [...Object.values(servers), backend]) await process.stop()
  return results
}

/** The contract that is measured everywhere, with lists that may be kept for ten minutes. */
function cachedContract(directory) {
  const marked = 'operation: ListTransactions\n'
  return changedLedger(directory, 'cached', marked, `${marked}        cache: { maxAgeSeconds: 600 }\n`)
}
