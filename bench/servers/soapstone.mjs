/**
 * Soapstone as `serve` runs it, with default settings and the parent's API keys; the parent gives it a file for its log.
 * It says what its start took.
 */
import { loadAdapter } from '../../dist/index.js'
import { Diagnostics } from '../../dist/base/diagnostic.js'
import { readSettings } from '../../dist/config/settings.js'
import { startServer } from '../../dist/server.js'
import { report } from './child.mjs'

const marks = [mark()]

/** CPU time and memory of the process until now. */
function mark() {
  const { user, system } = process.cpuUsage()
  return { cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 2 ** 20 }
}

const adapter = await loadAdapter({ contract: process.argv[2] })
marks.push(mark())
const variables = { HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', API_KEYS: process.env.API_KEYS }
const settings = readSettings(variables, new Diagnostics())
const { url } = await startServer(adapter, settings)
marks.push(mark())

const [imported, loaded, ready] = marks
report({
  url,
  importCpuMs: imported.cpuMs,
  loadCpuMs: loaded.cpuMs - imported.cpuMs,
  serverCpuMs: ready.cpuMs - loaded.cpuMs,
  readyCpuMs: ready.cpuMs,
  readyMs: performance.now(),
  loadedMb: loaded.rssMb,
  readyMb: ready.rssMb,
})
