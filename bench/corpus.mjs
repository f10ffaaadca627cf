/**
 * What the largest WSDLs of a folder take to import, to check and to load: CPU time and memory, by MB of WSDL, and how long
 * the first call of an operation blocks.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { importFrom, ledgerContract, ownBuild } from './builds.mjs'
import { medianOf } from './commands.mjs'
import { medians } from './load.mjs'
import { Process } from './process.mjs'

/** Of those that can be served as they are imported. */
const LARGEST = 10

/**
 * @param folder of WSDLs, by default `../shared/corpus` beside the project
 * @returns by file: CPU seconds and most memory of each command, and what its contract takes beyond a small one when it is
 *   loaded, medians of the rounds; undefined where there is no such folder
 */
export async function measureCorpus({
  rounds,
  directory,
  progress,
  folder = resolve(ownBuild, '../shared/corpus'),
}) {
  if (!existsSync(folder)) {
    progress(`corpus: ${folder} is not there`)
    return undefined
  }
  const idle = await medianOf(rounds, ['--version'])
  const small = await loadOf(rounds, ledgerContract)
  const { contractFiles } = await importFrom(ownBuild, 'cli/contract/files.js')
  const results = {}
  let served = 0
  for (const { path, bytes } of bySize(folder)) {
    if (served === LARGEST) break
    const name = basename(path)
    progress(`corpus: ${name}`)
    const contract = join(directory, `${name}.yaml`)
    const imported = await medianOf(rounds, ['import', path, '--output', contract, '--force'])
    if (imported.code !== 0) {
      results[name] = { megabytes: bytes / 1e6, refused: 1 }
      continue
    }
    const checked = await medianOf(rounds, ['check', contract])
    results[name] = {
      megabytes: sizeOf(contractFiles(contract, process.env), contract) / 1e6,
      importSeconds: imported.seconds - idle.seconds,
      importMb: imported.mb - idle.mb,
      checkSeconds: checked.seconds - idle.seconds,
      checkMb: checked.mb - idle.mb,
    }
    // What a person has to decide first, keys say, keeps a contract from being served.
    if (checked.code !== 0) continue
    served++
    const loaded = await loadOf(rounds, contract)
    Object.assign(results[name], {
      loadSeconds: (loaded.loadCpuMs - small.loadCpuMs) / 1000,
      loadMb: loaded.loadMb - small.loadMb,
      firstMs: loaded.firstMs,
      judgedMs: loaded.judgedMs,
      operations: loaded.operations,
    })
  }
  return results
}

/** @returns bytes of the WSDLs and schemas of a contract */
function sizeOf(files, contract) {
  const others = [...files].filter((file) => file !== contract && existsSync(file))
  return others.reduce((sum, file) => sum + statSync(file).size, 0)
}

/** @returns what it takes to load a contract in a process of its own, and to call each operation once */
async function loadOf(rounds, contract) {
  const runs = []
  for (let round = 0; round < rounds; round++) {
    const env = { SOAPSTONE_BUILD: ownBuild }
    const child = await Process.start('load-contract.mjs', { args: [contract], env })
    runs.push(child.ready)
    await child.stop()
  }
  return medians(runs)
}

function bySize(folder) {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.wsdl'))
    .map((file) => ({ path: join(folder, file), bytes: statSync(join(folder, file)).size }))
    .sort((a, b) => b.bytes - a.bytes)
}
