/**
 * Documents that travel beside the envelope (MTOM), in each direction, beside Express and node-soap: CPU time, time, and the
 * most memory beyond that of a ready process, as a multiple of the larger of the two messages that the document is in.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { credentials } from './api-key.mjs'
import { buildsOf, startSoapstone, timesAgainst } from './builds.mjs'
import { median, medians } from './load.mjs'
import { Process } from './process.mjs'

const contract = fileURLToPath(new URL('contract/archive.yaml', import.meta.url))
const SMALL = 2_000
const WARM_UP = 200
/** No request is refused for its size, nor because the machine is busy. */
const settings = { MAX_BODY_BYTES: '60000000', MAX_EVENT_LOOP_LAG_MS: '0', LOG_LEVEL: 'silent' }

const octets = (count) => Buffer.alloc(count, 'The octets of a document. ')
const json = (count) => Buffer.from(JSON.stringify({ content: octets(count).toString('base64') }))
const form = (count) =>
  Buffer.concat([
    Buffer.from(
      '--bench\r\nContent-Disposition: form-data; name="content"; filename="content"\r\n' +
        'Content-Type: application/octet-stream\r\n\r\n',
    ),
    octets(count),
    Buffer.from('\r\n--bench--\r\n'),
  ])
const up = (path, type, body) => ({ method: 'POST', path, type, body })
const down = (path) => ({ method: 'GET', path, body: () => undefined })

const directions = {
  'up, JSON': up('/v1/documents', 'application/json', json),
  'up, form': up('/v1/forms', 'multipart/form-data; boundary=bench', form),
  'up, bytes': up('/v1/files', 'application/octet-stream', octets),
  'down, bytes': down('/v1/files/1'),
  'down, JSON': down('/v1/documents/1'),
}

/**
 * @param options `{ megabytes, rounds, calls }`: of a document; processes of each server and direction; calls of a process
 * @param against the root of another build, which takes its turns in the same rounds
 * @returns by direction and server, medians of the rounds; `peak` and `peakOfMany` are of the first call and of all
 */
export async function measureMtom({ megabytes, rounds, calls, progress, against }) {
  const backend = await Process.start('archive.mjs')
  const backendUrl = backend.ready.url
  const servers = {
    'Express and node-soap': () =>
      Process.start('node-soap-archive.mjs', { env: { LEDGER_URL: backendUrl } }),
    ...Object.fromEntries(
      Object.entries(buildsOf(against)).map(([name, build]) => [
        name,
        () => startSoapstone({ build, contract, backendUrl, settings }),
      ]),
    ),
  }
  const results = {}
  for (const [direction, { body, ...call }] of Object.entries(directions)) {
    const runs = Object.fromEntries(Object.keys(servers).map((name) => [name, []]))
    const [small, large] = [SMALL, megabytes * 1e6].map((count) => ({ ...call, body: body(count), count }))
    for (let round = 0; round < rounds; round++) {
      progress(`MTOM: ${direction}, round ${round + 1}`)
      for (const [name, start] of Object.entries(servers)) {
        const server = await start()
        runs[name].push(await measureServer(server, backend, { small, large, calls }))
        await server.stop()
      }
    }
    results[direction] = Object.fromEntries(
      Object.entries(runs).map(([name, measured]) => [name, medians(measured)]),
    )
    results[direction].soapstone.timesAgainst = timesAgainst(runs)
  }
  await backend.stop()
  return results
}

/** One process, from when it has served small documents. */
async function measureServer(server, backend, { small, large, calls }) {
  await backend.ask({ octets: small.count })
  for (let call = 0; call < WARM_UP; call++) await exchange(server, small)
  await backend.ask({ octets: large.count })
  const ready = await server.ask('usage')
  lowerPeak(server)
  const times = []
  let octetsOfLarger = 0
  let peak
  for (let call = 0; call < calls; call++) {
    const begun = performance.now()
    octetsOfLarger = await exchange(server, large)
    times.push(performance.now() - begun)
    peak ??= peakOf(server)
  }
  const after = await server.ask('usage')
  const timesLarger = (bytes) => (bytes - ready.rss) / octetsOfLarger
  return {
    cpuMsOfMb: (after.cpuMicros - ready.cpuMicros) / 1000 / calls / (large.count / 1e6),
    ms: median(times),
    readyMb: ready.rss / 2 ** 20,
    peak: timesLarger(peak),
    peakOfMany: timesLarger(peakOf(server)),
  }
}

/** @returns the octets of the larger message: that with the client where there is base64 in it, else either */
async function exchange(server, { method, path, type, body, count }) {
  const headers = { ...credentials, ...(type && { 'content-type': type }) }
  const { statusCode, body: answer } = await request(server.ready.url + path, { method, headers, body })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const isRight = statusCode === 200 && (body ? JSON.parse(bytes).octets >= count : bytes.byteLength >= count)
  if (!isRight) throw new Error(`${path}: ${statusCode} ${bytes.toString('utf8', 0, 500)}`)
  return Math.max(body?.byteLength ?? 0, bytes.byteLength, count)
}

/** Has the kernel forget what the most memory was so far (proc_pid_clear_refs(5)): looks in between would miss what is short. */
function lowerPeak({ child }) {
  writeFileSync(`/proc/${child.pid}/clear_refs`, '5')
}

function peakOf({ child }) {
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))
  return Number(kilobytes) * 1024
}
