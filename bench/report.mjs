import { table } from './table.mjs'

/** Prints what was measured for people. */
export function printReport(machine, results) {
  console.log(
    `Node ${machine.node}, ${machine.cores} cores (${machine.cpu}), load average ${machine.loadBefore.toFixed(1)} before.\n` +
      `Medians of rounds${machine.quick ? ', which are too few for conclusions' : ''}: ${roundsOf(machine)}.\n` +
      'Load generator, backend and server share the cores: rates and times depend on what else runs there.\n' +
      'CPU per request is of the server process alone; compare ratios.',
  )
  for (const [part, print] of Object.entries(printers)) {
    if (results[part]) print(results[part])
  }
}

function roundsOf({ rounds }) {
  return Object.entries(rounds)
    .map(([part, count]) => `${part} ${count}`)
    .join(', ')
}

const printers = {
  requests: printRequests,
  tracing: printTracing,
  translation: printTranslation,
  'start-up': printStartUp,
  'big-contracts': printBigContracts,
  growth: printGrowth,
  bodies: printBodies,
  connections: printConnections,
  'long-answers': printLongAnswers,
  overload: printOverload,
  silent: printSilent,
  'ws-security': printWsSecurity,
  signatures: printSignatures,
  encoded: printEncoded,
  cache: printCache,
  steady: printSteady,
  corpus: printCorpus,
  faces: printFaces,
  events: printEvents,
  'event-reads': (ways) => printReads('reads', ways),
  idempotency: printIdempotency,
  mtom: printMtom,
}

const column = (heading, key, digits = 0) => [heading, (row) => row[key], digits]

function printEvents({ stored, delivered, beside, waiting }) {
  const tables = [
    [
      'events kept',
      stored,
      ['events/s', 'eventsPerSecond'],
      ['loop p99 ms', 'loopP99Ms', 1],
      ['loop max ms', 'loopMaxMs', 1],
    ],
    [
      'events delivered',
      delivered,
      ['received/s', 'receivedPerSecond'],
      ['delivered/s', 'deliveredPerSecond'],
      ['CPU µs', 'cpuMicros'],
      ['RSS MB', 'rssMb'],
    ],
    [
      'p99 by turns',
      beside,
      ['alone ms', 'aloneP99Ms', 1],
      ['beside ms', 'besideP99Ms', 1],
      ['ratio', 'ratio', 2],
    ],
    [
      'events waiting',
      waiting,
      ['RSS of none MB', 'rssNoneMb'],
      ['RSS MB', 'rssMb'],
      ['ready ms', 'readyMs'],
      ['CPU share', 'cpuShare', 3],
    ],
  ]
  for (const [title, rows, ...columns] of tables) {
    console.log(
      `\n${table(
        title,
        columns.map((each) => column(...each)),
        Object.entries(rows),
      )}`,
    )
  }
}

function printReads(title, ways) {
  const columns = [
    column('p99 ms', 'p99Ms', 1),
    column('× alone', 'timesAlone', 2),
    column('× commits that cost nothing', 'timesFree', 2),
    column('loop p99 ms', 'loopP99Ms', 1),
    column('loop busy %', 'busyPercent', 1),
    column('refused', 'refused'),
  ]
  console.log(`\n${table(title, columns, Object.entries(ways))}`)
}

function printSignatures(rows) {
  const columns = [column('CPU µs', 'micros'), column('soapstone × this', 'timesPeer', 2)]
  console.log(`\n${table('signatures', columns, Object.entries(rows))}`)
}

function printEncoded(rows) {
  const columns = [
    column('literal µs', 'literalMicros'),
    column('encoded µs', 'encodedMicros'),
    column('× literal', 'timesLiteral', 2),
    column('× its bytes', 'timesBytes', 2),
  ]
  console.log(`\n${table('rpc/encoded', columns, Object.entries(rows))}`)
}

function printCache(rows) {
  const columns = [
    column('CPU µs', 'cpuMicros'),
    column('p99 ms', 'p99Ms', 1),
    column('× pass-through', 'timesPassThrough', 2),
  ]
  console.log(`\n${table('responses', columns, Object.entries(rows))}`)
}

function printSteady(servers) {
  const columns = [
    column('req/s', 'perSecond'),
    column('p50 ms', 'p50Ms', 1),
    column('p99 ms', 'p99Ms', 1),
    column('p99.9 ms', 'p999Ms', 1),
    column('max ms', 'maxMs', 1),
    column('refused', 'refused'),
    column('collections/s', 'collectionsPerSecond', 1),
    column('share of time', 'collectionShare', 3),
    column('longest ms', 'longestCollectionMs', 1),
  ]
  console.log(`\n${table('at 70 % of its capacity', columns, Object.entries(servers))}`)
}

