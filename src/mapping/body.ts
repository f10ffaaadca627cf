import { type SourceLocation } from '../base/diagnostic.js'
import { madeType } from '../xsd/made-type.js'
import { type ElementDeclaration } from '../xsd/model.js'
import { type SoapMessage } from '../wsdl/model.js'
import { type CanonicalMappings } from './canonical.js'
import { type BodyMapping } from './operation-mapping.js'
import { type ObjectMapping } from './value-mapping.js'

/**
 * The canonical mapping of a message's body. The usual single element of a complex type gives its members
 * (WS-I Basic Profile 1.1, 4.4.1); anything else becomes an object of the elements themselves.
 */
export function bodyOf(message: SoapMessage, canonical: CanonicalMappings): BodyMapping {
  const [only, ...others] = message.body
  if (only && others.length === 0 && only.type.kind === 'complexType' && !only.nillable) {
    const { content } = only.type
    const isXml = content.kind === 'elements' && content.mixed
    if (!isXml && !only.type.abstract) return { wrapper: only.name, object: canonical.object(only.type) }
  }
  return { wrapper: undefined, object: objectOf(message.body, message.at, canonical) }
}

/** The mapping of elements that no element holds: each is a member. */
export function objectOf(
  elements: readonly ElementDeclaration[],
  at: SourceLocation,
  canonical: CanonicalMappings,
): ObjectMapping {
  const particles = elements.map((term) => ({ minOccurs: 1, maxOccurs: 1, term }))
  return canonical.object(madeType('sequence', particles, at))
}
