/** What loading contracts costs in which every operation reaches nearly every type, and what the first call then waits for. */
import { join } from 'node:path'
import { buildsOf, ownBuild, timesAgainst } from './builds.mjs'
import { runOnce } from './commands.mjs'
import { writeLinkedContract } from './linked-contract.mjs'
import { medians } from './load.mjs'
import { Process } from './process.mjs'

/**
 * @param sizes in complex types
 * @param against the root of another build, which takes its turns in the same rounds
 * @returns by contract: the medians of the rounds, also by MB of WSDL; of the contract as it is loaded, as it is loaded once
 *   it has been judged, and of the commands that check it and that import its WSDL
 */
export async function measureBigContracts({ rounds, sizes, directory, progress, against }) {
  const results = {}
  const imported = join(directory, 'imported.yaml')
  for (const types of sizes) {
    const { contract, wsdl, megabytes } = await writeLinkedContract(directory, types)
    const builds = buildsOf(against)
    const runs = Object.fromEntries(Object.keys(builds).map((name) => [name, []]))
    const judgedRuns = []
    for (let round = 0; round < rounds; round++) {
      progress(`big contracts: ${types} types, round ${round + 1}`)
      for (const [name, build] of Object.entries(builds)) {
        runs[name].push({
          ...(await loaded(build, contract)),
          checkSeconds: (await runOnce(build, ['check', contract])).seconds,
          importSeconds: (await runOnce(build, ['import', wsdl, '--output', imported, '--force'])).seconds,
        })
      }
      judgedRuns.push(await loaded(ownBuild, contract, 'judged'))
    }
    const own = medians(runs.soapstone)
    // As `compile` has found it to be in order.
    const judged = medians(judgedRuns)
    results[`${types} types, ${own.operations} operations`] = {
      ...own,
      megabytes,
      cpuMsByMb: own.loadCpuMs / megabytes,
      mbByMb: own.loadMb / megabytes,
      judgedCpuMs: judged.loadCpuMs,
      judgedCpuMsByMb: judged.loadCpuMs / megabytes,
      judgedMbByMb: judged.loadMb / megabytes,
      timesAgainst: timesAgainst(runs),
    }
  }
  return results
}

async function loaded(build, contract, ...how) {
  const child = await Process.start('load-contract.mjs', {
    args: [contract, ...how],
    env: { SOAPSTONE_BUILD: build },
  })
  await child.stop()
  return child.ready
}
