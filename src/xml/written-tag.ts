import type { FixedOctets } from '../base/bytes/fixed.js'
import type { Binding } from './namespace.js'

/**
 * A start tag as a document had it, octet for octet, and the end tag that belongs to it: where both stand again and their
 * prefixes mean the same, there is an element that differs in its content alone.
 */
export class WrittenTag {
  constructor(
    readonly start: FixedOctets,
    readonly end: FixedOctets,
    /** Of the prefixes in it. */
    readonly bindings: readonly Binding[],
    /** What its attributes say, to whoever has remembered it. */
    readonly meaning?: string,
  ) {}
}
