import { table } from './table.mjs'

/** Prints what was measured for people. */
export function printReport(machine, results) {
  console.log(
    `Node ${machine.node}, ${machine.cores} cores (${machine.cpu}), load average ${machine.loadBefore.toFixed(1)} before, ` +
      `medians of ${machine.rounds} rounds${machine.quick ? ', too few for conclusions' : ''}.\n` +
      'Load generator, backend and server share the cores: rates and times depend on what else runs there.\n' +
      'CPU per request is of the server process alone; compare ratios.',
  )
  for (const [part, print] of Object.entries(printers)) {
    if (results[part]) print(results[part])
  }
}

const printers = {
  requests: printRequests,
  translation: printTranslation,
  'start-up': printStartUp,
  growth: printGrowth,
  connections: printConnections,
  'long-answers': printLongAnswers,
}

const column = (heading, key, digits = 0) => [heading, (row) => row[key], digits]

const requestColumns = [
  column('req/s', 'requestsPerSecond'),
  column('p50 ms', 'p50Ms', 1),
  column('p99 ms', 'p99Ms', 1),
  column('CPU µs', 'cpuMicros'),
  column('RSS MB', 'rssMb'),
]

function printRequests(scenarios) {
  for (const [name, servers] of Object.entries(scenarios)) {
    const timesOf = (peer) => [`× ${peer}`, ({ cpuMicros }) => cpuMicros / servers[peer].cpuMicros, 2]
    const columns = [...requestColumns, timesOf('Express pass-through'), timesOf('straightforward')]
    console.log(`\n${table(name, columns, Object.entries(servers))}`)
  }
}

function printTranslation(jobs) {
  const columns = [
    column('CPU µs', 'micros', 1),
    column('MB/s', 'mbPerSecond', 1),
    column('× soapstone', 'timesSoapstone', 2),
  ]
  for (const [name, engines] of Object.entries(jobs)) {
    console.log(`\n${table(name, columns, Object.entries(engines))}`)
  }
}

function printStartUp(contracts) {
  const columns = [
    column('import CPU ms', 'importCpuMs'),
    column('load CPU ms', 'loadCpuMs'),
    column('server CPU ms', 'serverCpuMs'),
    column('ready CPU ms', 'readyCpuMs'),
    column('ready ms', 'readyMs'),
    column('loaded MB', 'loadedMb'),
    column('ready MB', 'readyMb'),
  ]
  console.log(`\n${table('start-up', columns, Object.entries(contracts))}`)
}

function printGrowth(sizes) {
  const [smallest] = Object.values(sizes)
  const ratio = ['× smallest', ({ cpuMicros }) => cpuMicros / smallest.cpuMicros, 2]
  console.log(`\n${table('growth, 1 row', [...requestColumns, ratio], Object.entries(sizes))}`)
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
  ]
  console.log(`\n${table('answers of the backend that are lists of', columns, Object.entries(sizes))}`)
}
