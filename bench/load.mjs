import { Pool } from 'undici'

const CONNECTIONS = 16
const LONGEST_RUN_MS = 4000

/** Sends requests over kept-alive connections, each its next one as soon as it has its answer. */
export class Load {
  /** @param request `{ method, path, headers, body, status }`; status is the one expected */
  constructor(url, request, connections = CONNECTIONS) {
    const { status, ...options } = request
    this.pool = new Pool(url, { connections, pipelining: 1 })
    this.options = options
    this.status = status
    this.connections = connections
  }

  /**
   * @param count how many requests; fewer where the machine is too slow for them
   * @returns the times of all requests in milliseconds, in order of size, and the whole time
   */
  async run(count) {
    const times = []
    let sent = 0
    const begun = performance.now()
    const worker = async () => {
      for (; sent < count && performance.now() - begun < LONGEST_RUN_MS; sent++) {
        const start = performance.now()
        const { statusCode, body } = await this.pool.request(this.options)
        const bytes = await body.bytes()
        times.push(performance.now() - start)
        if (statusCode !== this.status || bytes.byteLength === 0) {
          throw new Error(
            `${this.options.path}: ${statusCode} ${Buffer.from(bytes).toString().slice(0, 500)}`,
          )
        }
      }
    }
    await Promise.all(Array.from({ length: this.connections }, worker))
    return { seconds: (performance.now() - begun) / 1000, times: times.sort((a, b) => a - b) }
  }

  close() {
    return this.pool.close()
  }
}

/** One run against one process: what it did and what it cost. */
export async function measure(server, load, count) {
  const before = await server.ask('usage')
  const { seconds, times } = await load.run(count)
  const after = await server.ask('usage')
  return {
    requestsPerSecond: times.length / seconds,
    p50Ms: times[Math.floor(times.length * 0.5)],
    p99Ms: times[Math.floor(times.length * 0.99)],
    cpuMicros: (after.cpuMicros - before.cpuMicros) / times.length,
    rssMb: after.rss / 2 ** 20,
  }
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The median of each number of several runs. */
export function medians(runs) {
  return Object.fromEntries(Object.keys(runs[0]).map((key) => [key, median(runs.map((run) => run[key]))]))
}
