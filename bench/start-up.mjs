/** From the start of `soapstone serve` to ready: time, CPU and memory. */
import { fileURLToPath } from 'node:url'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { apiKeys } from './api-key.mjs'
import { buildsOf, timesAgainst } from './builds.mjs'
import { medians } from './load.mjs'
import { writeContract } from './synthetic-contract.mjs'

const shipped = fileURLToPath(new URL('../openapi.yaml', import.meta.url))
const reporter = fileURLToPath(new URL('servers/reporter.mjs', import.meta.url))

/**
 * @param sizes of the synthetic contracts, in operations
 * @param against the root of another build, which takes its turns in the same rounds
 * @returns by contract: the medians of the rounds
 */
export async function measureStartUp({ rounds, sizes, directory, progress, against }) {
  const contracts = { 'openapi.yaml': shipped }
  for (const operations of sizes) {
    contracts[`${operations} operations`] = writeContract(directory, operations).contract
  }
  const results = {}
  for (const [name, contract] of Object.entries(contracts)) {
    progress(`start-up: ${name}`)
    const runs = Object.fromEntries(Object.keys(buildsOf(against)).map((build) => [build, []]))
    for (let round = 0; round < rounds; round++) {
      for (const [build, root] of Object.entries(buildsOf(against)))
        runs[build].push(await startOnce(root, contract))
    }
    results[name] = { ...medians(runs.soapstone), timesAgainst: timesAgainst(runs) }
  }
  return results
}

async function startOnce(root, contract) {
  const env = { ...process.env, HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', API_KEYS: apiKeys }
  const begun = performance.now()
  const child = fork(join(root, 'dist/cli/main.js'), ['serve', '--contract', contract], {
    env,
    execArgv: ['--import', reporter],
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  })
  const exited = once(child, 'exit')
  let log = ''
  for await (const chunk of child.stdout) {
    log += chunk
    if (log.includes('"msg":"ready"')) break
  }
  const readyMs = performance.now() - begun
  const answered = once(child, 'message')
  child.send('usage')
  const [{ cpuMicros, rss }] = await answered
  child.disconnect()
  await exited
  return { readyMs, readyCpuMs: cpuMicros / 1000, readyMb: rss / 2 ** 20 }
}
