// The repository: it takes and gives MTOM, as document repositories in health care do (IHE XDS.b).
import { xml } from '../support.mjs'
import { callerOf, checkAge, parse } from './identity.mjs'
import { documentFor } from './records.mjs'
import { Fault, soapEndpoint } from './soap.mjs'

/**
 * @param provider certificate of who may sign assertions, PEM
 * @param journal told of each access, allowed or not: who, which document, and the request
 */
export function createRepository({ provider, journal }) {
  return soapEndpoint((message, { headers }) => {
    if (!/^multipart\/related;.*application\/xop\+xml/s.test(headers['content-type']))
      throw new Fault('e:Client', 'Messages must be MTOM.')
    const { caller, rest } = callerOf(message, provider)
    const { Header, Body } = parse(rest)
    checkAge(Header.Security.Timestamp)
    const id = Body.RetrieveDocument?.DocumentId
    journal(`${caller} asks for ${id}, request ${headers['x-request-id']}`)
    const lines = documentFor(caller, id)
    const include = '<x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:document"/>'
    return {
      body: `<RetrieveDocumentResponse xmlns="urn:example:repository"><DocumentId>${xml(id)}</DocumentId><Content>${include}</Content></RetrieveDocumentResponse>`,
      attachment: { id: 'document', mediaType: 'application/pdf', bytes: pdf(lines) },
    }
  })
}

/** A page with lines of text that PDF need not escape. */
function pdf(lines) {
  const page = `BT /F 18 Tf 24 TL 72 720 Td ${lines.map((line) => `(${line}) Tj T*`).join(' ')} ET`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>',
    `<< /Length ${page.length} >>\nstream\n${page}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const size = objects.length + 1
  return Buffer.from(
    `${text}xref\n0 ${size}\n0000000000 65535 f \n${offsets.join('')}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`,
    'latin1',
  )
}
