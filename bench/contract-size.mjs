/** What a large contract costs: at the start, and with every request. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { apiKeys } from './api-key.mjs'
import { Load, measure, median, medians } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { writeContract } from './synthetic-contract.mjs'

const shipped = fileURLToPath(new URL('../openapi.yaml', import.meta.url))

const MEASURED_AT_START = [
  'importCpuMs',
  'loadCpuMs',
  'serverCpuMs',
  'readyCpuMs',
  'readyMs',
  'loadedMb',
  'readyMb',
]
const LONGEST_STARTS_MS = 12_000

/**
 * From the start of the process to ready: import of the program, load of the contract, readiness of the server.
 *
 * @param sizes of the synthetic contracts
 * @returns by contract: milliseconds and MB, the median of the rounds; of very slow starts there are fewer
 */
export async function measureStartUp({ rounds, sizes, directory, progress }) {
  const contracts = { 'openapi.yaml': shipped }
  for (const operations of sizes) {
    contracts[`${operations} operations`] = writeContract(directory, operations).contract
  }
  const results = {}
  for (const [name, contract] of Object.entries(contracts)) {
    progress(`start-up: ${name}`)
    const begun = performance.now()
    const starts = []
    while (starts.length < rounds && (starts.length === 0 || performance.now() - begun < LONGEST_STARTS_MS)) {
      starts.push(await startOnce(contract, directory))
    }
    results[name] = Object.fromEntries(
      MEASURED_AT_START.map((key) => [key, median(starts.map((start) => start[key]))]),
    )
  }
  return results
}

async function startOnce(contract, directory) {
  const server = await Process.start('soapstone.mjs', {
    args: [contract],
    env: { API_KEYS: apiKeys },
    log: join(directory, 'start.log'),
  })
  await server.stop()
  return server.ready
}

/** @returns by size of the contract: what a list of one row costs, the medians of the rounds */
export async function measureGrowth({ rounds, requests, directory, progress }) {
  const sizes = [10, 100, 500]
  const backend = await Process.start('backend.mjs')
  const peers = []
  for (const operations of sizes) {
    const { contract, path, response } = writeContract(directory, operations)
    const server = await Process.start('soapstone.mjs', {
      args: [contract],
      env: { LEDGER_URL: `${backend.ready.url}/ledger`, API_KEYS: apiKeys },
      log: join(directory, 'growth.log'),
    })
    const load = new Load(server.ready.url, {
      ...{ method: 'GET', path, status: 200 },
      proves: (text) => JSON.parse(text).items.length === 1,
    })
    peers.push({ operations, server, load, answer: transactionList(1, response), runs: [] })
  }
  for (let round = -1; round < rounds; round++) {
    progress(round < 0 ? 'growth: warm-up' : `growth: round ${round + 1}`)
    for (const { server, load, answer, runs } of peers) {
      await backend.ask({ answer })
      const run = await measure(server, load, requests)
      if (round >= 0) runs.push(run)
    }
  }
  for (const { server, load } of peers) {
    await load.close()
    await server.stop()
  }
  await backend.stop()
  return Object.fromEntries(peers.map(({ operations, runs }) => [`${operations} operations`, medians(runs)]))
}
