import { isObject, type OpenApiDocument, type OpenApiObject } from '../document.js'
import { METHODS } from '../methods.js'

/**
 * The document with no parameter of a path that an operation has replaced (OpenAPI 3.1, 4.8.9): each operation of that path has
 * its own instead. The meaning is the same; swagger-typescript-api 13.13 would write both, and a module that does not load
 * (`findings/swagger-typescript-api-replaced-parameter.sh`).
 *
 * @param document in which references of parameters are followed
 * @param root of what is published of it
 */
export function withoutReplacedParameters(document: OpenApiDocument, root: OpenApiObject): OpenApiObject {
  if (!isObject(root.paths)) return root
  const { paths } = root
  const changed = Object.entries(paths).flatMap(([path, item]) => {
    const kept = isObject(item) ? withoutReplaced(document, item) : item
    return kept === item ? [] : [[path, kept] as const]
  })
  return changed.length === 0 ? root : { ...root, paths: { ...paths, ...Object.fromEntries(changed) } }
}

function withoutReplaced(document: OpenApiDocument, item: OpenApiObject): OpenApiObject {
  const shared = parametersOf(item)
  if (shared.length === 0) return item
  const own = new Map(
    METHODS.flatMap((method) => {
      const operation = item[method]
      return isObject(operation) ? [[method, operation] as const] : []
    }),
  )
  const namesOf = (holder: OpenApiObject) =>
    new Set(parametersOf(holder).map((parameter) => nameOf(document, parameter)))
  const replaced = new Set([...own.values()].flatMap((operation) => [...namesOf(operation)]))
  const moved = shared.filter((parameter) => replaced.has(nameOf(document, parameter)))
  if (moved.length === 0) return item
  const operations = [...own].map(([method, operation]) => {
    const names = namesOf(operation)
    const missing = moved.filter((parameter) => !names.has(nameOf(document, parameter)))
    return [method, { ...operation, parameters: [...missing, ...parametersOf(operation)] }]
  })
  const kept = shared.filter((parameter) => !moved.includes(parameter))
  return { ...item, parameters: kept, ...(Object.fromEntries(operations) as OpenApiObject) }
}

function parametersOf({ parameters }: OpenApiObject): readonly unknown[] {
  return Array.isArray(parameters) ? parameters : []
}

/** Place and name, which say together which parameter it is; references are followed. */
function nameOf(document: OpenApiDocument, parameter: unknown): string {
  const found = document.follow({ value: parameter, pointer: '' })?.value
  return isObject(found) ? `${String(found.in)} ${String(found.name)}` : JSON.stringify(parameter)
}
