import { type SourceLocation } from '../base/diagnostic.js'
import { type QName } from '../base/qname.js'
import { anyType } from '../xsd/built-in-types.js'
import { type ComplexType, type ElementDeclaration, type Particle } from '../xsd/model.js'
import { type WsdlContext } from './definitions.js'
import { madeElement, type Part } from './part.js'

/**
 * The element that wraps the parts of an rpc message (WSDL 1.1, 3.5; WS-I Basic Profile 1.1, 4.7): one unqualified
 * accessor for each part, in the order of the message. parameterOrder is a hint for signatures, not for the wire.
 */
export function rpcWrapper(
  name: QName,
  parts: readonly Part[],
  use: 'literal' | 'encoded',
  at: SourceLocation,
  { diagnostics }: WsdlContext,
): ElementDeclaration {
  const particles = parts.map((part): Particle => {
    if (part.element) {
      diagnostics.warning(
        'wsdl-rpc-element',
        `Part ${part.name} of an rpc message names an element where it should name a type; that element is sent.`,
        part.at,
      )
    }
    const term =
      part.element ??
      madeElement({ namespace: '', localName: part.name }, part.type, part.at, use === 'encoded')
    return { minOccurs: 1, maxOccurs: 1, term }
  })
  const type: ComplexType = {
    kind: 'complexType',
    abstract: false,
    derivation: 'restriction',
    base: anyType,
    attributes: [],
    content:
      particles.length === 0
        ? { kind: 'empty' }
        : {
            kind: 'elements',
            mixed: false,
            particle: { minOccurs: 1, maxOccurs: 1, term: { kind: 'sequence', particles, at } },
          },
    at,
  }
  return madeElement(name, type, at)
}
