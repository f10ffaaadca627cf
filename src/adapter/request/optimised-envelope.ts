import { bytesOf } from '../../base/bytes/source.js'
import { cidOf, type MessagePart, xopInclude } from '../../soap/xop.js'

/**
 * An envelope of ours whose parts are included (XML-binary Optimized Packaging 1.0): a signature covers base64 in the place of
 * each Include, whatever travels.
 */
export class OptimisedEnvelope {
  /** With base64 in the place of each Include. */
  readonly inline: string
  /** Those that nothing includes. */
  readonly others: readonly MessagePart[]
  readonly #included: readonly MessagePart[]
  /** What follows the start of the first Include, as it was and inline. */
  readonly #tail: { readonly sent: string; readonly inline: string }

  constructor(envelope: string, attachments: readonly MessagePart[]) {
    const included = includedIn(envelope, attachments)
    const start = included[0]?.at ?? envelope.length
    let inline = ''
    let from = start
    for (const { attachment, at, end } of included) {
      inline += envelope.slice(from, at) + bytesOf(attachment.bytes).toString('base64')
      from = end
    }
    this.#tail = { sent: envelope.slice(start), inline: inline + envelope.slice(from) }
    this.inline = envelope.slice(0, start) + this.#tail.inline
    this.#included = included.map(({ attachment }) => attachment)
    const all = new Set(this.#included)
    this.others = attachments.filter((attachment) => !all.has(attachment))
  }

  /**
   * What travels, once the inline envelope has been secured: where it was encrypted from the first Include on, base64 is a part
   * of the cipher text, and nothing is included.
   */
  secured(envelope: string): { readonly envelope: string; readonly included: readonly MessagePart[] } {
    const { sent, inline } = this.#tail
    if (this.#included.length === 0 || !envelope.endsWith(inline)) return { envelope, included: [] }
    return { envelope: envelope.slice(0, envelope.length - inline.length) + sent, included: this.#included }
  }
}

interface Inclusion {
  readonly attachment: MessagePart
  readonly at: number
  readonly end: number
}

const [BEFORE = '', AFTER = ''] = xopInclude('\u0000').split('\u0000')

/** The first Include of each part, in the order of the envelope, which is gone through once: clients say how many parts there are. */
function includedIn(envelope: string, attachments: readonly MessagePart[]): readonly Inclusion[] {
  const left = new Map(attachments.map((attachment) => [cidOf(attachment.contentId ?? ''), attachment]))
  const found: Inclusion[] = []
  for (let at = envelope.indexOf(BEFORE); at !== -1; at = envelope.indexOf(BEFORE, at + BEFORE.length)) {
    const start = at + BEFORE.length
    const close = envelope.indexOf(AFTER, start)
    const href = envelope.slice(start, close)
    const attachment = left.get(href)
    if (!attachment) continue
    left.delete(href)
    found.push({ attachment, at, end: close + AFTER.length })
  }
  return found
}
