import type { SourceLocation } from '../base/diagnostic/diagnostic.js'
import { WSDL_HTTP } from '../base/namespaces.js'
import { clark } from '../base/qname.js'
import { attributeOf, type XmlElement } from '../xml/tree.js'
import { trimXml, xmlWords } from '../xml/white-space.js'
import type { ElementDeclaration } from '../xsd/model/model.js'
import type { DefinitionNode, WsdlContext } from './definitions.js'
import { readHeaders } from './header.js'
import { attachedParts, readAttachments, soapChildren } from './mime.js'
import type { SoapMessage } from './model.js'
import { madeElement, type Part, readParts } from './part.js'
import { rpcWrapper } from './rpc.js'

export interface MessageContext {
  readonly style: 'document' | 'rpc'
  /** Local name of the rpc wrapper. */
  readonly wrapper: string
  /** Namespace of the binding's SOAP extension elements. */
  readonly soap: string
  /** What cannot be used where the message is not understood. */
  readonly leftOut: string
  readonly at: SourceLocation
}

/**
 * Builds what a message is on the wire (WSDL 1.1, 3.5): parts that the binding makes headers or attachments are
 * not in the body, unless soap:body/@parts says so.
 *
 * @param bound wsdl:input or wsdl:output of the binding
 * @returns nothing where something that it needs is missing, which is then reported
 */
export function buildMessage(
  message: DefinitionNode,
  bound: XmlElement | undefined,
  { style, wrapper, soap, leftOut, at }: MessageContext,
  context: WsdlContext,
): SoapMessage | undefined {
  const body = soapChildren(bound, soap, 'body')[0]
  const use = body && trimXml(attributeOf(body, 'use')) === 'encoded' ? 'encoded' : 'literal'
  const read = readHeaders(soapChildren(bound, soap, 'header'), message, context, leftOut)
  if (!read) return undefined
  const { headers, ownParts } = read
  const attached = attachedParts(bound)
  const lexical = body && attributeOf(body, 'parts')
  const listed = lexical === undefined ? undefined : new Set(xmlWords(lexical))
  const isInBody = (name: string): boolean =>
    !attached.has(name) && (listed ? listed.has(name) : !ownParts.has(name))
  const parts = readParts(message.node, message.name.namespace, context, {
    leftOut,
    isNeeded: (name) => attached.has(name) || isInBody(name),
  })
  if (!parts) return undefined
  const attachments = readAttachments(attached, parts)
  const inBody = parts.filter(({ name }) => isInBody(name))
  const namespace = (body && attributeOf(body, 'namespace')) ?? ''
  if (style === 'rpc' && namespace === '' && soap !== WSDL_HTTP) {
    context.diagnostics.warning(
      'wsdl-rpc-namespace',
      `The rpc body of message ${clark(message.name)} has no namespace: its wrapper element will be in none.`,
      body?.at ?? at,
    )
  }
  const encoding =
    use === 'encoded' ? context.encodings.of(body && attributeOf(body, 'encodingStyle'), soap) : undefined
  return {
    name: message.name,
    use,
    body:
      style === 'rpc'
        ? [
            rpcWrapper(
              { namespace, localName: wrapper },
              { parts: inBody, encoding, at: body?.at ?? at, wsdlContext: context },
            ),
          ]
        : inBody.map((part) => documentElement(part, namespace, context)),
    headers,
    attachments,
    at: bound?.at ?? at,
  }
}

/** A document part should name an element; one with a type gives the element's content only, and no name. */
function documentElement(part: Part, namespace: string, { diagnostics }: WsdlContext): ElementDeclaration {
  if (part.element) return part.element
  diagnostics.warning(
    'wsdl-document-type',
    `Part ${part.name} of a document message names a type where it should name an element; an element ${part.name} is sent.`,
    part.at,
  )
  return madeElement({ namespace, localName: part.name }, part.type, part.at)
}
