import { memberName } from '../../../mapping/canonical/member-names.js'
import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import { mappingsOf, members } from './joined-operations.js'

interface Place {
  readonly in: string
  readonly name: string
}

/**
 * An operation as import wrote or writes it, under the places and names that a person has given to its parameters: what a
 * parameter fills of the input tells them apart.
 *
 * @param mine the person's operation, its references to parameters followed
 * @param clashes gets the parameters whose place another one of the person's has
 */
export function withParameterNames(
  operation: OpenApiObject,
  mine: OpenApiObject,
  clashes: string[] = [],
): OpenApiObject {
  const own = new Map(parametersOf(mine).map((parameter) => [filledBy(mine, parameter), placeOf(parameter)]))
  const all = new Map([...own].map(([target, place]) => [keyOf(place), target]))
  const moved = new Map<string, Place>()
  const parameters = parametersOf(operation).flatMap((parameter) => {
    const target = filledBy(operation, parameter)
    const place = placeOf(parameter)
    const wanted = own.get(target) ?? place
    const owner = all.get(keyOf(wanted))
    if (owner !== undefined && owner !== target) {
      clashes.push(`${place.in} ${place.name}`)
      return []
    }
    if (keyOf(place) !== keyOf(wanted)) moved.set(keyOf(place), wanted)
    return [keyOf(place) === keyOf(wanted) ? parameter : { ...parameter, ...wanted }]
  })
  if (moved.size === 0 && clashes.length === 0) return operation
  const annotation = members(operation['x-soap'])
  const renamed = { operation, moved }
  const alternatives = Array.isArray(annotation.oneOf) && {
    oneOf: annotation.oneOf.map((item) => withNewChoice(withNewSources(members(item), mine, renamed), moved)),
  }
  return {
    ...operation,
    parameters,
    'x-soap': alternatives ? { ...annotation, ...alternatives } : withNewSources(annotation, mine, renamed),
  }
}

/**
 * What `x-soap` says of one SOAP operation, with the new places of parameters in its `request`.
 *
 * @param mine the person's operation, which may have written down a source that went by its name before
 */
function withNewSources(
  mapping: OpenApiObject,
  mine: OpenApiObject,
  { operation, moved }: { readonly operation: OpenApiObject; readonly moved: ReadonlyMap<string, Place> },
): OpenApiObject {
  const own = mappingsOf(mine).find(
    (each) => each.operation === mapping.operation && each.input === mapping.input,
  )
  const sources = new Map(Object.entries(members(mapping.request)))
  for (const parameter of parametersOf(operation)) {
    const wanted = moved.get(keyOf(placeOf(parameter)))
    if (!wanted) continue
    const target = filledBy(operation, parameter)
    const known = [...sources].find(([, source]) => source === sourceOf(placeOf(parameter)))?.[0]
    const written = known ?? Object.keys(members(own?.request)).find((key) => plain(key) === target)
    if (written !== undefined) sources.set(written, sourceOf(wanted))
  }
  return { ...mapping, ...(sources.size > 0 && { request: Object.fromEntries(sources) }) }
}

/** An alternative that is chosen by parameters under their new names. */
function withNewChoice(alternative: OpenApiObject, moved: ReadonlyMap<string, Place>): OpenApiObject {
  const renamed = (key: 'when' | 'optional'): OpenApiObject => {
    const names = alternative[key]
    if (!Array.isArray(names)) return {}
    const now = names.map(
      (name) => moved.get(keyOf({ in: 'query', name: String(name) }))?.name ?? String(name),
    )
    return { [key]: now }
  }
  return { ...alternative, ...renamed('when'), ...renamed('optional') }
}

/** The element that a parameter fills: what `x-soap.request` says, or the one of its name. */
function filledBy(operation: OpenApiObject, parameter: OpenApiObject): string {
  const source = sourceOf(placeOf(parameter))
  const told = mappingsOf(operation)
    .flatMap(({ request }) => Object.entries(members(request)))
    .find(([, value]) => value === source)?.[0]
  return told === undefined ? memberName(placeOf(parameter).name) : plain(told)
}

/** A target as the default names it: one step is that of a member. */
function plain(target: string): string {
  return target.includes('/') ? target : memberName(target)
}

function sourceOf({ in: place, name }: Place): string {
  return `$request.${place}.${name}`
}

function placeOf(parameter: OpenApiObject): Place {
  return { in: String(parameter.in), name: String(parameter.name) }
}

function keyOf({ in: place, name }: Place): string {
  return `${place} ${name}`
}

function parametersOf({ parameters }: OpenApiObject): OpenApiObject[] {
  return Array.isArray(parameters) ? parameters.filter(isObject) : []
}
