/**
 * What clients see at 70 % of what the service can do, and how long collections of garbage stop it: requests are sent at
 * their times, whatever becomes of those before, so that none waits unseen.
 */
import { join } from 'node:path'
import { Pool } from 'undici'
import { credentials } from './api-key.mjs'
import { startSoapstone } from './builds.mjs'
import { Load, median } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { listRequest } from './requests.mjs'

const WARM_UP_RUNS = 4
const WARM_UP = 8000
const SHARE = 0.7
const TICK_MS = 1
const ROWS = 20

/** @returns by server: capacity, latencies from when a request was due, and collections of garbage; medians of the rounds */
export async function measureSteady({ rounds, milliseconds, directory, progress }) {
  const backend = await Process.start('backend.mjs')
  const backendUrl = backend.ready.url
  await backend.ask({ answer: transactionList(ROWS) })
  const servers = {
    'Express pass-through': await Process.start('express.mjs', { env: { LEDGER_URL: backendUrl } }),
    soapstone: await startSoapstone({ backendUrl, log: join(directory, 'steady.log') }),
  }
  const results = {}
  for (const [name, server] of Object.entries(servers)) {
    const perSecond = await capacityOf(server)
    const runs = []
    for (let round = 0; round < rounds; round++) {
      progress(`70 % load: ${name}, round ${round + 1}`)
      await server.ask('begin collections')
      const latencies = await openLoop(server.ready.url, SHARE * perSecond, milliseconds)
      runs.push({ ...latencies, ...(await server.ask('end collections')) })
    }
    const keys = Object.keys(runs[0])
    results[name] = {
      perSecond: SHARE * perSecond,
      ...Object.fromEntries(keys.map((key) => [key, median(runs.map((run) => run[key]))])),
    }
  }
  for (const process of [...Object.values(servers), backend]) await process.stop()
  return results
}

/** Requests a second with 16 connections, each with its next one as soon as it has its response. */
async function capacityOf({ ready }) {
  const load = new Load(ready.url, { ...listRequest(ROWS), proves: () => true })
  for (let run = 0; run < WARM_UP_RUNS; run++) await load.run(WARM_UP)
  const { seconds, times } = await load.run(WARM_UP)
  await load.close()
  return times.length / seconds
}

async function openLoop(url, perSecond, milliseconds) {
  const pool = new Pool(url, { connections: 64, pipelining: 1 })
  const { method, path } = listRequest(ROWS)
  const times = []
  let refused = 0
  const pending = new Set()
  const ask = async (due) => {
    const { statusCode, body } = await pool.request({ method, path, headers: credentials })
    await body.dump()
    if (statusCode === 200) times.push(performance.now() - due)
    else refused++
  }
  const begun = performance.now()
  let sent = 0
  await new Promise((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now()
      if (now - begun >= milliseconds) {
        clearInterval(timer)
        resolve()
        return
      }
      for (; (sent * 1000) / perSecond <= now - begun; sent++) {
        const asked = ask(begun + (sent * 1000) / perSecond)
        pending.add(asked)
        void asked.finally(() => pending.delete(asked))
      }
    }, TICK_MS)
  })
  await Promise.all(pending)
  await pool.close()
  times.sort((a, b) => a - b)
  const at = (share) => times[Math.floor((times.length - 1) * share)]
  return { p50Ms: at(0.5), p99Ms: at(0.99), p999Ms: at(0.999), maxMs: at(1), refused }
}
