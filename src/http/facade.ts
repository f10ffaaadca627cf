import type { ObservedCall } from '../adapter/observed-call.js'
import type { BackendState, LeniencyUse, RestOperation, RevocationListFailure } from '../adapter/rest.js'
import type { WebhookSource } from '../adapter/webhook-source.js'
import type { Protocol } from '../base/protocol.js'
import type { OpenApiDocument, OpenApiObject } from '../openapi/document.js'
import type { SharedUses } from '../store/single-use/uses.js'

export interface BackendChange extends BackendState {
  readonly previous: BackendState['breaker']
  /** Host and port of the endpoint that has changed, where the contract names several. */
  readonly endpoint?: string
}

/** What the HTTP front needs of the compiled contracts. */
export interface Facade {
  /** The path of the first server of the document, `/v1`; empty for the root. */
  readonly basePath: string
  /** The published OpenAPI document: no `x-soap`, every `$ref` within the document. Not to be written to. */
  readonly document: OpenApiObject
  /** The same, knowing where it was written. */
  readonly contract?: OpenApiDocument
  /** By operationId. */
  readonly operations: ReadonlyMap<string, RestOperation>
  /** Where events come from; absent where the contract has no webhooks. */
  readonly webhooks?: readonly WebhookSource[]
  /** `security` of the operations by which clients subscribe; that of the document where it is undefined. */
  readonly eventSecurity?: unknown
  /** What serves the operations beside REST, unless a setting says otherwise. */
  readonly protocols?: ReadonlySet<Protocol>
  readonly backends: () => readonly BackendState[]
  /** How many certificates that calls rest on have expired by a time in milliseconds since 1970. */
  certificatesExpiredBy?(time: number): number
  /** Lets replicas know together which signed messages came. */
  shareUses?(shared: SharedUses): void
  /** Compiles what would else be compiled at the first request. */
  warmUp?(): void
  /** @returns a function that ends the subscription */
  onBackendChange?(listener: (change: BackendChange) => void): () => void
  /** @returns a function that ends the subscription */
  onCall?(listener: (call: ObservedCall) => void): () => void
  /** @returns a function that ends the subscription */
  onLeniency?(listener: (use: LeniencyUse) => void): () => void
  /** @returns a function that ends the subscription */
  onRevocationListFailure?(listener: (failure: RevocationListFailure) => void): () => void
}
