import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client'
import type { StoreUse } from '../store/watched-store.js'
import { CallMetrics, type CallSample } from './call-metrics.js'
import { addCounter, addGauge, type Labelled } from './series.js'
import { SeriesHistogram } from './series-histogram.js'
import { StoreMetrics } from './store-metrics.js'

export interface BackendSample {
  readonly name: string
  /** The base path of its contract, where the process serves several that do not share it. */
  readonly api?: string | undefined
  readonly breaker: 'closed' | 'open' | 'half-open'
  readonly inFlight: number
  readonly queued?: number
  /** Calls that it may have at once. */
  readonly limit?: number
  readonly retries?: number
  readonly lenient?: Readonly<Record<string, number>>
  readonly endpoints?: readonly { readonly host: string; readonly breaker: BackendSample['breaker'] }[]
}

/** Labels of a request, all of them of a bounded number of values. */
export interface RequestLabels {
  /** Of the contract, or `none`. */
  readonly operationId: string
  /** The base path of the contract, where the process serves several. */
  readonly api?: string
  readonly method: string
  readonly status: number
}

export interface Metrics {
  readonly contentType: string
  /** Counts a request in. */
  begin(): void
  /** Counts it out again. */
  end(labels: RequestLabels, seconds: number): void
  /** @param count by default one */
  countProblem(code: string, count?: number): void
  observeCall(call: CallSample): void
  countBreakerChange(backend: Pick<BackendSample, 'name' | 'api'>, state: BackendSample['breaker']): void
  /** Adds a gauge of the service itself. @param value is asked at each scrape */
  addGauge(name: string, help: string, value: () => number): void
  /** Adds a counter of the service itself, by one label. @param values are asked at each scrape */
  addCounter(
    series: { readonly name: string; readonly help: string; readonly label: string },
    values: Labelled,
  ): void
  /** Adds the series of the store, or gives them to the one that takes its place. @returns what counts a use of it */
  addStore(isUsable: () => boolean): (use: StoreUse) => void
  /** The page for Prometheus. */
  text(): Promise<string>
}

const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const BREAKER_STATES = ['closed', 'open', 'half-open'] as const
/** Gauges that are called like counters, and the types of handles: nobody alerts on them. */
const MISNAMED = [
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total',
  'nodejs_active_resources',
  'nodejs_active_resources_total',
]
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'])

/** @param backends is asked at each scrape */
export function createMetrics(backends: () => readonly BackendSample[]): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  for (const name of MISNAMED) registry.removeSingleMetric(name)
  const calls = new CallMetrics(registry)
  const durations = new SeriesHistogram(registry, {
    name: 'http_server_request_duration_seconds',
    help: 'Time from the request to the end of its response',
    labelNames: ['api', 'operation', 'method', 'status'],
    buckets: BUCKETS,
  })
  let store: StoreMetrics | undefined
  let isStoreUsable = () => true
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
    labelNames: ['api', 'backend', 'state'] as const,
    registers,
    collect() {
      for (const backend of backends()) {
        for (const state of BREAKER_STATES) {
          this.set({ ...labelsOf(backend), state }, state === backend.breaker ? 1 : 0)
        }
      }
    },
  })
  new Gauge({
    name: 'backend_requests_in_flight',
    help: 'Calls to the backend that are not answered yet',
    labelNames: ['api', 'backend'] as const,
    registers,
    collect() {
      for (const backend of backends()) this.set(labelsOf(backend), backend.inFlight)
    },
  })
  const breakerChanges = new Counter({
    name: 'backend_breaker_changes_total',
    help: 'How often the circuit breaker of the backend, or of one of its endpoints, has entered a state',
    labelNames: ['api', 'backend', 'state'] as const,
    registers,
  })
  for (const backend of backends()) {
    // What has not happened yet is 0, so that the first time is an increase.
    for (const state of BREAKER_STATES) breakerChanges.inc({ ...labelsOf(backend), state }, 0)
  }
  new Gauge({
    name: 'backend_requests_limit',
    help: 'Calls that the backend may have at once',
    labelNames: ['api', 'backend'] as const,
    registers,
    collect() {
      for (const backend of backends()) {
        if (backend.limit !== undefined) this.set(labelsOf(backend), backend.limit)
      }
    },
  })
  new Gauge({
    name: 'backend_endpoint_breaker_state',
    help: '1 for the state that the circuit breaker of the endpoint is in, where a backend has several',
    labelNames: ['api', 'backend', 'endpoint', 'state'] as const,
    registers,
    collect() {
      for (const backend of backends()) {
        for (const { host: endpoint, breaker } of backend.endpoints ?? []) {
          for (const state of BREAKER_STATES) {
            this.set({ ...labelsOf(backend), endpoint, state }, state === breaker ? 1 : 0)
          }
        }
      }
    },
  })
  new Gauge({
    name: 'backend_requests_queued',
    help: 'Calls that wait until the backend may have them',
    labelNames: ['api', 'backend'] as const,
    registers,
    collect() {
      for (const backend of backends()) this.set(labelsOf(backend), backend.queued ?? 0)
    },
  })
  new Counter({
    name: 'backend_retries_total',
    help: 'Attempts beside the first of each call',
    labelNames: ['api', 'backend'] as const,
    registers,
    collect() {
      this.reset()
      for (const backend of backends()) this.inc(labelsOf(backend), backend.retries ?? 0)
    },
  })
  new Counter({
    name: 'backend_lenient_total',
    help: 'Responses that were not as their WSDL says and were read all the same, by what the contract forgave',
    labelNames: ['api', 'backend', 'kind'] as const,
    registers,
    collect() {
      this.reset()
      for (const backend of backends()) {
        for (const [kind, count] of Object.entries(backend.lenient ?? {})) {
          this.inc({ ...labelsOf(backend), kind }, count)
        }
      }
    },
  })
  return {
    contentType: registry.contentType,
    begin() {
      inFlight++
    },
    end({ operationId, api, method, status }, seconds) {
      inFlight--
      durations.at(api, operationId, METHODS.has(method) ? method : 'other', status).observe(seconds)
    },
    countProblem(code, count = 1) {
      problems.inc({ code }, count)
    },
    observeCall(call) {
      calls.observe(call)
    },
    countBreakerChange(backend, state) {
      breakerChanges.inc({ ...labelsOf(backend), state })
    },
    addGauge(name, help, value) {
      addGauge(registry, { name, help }, value)
    },
    addCounter(series, values) {
      addCounter(registry, series, values)
    },
    addStore(isUsable) {
      isStoreUsable = isUsable
      const series = (store ??= new StoreMetrics(registry, () => isStoreUsable()))
      return (use) => {
        series.observe(use)
      }
    },
    text: () => registry.metrics(),
  }
}

function labelsOf({ name, api }: Pick<BackendSample, 'name' | 'api'>): { backend: string; api?: string } {
  return { ...(api !== undefined && { api }), backend: name }
}
