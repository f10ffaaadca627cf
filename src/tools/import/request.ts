import { memberName } from '../../mapping/names.js'
import { type Projection } from '../../mapping/projection.js'
import { type OpenApiObject } from '../../openapi/document.js'
import { elementExamples, examplesOf } from './example.js'
import { isNumbered } from './identifiers.js'
import { type Inputs, type ScalarInput } from './inputs.js'
import { pascal, sentence, plainWords } from './names.js'
import { type TakenRoute } from './route-table.js'

/** The parts of an Operation Object that say where the input comes from. */
export interface RequestParts {
  readonly parameters: readonly OpenApiObject[]
  readonly requestBody: OpenApiObject | undefined
  /** Entries of `x-soap.request`. */
  readonly targets: Readonly<Record<string, string>>
}

/** Gives every member of the input its place: path, query or body. */
export function requestParts(
  { path: wrappers, object, scalars, others, isOpen, certain }: Inputs,
  { route, parameters: pathNames }: TakenRoute,
  projection: Projection,
  words: readonly string[],
): RequestParts {
  const targets: Record<string, string> = {}
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
  const taken = new Set([...inPath, ...route.query].map(({ name }) => name))
  const left = scalars.filter(({ name }) => !taken.has(name))
  const { naming } = projection
  const body = (schema: OpenApiObject, required: boolean, examples: OpenApiObject): RequestParts => ({
    parameters,
    requestBody: {
      ...(required && { required }),
      content: { 'application/json': { schema, ...examples } },
    },
    targets,
  })
  if (left.length + others.length === 0 && !isOpen) return { parameters, requestBody: undefined, targets }
  const [only, ...more] = others
  if (
    only &&
    more.length + left.length === 0 &&
    !isOpen &&
    only.element.maxOccurs === 1 &&
    isWhole(only.element.value.kind)
  ) {
    const { localName } = only.element.name
    if (scalars.every(({ xmlName }) => xmlName !== localName)) {
      targets[[...wrappers, localName].join('/')] = '$request.body'
      return body(
        projection.value(only.element.value, localName, pascal([...words, localName])),
        only.required,
        elementExamples(object, only.element, naming),
      )
    }
  }
  const required = isOpen || left.some((input) => input.required) || others.some((other) => other.required)
  const last = wrappers.at(-1)
  if (last !== undefined && taken.size === 0) {
    targets[wrappers.join('/')] = '$request.body'
    return body(projection.value(object, last, pascal([...words, last])), certain, examplesOf(object, naming))
  }
  const schema =
    taken.size === 0
      ? projection.value(object, pascal([...words, 'request']))
      : projection.named(pascal([...words, 'request']), projection.object(object, { without: taken }))
  if (last !== undefined) {
    for (const input of left) targets[target(input)] = `$request.body#/${parameterName(input, projection)}`
  }
  const inParameters = new Set(
    scalars.filter(({ name }) => taken.has(name)).map((input) => parameterName(input, projection)),
  )
  return body(
    schema,
    required,
    examplesOf(object, naming, (members) =>
      Object.fromEntries(Object.entries(members).filter(([name]) => !inParameters.has(name))),
    ),
  )
}

function isWhole(kind: string): boolean {
  return kind === 'object' || kind === 'polymorphic'
}

/** A step of a path that a tool called `arg0` is an `id`. */
export function pathParameterName(input: ScalarInput, projection: Projection): string {
  const name = parameterName(input, projection)
  return isNumbered(name) && projection.naming === 'camel' ? 'id' : name
}

function parameterName({ name, xmlName }: ScalarInput, { naming }: Projection): string {
  return naming === 'preserve' && name === memberName(xmlName) ? xmlName.replace(/^@/, '') : name
}

/** A parameter is a text: it cannot be null. */
function parameterSchema({ element, value }: ScalarInput, projection: Projection): OpenApiObject {
  if (!element) return projection.value(value)
  if (element.maxOccurs > 1) return projection.element({ ...element, nillable: false }, true, '')
  return projection.value(element.value, element.name.localName)
}
