/**
 * Soapstone as `serve` runs it, with default settings, the parent's API keys, and the settings that the parent gives as JSON
 * in SETTINGS; the parent gives it a file for its log, and says in SOAPSTONE_BUILD which build of it is meant. It says what
 * its start took.
 */
import { importFrom, ownBuild } from '../builds.mjs'
import { report } from './child.mjs'

const build = process.env.SOAPSTONE_BUILD ?? ownBuild
const [{ compileContract }, { Diagnostics }, { readSettings }, { startServer }] = await Promise.all([
  importFrom(build, 'adapter/adapter.js'),
  importFrom(build, 'base/diagnostic/diagnostic.js', 'base/diagnostic.js'),
  importFrom(build, 'config/settings.js'),
  importFrom(build, 'server.js'),
])
const adapter = compileContract({ contract: process.argv[2] })
const variables = {
  ...{ HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0', API_KEYS: process.env.API_KEYS },
  ...JSON.parse(process.env.SETTINGS ?? '{}'),
}
const settings = readSettings(variables, new Diagnostics())
const { url, adminUrl } = await startServer(adapter, settings)
const { user, system } = process.cpuUsage()
report({
  ...{ url, adminUrl },
  readyCpuMs: (user + system) / 1000,
  readyMs: performance.now(),
  readyMb: process.memoryUsage.rss() / 2 ** 20,
})
