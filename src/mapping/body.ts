import { type ComplexType } from '../xsd/model.js'
import { type SoapMessage } from '../wsdl/model.js'
import { anyType } from '../xsd/built-in-types.js'
import { type CanonicalMappings } from './canonical.js'
import { type BodyMapping } from './operation-mapping.js'

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
  const elements: ComplexType = {
    kind: 'complexType',
    abstract: false,
    derivation: 'restriction',
    base: anyType,
    attributes: [],
    content: {
      kind: 'elements',
      mixed: false,
      particle: {
        minOccurs: 1,
        maxOccurs: 1,
        term: {
          kind: 'sequence',
          particles: message.body.map((term) => ({ minOccurs: 1, maxOccurs: 1, term })),
          at: message.at,
        },
      },
    },
    at: message.at,
  }
  return { wrapper: undefined, object: canonical.object(elements) }
}
