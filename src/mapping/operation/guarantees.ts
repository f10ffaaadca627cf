import type { KeyUse } from '../../annotation/operation/guarantees.js'
import type { ParameterLocation } from '../../openapi/operations.js'
import type { Source } from './source.js'

/** How repeated requests of an operation are told apart from new ones. */
export interface IdempotencyPolicy {
  readonly key: KeyUse
  /** Headers that are part of what is asked, in lower case. */
  readonly headers: readonly string[]
  readonly status?: StatusLookup
}

/** How the backend is asked whether an earlier request was carried out. */
export interface StatusLookup {
  readonly operationId: string
  readonly parameters: readonly {
    readonly in: ParameterLocation
    readonly name: string
    readonly source: Source
  }[]
  /** The status that the operation itself succeeds with. */
  readonly success: number
  /** How long after it was sent a request that the backend does not know of counts as not carried out. */
  readonly absentAfterMs?: number
}

/** How long answers of an operation may be used again. */
export interface CachePolicy {
  readonly maxAgeSeconds: number
  /** After that, where the backend fails; 0 for never. */
  readonly staleIfErrorSeconds: number
  /** Answers do not depend on who asks. */
  readonly shared: boolean
  /** Headers that answers depend on, in lower case. */
  readonly headers: readonly string[]
  /** For Vary: `headers` and, where responses are not shared, those that credentials come in. */
  readonly vary: readonly string[]
  /** Claims that are sent to the backend, as steps into them. */
  readonly claims: readonly (readonly string[])[]
}
