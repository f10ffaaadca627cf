import { type Diagnostics } from '../base/diagnostic.js'
import { type OpenApiDocument } from '../openapi/document.js'
import { type OpenApiOperation } from '../openapi/operations.js'
import { type SoapOperation } from '../wsdl/model.js'
import { type Environment } from './environment.js'
import { type OperationAnnotation } from './operation-annotation.js'
import { type BackendMapping } from './operation-mapping.js'

/** Both sides of an operation that is about to be mapped, and where findings go. */
export interface OperationJoin {
  readonly document: OpenApiDocument
  readonly rest: OpenApiOperation
  readonly annotation: OperationAnnotation
  readonly backend: BackendMapping
  readonly soap: SoapOperation
  readonly env: Environment
  readonly diagnostics: Diagnostics
}
