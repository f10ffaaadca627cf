/** What longer requests and longer responses cost: how CPU time grows with the octets of a body. */
import { join } from 'node:path'
import { changedLedger, startSoapstone } from './builds.mjs'
import { Load, measure, medians } from './load.mjs'
import { payment, receipt, transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { listRequest, paymentRequest } from './requests.mjs'

/** Of a payment: a kilobyte of JSON with nine. */
const LINES = [9, 100, 1000, 5000]
const ROWS = [1, 20, 200, 2000]

/**
 * @param share of the requests of a round, which get fewer the longer they are
 * @returns by body: its kilobytes of JSON, and the medians of the rounds, also by kilobyte
 */
export async function measureBodies({ rounds, share, directory, progress }) {
  const backend = await Process.start('backend.mjs')
  const backendUrl = backend.ready.url
  const contract = longContract(directory)
  const settings = { MAX_EVENT_LOOP_LAG_MS: '0' }
  const results = {}
  for (const { name, answer, request } of bodies()) {
    await backend.ask({ answer })
    // Each has a process of its own: what another has compiled and allocated does not count.
    const server = await startSoapstone({
      ...{ backendUrl, contract, settings },
      log: join(directory, 'bodies.log'),
    })
    const load = new Load(server.ready.url, request)
    const response = await load.once()
    const kilobytes = Buffer.byteLength(request.body ?? response) / 1000
    const requests = Math.ceil((share * 4000) / Math.max(1, kilobytes / 4))
    const runs = []
    for (let round = -1; round < rounds; round++) {
      progress(`bodies: ${name}, ${round < 0 ? 'warm-up' : `round ${round + 1}`}`)
      const run = await measure(server, load, requests)
      if (round >= 0) runs.push(run)
    }
    const { cpuMicros, p50Ms, rssMb } = medians(runs)
    results[name] = { kilobytes, cpuMicros, cpuMicrosByKb: cpuMicros / kilobytes, p50Ms, rssMb }
    await load.close()
    await server.stop()
  }
  await backend.stop()
  return results
}

function bodies() {
  const posts = LINES.map((lines) => ({
    name: `POST of ${lines} lines`,
    answer: receipt,
    request: { ...paymentRequest, body: JSON.stringify(payment(lines)) },
  }))
  const lists = ROWS.map((rows) => ({
    name: `list of ${rows} rows`,
    answer: transactionList(rows),
    request: listRequest(rows),
  }))
  return [...posts, ...lists]
}

/** The contract that is measured everywhere, which takes more lines and gives more rows. */
function longContract(directory) {
  return changedLedger(directory, 'long', /(maxItems|maximum): \d+\b/g, '$1: 5000')
}
