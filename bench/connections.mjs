/** What happens as more clients come at the same time. */
import { join } from 'node:path'
import { startSoapstone } from './builds.mjs'
import { Load, measure, medians } from './load.mjs'
import { transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { checkLog, listRequest } from './requests.mjs'

const CONNECTIONS = [16, 64, 128, 256, 512]
const ROWS = 20

/** @returns by number of connections: the medians of the rounds; wrong responses are counted, not measured */
export async function measureConnections({ rounds, requests, directory, progress }) {
  const log = join(directory, 'connections.log')
  const backend = await Process.start('backend.mjs')
  const server = await startSoapstone({ backendUrl: backend.ready.url, log })
  await backend.ask({ answer: transactionList(ROWS) })
  const loads = CONNECTIONS.map((connections) => new Load(server.ready.url, listRequest(ROWS), connections))
  const runs = loads.map(() => [])
  for (let round = -1; round < rounds; round++) {
    progress(round < 0 ? 'connections: warm-up' : `connections: round ${round + 1}`)
    for (const [index, load] of loads.entries()) {
      const run = await measure(server, load, requests, { countsErrors: true })
      if (round >= 0) runs[index].push(run)
    }
  }
  for (const load of loads) await load.close()
  for (const process of [server, backend]) await process.stop()
  checkLog(
    log,
    loads.reduce((sum, { answered }) => sum + answered, 0),
  )
  return Object.fromEntries(CONNECTIONS.map((count, index) => [`${count} connections`, medians(runs[index])]))
}
