/**
 * Measures soapstone beside what people would use instead, and beside another build of itself:
 * `npm run bench -- [--quick] [--json] [--only PART] [--against DIR] [--profile]`, where a part is requests, tracing,
 * connections, translation, start-up, big-contracts, growth, long-answers, overload, silent, ws-security, signatures,
 * encoded, cache, steady, corpus, faces, events, event-reads, idempotency or mtom.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureBigContracts } from './big-contracts.mjs'
import { measureCache } from './cache.mjs'
import { measureConnections } from './connections.mjs'
import { measureGrowth } from './contract-size.mjs'
import { measureCorpus } from './corpus.mjs'
import { measureEncoded } from './encoded.mjs'
import { measureEvents, measureReadsBesideEvents } from './events.mjs'
import { measureFaces } from './faces.mjs'
import { measureIdempotency } from './idempotency.mjs'
import { measureLongAnswers } from './long-answers.mjs'
import { measureMtom } from './mtom.mjs'
import { measureOverload } from './overload.mjs'
import { printReport } from './report.mjs'
import { measureRequests } from './requests.mjs'
import { measureSignatures } from './signatures.mjs'
import { measureSilent } from './silent.mjs'
import { measureStartUp } from './start-up.mjs'
import { measureSteady } from './steady.mjs'
import { measureTracing } from './tracing.mjs'
import { measureTranslation } from './translation.mjs'
import { measureWsSecurity } from './ws-security.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    only: { type: 'string', multiple: true },
    against: { type: 'string' },
    profile: { type: 'boolean' },
  },
})

const directory = mkdtempSync(join(tmpdir(), 'soapstone-bench-'))
const { against, profile } = options
const progress = (text) => process.stderr.write(`… ${text}\n`)
const scale = options.quick
  ? {
      requests: { rounds: 3, share: 0.5 },
      tracing: { rounds: 3, requests: 500 },
      translation: { rounds: 1, milliseconds: 120 },
      startUp: { rounds: 1, sizes: [100] },
      bigContracts: { rounds: 1, sizes: [100, 200] },
      growth: { rounds: 1, requests: 400 },
      connections: { rounds: 1, requests: 1500 },
      longAnswers: { rounds: 1, sizes: [1, 10] },
      overload: { rounds: 1, connections: [1500], milliseconds: 1000 },
      silent: { count: 1000, requests: 1000 },
      wsSecurity: { rounds: 1, milliseconds: 300 },
      signatures: { rounds: 1, milliseconds: 300 },
      encoded: { rounds: 1, milliseconds: 120 },
      cache: { rounds: 3, requests: 500 },
      steady: { rounds: 1, milliseconds: 2000 },
      corpus: { rounds: 1 },
      faces: { rounds: 3, requests: 500 },
      events: { stored: 2_000, warm: 500, delivered: 500, waiting: 20_000, rounds: 1, roundMs: 1_000 },
      eventReads: { warm: 500, rounds: 1, roundMs: 1_000 },
      idempotency: { warm: 500, rounds: 3, requests: 200, roundMs: 1_000 },
      mtom: { megabytes: 20, rounds: 1, calls: 5 },
    }
  : {
      requests: { rounds: 21, share: 1 },
      tracing: { rounds: 25, requests: 2000 },
      translation: { rounds: 3, milliseconds: 300 },
      startUp: { rounds: 3, sizes: [100, 1500] },
      bigContracts: { rounds: 3, sizes: [150, 300, 600] },
      growth: { rounds: 3, requests: 2000 },
      connections: { rounds: 3, requests: 4000 },
      longAnswers: { rounds: 3, sizes: [1, 10, 100] },
      overload: { rounds: 3, connections: [1500, 3000], milliseconds: 4000 },
      silent: { count: 1000, requests: 4000 },
      wsSecurity: { rounds: 5, milliseconds: 1000 },
      signatures: { rounds: 5, milliseconds: 1000 },
      encoded: { rounds: 11, milliseconds: 300 },
      cache: { rounds: 15, requests: 1500 },
      steady: { rounds: 5, milliseconds: 5000 },
      corpus: { rounds: 3 },
      faces: { rounds: 9, requests: 600 },
      events: {
        stored: 20_000,
        warm: 12_000,
        delivered: 8_000,
        waiting: 1_000_000,
        rounds: 5,
        roundMs: 2_000,
      },
      eventReads: { warm: 12_000, rounds: 15, roundMs: 2_000 },
      idempotency: { warm: 12_000, rounds: 15, requests: 400, roundMs: 2_000 },
      mtom: { megabytes: 20, rounds: 5, calls: 10 },
    }

const parts = {
  translation: () => measureTranslation({ ...scale.translation, progress, against }),
  'start-up': () => measureStartUp({ ...scale.startUp, directory, progress, against }),
  'big-contracts': () => measureBigContracts({ ...scale.bigContracts, directory, progress, against }),
  growth: () => measureGrowth({ ...scale.growth, directory, progress, against }),
  requests: () => measureRequests({ ...scale.requests, directory, progress, against, profile }),
  tracing: () => measureTracing({ ...scale.tracing, directory, progress }),
  connections: () => measureConnections({ ...scale.connections, directory, progress }),
  'long-answers': () => measureLongAnswers({ ...scale.longAnswers, directory, progress, against }),
  overload: () => measureOverload({ ...scale.overload, directory, progress }),
  silent: () => measureSilent({ ...scale.silent, directory, progress }),
  'ws-security': () => measureWsSecurity({ ...scale.wsSecurity, directory, progress }),
  signatures: () => measureSignatures({ ...scale.signatures, directory, progress }),
  encoded: () => measureEncoded({ ...scale.encoded, directory, progress }),
  cache: () => measureCache({ ...scale.cache, directory, progress }),
  steady: () => measureSteady({ ...scale.steady, directory, progress }),
  corpus: () => measureCorpus({ ...scale.corpus, directory, progress }),
  faces: () => measureFaces({ ...scale.faces, directory, progress }),
  events: () => measureEvents({ ...scale.events, directory, progress }),
  'event-reads': () => measureReadsBesideEvents({ ...scale.eventReads, directory, progress }),
  mtom: () => measureMtom({ ...scale.mtom, progress, against }),
  idempotency: () => measureIdempotency({ ...scale.idempotency, directory, progress, against }),
}

const machine = {
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  loadBefore: loadavg()[0],
  quick: options.quick ?? false,
  rounds: scale.requests.rounds,
}
const results = {}
try {
  for (const [name, part] of Object.entries(parts)) {
    if (!options.only || options.only.includes(name)) results[name] = await part()
  }
} finally {
  rmSync(directory, { recursive: true })
}
if (options.json) console.log(JSON.stringify({ machine, ...results }, null, 2))
else printReport(machine, results)
