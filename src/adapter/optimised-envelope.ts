import { bytesOf } from '../base/byte-source.js'
import { type Attachment, cidOf, xopInclude } from '../soap/xop.js'

/**
 * An envelope of ours whose parts are included (XML-binary Optimized Packaging 1.0): a signature covers base64 in the place of
 * each Include, whatever travels.
 */
export class OptimisedEnvelope {
  /** With base64 in the place of each Include. */
  readonly inline: string
  /** Those that nothing includes. */
  readonly others: readonly Attachment[]
  readonly #included: readonly Attachment[]
  /** What follows the start of the first Include, as it was and inline. */
  readonly #tail: { readonly sent: string; readonly inline: string }

  constructor(envelope: string, attachments: readonly Attachment[]) {
    const found = attachments.map((attachment) => {
      const include = xopInclude(cidOf(attachment.contentId ?? ''))
      const at = envelope.indexOf(include)
      return { attachment, at, end: at + include.length }
    })
    const included = found.filter(({ at }) => at !== -1).sort((a, b) => a.at - b.at)
    const start = included[0]?.at ?? envelope.length
    let inline = ''
    let from = start
    for (const { attachment, at, end } of included) {
      inline += envelope.slice(from, at) + bytesOf(attachment.bytes).toString('base64')
      from = end
    }
    this.#tail = { sent: envelope.slice(start), inline: inline + envelope.slice(from) }
    this.inline = envelope.slice(0, start) + this.#tail.inline
    this.others = found.filter(({ at }) => at === -1).map(({ attachment }) => attachment)
    this.#included = included.map(({ attachment }) => attachment)
  }

  /**
   * What travels, once the inline envelope has been secured: where it was encrypted from the first Include on, base64 is a part
   * of the cipher text, and nothing is included.
   */
  secured(envelope: string): { readonly envelope: string; readonly included: readonly Attachment[] } {
    const { sent, inline } = this.#tail
    if (this.#included.length === 0 || !envelope.endsWith(inline)) return { envelope, included: [] }
    return { envelope: envelope.slice(0, envelope.length - inline.length) + sent, included: this.#included }
  }
}
