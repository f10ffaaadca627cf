/** From the start of `soapstone serve` to ready, and to its first answer: time, CPU and memory. */
import { fileURLToPath } from 'node:url'
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import { basename, dirname, join } from 'node:path'
import { apiKeys, credentials } from './api-key.mjs'
import { buildsOf, ownBuild, timesAgainst } from './builds.mjs'
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
  const own = { contract: shipped, path: '/v1/loan-products' }
  const contracts = {
    'openapi.yaml': own,
    'openapi.yaml, compiled': { ...own, compiled: compiledOf(own, directory) },
  }
  for (const operations of sizes) {
    const written = writeContract(directory, operations)
    contracts[`${operations} operations`] = written
    contracts[`${operations}, compiled`] = { ...written, compiled: compiledOf(written, directory) }
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

/** @returns the file that `serve --compiled` takes; the other build may know no such thing, and serves the contract */
function compiledOf({ contract }, directory) {
  const output = join(directory, `${basename(dirname(contract))}.compiled.json`)
  const args = ['compile', '--contract', contract, '--output', output]
  execFileSync(process.execPath, [join(ownBuild, 'dist/cli/main.js'), ...args], { stdio: 'ignore' })
  return output
}

async function startOnce(root, { contract, compiled, path }) {
  const { DATABASE_URL: _, ...rest } = process.env
  const env = { ...rest, HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', API_KEYS: apiKeys }
  const begun = performance.now()
  const source =
    compiled !== undefined && root === ownBuild ? ['--compiled', compiled] : ['--contract', contract]
  const child = fork(join(root, 'dist/cli/main.js'), ['serve', ...source], {
    env,
    execArgv: ['--import', reporter],
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  })
  const exited = once(child, 'exit')
  await once(child, 'message')
  const usage = async () => {
    const answered = once(child, 'message')
    child.send('usage')
    const [{ cpuMicros, rss }] = await answered
    return { cpuMs: cpuMicros / 1000, mb: rss / 2 ** 20 }
  }
  const url = await readyUrl(child.stdout)
  const readyMs = performance.now() - begun
  const ready = await usage()
  // Nobody listens where the backend should be: an answer that says so costs what an answer costs at first.
  const response = await fetch(url + path, { headers: credentials })
  await response.arrayBuffer()
  const answeredMs = performance.now() - begun
  const answered = await usage()
  child.disconnect()
  await exited
  if (response.status < 500) throw new Error(`${path}: ${response.status} without a backend`)
  return {
    readyMs,
    readyCpuMs: ready.cpuMs,
    readyMb: ready.mb,
    answeredMs,
    answeredCpuMs: answered.cpuMs,
  }
}

/** @param log the lines of a service, which go on being read */
function readyUrl(log) {
  return new Promise((resolve, reject) => {
    let text = ''
    log.on('data', (chunk) => {
      text += chunk
      const line = text.split('\n').find((one) => one.includes('"msg":"ready"') && one.endsWith('}'))
      if (line !== undefined) resolve(JSON.parse(line).url)
    })
    log.once('end', () => reject(new Error(`soapstone ended without being ready:\n${text}`)))
  })
}
