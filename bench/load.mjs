import { Pool } from 'undici'
import { credentials } from './api-key.mjs'

const CONNECTIONS = 16
const LONGEST_RUN_MS = 4000
const REFUSED = 503

/** Sends requests over kept-alive connections, each its next one as soon as it has its response. */
export class Load {
  /** How many answers have come that were no refusals, which have no line in the log. */
  answered = 0
  #expected

  /**
   * @param request `{ method, path, headers, body, status, proves, ownHeaders }`: the status that is expected, what tells of
   *   the text of the first response whether it is right, where all others must be the same, and what gives headers that
   *   no two requests share
   */
  constructor(url, request, connections = CONNECTIONS) {
    const { status, proves, headers, ownHeaders, ...options } = request
    // Certificates of servers that are measured are made for that, and signed by nobody.
    this.pool = new Pool(url, { connections, pipelining: 1, connect: { rejectUnauthorized: false } })
    this.options = { ...options, headers: { ...credentials, ...headers } }
    this.ownHeaders = ownHeaders
    this.status = status
    this.proves = proves
    this.connections = connections
  }

  /**
   * @param count how many requests; fewer where the machine is too slow for them
   * @returns the times of all right answers in milliseconds, in order of size, the whole time, the wrong responses, and how
   *   many of those were refusals
   */
  async run(count) {
    const times = []
    const wrong = []
    let refused = 0
    let sent = 0
    const begun = performance.now()
    const worker = async () => {
      for (; sent < count && performance.now() - begun < LONGEST_RUN_MS; sent++) {
        const start = performance.now()
        const { statusCode, body } = await this.pool.request(this.#next())
        const bytes = Buffer.from(await body.arrayBuffer())
        if (statusCode === REFUSED) refused++
        else this.answered++
        if (this.#isRight(statusCode, bytes)) times.push(performance.now() - start)
        else wrong.push(`${this.options.path}: ${statusCode} ${bytes.toString('utf8', 0, 500)}`)
      }
    }
    await Promise.all(Array.from({ length: this.connections }, worker))
    return { seconds: (performance.now() - begun) / 1000, times: times.sort((a, b) => a - b), wrong, refused }
  }

  /** Sends one, whatever others do. @returns the text of its response @throws Error for a wrong one that is no refusal */
  async once() {
    const { statusCode, body } = await this.pool.request(this.#next())
    const text = await body.text()
    if (statusCode !== this.status && statusCode !== REFUSED)
      throw new Error(`${this.options.path}: ${statusCode} ${text}`)
    return text
  }

  #next() {
    if (!this.ownHeaders) return this.options
    return { ...this.options, headers: { ...this.options.headers, ...this.ownHeaders() } }
  }

  #isRight(status, bytes) {
    if (status !== this.status) return false
    if (!this.#expected && this.proves(bytes.toString('utf8'))) this.#expected = bytes
    return this.#expected?.equals(bytes) ?? false
  }

  close() {
    return this.pool.close()
  }
}

/**
 * One run against one process: what it did and what it cost.
 *
 * @param countsErrors whether wrong responses are counted
 * @param countsRefusals whether refusals are, and no others
 * @throws Error for a wrong response that is not counted
 */
export async function measure(server, load, count, { countsErrors = false, countsRefusals = false } = {}) {
  const before = await server.ask('usage')
  const { seconds, times, wrong, refused } = await load.run(count)
  const after = await server.ask('usage')
  const allowed = countsRefusals ? refused : 0
  if (wrong.length > allowed && !countsErrors) throw new Error(wrong[0])
  return {
    requestsPerSecond: times.length / seconds,
    p50Ms: times[Math.floor(times.length * 0.5)],
    p99Ms: times[Math.floor(times.length * 0.99)],
    cpuMicros: (after.cpuMicros - before.cpuMicros) / (times.length + wrong.length),
    rssMb: after.rss / 2 ** 20,
    errors: wrong.length,
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
