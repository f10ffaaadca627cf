import type { BackendPolicy } from '../policy.js'
import { Breaker, type BreakerState, type Permit, unavailable } from './breaker.js'

/** One address of a backend, and what is known of its health: only calls tell, nothing is asked. */
export interface Endpoint {
  /** Absent where each call has its own. */
  readonly url: string | undefined
  /** Host and port, for logs and metrics. */
  readonly host: string
  readonly breaker: Breaker
}

export interface EndpointState {
  readonly host: string
  readonly breaker: BreakerState
}

export interface Admission {
  readonly endpoint: Endpoint
  readonly permit: Permit
}

/** The addresses of one backend. A call goes to the first whose breaker lets it through. */
export class Endpoints {
  readonly #all: readonly Endpoint[]

  /** @param onChange called after each change of a breaker */
  constructor(
    { endpoints, breaker }: Pick<BackendPolicy, 'endpoints' | 'breaker'>,
    onChange: (host: string, state: BreakerState, previous: BreakerState) => void,
  ) {
    this.#all = (endpoints ?? [undefined]).map((url) => {
      const host = url === undefined ? '' : new URL(url).host
      const watch = (state: BreakerState, previous: BreakerState) => {
        onChange(host, state, previous)
      }
      return { url, host, breaker: new Breaker(breaker, watch) }
    })
  }

  /** How the backend is as a whole: as the best of its endpoints. */
  get state(): BreakerState {
    const states = this.#all.map(({ breaker }) => breaker.state)
    return (['closed', 'half-open'] as const).find((state) => states.includes(state)) ?? 'open'
  }

  get states(): readonly EndpointState[] {
    return this.#all.map(({ host, breaker }) => ({ host, breaker: breaker.state }))
  }

  /**
   * @param tried those that are taken only when no other is left
   * @throws AdapterError `backend-unavailable` where no breaker lets a call through
   */
  admit(tried: readonly Endpoint[]): Admission {
    const endpoint =
      this.#all.find((each) => each.breaker.waitMs === undefined && !tried.includes(each)) ??
      this.#all.find((each) => each.breaker.waitMs === undefined)
    if (endpoint) return { endpoint, permit: endpoint.breaker.admit() }
    throw unavailable(Math.min(...this.#all.map(({ breaker }) => breaker.waitMs ?? 0)))
  }

  /** Is there another that would take the call? */
  hasOther(tried: readonly Endpoint[]): boolean {
    return this.#all.some((each) => each.breaker.waitMs === undefined && !tried.includes(each))
  }

  shutdown(): void {
    for (const { breaker } of this.#all) breaker.shutdown()
  }
}
