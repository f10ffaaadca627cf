/** What a call costs by GraphQL and by MCP beside the same call by REST, and what a process costs that serves them. */
import { join } from 'node:path'
import { apiKeys } from './api-key.mjs'
import { ledgerContract } from './builds.mjs'
import { Load, measure, median, medians } from './load.mjs'
import { payment, receipt, transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { listRequest, paymentRequest } from './requests.mjs'

const accountId = 'DE89370400440532013000'

const post = (path, body, proves) => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
  body: JSON.stringify(body),
  status: 200,
  proves,
})

const graphql = (query, variables, proves) =>
  post('/graphql', { query, variables }, (text) => proves(JSON.parse(text).data ?? {}))

/** The response is JSON, or the one event of a stream. */
const resultOf = (text) => JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? text).result

const mcp = (name, args, proves) =>
  post('/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }, (text) =>
    proves(resultOf(text).structuredContent ?? {}),
  )

const transactionsQuery =
  'query ($accountId: String!, $from: Date, $limit: Int) { transactions(accountId: $accountId, from: $from, limit: $limit) ' +
  '{ items { id booked value entered amount balance ccy kind text memo open } } }'
const paymentMutation =
  'mutation ($accountId: String!, $input: PaymentInput!) { submitPayment(accountId: $accountId, input: $input) ' +
  '{ paymentId accepted fee } }'

/** The same call by each protocol; each asks for every member. */
const lists = (rows) => {
  const args = { accountId, from: '2024-03-01', limit: rows }
  const hasRows = ({ items }) => items?.length === rows
  return {
    answer: transactionList(rows),
    REST: listRequest(rows),
    GraphQL: graphql(transactionsQuery, args, ({ transactions }) => hasRows(transactions ?? {})),
    MCP: mcp('listTransactions', args, hasRows),
  }
}
const isPaid = ({ paymentId }) => String(paymentId) === '7000000001'
export const scenarios = {
  '1 row': lists(1),
  '20 rows': lists(20),
  'POST 1 kB': {
    answer: receipt,
    REST: paymentRequest,
    GraphQL: graphql(paymentMutation, { accountId, input: payment() }, ({ submitPayment }) =>
      isPaid(submitPayment ?? {}),
    ),
    MCP: mcp('submitPayment', { accountId, body: payment() }, isPaid),
  },
}

export const on = { GRAPHQL: 'true', MCP: 'true', MCP_OPERATIONS: 'submitPayment' }
/** Which protocol a process is asked by, and what it serves. */
const processes = {
  REST: { protocol: 'REST', settings: {} },
  'REST, others on': { protocol: 'REST', settings: on },
  GraphQL: { protocol: 'GraphQL', settings: on },
  MCP: { protocol: 'MCP', settings: on },
}

const starts = {
  'REST alone': {},
  'and GraphQL': { GRAPHQL: 'true' },
  'and MCP': { MCP: 'true' },
  'all three': on,
}

/** @returns by scenario, by process: the medians of the rounds, and the median of each round's ratio to REST alone */
export async function measureFaces({ rounds, requests, directory, progress }) {
  const backend = await Process.start('backend.mjs')
  const started = (name, settings) =>
    Process.start('soapstone.mjs', {
      args: [ledgerContract],
      env: {
        LEDGER_URL: `${backend.ready.url}/ledger`,
        API_KEYS: apiKeys,
        // As the image sets it: without it graphql looks for a second copy of itself at every value.
        NODE_ENV: 'production',
        SETTINGS: JSON.stringify({ MAX_EVENT_LOOP_LAG_MS: '0', ...settings }),
      },
      log: join(directory, `faces-${name}.log`),
    })
  const servers = {}
  for (const [name, { settings }] of Object.entries(processes)) {
    progress(`faces: ${name}`)
    servers[name] = await started(name, settings)
  }
  const calls = {}
  for (const [scenario, { answer, ...by }] of Object.entries(scenarios)) {
    await backend.ask({ answer })
    const runs = {}
    const loads = {}
    for (const [name, { protocol }] of Object.entries(processes)) {
      runs[name] = []
      loads[name] = new Load(servers[name].ready.url, by[protocol], CONNECTIONS)
      await loads[name].run(requests)
    }
    for (let round = 0; round < rounds; round++) {
      progress(`faces: ${scenario}, round ${round + 1} of ${rounds}`)
      for (const name of Object.keys(processes)) {
        runs[name].push(await measure(servers[name], loads[name], requests))
      }
    }
    for (const load of Object.values(loads)) await load.close()
    calls[scenario] = Object.fromEntries(
      Object.entries(runs).map(([name, measured]) => {
        // Of each round by itself: what disturbs one server then disturbs the others, too.
        const ratio = median(measured.map(({ cpuMicros }, i) => cpuMicros / runs.REST[i].cpuMicros))
        return [name, { ...medians(measured), ratio }]
      }),
    )
  }
  for (const server of Object.values(servers)) await server.stop()
  const startUp = await measureStarts(started, { rounds, progress })
  await backend.stop()
  return { calls, startUp }
}

async function measureStarts(started, { rounds, progress }) {
  const runs = Object.fromEntries(Object.keys(starts).map((name) => [name, []]))
  for (let round = 0; round < Math.min(rounds, MOST_STARTS); round++) {
    progress(`faces: start, round ${round + 1}`)
    for (const [name, settings] of Object.entries(starts)) {
      const server = await started(name, settings)
      const { readyCpuMs, readyMs, readyMb } = server.ready
      runs[name].push({ readyCpuMs, readyMs, readyMb })
      await server.stop()
    }
  }
  return Object.fromEntries(Object.entries(runs).map(([name, measured]) => [name, medians(measured)]))
}

const MOST_STARTS = 7
/** So few, and with delays of the event loop allowed, that none is refused, however slow the machine is. */
const CONNECTIONS = 2
