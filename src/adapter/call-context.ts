import { type Identity } from './rest.js'

/** What a call brings with it beside the request that the contract describes. */
export interface CallContext {
  readonly identity?: Identity
  readonly requestId?: string
  /** For `$session.token`. */
  readonly sessionToken?: string | undefined
  /** The session's Cookie header. */
  readonly cookie?: string | undefined
}
