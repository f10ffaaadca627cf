import type { SentMessage } from '../../ws-security/tokens/call-key.js'

/** What a response is compared with: the call that it answers. */
export interface Asked {
  /** Where the response must relate to the call. */
  readonly messageId: string | undefined
  /** Where the call was secured. */
  readonly sent: SentMessage | undefined
}
