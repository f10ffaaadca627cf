import { Histogram, type Registry } from 'prom-client'
import type { StoreUse } from '../store/watched-store.js'
import { addGauge } from './series.js'

const SECONDS = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5]

/** Use of the store of idempotency keys, for a contract that has one. */
export class StoreMetrics {
  readonly #uses

  /** @param isUsable as the last use has shown; asked at each scrape */
  constructor(registry: Registry, isUsable: () => boolean) {
    this.#uses = new Histogram({
      name: 'idempotency_store_duration_seconds',
      help: 'Time of each use of the store of idempotency keys',
      labelNames: ['operation', 'outcome'] as const,
      buckets: SECONDS,
      registers: [registry],
    })
    addGauge(
      registry,
      { name: 'idempotency_store_up', help: '1 while the store of idempotency keys can be used' },
      () => Number(isUsable()),
    )
  }

  observe({ operation, outcome, seconds }: StoreUse): void {
    this.#uses.observe({ operation, outcome }, seconds)
  }
}