function printCorpus(files) {
  const byMb = (key) => (row) => row[key] && row[key] / row.megabytes
  const columns = [
    column('MB', 'megabytes', 2),
    column('import CPU s', 'importSeconds', 2),
    ['a MB', byMb('importSeconds'), 1],
    column('import MB', 'importMb'),
    column('check CPU s', 'checkSeconds', 2),
    ['a MB', byMb('checkSeconds'), 1],
    column('check MB', 'checkMb'),
    column('load CPU s', 'loadSeconds', 2),
    ['a MB', byMb('loadSeconds'), 1],
    column('load MB', 'loadMb'),
    ['a MB', byMb('loadMb'), 0],
    column('first call ms', 'firstMs'),
    column('its validator ms', 'judgedMs'),
    column('refused', 'refused'),
  ]
  console.log(`\n${table('the largest WSDLs', columns, Object.entries(files))}`)
}

const requestColumns = [
  column('req/s', 'requestsPerSecond'),
  column('p50 ms', 'p50Ms', 1),
  column('p99 ms', 'p99Ms', 1),
  column('CPU µs', 'cpuMicros'),
  column('RSS MB', 'rssMb'),
]

/** How many times as much this build took as the one of `--against`; empty where there is none. */
const against = (heading, key) => [`× against, ${heading}`, (row) => row.timesAgainst?.[key], 2]

function printMtom(directions) {
  const columns = [
    column('CPU ms a MB', 'cpuMsOfMb', 2),
    column('ms', 'ms'),
    column('ready MB', 'readyMb'),
    column('memory, × larger message', 'peak', 2),
    column('of many calls', 'peakOfMany', 2),
    against('CPU', 'cpuMsOfMb'),
    against('memory', 'peak'),
  ]
  for (const [name, servers] of Object.entries(directions))
    console.log(`\n${table(`MTOM, ${name}`, columns, Object.entries(servers))}`)
}

function printIdempotency({ calls, reads }) {
  const columns = [...requestColumns, column('× without a key', 'timesWithout', 2)]
  console.log(`\n${table('POST 1 kB', columns, Object.entries(calls))}`)
  printReads('reads beside POSTs', reads)
}

function printRequests(scenarios) {
  for (const [name, { servers, timesAgainst, layers }] of Object.entries(scenarios)) {
    servers.soapstone.timesAgainst = timesAgainst
    const timesOf = (peer) => [`× ${peer}`, ({ cpuMicros }) => cpuMicros / servers[peer].cpuMicros, 2]
    const columns = [
      ...requestColumns,
      timesOf('Express pass-through'),
      timesOf('straightforward'),
      against('CPU', 'cpuMicros'),
    ]
    console.log(`\n${table(name, columns, Object.entries(servers))}`)
    if (layers) printLayers(name, layers)
  }
}

/** The shares of CPU time by layer; of the other build beside them, where there is one. */
function printLayers(name, { soapstone, against: other }) {
  const columns = [column('%', 'share', 1), ...(other ? [column('% against', 'other', 1)] : [])]
  const names = [...new Set([...Object.keys(soapstone), ...Object.keys(other ?? {})])]
  const rows = names.map((layer) => [
    layer,
    { share: 100 * (soapstone[layer] ?? 0), other: 100 * (other?.[layer] ?? 0) },
  ])
  console.log(`\n${table(`CPU by layer, ${name}`, columns, rows)}`)
}

function printTracing({ offRatio, onRatio, ...ways }) {
  console.log(`\n${table('tracing, 1 row', requestColumns, Object.entries(ways))}`)
  console.log(
    `Medians of the ratios of each round to code without tracing: off ${offRatio.toFixed(3)}, on ${onRatio.toFixed(2)}.`,
  )
}

function printWsSecurity({ rows, ratio, token }) {
  const name = `XML Encryption of ${Object.values(rows)[0].kilobytes} kB`
  console.log(`\n${table(name, [column('CPU µs', 'micros')], Object.entries(rows))}`)
  console.log(`Both ways soapstone takes ${ratio.toFixed(2)} × node:crypto.`)
  const ways = Object.entries(token.rows)
  console.log(`\n${table('calls of 20 rows, by what they carry', [column('CPU µs', 'micros')], ways)}`)
  const percent = (share) => `${(100 * share).toFixed(1)} %`
  console.log(
    `A token of 4 kB that is kept, asked for ${token.asked} time(s), adds ${percent(token.toCall)} to a call, and ${percent(token.toAssertion)} to one that brings the same assertion (medians of the rounds).`,
  )
}

function printFaces({ calls, startUp }) {
  for (const [name, faces] of Object.entries(calls)) {
    console.log(
      `\n${table(`by protocol, ${name}`, [...requestColumns, column('× REST', 'ratio', 2)], Object.entries(faces))}`,
    )
  }
  const columns = [
    column('ready CPU ms', 'readyCpuMs'),
    column('ready ms', 'readyMs'),
    column('ready MB', 'readyMb'),
  ]
  console.log(`\n${table('start, serving REST', columns, Object.entries(startUp))}`)
}

