import { charsetOf } from '../../soap/content-type.js'
import { ReceivedAttachments } from '../../soap/xop.js'
import { inlineIncludes } from '../../ws-security/attachments/inline-includes.js'
import type { BelievedMessage } from '../../ws-security/signature/believed-message.js'
import type { SentMessage } from '../../ws-security/tokens/call-key.js'
import type { WsSecurity } from '../../ws-security/ws-security.js'
import { decodeXml } from '../../xml/encoding.js'
import { XmlReader } from '../../xml/reader.js'
import type { SoapResponse } from '../rest.js'
import type { Received } from './received.js'

/**
 * A response after its signature has been checked. What is not an envelope is left as it is, without what came beside it: there
 * is nothing in it to believe, and whoever reads it says what it is.
 *
 * @param asked the request that it is the response to
 * @throws AdapterError `backend-untrusted`; `backend-too-large` where parts are included too often
 */
export function verified(
  { response, attachments }: Received,
  security: WsSecurity,
  asked: SentMessage | undefined,
  onBelieved?: (message: BelievedMessage) => void,
): Received {
  const text = envelopeIn(response)
  if (text === undefined) return { response, attachments: undefined }
  const sent = attachments ? inlineIncludes(text, attachments) : { envelope: text, attachments: [] }
  const believed = security.verifyMessage(sent, onBelieved, asked)
  return {
    response: { ...response, body: believed.envelope },
    attachments:
      attachments &&
      new ReceivedAttachments(believed.attachments, attachments.maxBytes, { areOrdered: false }),
  }
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
