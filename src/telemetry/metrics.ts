import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

export interface BackendSample {
  readonly name: string
  readonly breaker: 'closed' | 'open' | 'half-open'
  readonly inFlight: number
  readonly queued?: number
  readonly retries?: number
  readonly endpoints?: readonly { readonly host: string; readonly breaker: BackendSample['breaker'] }[]
}

/** Labels of a request, all of them of a bounded number of values. */
export interface RequestLabels {
  /** Of the contract, or `none`. */
  readonly operationId: string
  readonly method: string
  readonly status: number
}

export interface Metrics {
  readonly contentType: string
  /** Counts a request in. */
  begin(): void
  /** Counts it out again. */
  end(labels: RequestLabels, seconds: number): void
  countProblem(code: string): void
  /** The page for Prometheus. */
  text(): Promise<string>
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const BREAKER_STATES = ['closed', 'open', 'half-open'] as const
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])

/** @param backends is asked at each scrape */
export function createMetrics(backends: () => readonly BackendSample[]): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const durations = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the request to the end of its answer',
    labelNames: ['operationId', 'method', 'status'] as const,
    buckets: BUCKETS,
    registers,
  })
  let inFlight = 0
  new Gauge({
    name: 'http_server_requests_in_flight',
    help: 'Requests that are not answered yet',
    registers,
    collect() {
      this.set(inFlight)
    },
  })
  const problems = new Counter({
    name: 'http_server_problems_total',
    help: 'Problem documents by their code',
    labelNames: ['code'] as const,
    registers,
  })
  new Gauge({
    name: 'backend_breaker_state',
    help: '1 for the state that the circuit breaker of the backend is in',
    labelNames: ['backend', 'state'] as const,
    registers,
    collect() {
      for (const { name, breaker } of backends()) {
        for (const state of BREAKER_STATES) this.set({ backend: name, state }, state === breaker ? 1 : 0)
      }
    },
  })
  new Gauge({
    name: 'backend_requests_in_flight',
    help: 'Calls to the backend that are not answered yet',
    labelNames: ['backend'] as const,
    registers,
    collect() {
      for (const { name, inFlight: calls } of backends()) this.set({ backend: name }, calls)
    },
  })
  new Gauge({
    name: 'backend_endpoint_breaker_state',
    help: '1 for the state that the circuit breaker of the endpoint is in, where a backend has several',
    labelNames: ['backend', 'endpoint', 'state'] as const,
    registers,
    collect() {
      for (const { name: backend, endpoints = [] } of backends()) {
        for (const { host: endpoint, breaker } of endpoints) {
          for (const state of BREAKER_STATES) {
            this.set({ backend, endpoint, state }, state === breaker ? 1 : 0)
          }
        }
      }
    },
  })
  new Gauge({
    name: 'backend_requests_queued',
    help: 'Calls that wait until the backend may have them',
    labelNames: ['backend'] as const,
    registers,
    collect() {
      for (const { name, queued = 0 } of backends()) this.set({ backend: name }, queued)
    },
  })
  new Counter({
    name: 'backend_retries_total',
    help: 'Attempts beside the first of each call',
    labelNames: ['backend'] as const,
    registers,
    collect() {
      this.reset()
      for (const { name, retries = 0 } of backends()) this.inc({ backend: name }, retries)
    },
  })
  return {
    contentType: registry.contentType,
    begin() {
      inFlight++
    },
    end({ operationId, method, status }, seconds) {
      inFlight--
      durations.observe({ operationId, method: METHODS.has(method) ? method : 'other', status }, seconds)
    },
    countProblem(code) {
      problems.inc({ code })
    },
    text: () => registry.metrics(),
  }
}
