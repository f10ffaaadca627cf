/** Requests per second, latency and CPU of a hop, for four ways to build it. */
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { Load, measure, medians } from './load.mjs'
import { payment, receipt, transactionList } from './messages.mjs'
import { Process } from './process.mjs'

export const listRequest = (rows) => ({
  method: 'GET',
  path: `/v1/accounts/DE89370400440532013000/transactions?from=2024-03-01&limit=${rows}`,
  status: 200,
})

const paymentRequest = (status) => ({
  method: 'POST',
  path: '/v1/accounts/DE89370400440532013000/payments',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(payment()),
  status,
})

const list = (rows) => ({
  name: rows === 1 ? '1 row' : `${rows} rows`,
  answer: transactionList(rows),
  request: () => listRequest(rows),
})

/** `requests` is for a server that takes a millisecond; slow ones get fewer. */
const scenarios = [
  { ...list(1), requests: 3000, straightforward: 1200 },
  { ...list(20), requests: 2500, straightforward: 900 },
  { ...list(200), requests: 1200, straightforward: 240 },
  {
    name: 'POST 1 kB',
    answer: receipt,
    request: (server) => paymentRequest(server.endsWith('pass-through') ? 200 : 201),
    requests: 2500,
    straightforward: 1000,
  },
]

export const ledgerContract = fileURLToPath(new URL('contract/openapi.yaml', import.meta.url))

/** @param directory for the log of soapstone */
async function startServers(backendUrl, directory) {
  const env = { LEDGER_URL: backendUrl }
  return {
    'node:http pass-through': await Process.start('node-http.mjs', { env }),
    'Express pass-through': await Process.start('express.mjs', { env }),
    straightforward: await Process.start('straightforward.mjs', { env }),
    soapstone: await Process.start('soapstone.mjs', {
      args: [ledgerContract],
      env: { LEDGER_URL: `${backendUrl}/ledger` },
      log: join(directory, 'soapstone.log'),
    }),
  }
}

/** @returns by scenario, by server: the medians of the rounds */
export async function measureRequests({ rounds, share, directory, progress }) {
  const backend = await Process.start('backend.mjs')
  const servers = await startServers(backend.ready.url, directory)
  const results = {}
  for (const scenario of scenarios) {
    progress(`requests: ${scenario.name}`)
    await backend.ask({ answer: scenario.answer })
    const runs = await measureScenario(scenario, servers, { rounds, share })
    results[scenario.name] = Object.fromEntries(
      Object.entries(runs).map(([name, measured]) => [name, medians(measured)]),
    )
  }
  for (const process of [...Object.values(servers), backend]) await process.stop()
  return results
}

/** The servers take turns within each round, so that a slow minute of the machine hits them all. */
async function measureScenario(scenario, servers, { rounds, share }) {
  const runs = {}
  const loads = {}
  const countOf = (name) => Math.ceil((scenario[name] ?? scenario.requests) * share)
  for (const [name, { ready }] of Object.entries(servers)) {
    runs[name] = []
    loads[name] = new Load(ready.url, scenario.request(name))
    await loads[name].run(countOf(name))
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, server] of Object.entries(servers)) {
      runs[name].push(await measure(server, loads[name], countOf(name)))
    }
  }
  for (const load of Object.values(loads)) await load.close()
  return runs
}
