import { SOAP_11, SOAP_12 } from '../base/namespaces.js'
import { withoutXmlLimits, XmlError, XmlReader } from '../xml/reader.js'
import { trimXml } from '../xml/white-space.js'

/**
 * A SOAP Fault without its texts, which are the backend's and may name people. Codes are as they were sent, and may be
 * data too: `safeCode` says what may be told of them.
 */
export interface SoapFaultCode {
  /** Local name of the code: `Server`, `Receiver`, `Client.Authentication`, …. */
  readonly code: string
  /** Local names of the subcodes of SOAP 1.2, outermost first. */
  readonly subcodes: readonly string[]
  /** Whose fault it is, as the code says. */
  readonly blame: 'sender' | 'receiver' | 'other'
}

/**
 * Reads a Fault: SOAP 1.1, 4.4 and SOAP 1.2 Part 1, 5.4. Children are told by their local names, since stacks
 * are known to qualify those of SOAP 1.1.
 *
 * @param reader on the start tag of Fault; its parent is current afterwards
 * @param onDetail called on each child element of the detail; it consumes the element, or returns false and is
 *   called no more
 */
export function readFault(reader: XmlReader, onDetail: (reader: XmlReader) => boolean): SoapFaultCode {
  let code = ''
  const subcodes: string[] = []
  while (reader.nextElement()) {
    switch (reader.localName) {
      case 'faultcode':
        code = localPart(reader.text())
        break
      case 'Code':
        code = readCode(reader, subcodes)
        break
      case 'detail':
      case 'Detail':
        readDetail(reader, onDetail)
        break
      default:
        reader.skip()
    }
  }
  return { code, subcodes, blame: blameOf(code) }
}

/** Code and Subcode nest: the value of each, from the outside in. */
function readCode(reader: XmlReader, subcodes: string[]): string {
  let value = ''
  while (reader.nextElement()) {
    if (reader.localName === 'Value') value = localPart(reader.text())
    else if (reader.localName === 'Subcode') {
      const inner: string[] = []
      const own = readCode(reader, inner)
      subcodes.push(own, ...inner)
    } else reader.skip()
  }
  return value
}

/** A detail may be empty, or hold text where elements should be; it is read by itself, so that this harms nothing. */
function readDetail(reader: XmlReader, onDetail: (reader: XmlReader) => boolean): void {
  const detail = new XmlReader(reader.fragment(), withoutXmlLimits)
  detail.nextElement()
  try {
    let goesOn = true
    while (goesOn && detail.nextElement()) goesOn = onDetail(detail)
  } catch (error) {
    if (!(error instanceof XmlError && error.code === 'unexpected-text')) throw error
  }
}

/** A qualified name without its prefix. */
export function localPart(qname: string): string {
  const name = trimXml(qname)
  return name.slice(name.lastIndexOf(':') + 1)
}

function blameOf(code: string): SoapFaultCode['blame'] {
  const [first] = code.split('.')
  if (first === 'Client' || first === 'Sender') return 'sender'
  return first === 'Server' || first === 'Receiver' ? 'receiver' : 'other'
}

/**
 * Does it say that the sender is not let in? `FailedAuthentication` is of SOAP Message Security 1.1, section 12,
 * `Client.Authentication` of SOAP 1.1, section 4.4.1. Such a fault is not a word on the request, and trying on gets accounts
 * locked.
 */
export function isLoginFault({ code, subcodes }: SoapFaultCode): boolean {
  return [code, ...subcodes].some(
    (each) => each === 'FailedAuthentication' || each === 'Client.Authentication',
  )
}

/** Is the element a Fault of either version? */
export function isFault(reader: XmlReader): boolean {
  return reader.localName === 'Fault' && (reader.namespace === SOAP_11 || reader.namespace === SOAP_12)
}
