import type { Blame, FaultToWrite } from '../../soap/fault-writer.js'

/** Why a message is not taken, for the person who wrote its sender; holds nothing of the message but names. */
export class ReceiveFault extends Error {
  override readonly name = 'ReceiveFault'
  readonly subcode: FaultToWrite['subcode']
  /** A header block that was not understood. */
  readonly block: { readonly namespace: string; readonly localName: string } | undefined

  constructor(
    readonly blame: Blame,
    message: string,
    {
      subcode,
      block,
      cause,
    }: {
      readonly subcode?: FaultToWrite['subcode']
      readonly block?: { readonly namespace: string; readonly localName: string }
      readonly cause?: unknown
    } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause })
    this.subcode = subcode
    this.block = block
  }
}
