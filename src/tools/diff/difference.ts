import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { XsdType } from '../../xsd/model/model.js'
import type { Effect } from './effect.js'

/**
 * What a difference is about:
 *
 * - `presence`: there or not
 * - `minimum`, `maximum`: how often at least, at most
 * - `nil`: null or not
 * - `value`: which texts a simple type allows
 * - `shape`: how elements stand together
 * - `wire`: how it is spelled – namespaces, order, SOAP itself; a contract with the new WSDL follows by itself
 */
export type Aspect = 'presence' | 'minimum' | 'maximum' | 'nil' | 'value' | 'shape' | 'wire'

/** One difference between two types, or between what they hold. */
export interface Difference {
  /** Name of the element, `@name` of the attribute that differs; empty for the type itself. */
  readonly step: string
  readonly effect: Effect
  readonly aspect: Aspect
  readonly what: string
  readonly old?: SourceLocation | undefined
  readonly new?: SourceLocation | undefined
}

/** Two types that stand at the same place, below the step. */
export interface TypePair {
  readonly step: string
  readonly old: XsdType
  readonly new: XsdType
}

/** What differs in two types themselves, and what is to be compared in turn. */
export interface Comparison {
  readonly differences: readonly Difference[]
  readonly pairs: readonly TypePair[]
}
