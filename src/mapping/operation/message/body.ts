import type { SourceLocation } from '../../../base/diagnostic/diagnostic.js'
import type { SoapMessage } from '../../../wsdl/model.js'
import { madeType } from '../../../xsd/model/made-type.js'
import type { ElementDeclaration } from '../../../xsd/model/model.js'
import type { CanonicalMappings } from '../../canonical/canonical.js'
import { elementsOf } from '../../canonical/content-walk.js'
import type { ElementMapping, ObjectMapping } from '../../canonical/value-mapping.js'
import type { BodyMapping, FaultMapping } from '../mapping.js'

/**
 * What the object of a body is, where its one element may be of several types, which xsi:type tells (XML Schema Part 1,
 * 3.3.4): the members of the declared one, or an object whose one member is the element, of any of them.
 */
export type BodyForm = 'members' | 'element'

/**
 * The canonical mapping of a message's body. The usual single element of a complex type gives its members
 * (WS-I Basic Profile 1.1, 4.4.1); anything else becomes an object of the elements themselves.
 */
export function bodyOf(
  message: SoapMessage,
  canonical: CanonicalMappings,
  form: BodyForm = 'members',
): BodyMapping {
  const [only, ...others] = message.body
  if (only && others.length === 0 && only.type.kind === 'complexType' && !only.nillable) {
    const { content } = only.type
    const isXml = content.kind === 'elements' && content.mixed
    const isElement = form === 'element' && isOfSeveralTypes(only, canonical)
    if (!isXml && !only.type.abstract && !isElement)
      return { wrapper: only.name, object: canonical.object(only.type) }
  }
  return { wrapper: undefined, object: objectOf(message.body, message.at, canonical) }
}

/** The form that a contract means: paths that begin with the name of the body's one element lead into that element. */
export function formMeant(message: SoapMessage, paths: Iterable<readonly string[]>): BodyForm {
  const [only] = message.body
  for (const [first] of paths) if (first === only?.name.localName) return 'element'
  return 'members'
}

/** Where the declared type has a member of the element's own name, that is what paths mean. */
function isOfSeveralTypes({ name, type }: ElementDeclaration, canonical: CanonicalMappings): boolean {
  if (type.kind !== 'complexType' || canonical.value(type).kind !== 'polymorphic') return false
  return elementsOf(canonical.object(type).content).every((inner) => inner.name.localName !== name.localName)
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

/** The detail of a declared fault as the only child of what holds it. */
export function faultBody({ element, value }: FaultMapping, at: SourceLocation): BodyMapping {
  const member = { name: 'fault', hidden: false, required: true, nullable: false }
  const content: ElementMapping = {
    ...{ kind: 'element', name: element, minOccurs: 1, maxOccurs: 1 },
    ...{ nillable: false, flattened: false, member, value, at },
  }
  const object: ObjectMapping = {
    kind: 'object',
    type: madeType('sequence', [], at),
    attributes: [],
    content,
  }
  return { wrapper: undefined, object }
}
