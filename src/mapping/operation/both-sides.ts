import type { BackendAnnotation } from '../../annotation/backend/backend.js'
import type { OperationAnnotation } from '../../annotation/operation/operation.js'
import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import type { OpenApiDocument } from '../../openapi/document.js'
import type { OpenApiOperation } from '../../openapi/operations.js'
import type { SoapOperation } from '../../wsdl/model.js'
import type { ContractFitting } from '../fit/contract-fitting.js'
import type { Direction } from '../fit/fitting.js'
import type { BackendMapping } from './mapping.js'
import type { Selection } from './selection.js'

/** Both sides of an operation that is about to be mapped, and where findings go. */
export interface OperationJoin {
  readonly document: OpenApiDocument
  readonly rest: OpenApiOperation
  readonly annotation: OperationAnnotation
  readonly backend: BackendMapping
  readonly backendAnnotation: BackendAnnotation
  readonly soap: SoapOperation
  /** Of an alternative: which requests it is for. */
  readonly selection?: Selection
  /** Whether it is what logs in to the backend, which is made for all callers and has no request. */
  readonly isLogin: boolean
  readonly diagnostics: Diagnostics
  readonly fittings: Fittings
}

/**
 * One fitting of the document for each direction, whose findings go to the diagnostics of the join: a type that several
 * operations reach is fitted once.
 */
export type Fittings = Readonly<Record<Direction, ContractFitting>>

/** What guarantees of an operation are judged by. */
export type PolicyJoin = Pick<OperationJoin, 'document' | 'rest' | 'annotation' | 'diagnostics'>
