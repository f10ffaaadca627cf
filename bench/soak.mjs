import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Agent, request } from 'undici'
import { HostileBackend, numbers } from './soak/hostile-backend.mjs'

// node bench/soak.mjs [minutes] [path of the built command]
const [minutes = '10', main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))] =
  process.argv.slice(2)
const CLIENTS = 24
const REPORT_MS = 15_000
const QUIET_MS = 35_000

const directory = mkdtempSync(join(tmpdir(), 'soapstone-soak-'))
const executions = new Map()
const backends = [new HostileBackend(executions, 7), new HostileBackend(executions, 42)]
const [first, second] = await Promise.all(backends.map((backend) => backend.listen()))
const service = spawn(
  process.execPath,
  [main, 'serve', '--contract', fileURLToPath(new URL('soak/payments.yaml', import.meta.url))],
  {
    env: {
      ...process.env,
      ...{ FIRST_URL: first, SECOND_URL: second, HOST: '127.0.0.1', PORT: '0', ADMIN_PORT: '0' },
      ...{ STORE_FILE: join(directory, 'soak.db'), KEEP_ALIVE_TIMEOUT_MS: '2000', MAX_IN_FLIGHT: '60' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  },
)
const lines = createInterface(service.stdout)
let lateEnds = 0
const { url, adminUrl } = await new Promise((resolve, reject) => {
  service.once('exit', (code) => reject(new Error(`The service ended with ${code}.`)))
  lines.on('line', (line) => {
    const { msg, ...fields } = JSON.parse(line)
    if (msg === 'ready') resolve(fields)
    if (msg === 'ended without its client') lateEnds++
  })
})

const tally = new Map()
const lies = []
const random = numbers(2026)
let isOver = false
let agent = new Agent({ connections: CLIENTS })

function count(what) {
  tally.set(what, (tally.get(what) ?? 0) + 1)
}

/** Sends one request. @returns its status and problem code, or that the client left */
async function send(path, options) {
  const leaves = random() < 0.05
  const signal = leaves ? AbortSignal.timeout(1 + Math.floor(random() * 60)) : undefined
  try {
    const { statusCode, body } = await request(`${url}/v1${path}`, { ...options, dispatcher: agent, signal })
    const text = await body.text()
    return [statusCode, statusCode < 400 ? '' : JSON.parse(text).code]
  } catch (error) {
    if (leaves) return [0, 'left']
    if (!isOver) lies.push(`a request got no response: ${error.message}`)
    return [0, 'no response']
  }
}

async function pay(path, headers, reference) {
  return send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ reference, amount: '10.00' }),
  })
}

async function client() {
  while (!isOver) {
    const kind = random()
    const reference = randomUUID()
    if (kind < 0.5) {
      const headers = random() < 0.1 ? { 'request-timeout': '0.2' } : {}
      count(`read ${(await send(`/payments/${reference}`, { headers })).join(' ')}`)
    } else if (kind < 0.75) {
      const [status, code] = await pay('/payments', {}, reference)
      count(`write ${status} ${code}`)
      if (status === 201 && executions.get(reference) !== 1)
        lies.push(`${reference} was answered, and is not done`)
    } else if (kind < 0.97) {
      const headers = { 'idempotency-key': reference }
      const tries = await Promise.all([1, 2].map(() => pay('/keyed-payments', headers, reference)))
      for (const [status, code] of tries) count(`keyed write ${status} ${code}`)
    } else count(`broken ${(await pay('/payments', {}, undefined)).join(' ')}`)
  }
}

async function metrics() {
  const { body } = await request(`${adminUrl}/metrics`, { headers: { connection: 'close' } })
  const text = await body.text()
  const value = (pattern) => Number(new RegExp(`^${pattern} (\\S+)`, 'm').exec(text)?.[1] ?? 0)
  const fds = readdirSync(`/proc/${service.pid}/fd`)
  const sockets = fds.filter((fd) => {
    try {
      return readlinkSync(`/proc/${service.pid}/fd/${fd}`).startsWith('socket:')
    } catch {
      return false
    }
  })
  const rssKb = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${service.pid}/status`, 'utf8'))?.[1])
  return {
    rssMb: Math.round(rssKb / 1024),
    heapMb: Math.round(value('nodejs_heap_size_used_bytes') / 2 ** 20),
    fds: fds.length,
    sockets: sockets.length,
    timers: value('nodejs_active_resources\\{type="Timeout"\\}'),
    inFlight: value('http_server_requests_in_flight'),
  }
}

async function load(ms) {
  isOver = false
  agent = new Agent({ connections: CLIENTS })
  const clients = Array.from({ length: CLIENTS }, client)
  const end = performance.now() + ms
  while (performance.now() < end) {
    await delay(Math.min(REPORT_MS, Math.max(0, end - performance.now())))
    console.log(JSON.stringify(await metrics()))
    void backends[0].stop(1500)
  }
  isOver = true
  await Promise.all(clients)
  await agent.close()
  await delay(QUIET_MS)
  return metrics()
}

console.log('warm-up')
const start = await load(30_000)
tally.clear()
console.log(`load for ${minutes} min`)
const end = await load(Number(minutes) * 60_000)
console.log('tally', Object.fromEntries([...tally].sort()))
console.table({ 'idle after warm-up': start, 'idle after load': end })
console.log(
  'requests',
  [...tally.values()].reduce((sum, n) => sum + n, 0),
  'ended without client',
  lateEnds,
)
for (const [reference, times] of executions) if (times > 1) lies.push(`${reference} was done ${times} times`)
console.log('payments done', executions.size)
console.log('lies', lies.length, lies.slice(0, 5))
service.kill('SIGTERM')
const [code] = await once(service, 'exit')
console.log('exit code', code)
for (const backend of backends) backend.close()
rmSync(directory, { recursive: true })
process.exit(lies.length === 0 && code === 0 ? 0 : 1)
