import type { CanonicalMappings } from '../../../mapping/canonical/canonical.js'
import { elementsOf, matchContent } from '../../../mapping/canonical/content-walk.js'
import type {
  ContentMapping,
  ElementMapping,
  GroupMapping,
  ObjectMapping,
} from '../../../mapping/canonical/value-mapping.js'
import { bodyOf } from '../../../mapping/operation/message/body.js'
import { MemberNames } from '../../../mapping/projection/members.js'
import { nullable, type Projection } from '../../../mapping/projection/projection.js'
import type { OpenApiObject } from '../../../openapi/document.js'
import type { SoapMessage } from '../../../wsdl/model.js'
import { pascal, sentence } from '../words/names.js'
import { elementExamples, examplesOf } from './example.js'

/** The success response of an operation. */
export interface ResponseParts {
  readonly status: string
  readonly response: OpenApiObject
  /** `x-soap.response`; absent where it is the whole output. */
  readonly path: string | undefined
  /** Its element may be absent, which is a 404. */
  readonly mayBeAbsent: boolean
  /** Its element may be absent, which is a success whose body is null. */
  readonly isVoid: boolean
  /** Scalar members that every body has. */
  readonly scalars: readonly string[]
}

/** The success response; of an operation that makes something new 201. */
export function responseParts(
  output: SoapMessage | undefined,
  {
    canonical,
    projection,
    words,
    creates,
    writes,
    plain,
  }: {
    readonly canonical: CanonicalMappings
    readonly projection: Projection
    readonly words: readonly string[]
    readonly creates: boolean
    /** Whether it may change something: what has been done is not a 404, however empty the answer is. */
    readonly writes: boolean
    /** Whether it is the whole output, whatever that holds. */
    readonly plain: boolean
  },
): ResponseParts {
  const empty = (status: string, description: string): ResponseParts => {
    return {
      status,
      response: { description },
      path: undefined,
      mayBeAbsent: false,
      isVoid: false,
      scalars: [],
    }
  }
  if (!output) return empty('202', 'Passed on; the backend gives no response.')
  const { object } = bodyOf(output, canonical, plain ? 'members' : 'element')
  if (isEmpty(object)) return empty('204', 'Done.')
  const core = plain ? wholeOf(object) : coreOf(object)
  const name = pascal([...words, 'response'])
  const { element, parent } = core
  const description = element?.documentation ?? `${sentence(words)}: the response.`
  const content =
    element && !core.object
      ? elementContent(element, parent, projection, name)
      : objectContent(core.object ?? object, projection, name)
  const isVoid = writes && core.mayBeAbsent
  return {
    status: creates ? '201' : '200',
    response: {
      description,
      content: { 'application/json': isVoid ? { ...content, schema: withNull(content.schema) } : content },
    },
    path: pathOf(core),
    mayBeAbsent: core.mayBeAbsent && !isVoid,
    isVoid,
    scalars: core.object ? requiredScalars(core.object, projection) : [],
  }
}

/** Where an answer has its body. */
export interface ResponsePlace {
  /** `x-soap.response`; absent where it is the whole output. */
  readonly path: string | undefined
  /** Name of the element that its `items` are, where the whole output is a list. */
  readonly items: string | undefined
}

export function responsePlace(
  output: SoapMessage | undefined,
  {
    canonical,
    projection,
  }: { readonly canonical: CanonicalMappings; readonly projection: Pick<Projection, 'naming'> },
): ResponsePlace {
  if (!output) return { path: undefined, items: undefined }
  const core = coreOf(bodyOf(output, canonical).object)
  const child = core.steps.length === 0 && core.object ? onlyChild(core.object) : undefined
  const isItems = child !== undefined && isList(child) && projection.naming !== 'preserve'
  return { path: pathOf(core), items: isItems ? child.name.localName : undefined }
}

function pathOf({ steps }: Core): string | undefined {
  return steps.length === 0 ? undefined : `/${steps.join('/')}`
}

function withNull(schema: unknown): OpenApiObject {
  const { anyOf, type } = schema as OpenApiObject
  const isNullable = [anyOf, type].some(
    (all) =>
      Array.isArray(all) && all.some((one) => one === 'null' || (one as OpenApiObject).type === 'null'),
  )
  return isNullable ? (schema as OpenApiObject) : nullable(schema as OpenApiObject)
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

const MAX_DEPTH = 3

function wholeOf(output: ObjectMapping): Core {
  return { steps: [], element: undefined, parent: output, object: output, mayBeAbsent: false }
}

/**
 * Opens elements that are all of their parent. A scalar stays a member, since a bare text can never be added to, and so
 * does a list, which will need its pages one day.
 */
function coreOf(output: ObjectMapping): Core {
  let core = wholeOf(output)
  while (core.object && core.steps.length < MAX_DEPTH) {
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

/** Is what an operation gives a list, whatever elements hold it? */
export function returnsList(output: SoapMessage | undefined, canonical: CanonicalMappings): boolean {
  if (!output) return false
  const { element, object, steps } = coreOf(bodyOf(output, canonical).object)
  if (object === undefined) return element !== undefined && isList(element)
  const child = onlyChild(object)
  return steps.length <= MAX_DEPTH && child !== undefined && isList(child)
}

/** Is all that an operation says yes or no? */
export function answersYesNo(output: SoapMessage | undefined, canonical: CanonicalMappings): boolean {
  if (!output) return false
  const { object } = coreOf(bodyOf(output, canonical).object)
  const only = object && onlyChild(object)
  return only?.maxOccurs === 1 && only.value.kind === 'scalar' && only.value.form === 'boolean'
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
  return {
    schema: projection.orNull(element, projection.value(element.value, name)),
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
  const sure = object.content ? sureScalars(object.content) : []
  return [...attributes, ...sure.map((element) => names.element(element))].map(({ name }) => name)
}

function sureScalars(content: ContentMapping): ElementMapping[] {
  if (content.minOccurs === 0) return []
  const none = (): ElementMapping[] => []
  return matchContent(content, {
    element: (element) => {
      const { value, nillable, maxOccurs } = element
      const isKey = value.kind === 'scalar' && value.form !== 'list' && value.type.builtIn !== 'boolean'
      return maxOccurs === 1 && isKey && !nillable ? [element] : []
    },
    any: none,
    group: ({ kind, particles }) => (kind === 'choice' ? [] : particles.flatMap(sureScalars)),
    repeatedGroup: none,
  })
}

function isEmpty({ attributes, text, content }: ObjectMapping): boolean {
  return attributes.length === 0 && !text && (!content || holdsNothing(content))
}

function holdsNothing(content: ContentMapping): boolean {
  const never = (): boolean => false
  const group = ({ particles }: GroupMapping): boolean => particles.every(holdsNothing)
  return matchContent(content, { element: never, any: never, group, repeatedGroup: group })
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
