import type { WebhookMapping } from '../mapping/operation/webhook/webhook.js'
import type { BackendRuntime } from './runtime.js'

/** A webhook of the contract with what its events are read by. */
export interface WebhookSource {
  readonly mapping: WebhookMapping
  /** Of the backend that calls; absent where its events are polled. */
  readonly runtime: BackendRuntime | undefined
}