function printTranslation(jobs) {
  const columns = [
    column('CPU µs', 'micros', 1),
    column('MB/s', 'mbPerSecond', 1),
    column('× soapstone', 'timesSoapstone', 2),
    against('CPU', 'micros'),
  ]
  for (const [name, engines] of Object.entries(jobs)) {
    console.log(`\n${table(name, columns, Object.entries(engines))}`)
  }
}

function printStartUp(contracts) {
  const columns = [
    column('ready CPU ms', 'readyCpuMs'),
    column('ready ms', 'readyMs'),
    column('ready MB', 'readyMb'),
    column('first answer CPU ms', 'answeredCpuMs'),
    column('first answer ms', 'answeredMs'),
    against('CPU', 'readyCpuMs'),
    against('time', 'readyMs'),
    against('MB', 'readyMb'),
    against('CPU of the first answer', 'answeredCpuMs'),
    against('time of the first answer', 'answeredMs'),
  ]
  console.log(`\n${table('start-up', columns, Object.entries(contracts))}`)
}

function printBigContracts(contracts) {
  const columns = [
    column('WSDL MB', 'megabytes', 2),
    column('load CPU ms', 'loadCpuMs'),
    column('CPU ms by MB', 'cpuMsByMb'),
    column('MB by MB', 'mbByMb'),
    column('slowest first call ms', 'firstMs', 1),
    column('its validator ms', 'judgedMs', 1),
    against('CPU', 'loadCpuMs'),
    against('MB', 'loadMb'),
    against('first call', 'firstMs'),
  ]
  const judged = [
    column('load CPU ms', 'judgedCpuMs'),
    column('CPU ms by MB', 'judgedCpuMsByMb'),
    column('MB by MB', 'judgedMbByMb'),
  ]
  const commands = [
    column('check CPU s', 'checkSeconds', 1),
    column('import CPU s', 'importSeconds', 1),
    against('check', 'checkSeconds'),
    against('import', 'importSeconds'),
  ]
  for (const [title, shown] of [
    ['contracts whose types are linked', columns],
    ['the same, once they are judged', judged],
    ['commands, with their start', commands],
  ])
    console.log(`\n${table(title, shown, Object.entries(contracts))}`)
}

function printGrowth(sizes) {
  const [smallest] = Object.values(sizes)
  const ratio = ['× smallest', ({ cpuMicros }) => cpuMicros / smallest.cpuMicros, 2]
  console.log(
    `\n${table('growth, 1 row', [...requestColumns, ratio, against('CPU', 'cpuMicros')], Object.entries(sizes))}`,
  )
}

function printBodies(bodies) {
  const columns = [
    column('JSON kB', 'kilobytes', 1),
    column('CPU µs', 'cpuMicros'),
    column('CPU µs by kB', 'cpuMicrosByKb', 1),
    column('p50 ms', 'p50Ms', 1),
    column('RSS MB', 'rssMb'),
  ]
  console.log(`\n${table('bodies', columns, Object.entries(bodies))}`)
}

function printConnections(counts) {
  const columns = [...requestColumns, column('errors', 'errors')]
  console.log(`\n${table('connections, 20 rows', columns, Object.entries(counts))}`)
}

function printLongAnswers(sizes) {
  const columns = [
    column('first byte ms', 'firstMs'),
    column('last byte ms', 'totalMs'),
    column('CPU ms', 'cpuMs'),
    column('JSON MB', 'jsonMb', 1),
    column('RSS before', 'beforeMb'),
    column('RSS at most', 'peakMb'),
    against('CPU', 'cpuMs'),
    against('RSS at most', 'peakMb'),
  ]
  console.log(`\n${table('answers of the backend that are lists of', columns, Object.entries(sizes))}`)
}

function printOverload(loads) {
  const columns = [
    column('capacity/s', 'capacity'),
    column('sent/s', 'sent'),
    column('served/s', 'goodput'),
    column('× capacity', 'share', 2),
    column('bare hop keeps', 'hopShare', 2),
    column('p99 ms', 'p99Ms', 1),
    column('× unloaded p99', 'timesUnloaded', 1),
    column('refused p99 ms', 'refusedP99Ms', 1),
    column('CPU %', 'cpuShare'),
    column('health ms', 'healthMs'),
    column('admin ms', 'adminMs'),
    column('errors', 'errors'),
  ]
  console.log(`\n${table('more than it can do, POST 3 kB', columns, Object.entries(loads))}`)
}

function printSilent(kinds) {
  const columns = [
    column('req/s', 'requestsPerSecond'),
    column('p50 ms', 'p50Ms', 1),
    column('p99 ms', 'p99Ms', 1),
    column('× p99 alone', 'timesAlone', 2),
    column('admin ms', 'adminMs'),
    column('errors', 'errors'),
  ]
  console.log(`\n${table('others while a thousand clients are', columns, Object.entries(kinds))}`)
}
