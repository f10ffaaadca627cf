import { type Backend } from '../backend/backend.js'
import { type Compiler } from '../codec/compile.js'
import { type Prefixes } from '../codec/prefixes.js'
import { type AddressingAnnotation } from '../mapping/addressing-annotation.js'
import { type Source } from '../mapping/expression.js'
import { type WsSecurity } from '../security/ws-security.js'
import { type BackendSession } from './backend-session.js'

/** What the operations of one backend share. */
export interface BackendRuntime {
  readonly backend: Backend
  /** Of a call whose operation has none of its own. */
  readonly timeoutMs: number
  /** Whether clients may shorten it. */
  readonly takesTimeout: boolean
  readonly maxResponseBytes: number
  readonly prefixes: Prefixes
  readonly compiler: Compiler
  readonly addressing?: AddressingAnnotation
  readonly security?: WsSecurity
  /** Where the SAML assertion of a call comes from. */
  readonly assertion?: Source
  /** Absent for the login itself. */
  readonly session?: BackendSession
}
