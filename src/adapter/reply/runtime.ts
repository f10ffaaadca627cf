import type { Compiler } from '../../codec/compile.js'
import type { Leniency } from '../../codec/leniency.js'
import type { AddressingPolicy } from '../../soap/addressing.js'
import type { WsSecurity } from '../../ws-security/ws-security.js'
import type { XmlReaderLimits } from '../../xml/reader.js'
import type { FaultAnswer } from './answer.js'

/** What the replies of one backend are read by. */
export interface ReplyRuntime {
  readonly maxResponseBytes: number
  /** Of a response's XML. */
  readonly xmlLimits: XmlReaderLimits
  /** Beside the envelope of a response. */
  readonly maxAttachments: number
  readonly leniency: Leniency
  readonly compiler: Compiler
  readonly addressing?: AddressingPolicy
  readonly security?: WsSecurity
  /** The session of the call, which a fault may end. */
  readonly session?: { isEndedBy(fault: FaultAnswer): boolean }
}
