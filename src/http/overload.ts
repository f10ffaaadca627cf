import { type ServerResponse } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { AdapterError } from '../base/errors.js'

/** How much one process takes upon itself. */
export interface LoadLimits {
  /** Requests that are not answered yet; 0 for any number. */
  readonly maxInFlight: number
  /** How late timers may be on the average, in milliseconds; 0 for any delay. */
  readonly maxEventLoopLagMs: number
}

/** Between looks at the event loop, and of how fine the measuring is. */
const LOOK_MS = 250
const RESOLUTION_MS = 10

const RETRY_AFTER_S = 1

/** Tells how late the event loop is. */
export interface LagMeter {
  readonly lagMs: number
  close(): void
}

/** Measures the mean delay of a timer over the last quarter of a second. */
export function measureLag(): LagMeter {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  let lagMs = 0
  const timer = setInterval(() => {
    const meanMs = delays.mean / 1e6
    // Nothing was measured where not even the first timer went off.
    lagMs = Number.isNaN(meanMs) ? 0 : Math.max(0, meanMs - RESOLUTION_MS)
    delays.reset()
  }, LOOK_MS)
  timer.unref()
  return {
    get lagMs() {
      return lagMs
    },
    close: () => {
      clearInterval(timer)
      delays.disable()
    },
  }
}

/**
 * Refuses requests with 503 before anything is read or checked, while too many are in flight or the process is too
 * busy to serve those that it has. What it has taken it finishes.
 *
 * @returns takes the request of an answer, or throws AdapterError `overloaded`
 */
export function shedLoad(
  { maxInFlight, maxEventLoopLagMs }: LoadLimits,
  meter: LagMeter,
): (res: ServerResponse) => void {
  let inFlight = 0
  return (res) => {
    if (maxInFlight > 0 && inFlight >= maxInFlight) {
      throw overloaded('As many requests are in flight as this process takes.')
    }
    if (maxEventLoopLagMs > 0 && meter.lagMs > maxEventLoopLagMs) {
      throw overloaded('This process is busier than it may be.')
    }
    inFlight++
    res.on('close', () => {
      inFlight--
    })
  }
}

function overloaded(message: string): AdapterError {
  return new AdapterError('overloaded', message, { retryAfter: RETRY_AFTER_S, outcome: 'not-sent' })
}
