import { escapeAttribute, escapeText } from '../xml/escape.js'
import { dialect, envelopeStart, type SoapDialect, writeEnvelope } from './envelope.js'

/** Whose fault it is, as both versions have a code for it. */
export type Blame = 'sender' | 'receiver' | 'must-understand' | 'version-mismatch'

export interface FaultToWrite {
  readonly blame: Blame
  /** Follows the code: after a full stop in SOAP 1.1, as a subcode in SOAP 1.2. */
  readonly subcode?: { readonly namespace: string; readonly localName: string }
  /** Is the code in SOAP 1.1, which allows any (4.4.1), and the subcode in SOAP 1.2. */
  readonly code?: { readonly namespace: string; readonly localName: string }
  /** For people. */
  readonly reason: string
  /** Markup of the detail's child, with the declarations that its prefixes need, and of the detail's own attributes. */
  readonly detail?: { readonly markup: string; readonly declarations: string; readonly attributes?: string }
  /** Children of soap:Header. */
  readonly blocks?: string
}

export interface WrittenFault {
  /** Of HTTP. */
  readonly status: number
  readonly contentType: string
  readonly body: string
}

const codes = {
  '1.1': {
    sender: 'Client',
    receiver: 'Server',
    'must-understand': 'MustUnderstand',
    'version-mismatch': 'VersionMismatch',
  },
  '1.2': {
    sender: 'Sender',
    receiver: 'Receiver',
    'must-understand': 'MustUnderstand',
    'version-mismatch': 'VersionMismatch',
  },
} as const

/**
 * Writes a fault: SOAP 1.1, 4.4, with HTTP 500 (6.2); SOAP 1.2 Part 1, 5.4, with HTTP 400 where the sender is to blame
 * (Part 2, 7.5.2.2).
 */
export function writeFault(version: SoapDialect['version'], fault: FaultToWrite): WrittenFault {
  const { blame, detail, blocks = '' } = fault
  const start = envelopeStart(dialect(version), detail?.declarations ?? '')
  return {
    status: version === '1.2' && blame === 'sender' ? 400 : 500,
    contentType: contentTypeOf(version),
    body: writeEnvelope(start, blocks, `<soap:Fault>${childrenOf(version, fault)}</soap:Fault>`),
  }
}

/** The Fault as a document of its own. */
export function writeFaultElement(version: SoapDialect['version'], fault: FaultToWrite): string {
  const { namespace } = dialect(version)
  const declarations = fault.detail?.declarations ?? ''
  return `<soap:Fault xmlns:soap="${namespace}"${declarations}>${childrenOf(version, fault)}</soap:Fault>`
}

function childrenOf(version: SoapDialect['version'], fault: FaultToWrite): string {
  const { blame, subcode, code, detail } = fault
  const standard = `soap:${codes[version][blame]}`
  const reason = escapeText(fault.reason)
  const attributes = detail?.attributes ?? ''
  if (version === '1.1') {
    const dotted = `<faultcode>${standard}${subcode ? `.${subcode.localName}` : ''}</faultcode>`
    return (
      `${code ? qualified('faultcode', code) : dotted}<faultstring>${reason}</faultstring>` +
      (detail ? `<detail${attributes}>${detail.markup}</detail>` : '')
    )
  }
  const within = subcode ?? code
  const sub = within ? `<soap:Subcode>${qualified('soap:Value', within)}</soap:Subcode>` : ''
  return (
    `<soap:Code><soap:Value>${standard}</soap:Value>${sub}</soap:Code>` +
    `<soap:Reason><soap:Text xml:lang="en">${reason}</soap:Text></soap:Reason>` +
    (detail ? `<soap:Detail${attributes}>${detail.markup}</soap:Detail>` : '')
  )
}

function qualified(element: string, { namespace, localName }: NonNullable<FaultToWrite['code']>): string {
  if (namespace === '') return `<${element}>${localName}</${element}>`
  return `<${element} xmlns:s="${escapeAttribute(namespace)}">s:${localName}</${element}>`
}

export function contentTypeOf(version: SoapDialect['version']): string {
  return `${dialect(version).mediaType}; charset=utf-8`
}
