import type { Attachment } from '../soap/xop.js'

/** An envelope, and what travels beside it. */
export interface SecuredMessage {
  readonly envelope: string
  readonly attachments: readonly Attachment[]
}
