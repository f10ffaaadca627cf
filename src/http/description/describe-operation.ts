import { isObject, type OpenApiObject } from '../../openapi/document.js'
import type { Facade } from '../facade.js'
import { describe } from './describe.js'

/**
 * One operation of the published document as a document of its own: its path, and the components that it refers to.
 *
 * @returns undefined where the document has no such operation
 */
export async function describeOperation(
  { document, operations }: Pick<Facade, 'document' | 'operations'>,
  operationId: string,
): Promise<OpenApiObject | undefined> {
  const operation = operations.get(operationId)
  const paths = isObject(document.paths) ? document.paths : {}
  const item = operation && paths[operation.path]
  if (!operation || !isObject(item)) return undefined
  const { parameters, [operation.method]: object } = item
  const path = { ...(parameters !== undefined && { parameters }), [operation.method]: object }
  const described = await describe({
    document: { ...document, paths: { [operation.path]: path } },
    operations,
  })
  return { paths: described.paths, components: reached(described) }
}

/** Components that are referred to from the paths, or from one another. */
function reached(root: OpenApiObject): OpenApiObject {
  const components = isObject(root.components) ? root.components : {}
  const kept: Record<string, Record<string, unknown>> = {}
  const pending: unknown[] = [root.paths]
  while (pending.length > 0) {
    const text = JSON.stringify(pending.pop())
    for (const [, kind = '', name = ''] of text.matchAll(/"#\/components\/([^/"]+)\/([^/"]+)/g)) {
      const all = components[kind]
      if (!isObject(all) || !Object.hasOwn(all, name) || Object.hasOwn(kept[kind] ?? {}, name)) continue
      ;(kept[kind] ??= {})[name] = all[name]
      pending.push(all[name])
    }
  }
  return kept
}
