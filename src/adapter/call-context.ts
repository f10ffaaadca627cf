import type { TraceContext } from '../base/trace-context.js'
import type { CallTap } from './call-tap.js'
import type { Identity } from './rest.js'

/** What a call brings with it beside the request that the contract describes. */
export interface CallContext {
  readonly identity?: Identity | undefined
  readonly requestId?: string | undefined
  readonly traceContext?: TraceContext | undefined
  /** For `$session.token`. */
  readonly sessionToken?: string | undefined
  /** The assertion that a token service issued for the call. */
  readonly issuedAssertion?: string
  /** Where the session's calls go, where its login said so. */
  readonly endpoint?: string | undefined
  /** The session's Cookie header. */
  readonly cookie?: string | undefined
  /** Is told what becomes of the call. */
  readonly tap?: CallTap | undefined
}
