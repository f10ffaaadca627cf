/** What longer requests and longer responses cost: how CPU time grows with the octets of a body. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ledgerContract, startSoapstone } from './builds.mjs'
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
    const kilobytes = (request.body?.length ?? (await firstLength(load, server.ready.url, request))) / 1000
    const requests = Math.ceil((share * 4000) / Math.max(1, kilobytes / 4))
    const runs = []
    await load.run(1)
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

async function firstLength({ options }, url, { path, method }) {
  const response = await fetch(new URL(path, url), { method, headers: options.headers })
  return (await response.arrayBuffer()).byteLength
}

/** The contract that is measured everywhere, which takes more lines and gives more rows. */
function longContract(directory) {
  const contract = join(directory, 'long.yaml')
  const text = readFileSync(ledgerContract, 'utf8')
  writeFileSync(contract, text.replace(/(maxItems|maximum): \d+\b/g, '$1: 5000'))
  cpSync(join(dirname(ledgerContract), 'ledger.wsdl'), join(directory, 'ledger.wsdl'))
  return contract
}
