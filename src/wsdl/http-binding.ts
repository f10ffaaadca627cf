import { WSDL_HTTP, WSDL_MIME } from '../base/namespaces.js'
import { attributeOf, childrenNamed, type XmlElement } from '../xml/tree.js'
import { trimXml } from '../xml/white-space.js'
import type { WsdlContext } from './definitions.js'
import type { HttpOperation } from './model.js'

const XML = /^(?:text|application)\/(?:[\w.-]+\+)?xml$/
const FORM = 'application/x-www-form-urlencoded'

/** How an operation of a binding to HTTP is called (WSDL 1.1, 4); undefined where it cannot be, which is reported. */
export function readHttpOperation(
  bound: XmlElement,
  { verb, input, output }: { readonly verb: string } & Record<'input' | 'output', XmlElement | undefined>,
  { diagnostics }: Pick<WsdlContext, 'diagnostics'>,
): HttpOperation | undefined {
  const name = trimXml(attributeOf(bound, 'name')) ?? ''
  const refuse = (why: string): void => {
    diagnostics.warning(
      'wsdl-operation',
      `Operation ${name} of a binding to HTTP is left out: ${why}.`,
      bound.at,
    )
  }
  if (verb !== 'GET' && verb !== 'POST') {
    refuse(`its verb is ${verb || 'missing'}, not GET or POST`)
    return undefined
  }
  const location =
    trimXml(attributeOf(childrenNamed(bound, WSDL_HTTP, 'operation')[0] ?? bound, 'location')) ?? ''
  const form = input && formOf(input, verb)
  if (!form) {
    refuse('its input is none of urlEncoded, urlReplacement, a form and XML')
    return undefined
  }
  const answered = output && mediaTypesOf(output)
  if (answered && !answered.some((type) => XML.test(type)) && answered.length > 0) {
    refuse(`its output is ${answered.join(', ')}, and no XML`)
    return undefined
  }
  return { verb, location, input: form }
}

function formOf(input: XmlElement, verb: 'GET' | 'POST'): HttpOperation['input'] | undefined {
  if (childrenNamed(input, WSDL_HTTP, 'urlEncoded').length > 0) return 'query'
  if (childrenNamed(input, WSDL_HTTP, 'urlReplacement').length > 0) return 'replacement'
  if (verb === 'GET') return undefined
  const types = mediaTypesOf(input)
  if (types.includes(FORM)) return 'form'
  return types.some((type) => XML.test(type)) ? 'xml' : undefined
}

/** The media types that a direction is bound to; mime:mimeXml is one of XML (WSDL 1.1, 5.6). */
function mediaTypesOf(direction: XmlElement): readonly string[] {
  const contents = childrenNamed(direction, WSDL_MIME, 'content').map(
    (content) => trimXml(attributeOf(content, 'type'))?.toLowerCase() ?? '',
  )
  return childrenNamed(direction, WSDL_MIME, 'mimeXml').length > 0 ? ['text/xml', ...contents] : contents
}
