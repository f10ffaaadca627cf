/** What loading contracts costs in which every operation reaches nearly every type, and what the first call then waits for. */
import { buildsOf, timesAgainst } from './builds.mjs'
import { writeLinkedContract } from './linked-contract.mjs'
import { medians } from './load.mjs'
import { Process } from './process.mjs'

/**
 * @param sizes in complex types
 * @param against the root of another build, which takes its turns in the same rounds
 * @returns by contract: the medians of the rounds, also by MB of WSDL
 */
export async function measureBigContracts({ rounds, sizes, directory, progress, against }) {
  const results = {}
  for (const types of sizes) {
    const { contract, megabytes } = await writeLinkedContract(directory, types)
    const builds = buildsOf(against)
    const runs = Object.fromEntries(Object.keys(builds).map((name) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      progress(`big contracts: ${types} types, round ${round + 1}`)
      for (const [name, build] of Object.entries(builds)) {
        const env = { SOAPSTONE_BUILD: build }
        const child = await Process.start('load-contract.mjs', { args: [contract], env })
        runs[name].push(child.ready)
        await child.stop()
      }
    }
    const own = medians(runs.soapstone)
    results[`${types} types, ${own.operations} operations`] = {
      ...own,
      megabytes,
      cpuMsByMb: own.loadCpuMs / megabytes,
      mbByMb: own.loadMb / megabytes,
      timesAgainst: timesAgainst(runs),
    }
  }
  return results
}
