/**
 * POSTs with an Idempotency-Key: what the key costs, and what it costs reads beside them. DATABASE_URL adds PostgreSQL, whose
 * table soapstone_idempotency is emptied; reads are measured alone, beside keys whose commits reach no disk (SQLite in memory;
 * PostgreSQL at FREE_DATABASE_URL, a server with `fsync = off`), and beside keys whose do.
 */
import { randomUUID } from 'node:crypto'
import { buildsOf, changedLedger, ownBuild, startSoapstone } from './builds.mjs'
import { byTurns, KEY, timesOf } from './event-service.mjs'
import { Load, measure, medians } from './load.mjs'
import { receipt, transactionList } from './messages.mjs'
import { Process } from './process.mjs'
import { readFigures, readRound, startReader, steadily } from './reads.mjs'
import { listRequest, paymentRequest } from './requests.mjs'
import { connectedTo, dropFreeStore, freeStore, storesIn } from './stores.mjs'

const list = listRequest(1)
const keyed = { ...paymentRequest, ownHeaders: () => ({ 'idempotency-key': randomUUID() }) }
const FREE = 'beside keys whose commits cost nothing'

/**
 * @param options `{ rounds, requests, warm, roundMs }`: rounds by turns, POSTs of a round and before the first, and how long a
 *   round of reads is
 * @param against the root of another build, beside whose keys on disk reads are measured, too
 * @returns `calls` and `reads`, by store and way
 */
export async function measureIdempotency({ directory, progress, against, ...options }) {
  const backend = await Process.start('backend.mjs')
  await backend.ask({
    answer: receipt,
    byAction: { '"urn:example:ledger:v1/ListTransactions"': transactionList(1) },
  })
  const contract = keyedContract(directory)
  const start = async (settings, build) =>
    Served.start({ contract, backendUrl: backend.ready.url, settings, build, warm: options.warm })
  const results = { calls: {}, reads: {} }
  for (const [name, settings] of Object.entries(storesIn(directory, progress))) {
    const served = { durable: await start(await emptied(settings())) }
    progress(`idempotency: calls, ${name}`)
    const calls = await measureCalls(served.durable, options)
    for (const [way, figures] of Object.entries(calls)) results.calls[`${name}, ${way}`] = figures
    const free = freeStore(name, progress)
    if (free) served.free = await start(await emptied(free))
    const { against: other } = buildsOf(against)
    if (other) served.against = await start(settings(), other)
    progress(`idempotency: reads, ${name}`)
    const reads = await measureReads(served, options)
    for (const [way, figures] of Object.entries(reads)) results.reads[`${name}, ${way}`] = figures
    for (const each of Object.values(served)) await each.stop()
    dropFreeStore(free)
  }
  await backend.stop()
  return results
}

/** The contract of the bench, with keys for its POST. */
function keyedContract(directory) {
  return changedLedger(
    directory,
    'keyed',
    /^( +)operation: SubmitPayment\n +parameters:\n( +)(?=- )/m,
    '$1operation: SubmitPayment\n$1idempotency: optional\n      parameters:\n' +
      '$2- { name: Idempotency-Key, in: header, required: false, schema: { type: string } }\n$2',
  )
}

async function emptied(settings) {
  if (!settings.DATABASE_URL) return settings
  const client = await connectedTo(settings)
  const { rows } = await client.query("SELECT to_regclass('soapstone_idempotency') IS NOT NULL AS found")
  if (rows[0].found) await client.query('TRUNCATE soapstone_idempotency')
  await client.end()
  return settings
}

/** The same POST with and without a key by turns, as fast as it is answered. */
async function measureCalls({ server, plain, marked }, { rounds, requests }) {
  const run = (load) => () => measure(server, load, requests, { countsRefusals: true })
  const runs = await byTurns(rounds, { 'without a key': run(plain), 'with a key': run(marked) })
  const cpu = (way) => runs[way].map(({ cpuMicros }) => cpuMicros)
  return {
    'without a key': medians(runs['without a key']),
    'with a key': {
      ...medians(runs['with a key']),
      timesWithout: timesOf(cpu('with a key'), cpu('without a key')),
    },
  }
}

async function measureReads({ durable, free, against }, { rounds, roundMs }) {
  const ways = {
    alone: () => durable.round(roundMs),
    ...(free && { [FREE]: () => free.round(roundMs, { isBeside: true }) }),
    'beside keys on disk': () => durable.round(roundMs, { isBeside: true }),
    ...(against && {
      'beside keys on disk, against': () => against.round(roundMs, { isBeside: true }),
    }),
  }
  return readFigures(await byTurns(rounds, ways), { alone: 'alone', free: FREE })
}

/** A server that has compiled what it runs often, what reads from it, and what posts to it. */
class Served {
  static async start({ contract, backendUrl, settings, build = ownBuild, warm }) {
    const variables = { ...settings, STORE_ENCRYPTION_KEY: KEY.toString('base64'), LOG_LEVEL: 'silent' }
    const server = await startSoapstone({ build, contract, backendUrl, settings: variables })
    const { url } = server.ready
    const served = new Served(server, await startReader(url, list.path))
    for (const load of [served.plain, served.marked, served.plain, served.marked]) await load.run(warm / 4)
    await served.round(1_000, { isBeside: true })
    return served
  }

  constructor(server, reader) {
    const { url } = server.ready
    this.server = server
    this.reader = reader
    this.plain = new Load(url, paymentRequest)
    this.marked = new Load(url, keyed)
  }

  /** @param isBeside whether POSTs with keys are sent meanwhile */
  round(milliseconds, { isBeside = false } = {}) {
    const beside = isBeside ? () => steadily(milliseconds, () => this.marked.once()) : undefined
    return readRound(this.server, this.reader, milliseconds, beside)
  }

  async stop() {
    await Promise.all([this.plain.close(), this.marked.close()])
    await Promise.all([this.server.stop(), this.reader.stop()])
  }
}
