/** What tracing costs: without a word of it in the code, off as it is without an SDK, and on. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startSoapstone } from './builds.mjs'
import { Load, measure, medians } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { listRequest } from './requests.mjs'

const preload = (name) => ['--import', fileURLToPath(new URL(`servers/${name}`, import.meta.url))]

const ways = {
  without: preload('no-tracing.mjs'),
  off: [],
  on: preload('tracing-sdk.mjs'),
}

/** @returns medians by way, and the ratios to `without` of the CPU time of a request */
export async function measureTracing({ rounds, requests, directory, progress }) {
  const backend = await Process.start('backend.mjs')
  await backend.ask({ answer: transactionList(1) })
  const servers = {}
  const loads = {}
  const runs = {}
  for (const [way, execArgv] of Object.entries(ways)) {
    progress(`tracing: ${way}`)
    const log = join(directory, `tracing-${way}.log`)
    // Nothing may be refused, however busy the machine is: a refusal costs less than a call.
    const settings = { MAX_EVENT_LOOP_LAG_MS: '0' }
    servers[way] = await startSoapstone({ backendUrl: backend.ready.url, log, execArgv, settings })
    loads[way] = new Load(servers[way].ready.url, listRequest(1))
    runs[way] = []
    await loads[way].run(requests)
  }
  for (let round = 0; round < rounds; round++) {
    progress(`tracing: round ${round + 1} of ${rounds}`)
    for (const way of Object.keys(ways)) runs[way].push(await measure(servers[way], loads[way], requests))
  }
  for (const load of Object.values(loads)) await load.close()
  for (const process of [...Object.values(servers), backend]) await process.stop()
  const results = Object.fromEntries(Object.entries(runs).map(([way, measured]) => [way, medians(measured)]))
  // Of each round by itself: what disturbs one server then disturbs the others, too.
  const ratio = (way) => {
    const sorted = runs[way].map((run, i) => run.cpuMicros / runs.without[i].cpuMicros).sort((a, b) => a - b)
    return sorted[Math.floor(sorted.length / 2)]
  }
  return { ...results, offRatio: ratio('off'), onRatio: ratio('on') }
}
