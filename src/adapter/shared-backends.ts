import { hash } from 'node:crypto'
import { Backend } from '../backend/backend.js'
import { Leniency } from '../codec/leniency.js'
import type { BackendMapping } from '../mapping/operation/mapping.js'

/** What contracts share of a backend: its connections, limits and breakers, and how often it was forgiven. */
export interface OpenBackend {
  readonly backend: Backend
  readonly leniency: Leniency
}

/**
 * Backends of contracts that one process serves beside each other. Two that are called alike, at the same endpoint and
 * under the same policy, are one: its limits hold for both contracts together, and its breaker knows of all calls.
 */
export class SharedBackends {
  readonly #open = new Map<string, OpenBackend & { contracts: number }>()

  /** @returns whether it is the first contract that has it: that one tells of its state */
  open({ name, endpoint, policy, lenient }: BackendMapping): OpenBackend & { readonly isFirst: boolean } {
    // Policies hold secrets, which stay where they are.
    const key = hash('sha256', JSON.stringify([name, endpoint, policy, [...lenient].sort()]))
    const known = this.#open.get(key)
    if (known) known.contracts++
    const opened = known ?? {
      backend: new Backend(name, policy),
      leniency: new Leniency(lenient),
      contracts: 1,
    }
    this.#open.set(key, opened)
    return { backend: opened.backend, leniency: opened.leniency, isFirst: !known }
  }

  /** Whether several contracts have it. */
  isShared(backend: Backend): boolean {
    return [...this.#open.values()].some((each) => each.backend === backend && each.contracts > 1)
  }
}
