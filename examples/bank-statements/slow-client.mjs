// Reads a statement slowly, and tells the memory of soapstone meanwhile.
//   node slow-client.mjs STATEMENT_URL METRICS_URL [MEGABYTES_A_SECOND]
import { setTimeout as wait } from 'node:timers/promises'

const [statement, metrics, rate = '5'] = process.argv.slice(2)
const MB = 1_000_000
const memory = async () => {
  const text = await (await fetch(metrics)).text()
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)[1])
}
const before = await memory()
let most = before
let bytes = 0
let told = 0
const started = Date.now()
const response = await fetch(statement)
if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
for await (const chunk of response.body) {
  bytes += chunk.length
  await wait((bytes / MB / Number(rate)) * 1000 - (Date.now() - started))
  if (Date.now() - told < 1000) continue
  told = Date.now()
  const now = await memory()
  most = Math.max(most, now)
  console.log(`client has ${(bytes / MB).toFixed(1)} MB, soapstone's memory is ${(now / MB).toFixed(0)} MB`)
}
console.log(
  `${(bytes / MB).toFixed(1)} MB of JSON in ${((Date.now() - started) / 1000).toFixed(0)} s; memory rose by ${((most - before) / MB).toFixed(0)} MB at most`,
)
