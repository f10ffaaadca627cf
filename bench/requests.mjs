/** Requests per second, latency and CPU of a hop, for four ways to build it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildsOf, startSoapstone, timesAgainst } from './builds.mjs'
import { Load, measure, medians } from './load.mjs'
import { layersOf } from './layers.mjs'
import { payment, receipt, transactionList } from './messages.mjs'
import { Process } from './process.mjs'

const isPassThrough = (server) => server.endsWith('pass-through')

export const listRequest = (rows) => ({
  method: 'GET',
  path: `/v1/accounts/DE89370400440532013000/transactions?from=2024-03-01&limit=${rows}`,
  status: 200,
  proves: (text) => JSON.parse(text).items.length === rows,
})

export const paymentRequest = {
  method: 'POST',
  path: '/v1/accounts/DE89370400440532013000/payments',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(payment()),
  status: 201,
  proves: (text) => JSON.parse(text).paymentId === 7000000001,
}

/** `requests` of a round is for a server that takes a millisecond; slow ones get fewer. */
const scenarios = [
  { rows: 1, requests: 400, straightforward: 160 },
  { rows: 20, requests: 350, straightforward: 120 },
  { rows: 200, requests: 160, straightforward: 32 },
]
  .map(({ rows, ...counts }) => ({
    name: rows === 1 ? '1 row' : `${rows} rows`,
    answer: transactionList(rows),
    request: listRequest(rows),
    ...counts,
  }))
  .concat({
    name: 'POST 1 kB',
    answer: receipt,
    request: paymentRequest,
    requests: 350,
    straightforward: 140,
  })

/** Where compilers have to share the machine, a server that has served a few thousand requests still gets twice as fast. */
const WARM_UP_ROUNDS = 15

/** Peers stand for a scale; what differs by a few per cent are builds, which are measured in each round. */
const ROUNDS_BETWEEN_PEERS = 3

/** As little as possible is refused, however busy the machine is. */
const settings = { MAX_EVENT_LOOP_LAG_MS: '0' }

/** Whoever passes bytes through gives what the backend gave. */
function requestTo(server, { request, answer }) {
  return isPassThrough(server) ? { ...request, status: 200, proves: (text) => text === answer } : request
}

async function startServers(backendUrl, log, against) {
  const env = { LEDGER_URL: backendUrl }
  const builds = Object.entries(buildsOf(against))
  const started = builds.map(async ([name, build]) => [
    name,
    await startSoapstone({
      ...{ build, backendUrl, settings },
      log: name === 'soapstone' ? log : `${log}.${name}`,
    }),
  ])
  return {
    'node:http pass-through': await Process.start('node-http.mjs', { env }),
    'Express pass-through': await Process.start('express.mjs', { env }),
    straightforward: await Process.start('straightforward.mjs', { env }),
    ...Object.fromEntries(await Promise.all(started)),
  }
}

/**
 * @param against the root of another build, which is one more server in the same rounds
 * @param profile whether to say, too, where the CPU time of soapstone goes
 * @returns by scenario, `servers`: by name, the medians of the rounds; `timesAgainst` and `layers` where they were asked for
 */
export async function measureRequests({ rounds, share, directory, progress, against, profile = false }) {
  const log = join(directory, 'soapstone.log')
  const backend = await Process.start('backend.mjs')
  const servers = await startServers(backend.ready.url, log, against)
  const results = {}
  let answered = 0
  for (const scenario of scenarios) {
    progress(`requests: ${scenario.name}`)
    await backend.ask({ answer: scenario.answer })
    const measured = await measureScenario(scenario, servers, { rounds, share, profile })
    answered += measured.answered
    results[scenario.name] = measured.result
  }
  for (const process of [...Object.values(servers), backend]) await process.stop()
  // The profiler stops the server for a moment, and what comes then may be refused, which has no line of its own.
  if (!profile) checkLog(log, answered)
  return results
}

/**
 * The servers take turns within each round, so that a slow minute of the machine hits them all. Two builds are loaded at the
 * same time, so that a slow moment does, too, and rounds are short and many: then the median of the ratios of single rounds
 * is what another run gives, too.
 */
async function measureScenario(scenario, servers, { rounds, share, profile }) {
  const runs = {}
  const loads = {}
  const countOf = (name) => Math.ceil((scenario[name] ?? scenario.requests) * share)
  for (const [name, { ready }] of Object.entries(servers)) {
    runs[name] = []
    loads[name] = new Load(ready.url, requestTo(name, scenario))
  }
  const builds = Object.keys(servers).filter((name) => name in buildsOf(''))
  const peers = Object.keys(servers).filter((name) => !builds.includes(name))
  for (const peer of peers) await warmUp(loads[peer], WARM_UP_ROUNDS * countOf(peer))
  await Promise.all(builds.map((build) => warmUp(loads[build], WARM_UP_ROUNDS * countOf(build))))
  const run = (name, options) => measure(servers[name], loads[name], countOf(name), options)
  for (let round = 0; round < rounds; round++) {
    if (round % ROUNDS_BETWEEN_PEERS === 0) for (const peer of peers) runs[peer].push(await run(peer))
    const measured = await Promise.all(builds.map((build) => run(build, { countsRefusals: true })))
    // A refusal costs less than a call.
    if (measured.some(({ errors }) => errors > 0)) continue
    builds.forEach((build, index) => runs[build].push(measured[index]))
  }
  if (runs.soapstone.length < rounds / 2)
    throw new Error('too busy a machine: calls were refused in most rounds')
  const layers = {}
  for (const name of profile ? Object.keys(servers).filter((each) => each in buildsOf('')) : []) {
    layers[name] = await profileOf(servers[name], loads[name], PROFILED_ROUNDS * countOf(name))
  }
  for (const load of Object.values(loads)) await load.close()
  const medianRuns = Object.entries(runs).map(([name, measured]) => [name, medians(measured)])
  const result = {
    servers: Object.fromEntries(medianRuns),
    ...(runs.against && { timesAgainst: timesAgainst(runs) }),
    ...(profile && { layers }),
  }
  return { result, answered: loads.soapstone.answered }
}

/**
 * The first request is sent alone: what is compiled for it takes so long on a busy machine that others would be refused.
 *
 * @throws Error for a wrong response that is no refusal
 */
async function warmUp(load, count) {
  for (const each of [1, count]) {
    const { wrong, refused } = await load.run(each)
    if (wrong.length > refused)
      throw new Error(`while warming up: ${wrong.find((text) => !text.includes(': 503 '))}`)
  }
}

/** So many, that there are samples enough. */
const PROFILED_ROUNDS = 8

/** @returns by layer, its share of the CPU time of a server under load */
async function profileOf(server, load, count) {
  await server.ask('begin profile')
  await load.run(count)
  return layersOf(await server.ask('end profile'))
}

/** @throws Error unless the log has a line for every request that was not refused */
export function checkLog(log, requests) {
  const lines = readFileSync(log, 'utf8').split('\n')
  const logged = lines.filter((line) => line.endsWith('"msg":"request"}')).length
  if (logged !== requests) throw new Error(`${logged} of ${requests} requests are in the log`)
}
