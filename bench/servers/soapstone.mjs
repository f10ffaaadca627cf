/** Soapstone as `serve` runs it; the parent gives it a file for its log. It says how long its start took. */
import { loadAdapter } from '../../dist/index.js'
import { defaultSettings } from '../../dist/config/settings.js'
import { startServer } from '../../dist/server.js'
import { report } from './child.mjs'

const importedAt = performance.now()
const adapter = await loadAdapter({ contract: process.argv[2] })
const loadedAt = performance.now()
const loadedRss = process.memoryUsage.rss()
const settings = { ...defaultSettings(), host: '127.0.0.1', listenPort: 0 }
const { url } = await startServer(adapter, settings)
const readyAt = performance.now()

report({
  url,
  importMs: importedAt,
  loadMs: loadedAt - importedAt,
  serverMs: readyAt - loadedAt,
  readyMs: readyAt,
  loadedRss,
  readyRss: process.memoryUsage.rss(),
})
