import { dialect, envelopeStart, writeEnvelope } from '../../soap/envelope.js'
import { type SoapVersion } from '../../wsdl/model.js'
import { escapeText } from '../../xml/escape.js'
import { type SimulatedAnswer } from './options.js'

export interface SimulatedFault {
  readonly blame: 'sender' | 'receiver' | 'must-understand'
  /** For people. */
  readonly reason: string
  /** Markup of the detail's child, with the declarations that its prefixes need. */
  readonly detail?: { readonly markup: string; readonly declarations: string }
  /** The operation that it answers. */
  readonly operation: string
  /** Children of soap:Header. */
  readonly blocks?: string
}

const faultCodes = {
  '1.1': { sender: 'Client', receiver: 'Server', 'must-understand': 'MustUnderstand' },
  '1.2': { sender: 'Sender', receiver: 'Receiver', 'must-understand': 'MustUnderstand' },
} as const

/**
 * Writes a fault: SOAP 1.1, 4.4, with HTTP 500 (6.2); SOAP 1.2 Part 1, 5.4, with HTTP 400 where the sender is to blame
 * (Part 2, 7.5.2.2).
 */
export function faultAnswer(version: SoapVersion, fault: SimulatedFault): SimulatedAnswer {
  const { blame, detail, operation, blocks = '' } = fault
  const code = faultCodes[version][blame]
  const reason = escapeText(fault.reason)
  const start = envelopeStart(dialect(version), detail?.declarations ?? '')
  const inner =
    version === '1.1'
      ? `<faultcode>soap:${code}</faultcode><faultstring>${reason}</faultstring>` +
        (detail ? `<detail>${detail.markup}</detail>` : '')
      : `<soap:Code><soap:Value>soap:${code}</soap:Value></soap:Code>` +
        `<soap:Reason><soap:Text xml:lang="en">${reason}</soap:Text></soap:Reason>` +
        (detail ? `<soap:Detail>${detail.markup}</soap:Detail>` : '')
  return {
    status: version === '1.2' && blame === 'sender' ? 400 : 500,
    contentType: contentTypeOf(version),
    body: writeEnvelope(start, blocks, `<soap:Fault>${inner}</soap:Fault>`),
    operation,
    outcome: detail ? 'fault' : 'refused',
  }
}

export function contentTypeOf(version: SoapVersion): string {
  return `${dialect(version).mediaType}; charset=utf-8`
}
