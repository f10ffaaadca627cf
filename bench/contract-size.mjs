/** What a large contract costs with every request. */
import { join } from 'node:path'
import { buildsOf, startSoapstone, timesAgainst } from './builds.mjs'
import { Load, measure, medians } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { writeContract } from './synthetic-contract.mjs'

const SIZES = [10, 100, 500]

/** @returns by size of the contract: what a list of one row costs, the medians of the rounds */
export async function measureGrowth({ rounds, requests, directory, progress, against }) {
  const backend = await Process.start('backend.mjs')
  const peers = []
  for (const operations of SIZES) {
    const { contract, path, response } = writeContract(directory, operations)
    for (const [name, build] of Object.entries(buildsOf(against))) {
      const log = join(directory, `growth-${name}.log`)
      const server = await startSoapstone({ build, contract, backendUrl: backend.ready.url, log })
      const load = new Load(server.ready.url, {
        ...{ method: 'GET', path, status: 200 },
        proves: (text) => JSON.parse(text).items.length === 1,
      })
      peers.push({ operations, name, server, load, answer: transactionList(1, response), runs: [] })
    }
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
  const rows = SIZES.map((operations) => {
    const runs = Object.fromEntries(
      peers.filter((peer) => peer.operations === operations).map((peer) => [peer.name, peer.runs]),
    )
    return [`${operations} operations`, { ...medians(runs.soapstone), timesAgainst: timesAgainst(runs) }]
  })
  return Object.fromEntries(rows)
}
