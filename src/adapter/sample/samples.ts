import { bytesOf } from '../../base/bytes/source.js'
import { AdapterError } from '../../base/errors.js'
import { BodyCodec } from '../../codec/body.js'
import { XmlText } from '../../codec/codec.js'
import { Compiler } from '../../codec/compile.js'
import type { Prefixes } from '../../codec/prefixes.js'
import { Binary } from '../../json/value.js'
import type { OperationMapping } from '../../mapping/operation/mapping.js'
import { NO_SAMPLE, sampleObject } from '../../mapping/sample/sample.js'
import { dialect, envelopeStart, writeEnvelope } from '../../soap/envelope.js'
import { packageMessage } from '../../soap/mime-writer.js'
import { disassemble } from '../request/assemble.js'
import { OutgoingAttachments } from '../request/outgoing-attachments.js'
import { PLAIN_XML, plainDocument } from '../request/plain-document.js'
import type { RestRequest, SampleOptions, SoapResponse } from '../rest.js'

/** What stands for an attachment, in base64. */
const SAMPLE_OCTETS = 'c29hcHN0b25l'

const sampleBytes = new Binary(Buffer.from(SAMPLE_OCTETS, 'base64'))

/**
 * A valid request, the same at every call.
 *
 * @throws AdapterError where there is none of a sample's size
 */
export function sampleRequest(mapping: OperationMapping, { optionals }: SampleOptions): RestRequest {
  const { body, members, attachments } = mapping.request
  const sampled = sampleObject(body.object, { optionals, complete: false })
  if (!sampled)
    throw new AdapterError('request-unencodable', `There is no sample of this request: ${NO_SAMPLE}.`)
  const attached = attachments
    .filter(({ required }) => required || optionals === 'all')
    .map(({ member }) => member)
  const object = { ...sampled, ...Object.fromEntries(attached.map(({ key }) => [key, SAMPLE_OCTETS])) }
  const { requestBody } = mapping.rest
  const hasBody = requestBody !== undefined && (requestBody.required || optionals === 'all')
  const request = disassemble([...members, ...attached], object, { hasBody })
  const mediaType = requestBody?.content[0]?.mediaType
  if (request.body === undefined || mediaType === undefined) return request
  return { ...request, headers: { 'content-type': mediaType, ...request.headers } }
}

/**
 * A valid response of the backend, the same at every call.
 *
 * @throws AdapterError where there is none of a sample's size
 */
export function sampleAnswer(
  { backend, soap, response }: OperationMapping,
  prefixes: Prefixes,
  { optionals }: SampleOptions,
): SoapResponse {
  const soapDialect = dialect(backend.soapVersion)
  if (!response.body) return { status: 202, headers: {}, body: '' }
  const object = sampleObject(response.body.object, {
    optionals,
    complete: true,
    ...(response.selected !== undefined && { wanted: response.selected }),
  })
  if (!object)
    throw new AdapterError('backend-mismatch', `There is no sample of this response: ${NO_SAMPLE}.`)
  const compiler = new Compiler(prefixes, { complete: true })
  let parts = 0
  const attachments = new OutgoingAttachments({ isXop: false, newId: () => `sample-${++parts}` })
  const out = new XmlText(attachments)
  new BodyCodec(response.body, compiler).encode(object, out)
  const declarations = compiler.declarations(response.body)
  const start = envelopeStart(soapDialect, declarations)
  for (const part of soap.output?.attachments ?? []) attachments.addPart(part, sampleBytes)
  if (backend.isPlain) {
    const body = plainDocument(out.whole, declarations)
    return { status: 200, headers: { 'content-type': PLAIN_XML }, body }
  }
  const envelope = writeEnvelope(start, '', out.whole)
  if (attachments.parts.length === 0) {
    const contentType = `${soapDialect.mediaType}; charset=utf-8`
    return { status: 200, headers: { 'content-type': contentType }, body: envelope }
  }
  const { contentType, body } = packageMessage([envelope], {
    attachments: attachments.parts,
    form: 'swa',
    dialect: soapDialect,
    action: '',
    boundary: '----=_Part_sample',
  })
  return { status: 200, headers: { 'content-type': contentType }, body: bytesOf(body) }
}
