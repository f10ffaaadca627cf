import type { Segment } from '../../base/bytes/source.js'
import type { ReceivedAttachments } from '../../soap/xop.js'
import type { Answer } from './answer.js'
import type { AnswerHeader } from './header-reader.js'

/** A backend's response, read. */
export interface Reply {
  readonly answer: Answer
  /** Absent where the envelope has no header. */
  readonly header: AnswerHeader | undefined
  /** Of HTTP. */
  readonly headers: Readonly<Record<string, string>>
  /** Absent where the response is an envelope and nothing else. */
  readonly attachments: ReceivedAttachments | undefined
  /** The JSON text that follows that of the response, where it is read while it arrives. */
  readonly rest?: ReplyRest
}

/** Either read to its end or cancelled. */
export interface ReplyRest {
  readonly pages: AsyncIterable<readonly Segment[]>
  readonly cancel: () => void
}
