import type { Changes } from './change.js'
import type { Disagreements } from './contract-view.js'
import type { TypeWalk } from './walk.js'

/** What operations are compared with, and where changes go. */
export interface Desk {
  readonly walk: TypeWalk
  readonly changes: Changes
  /** Absent where there is no contract. */
  readonly disagreements?: Disagreements
}
