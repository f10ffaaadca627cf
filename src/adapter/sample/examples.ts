import { BodyCodec } from '../../codec/body.js'
import { XmlText } from '../../codec/codec.js'
import { Compiler } from '../../codec/compile.js'
import type { Prefixes } from '../../codec/prefixes.js'
import { isJsonScalar, scalarText } from '../../json/value.js'
import { quote } from '../../json/write.js'
import type { FaultMapping, MappedFaultMapping, OperationMapping } from '../../mapping/operation/mapping.js'
import { faultBody } from '../../mapping/operation/message/body.js'
import { sampleObject } from '../../mapping/sample/sample.js'
import { sampleScalar } from '../../mapping/sample/scalar.js'
import { dialect, envelopeStart, writeEnvelope } from '../../soap/envelope.js'
import { PLAIN_XML, plainDocument } from '../request/plain-document.js'
import { faultProblem } from '../response/fault-problem.js'
import type { RestResponse, SoapResponse } from '../rest.js'

/**
 * A declared fault as its backend would send it: SOAP 1.1, 4.4; SOAP 1.2 Part 1, 5.4; without an envelope, its element.
 *
 * @returns undefined where its detail has no sample
 */
export function sampleFault(
  { backend, soap }: OperationMapping,
  fault: FaultMapping,
  prefixes: Prefixes,
): SoapResponse | undefined {
  const body = faultBody(fault, soap.at)
  const sample = sampleObject(body.object, { optionals: 'all', complete: true })
  if (!sample) return undefined
  const compiler = new Compiler(prefixes, { complete: true })
  const out = new XmlText()
  new BodyCodec(body, compiler).encode(sample, out)
  const declarations = compiler.declarations(body)
  if (backend.isPlain) {
    return {
      status: 500,
      headers: { 'content-type': PLAIN_XML },
      body: plainDocument(out.whole, declarations),
    }
  }
  const soapDialect = dialect(backend.soapVersion)
  const start = envelopeStart(soapDialect, declarations)
  const inner =
    backend.soapVersion === '1.1'
      ? `<faultcode>soap:Client</faultcode><faultstring>Refused</faultstring><detail>${out.whole}</detail>`
      : '<soap:Code><soap:Value>soap:Sender</soap:Value></soap:Code>' +
        `<soap:Reason><soap:Text xml:lang="en">Refused</soap:Text></soap:Reason><soap:Detail>${out.whole}</soap:Detail>`
  return {
    status: 500,
    headers: { 'content-type': `${soapDialect.mediaType}; charset=utf-8` },
    body: writeEnvelope(start, '', `<soap:Fault>${inner}</soap:Fault>`),
  }
}

/** The problem that a fault without a declaration is, with sampled values. */
export function sampleMappedFault(fault: MappedFaultMapping): RestResponse {
  const members = fault.values.flatMap(({ name, value, required }) => {
    const sampled = value.kind === 'scalar' ? sampleScalar(value) : undefined
    if (!isJsonScalar(sampled)) return []
    const isWanted = required || sampled !== ''
    return isWanted ? [`${quote(name)}:${jsonOf(sampled)}`] : []
  })
  const json = fault.values.length === 0 ? undefined : `{${members.join(',')}}`
  return faultProblem('mapped-fault', fault, json, {})
}

function jsonOf(value: Parameters<typeof scalarText>[0]): string {
  return typeof value === 'string' ? quote(value) : scalarText(value)
}
