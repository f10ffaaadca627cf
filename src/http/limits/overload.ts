import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { AdapterError } from '../../base/errors.js'
import { Intake } from './intake.js'
import { PacedRefusals } from './paced-refusals.js'
import { type Place, type PlaceLimits, Places } from './places.js'

/** How much one process takes upon itself. */
export interface LoadLimits extends PlaceLimits {
  /** How late timers may be on the average, in milliseconds; 0 for any delay. */
  readonly maxEventLoopLagMs: number
}

/** Between looks at the event loop, and of how fine the measuring is. */
const LOOK_MS = 250
const RESOLUTION_MS = 10

/** A process that serves fewer is not late because of what it serves: it has just started, or gets no CPU. */
const LEAST_BUSY = 4

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

/** Why a request is refused before anything of it was read. */
export type Refusal = 'in flight' | 'share' | 'busy' | 'waited'

/** Made once: an error is made in the time of a refusal. */
export const REFUSALS: Readonly<Record<Refusal, AdapterError>> = {
  'in flight': overloaded('As many requests are in flight as this process takes.'),
  share: overloaded('As many requests of this address are in flight as one address may have.'),
  busy: overloaded('This process is busier than it may be.'),
  waited: overloaded('More requests arrive than this process can serve.'),
}

export interface Admission {
  readonly serve: () => Promise<void>
  readonly refuse: (why: Refusal) => void
}

/** Says which requests a process takes upon itself, before anything is read or checked. What it has taken it finishes. */
export class Overload {
  readonly #places: Places
  readonly #intake = new Intake()
  readonly #refusals = new PacedRefusals()
  readonly #maxLagMs: number
  readonly #meter: LagMeter

  constructor(limits: LoadLimits, meter: LagMeter) {
    this.#places = new Places(limits)
    this.#maxLagMs = limits.maxEventLoopLagMs
    this.#meter = meter
  }

  /** Whether requests are refused for want of places. */
  get isFull(): boolean {
    return this.#places.isFull
  }

  /** A connection was accepted. */
  connected(): void {
    this.#intake.hurry()
  }

  /** @returns what to give the place back with, or why there is none */
  place(socket: Socket): Place | Refusal {
    const isLate = this.#maxLagMs > 0 && this.#meter.lagMs > this.#maxLagMs
    if (isLate && this.#places.taken >= LEAST_BUSY) return 'busy'
    return this.#places.take(socket)
  }

  /**
   * Takes a request when its turn has come, and gives its place back when that is served.
   *
   * `serve` resolves when the response is handed over to the connection, and never rejects; or `refuse` is called, at once
   * or after a short wait.
   */
  admit(res: ServerResponse, { serve, refuse }: Admission): void {
    const { socket } = res.req
    const turnAway = (why: Refusal): void => {
      this.#refusals.offer(() => {
        refuse(why)
      })
    }
    const place = this.place(socket)
    if (typeof place === 'string') {
      turnAway(place)
      return
    }
    this.#intake.offer({
      network: this.#places.networkOf(socket),
      start: () => {
        if (!socket.destroyed) return serve().then(place)
        place()
        return Promise.resolve()
      },
      refuse: () => {
        place()
        turnAway('waited')
      },
    })
  }
}

function overloaded(message: string): AdapterError {
  return new AdapterError('overloaded', message, { retryAfter: RETRY_AFTER_S, outcome: 'not-sent' })
}
