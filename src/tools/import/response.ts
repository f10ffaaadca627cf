import { bodyOf } from '../../mapping/body.js'
import { type CanonicalMappings } from '../../mapping/canonical.js'
import { MemberNames } from '../../mapping/projection-members.js'
import { nullable, type Projection } from '../../mapping/projection.js'
import { elementsOf, type ElementMapping, type ObjectMapping } from '../../mapping/value-mapping.js'
import { type OpenApiObject } from '../../openapi/document.js'
import { type SoapMessage } from '../../wsdl/model.js'
import { elementExamples, examplesOf } from './example.js'
import { pascal, sentence } from './names.js'

/** The success response of an operation. */
export interface ResponseParts {
  readonly status: string
  readonly response: OpenApiObject
  /** `x-soap.response`; absent where it is the whole output. */
  readonly path: string | undefined
  /** Its element may be absent, which is a 404. */
  readonly mayBeAbsent: boolean
  /** Scalar members that every body has. */
  readonly scalars: readonly string[]
}

/** @param creates whether the operation makes something new: 201 */
export function responseParts(
  output: SoapMessage | undefined,
  canonical: CanonicalMappings,
  projection: Projection,
  words: readonly string[],
  creates: boolean,
): ResponseParts {
  const empty = (status: string, description: string): ResponseParts => {
    return { status, response: { description }, path: undefined, mayBeAbsent: false, scalars: [] }
  }
  if (!output) return empty('202', 'Passed on; the backend gives no answer.')
  const { object } = bodyOf(output, canonical)
  if (isEmpty(object)) return empty('204', 'Done.')
  const core = coreOf(object)
  const name = pascal([...words, 'response'])
  const { element, parent } = core
  const description = element?.documentation ?? `${sentence(words)}: the answer.`
  const content =
    element && !core.object
      ? elementContent(element, parent, projection, name)
      : objectContent(core.object ?? object, projection, name)
  return {
    status: creates ? '201' : '200',
    response: { description, content: { 'application/json': content } },
    path: core.steps.length === 0 ? undefined : `/${core.steps.join('/')}`,
    mayBeAbsent: core.mayBeAbsent,
    scalars: core.object ? requiredScalars(core.object, projection) : [],
  }
}

/** What a response is about, without the elements that hold it and nothing else. */
interface Core {
  readonly steps: readonly string[]
  /** The element that the last step names. */
  readonly element: ElementMapping | undefined
  readonly parent: ObjectMapping
  /** The body, where it is an object of one type. */
  readonly object: ObjectMapping | undefined
  readonly mayBeAbsent: boolean
}

const maxDepth = 3

/**
 * Opens elements that are all of their parent. A scalar stays a member, since a bare text can never be added to, and so
 * does a list, which will need its pages one day.
 */
function coreOf(output: ObjectMapping): Core {
  let core: Core = { steps: [], element: undefined, parent: output, object: output, mayBeAbsent: false }
  while (core.object && core.steps.length < maxDepth) {
    const child = onlyChild(core.object)
    if (!child || isList(child) || child.value.kind === 'scalar' || child.value.kind === 'xml') break
    core = {
      steps: [...core.steps, child.name.localName],
      element: child,
      parent: core.object,
      object: child.value.kind === 'object' && !child.nillable ? child.value : undefined,
      mayBeAbsent: core.mayBeAbsent || child.minOccurs === 0,
    }
  }
  return core
}

function isList({ maxOccurs, value }: ElementMapping): boolean {
  return maxOccurs > 1 || value.kind === 'array'
}

function elementContent(
  element: ElementMapping,
  parent: ObjectMapping,
  projection: Projection,
  name: string,
): OpenApiObject {
  const value = projection.value(element.value, name)
  return {
    schema: element.nillable ? nullable(value) : value,
    ...elementExamples(parent, element, projection.naming),
  }
}

/** A list by itself is an object with the member `items`, whatever the backend calls it. */
function objectContent(object: ObjectMapping, projection: Projection, name: string): OpenApiObject {
  const child = onlyChild(object)
  if (!child || !isList(child) || projection.naming === 'preserve') {
    return { schema: projection.value(object, name), ...examplesOf(object, projection.naming) }
  }
  const own = child.member.name
  const schema = projection.object(object, { rename: new Map([[own, 'items']]) })
  return {
    schema: projection.named(name, schema),
    ...examplesOf(object, projection.naming, (members) =>
      members[own] === undefined ? {} : { items: members[own] },
    ),
  }
}

function requiredScalars(object: ObjectMapping, { naming }: Projection): string[] {
  const names = new MemberNames(naming, object)
  const attributes = object.attributes.filter(({ required }) => required).map((use) => names.attribute(use))
  const sure: ElementMapping[] = []
  const pending = object.content ? [object.content] : []
  for (let next = pending.shift(); next; next = pending.shift()) {
    if (next.minOccurs === 0 || next.maxOccurs > 1 || next.kind === 'choice' || next.kind === 'any') continue
    if (next.kind !== 'element') pending.unshift(...next.particles)
    else if (next.value.kind === 'scalar' && next.value.form !== 'list' && !next.nillable) sure.push(next)
  }
  return [...attributes, ...sure.map((element) => names.element(element))].map(({ name }) => name)
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

/** The one element that is all of an object. */
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
