import type { BelievedMessage } from '../ws-security/believed-message.js'
import type { WsSecurity } from '../ws-security/ws-security.js'
import { decodeXml } from '../xml/encoding.js'
import { XmlReader } from '../xml/reader.js'
import { charsetOf } from './answer.js'
import type { SoapResponse } from './rest.js'

/**
 * A response after its signature has been checked. What is not an envelope is left as it is: there is nothing in it
 * to believe, and whoever reads it says what it is.
 *
 * @throws AdapterError `backend-untrusted`
 */
export function verified(
  response: SoapResponse,
  security: WsSecurity,
  onBelieved?: (message: BelievedMessage) => void,
): SoapResponse {
  const text = envelopeIn(response)
  return text === undefined ? response : { ...response, body: security.verify(text, onBelieved) }
}

function envelopeIn({ headers, body }: SoapResponse): string | undefined {
  try {
    const text = typeof body === 'string' ? body : decodeXml(body, charsetOf(headers['content-type']))
    const reader = new XmlReader(text)
    reader.nextElement()
    return reader.localName === 'Envelope' ? text : undefined
  } catch {
    return undefined
  }
}
