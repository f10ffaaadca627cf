import { BodyCodec } from '../codec/body.js'
import { XmlText } from '../codec/codec.js'
import { Compiler } from '../codec/compile.js'
import { type Prefixes } from '../codec/prefixes.js'
import { namespacesOf } from '../mapping/namespaces.js'
import { type OperationMapping } from '../mapping/operation-mapping.js'
import { sampleObject } from '../mapping/sample.js'
import { dialect, envelopeStart, writeEnvelope } from '../soap/envelope.js'
import { disassemble } from './assemble.js'
import { type RestRequest, type SampleOptions, type SoapResponse } from './rest.js'

/** What stands for an attachment, in base64. */
const SAMPLE_OCTETS = 'c29hcHN0b25l'

/** A valid request, the same at every call. */
export function sampleRequest(mapping: OperationMapping, { optionals }: SampleOptions): RestRequest {
  const { body, members, attachments } = mapping.request
  const sampled = sampleObject(body.object, { optionals, complete: false })
  const attached = attachments
    .filter(({ required }) => required || optionals === 'all')
    .map(({ member }) => member)
  const object = { ...sampled, ...Object.fromEntries(attached.map(({ key }) => [key, SAMPLE_OCTETS])) }
  const { requestBody } = mapping.rest
  const hasBody = requestBody !== undefined && (requestBody.required || optionals === 'all')
  const request = disassemble([...members, ...attached], object, hasBody)
  const mediaType = requestBody?.content[0]?.mediaType
  if (request.body === undefined || mediaType === undefined) return request
  return { ...request, headers: { 'content-type': mediaType, ...request.headers } }
}

/** A valid answer of the backend, the same at every call. */
export function sampleAnswer(
  { backend, response }: OperationMapping,
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
  const compiler = new Compiler(prefixes, true)
  const out = new XmlText()
  new BodyCodec(response.body, compiler).encode(object, out)
  const namespaces = namespacesOf(response.body, compiler.complete)
  const start = envelopeStart(soapDialect, prefixes.declarations(namespaces))
  return {
    status: 200,
    headers: { 'content-type': `${soapDialect.mediaType}; charset=utf-8` },
    body: writeEnvelope(start, '', out.whole),
  }
}
