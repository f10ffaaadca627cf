import type { UniqueNames } from '../../../base/unique-names.js'
import type { CanonicalMappings } from '../../../mapping/canonical/canonical.js'
import type { Projection } from '../../../mapping/projection/projection.js'
import type { NamingStyle } from '../grammar/naming-style.js'
import type { KeptRoutes } from '../merge/kept-routes.js'
import type { ServiceContext } from '../messages/context.js'
import type { ProblemResponses } from '../messages/problem.js'
import type { Resources } from '../routes/resources.js'
import type { RouteTable } from '../routes/route-table.js'
import type { DesignSettings } from '../settings/settings.js'
import type { Explanation } from '../summary/explain.js'
import type { ImportedOperation, SummaryWriter } from '../summary/summary.js'

/** What all operations of a document share. */
export interface Workshop {
  readonly routes: RouteTable
  readonly operationIds: UniqueNames
  readonly problems: ProblemResponses
  readonly summary: SummaryWriter
  readonly style: 'resource' | 'rpc'
  readonly settings: DesignSettings
  /** Is told how each operation came to its method and path. */
  readonly explain: (explanation: Explanation) => void
  readonly kept: KeptRoutes | undefined
  /** Whether an operation gets the most general form, since what its name suggests was refused. */
  readonly isPlain: (operation: SoapIdentity) => boolean
  /** Whether an operation has a path of its own, since what it would share was refused. */
  readonly isApart: (operation: SoapIdentity) => boolean
}

/** What tells the SOAP operations of a document apart. */
export type SoapIdentity = Pick<ImportedOperation, 'backend' | 'operation' | 'input'>

/** What the operations of one backend share. */
export interface Source {
  readonly backend: string
  readonly isOnlyBackend: boolean
  readonly service: readonly string[]
  /** Nouns are not English. */
  readonly isForeign: boolean
  readonly style: NamingStyle
  readonly resources: Resources
  readonly context: ServiceContext
  readonly canonical: CanonicalMappings
  readonly projection: Projection
  /** Names that several operations of the port type have. */
  readonly overloaded: ReadonlySet<string>
}
