// SOAP 1.1 over HTTP with the message as text, since signatures are over that, and MTOM in answers.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { Fault, xml } from '../support.mjs'

export { Fault }

const envelope = (body) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`

/** @param answer from the envelope and the request to `body` and, for MTOM, `attachment`; it throws a Fault */
export function soapEndpoint(answer) {
  return createServer(async (req, res) => {
    let received = ''
    for await (const chunk of req.setEncoding('utf8')) received += chunk
    try {
      const [message] = /<([\w-]+:)?Envelope[ >].*<\/\1Envelope>/s.exec(received) ?? ['']
      const { body, attachment } = answer(message, req)
      const { type, content } = attachment
        ? mtom(body, attachment)
        : { type: 'text/xml; charset=utf-8', content: envelope(body) }
      res.writeHead(200, { 'content-type': type }).end(content)
    } catch (error) {
      const { code = 'e:Server', message, detail = '' } = error
      const fault = `<faultcode>${code}</faultcode><faultstring>${xml(message)}</faultstring><detail>${detail}</detail>`
      res
        .writeHead(500, { 'content-type': 'text/xml; charset=utf-8' })
        .end(envelope(`<e:Fault>${fault}</e:Fault>`))
    }
  })
}

/** The envelope and, in a part of its own, the bytes that its xop:Include stands for. */
function mtom(body, { id, mediaType, bytes }) {
  const boundary = randomUUID()
  const part = (type, contentId) =>
    `--${boundary}\r\nContent-Type: ${type}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <${contentId}>\r\n\r\n`
  return {
    type: `multipart/related; type="application/xop+xml"; start="<root>"; start-info="text/xml"; boundary="${boundary}"`,
    content: Buffer.concat([
      Buffer.from(part('application/xop+xml; charset=utf-8; type="text/xml"', 'root')),
      Buffer.from(`${envelope(body)}\r\n${part(mediaType, id)}`),
      bytes,
      Buffer.from(`\r\n--${boundary}--\r\n`),
    ]),
  }
}
