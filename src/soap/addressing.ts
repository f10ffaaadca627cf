import { WSA } from '../base/namespaces.js'
import { escapeAttribute, escapeText } from '../xml/escape.js'

/** Message addressing properties that are the same for every call (WS-Addressing 1.0 Core, 3.1). */
export interface AddressingProperties {
  readonly action: string
  readonly to: string
  /** An IRI; `anonymous` answers on the same connection (Core, 2.1). Absent on one-way operations. */
  readonly replyTo: string | undefined
  readonly mustUnderstand: boolean
  readonly soapVersion: '1.1' | '1.2'
}

/** What a backend wants of WS-Addressing, as docs/annotation.md gives it. */
export interface AddressingPolicy {
  /** By default the endpoint. */
  readonly to?: string
  /** By default the anonymous address. */
  readonly replyTo?: string
  readonly mustUnderstand: boolean
  /** Whether a response without RelatesTo is refused; one with a wrong RelatesTo always is. */
  readonly relatesTo: 'required' | 'optional'
}

export const WSA_ANONYMOUS = `${WSA}/anonymous`

/** What the prefix of the blocks is bound to, for the Envelope's start tag. */
export const ADDRESSING_DECLARATION = ` xmlns:wsa="${escapeAttribute(WSA)}"`

/**
 * The header blocks of WS-Addressing 1.0 (SOAP Binding, section 3).
 *
 * @returns the text before and after the message identifier
 */
export function addressingBlocks(properties: AddressingProperties): { before: string; after: string } {
  const { action, to, replyTo, mustUnderstand, soapVersion } = properties
  const must = mustUnderstand ? ` soap:mustUnderstand="${soapVersion === '1.1' ? '1' : 'true'}"` : ''
  const reply =
    replyTo === undefined
      ? ''
      : `<wsa:ReplyTo${must}><wsa:Address>${escapeText(replyTo)}</wsa:Address></wsa:ReplyTo>`
  return {
    before: `<wsa:Action${must}>${escapeText(action)}</wsa:Action><wsa:MessageID>`,
    after: `</wsa:MessageID>${reply}<wsa:To${must}>${escapeText(to)}</wsa:To>`,
  }
}
