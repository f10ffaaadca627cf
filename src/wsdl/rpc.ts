import type { SourceLocation } from '../base/diagnostic/diagnostic.js'
import type { QName } from '../base/qname.js'
import { madeType } from '../xsd/model/made-type.js'
import type { ComplexType, ElementDeclaration, Particle } from '../xsd/model/model.js'
import type { WsdlContext } from './definitions.js'
import type { EncodedTypes } from './encoded/types.js'
import { madeElement, type Part } from './part.js'

/**
 * The element that wraps the parts of an rpc message (WSDL 1.1, 3.5; WS-I Basic Profile 1.1, 4.7): one unqualified
 * accessor for each part, in the order of the message. parameterOrder is a hint for signatures, not for the wire.
 *
 * @param encoding the types of the parts where the message is encoded
 */
export function rpcWrapper(
  name: QName,
  {
    parts,
    encoding,
    at,
    wsdlContext: { diagnostics },
  }: {
    readonly parts: readonly Part[]
    readonly encoding: EncodedTypes | undefined
    readonly at: SourceLocation
    readonly wsdlContext: WsdlContext
  },
): ElementDeclaration {
  const particles = parts.map((part): Particle => {
    if (part.element) {
      diagnostics.warning(
        'wsdl-rpc-element',
        `Part ${part.name} of an rpc message names an element where it should name a type; that element is sent.`,
        part.at,
      )
    }
    const like = { nillable: false, at: part.at }
    const term = encoding
      ? encoding.accessor(part.element?.name.localName ?? part.name, part.type, like)
      : (part.element ?? madeElement({ namespace: '', localName: part.name }, part.type, part.at))
    return { minOccurs: 1, maxOccurs: 1, term }
  })
  // In SOAP encoding the parts are accessors of a struct (SOAP 1.1, 7.1), whose order means nothing (5.4.1).
  const type: ComplexType = {
    ...madeType(encoding ? 'all' : 'sequence', particles, at),
    ...(encoding && { encoded: { style: encoding.style, derived: [] } }),
  }
  return madeElement(name, type, at)
}
