import type { Attachment } from '../soap/xop.js'
import type { SentMessage } from './call-key.js'

/** An envelope, and what travels beside it. */
export interface SecuredMessage {
  readonly envelope: string
  readonly attachments: readonly Attachment[]
}

/** A message of ours, as it is sent. */
export interface SentSecurely extends SecuredMessage {
  /** What its response is verified with. */
  readonly sent: SentMessage
}
