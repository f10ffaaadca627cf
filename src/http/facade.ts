import { type BackendState, type RestOperation } from '../adapter/rest.js'
import { type OpenApiDocument, type OpenApiObject } from '../openapi/document.js'

export interface BackendChange extends BackendState {
  readonly previous: BackendState['breaker']
  /** Host and port of the endpoint that has changed, where the contract names several. */
  readonly endpoint?: string
}

/** What the HTTP front needs of the compiled contracts. */
export interface Facade {
  /** The path of the first server of the document, `/v1`; empty for the root. */
  readonly basePath: string
  /** The published OpenAPI document: no `x-soap`, every `$ref` within the document. */
  readonly document: OpenApiObject
  /** The same, knowing where it was written. */
  readonly contract?: OpenApiDocument
  /** By operationId. */
  readonly operations: ReadonlyMap<string, RestOperation>
  readonly backends: () => readonly BackendState[]
  /** Compiles what would else be compiled at the first request. */
  warmUp?(): void
  /** @returns a function that ends the subscription */
  onBackendChange?(listener: (change: BackendChange) => void): () => void
}
