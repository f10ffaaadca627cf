import { bodyOf } from '../../mapping/body.js'
import { type CanonicalMappings } from '../../mapping/canonical.js'
import { type Projection } from '../../mapping/projection.js'
import { elementsOf, type ElementMapping, type ObjectMapping } from '../../mapping/value-mapping.js'
import { type OpenApiObject } from '../../openapi/document.js'
import { type SoapMessage } from '../../wsdl/model.js'
import { pascal, sentence } from './names.js'

/** The success response of an operation. */
export interface ResponseParts {
  readonly status: string
  readonly response: OpenApiObject
  /** `x-soap.response`; absent where it is the whole output. */
  readonly path: string | undefined
  /** Its element may be absent, which is a 404. */
  readonly mayBeAbsent: boolean
}

/** @param creates whether the operation makes something new: 201 */
export function responseParts(
  output: SoapMessage | undefined,
  canonical: CanonicalMappings,
  projection: Projection,
  words: readonly string[],
  { creates, reads }: { readonly creates: boolean; readonly reads: boolean },
): ResponseParts {
  const empty = (status: string, description: string): ResponseParts => {
    return { status, response: { description }, path: undefined, mayBeAbsent: false }
  }
  if (!output) return empty('202', 'Passed on; the backend gives no answer.')
  const { object } = bodyOf(output, canonical)
  if (isEmpty(object)) return empty('204', 'Done.')
  const status = creates ? '201' : '200'
  const child = onlyChild(object)
  const mayBeAbsent = child?.minOccurs === 0 && child.maxOccurs === 1 && child.value.kind !== 'array'
  if (child && isStructured(child) && (!mayBeAbsent || reads)) {
    const schema = projection.element(child, true, pascal([...words, 'response']))
    return { status, response: success(child, schema, words), path: `/${child.name.localName}`, mayBeAbsent }
  }
  const schema = projection.value(object, pascal([...words, 'response']))
  return { status, response: success(undefined, schema, words), path: undefined, mayBeAbsent: false }
}

/** A scalar stays a member: a body that is a bare text can never be added to. */
function isStructured({ value }: ElementMapping): boolean {
  return value.kind !== 'scalar' && value.kind !== 'xml'
}

function success(
  child: ElementMapping | undefined,
  schema: OpenApiObject,
  words: readonly string[],
): OpenApiObject {
  const description = child?.documentation ?? `${sentence(words)}: the answer.`
  return { description, content: { 'application/json': { schema } } }
}

function isEmpty({ attributes, text, content }: ObjectMapping): boolean {
  if (attributes.length > 0 || text) return false
  const pending = [content]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.kind === 'element' || next.kind === 'any') return false
    pending.push(...next.particles)
  }
  return true
}

/** The one element that is all of an output. */
function onlyChild({ attributes, text, content }: ObjectMapping): ElementMapping | undefined {
  if (attributes.length > 0 || text) return undefined
  let inner = content
  while (inner && inner.kind !== 'element') {
    if (inner.kind === 'any' || inner.member || inner.particles.length !== 1 || inner.minOccurs === 0)
      return undefined
    inner = inner.particles[0]
  }
  const [only, ...others] = elementsOf(inner)
  return others.length === 0 ? only : undefined
}
