import type { Backend } from '../backend/backend.js'
import type { Prefixes } from '../codec/prefixes.js'
import type { SingleUses } from '../store/single-use/uses.js'
import type { ObservedCall } from './observed-call.js'
import type { ReplyRuntime } from './reply/runtime.js'
import type { BackendSession } from './session/backend-session.js'
import type { MessageGuard } from './trust/message-guard.js'
import type { TokenService } from './trust/token-service.js'

/** What the operations of one backend share. */
export interface BackendRuntime extends ReplyRuntime {
  readonly backend: Backend
  /** Whether this contract tells of the backend's state: of a shared one the first does. */
  readonly isObserved: boolean
  /** Of a call whose operation has none of its own. */
  readonly timeoutMs: number
  /** Whether clients may shorten it. */
  readonly takesTimeout: boolean
  /** Told of each call that is over. */
  readonly onCall: (call: ObservedCall) => void
  readonly prefixes: Prefixes
  /** Judges messages that are believed by what else is known; where signatures are verified. */
  readonly guard?: MessageGuard
  /** Nonces of messages that we receive, each of which counts once. */
  readonly nonces?: SingleUses
  /** Issues the assertions that calls carry. */
  readonly tokens?: TokenService
  /** Absent for the login itself. */
  readonly session?: BackendSession
}
