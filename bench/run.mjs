/**
 * Measures soapstone beside what people would use instead. `npm run bench -- [--quick] [--json] [--only PART]`, where a part
 * is requests, connections, translation, start-up, growth or long-answers.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureConnections } from './connections.mjs'
import { measureGrowth, measureStartUp } from './contract-size.mjs'
import { measureLongAnswers } from './long-answers.mjs'
import { printReport } from './report.mjs'
import { measureRequests } from './requests.mjs'
import { measureTranslation } from './translation.mjs'

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean' },
    json: { type: 'boolean' },
    only: { type: 'string', multiple: true },
  },
})

const directory = mkdtempSync(join(tmpdir(), 'soapstone-bench-'))
const progress = (text) => process.stderr.write(`… ${text}\n`)
const scale = options.quick
  ? {
      requests: { rounds: 1, share: 0.2 },
      translation: { rounds: 1, milliseconds: 120 },
      startUp: { rounds: 1, sizes: [100] },
      growth: { rounds: 1, requests: 400 },
      connections: { rounds: 1, requests: 1500 },
      longAnswers: { rounds: 1, sizes: [1, 10] },
    }
  : {
      requests: { rounds: 3, share: 1 },
      translation: { rounds: 3, milliseconds: 300 },
      startUp: { rounds: 3, sizes: [100, 1500] },
      growth: { rounds: 3, requests: 2000 },
      connections: { rounds: 3, requests: 4000 },
      longAnswers: { rounds: 3, sizes: [1, 10, 100] },
    }

const parts = {
  translation: () => measureTranslation({ ...scale.translation, progress }),
  'start-up': () => measureStartUp({ ...scale.startUp, directory, progress }),
  growth: () => measureGrowth({ ...scale.growth, directory, progress }),
  requests: () => measureRequests({ ...scale.requests, directory, progress }),
  connections: () => measureConnections({ ...scale.connections, directory, progress }),
  'long-answers': () => measureLongAnswers({ ...scale.longAnswers, directory, progress }),
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
