import { memberName } from '../../../mapping/canonical/member-names.js'
import type { ValueMapping } from '../../../mapping/canonical/value-mapping.js'
import { isBytes } from '../../../mapping/operation/message/bytes.js'
import type { Projection } from '../../../mapping/projection/projection.js'
import { scalarSchema } from '../../../mapping/projection/scalar.js'
import type { OpenApiObject } from '../../../openapi/document.js'
import { isNumbered } from '../inputs/identifiers.js'
import type { Inputs, ScalarInput } from '../inputs/inputs.js'
import type { TakenRoute } from '../routes/route-table.js'
import { pascal, plainWords, sentence } from '../words/names.js'
import { type ContextInput, headerComponent } from './context.js'
import { elementExamples, examplesOf, examplesWithout } from './example.js'

/** The parts of an Operation Object that say where the input comes from. */
export interface RequestParts {
  readonly parameters: readonly OpenApiObject[]
  readonly requestBody: OpenApiObject | undefined
  /** Entries of `x-soap.request`. */
  readonly targets: Readonly<Record<string, string>>
  /** Parameters that operations share, by the names of their components. */
  readonly shared: ReadonlyMap<string, OpenApiObject>
}

/** What an input has beside what it is about. */
export interface RequestContext {
  readonly headers: readonly ContextInput[]
  /** Entries of `x-soap.request` for what callers do not send. */
  readonly sources: Readonly<Record<string, string>>
  /** Members of the input that are headers. */
  readonly members: ReadonlySet<string>
}

/** Gives every member of the input its place: path, query or body. */
export function requestParts(
  { path: wrappers, object, scalars, others, isOpen, certain }: Inputs,
  { route, parameters: pathNames }: TakenRoute,
  projection: Projection,
  { words, context }: { readonly words: readonly string[]; readonly context: RequestContext },
): RequestParts {
  const shared = new Map<string, OpenApiObject>()
  const targets: Record<string, string> = { ...context.sources }
  const target = ({ steps, xmlName }: ScalarInput): string => [...steps, xmlName].join('/')
  const inPath = route.segments.filter((segment) => typeof segment !== 'string')
  const parameters: OpenApiObject[] = []
  const add = (input: ScalarInput, place: 'path' | 'query', name: string): void => {
    if (input.steps.length > 0 || name !== input.name) targets[target(input)] = `$request.${place}.${name}`
    parameters.push({
      name,
      in: place,
      ...((place === 'path' || input.required) && { required: true }),
      description: input.documentation ?? `${sentence(plainWords(input.xmlName))}.`,
      schema: parameterSchema(input, projection),
    })
  }
  inPath.forEach((input, index) => {
    add(input, 'path', pathNames[index] ?? input.name)
  })
  for (const input of route.query) add(input, 'query', parameterName(input, projection))
  for (const input of context.headers) {
    targets[target(input)] = `$request.header.${input.header}`
    shared.set(headerComponent(input.header), {
      name: input.header,
      in: 'header',
      ...(input.required && { required: true }),
      description: input.documentation ?? `${sentence(plainWords(input.xmlName))}.`,
      schema: parameterSchema(input, projection),
    })
    parameters.push({ $ref: `#/components/parameters/${headerComponent(input.header)}` })
  }
  const taken = new Set([...[...inPath, ...route.query].map(({ name }) => name), ...context.members])
  const left = scalars.filter(({ name }) => !taken.has(name))
  const { naming } = projection
  const body = (
    schema: OpenApiObject,
    { required, examples }: { readonly required: boolean; readonly examples: OpenApiObject },
  ): RequestParts => ({
    parameters,
    requestBody: {
      ...(required && { required }),
      content: { 'application/json': { schema, ...examples } },
    },
    targets,
    shared,
  })
  if (left.length + others.length === 0 && !isOpen)
    return { parameters, requestBody: undefined, targets, shared }
  const [only, ...more] = others
  if (
    only &&
    more.length + left.length === 0 &&
    !isOpen &&
    only.element.maxOccurs === 1 &&
    isWhole(only.element.value)
  ) {
    const { localName } = only.element.name
    if (scalars.every(({ xmlName }) => xmlName !== localName)) {
      targets[[...wrappers, localName].join('/')] = '$request.body'
      return body(projection.value(only.element.value, localName, pascal([...words, localName])), {
        required: only.required,
        examples: elementExamples(object, only.element, naming),
      })
    }
  }
  const required = isOpen || left.some((input) => input.required) || others.some((other) => other.required)
  const last = wrappers.at(-1)
  if (last !== undefined && taken.size === 0) {
    targets[wrappers.join('/')] = '$request.body'
    return body(projection.value(object, last, pascal([...words, last])), {
      required: certain,
      examples: examplesOf(object, naming),
    })
  }
  const schema =
    taken.size === 0
      ? projection.value(object, pascal([...words, 'request']))
      : projection.named(pascal([...words, 'request']), projection.object(object, { without: taken }))
  if (last !== undefined) {
    for (const input of left) targets[target(input)] = `$request.body#/${parameterName(input, projection)}`
  }
  return body(schema, { required, examples: examplesWithout(object, naming, taken) })
}

/** Bytes with attributes stay a member: a body that is their element means the bytes alone. */
function isWhole(value: ValueMapping): boolean {
  return value.kind === 'polymorphic' || (value.kind === 'object' && !isBytes(value.text?.value))
}

/** A step of a path that a tool called `arg0` is an `id`. */
export function pathParameterName(input: ScalarInput, projection: Projection): string {
  const name = parameterName(input, projection)
  return isNumbered(name) && projection.naming === 'camel' ? 'id' : name
}

export function parameterName(
  { name, xmlName }: ScalarInput,
  { naming }: Pick<Projection, 'naming'>,
): string {
  return naming === 'preserve' && name === memberName(xmlName) ? xmlName.replace(/^@/, '') : name
}

/** A parameter is a text: it cannot be null, and a validator could not tell a number from `NaN`. */
function parameterSchema({ element, value }: ScalarInput, projection: Projection): OpenApiObject {
  if (value.kind === 'scalar' && value.specials && (element?.maxOccurs ?? 1) <= 1)
    return scalarSchema({ ...value, specials: undefined })
  if (!element) return projection.value(value)
  if (element.maxOccurs > 1)
    return projection.element({ ...element, nillable: false }, { certain: true, parent: '' })
  return projection.value(element.value, element.name.localName)
}
