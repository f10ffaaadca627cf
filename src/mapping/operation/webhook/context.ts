import type { AnnotationContext } from '../../../annotation/reader/reader.js'
import type { JoinedBackend } from '../backend/backend.js'
import type { Fittings } from '../both-sides.js'
import type { OperationMapping } from '../mapping.js'

/** What webhooks are mapped in. */
export interface WebhookContext extends AnnotationContext {
  readonly backends: ReadonlyMap<string, JoinedBackend>
  /** Of all backends, those too that cannot be used. */
  readonly names: readonly string[]
  readonly operations: readonly OperationMapping[]
  readonly fittings: Fittings
}
