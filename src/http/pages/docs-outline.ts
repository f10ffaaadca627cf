import { isObject, type OpenApiObject } from '../../openapi/document.js'
import { METHODS } from '../../openapi/methods.js'
import type { Facade } from '../facade.js'

/** For operations without a tag. */
const UNTAGGED = 'Other'

/** What the page of an API shows before anything is opened; a few hundred bytes for each operation. */
export interface Outline {
  readonly title: string
  readonly version: string
  readonly description: string
  readonly basePath: string
  /** What callers may identify themselves with. */
  readonly schemes: readonly OpenApiObject[]
  /** A key that everybody may use: that of the demo. */
  readonly offeredKey?: string
  readonly tags: readonly OutlinedTag[]
}

interface OutlinedTag {
  readonly name: string
  readonly description: string
  readonly operations: OutlinedOperation[]
}

interface OutlinedOperation {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly summary: string
  readonly deprecated?: true
}

export function outlineOf({ document, basePath }: Facade, offeredKey: string | undefined): Outline {
  const info = isObject(document.info) ? document.info : {}
  const components = isObject(document.components) ? document.components : {}
  const schemes = isObject(components.securitySchemes) ? components.securitySchemes : {}
  return {
    title: titleOf(document),
    version: text(info.version),
    description: [text(info.summary), text(info.description)].filter((part) => part !== '').join('\n\n'),
    basePath,
    schemes: Object.entries(schemes).flatMap(([name, scheme]) =>
      isObject(scheme) ? [{ ...scheme, scheme: scheme.scheme ?? null, id: name }] : [],
    ),
    ...(offeredKey !== undefined && { offeredKey }),
    tags: tagsOf(document),
  }
}

export function titleOf({ info }: OpenApiObject): string {
  const title = isObject(info) ? text(info.title) : ''
  return title === '' ? 'API' : title
}

function tagsOf(document: OpenApiObject): OutlinedTag[] {
  const tags = new Map<string, OutlinedTag>()
  for (const tag of Array.isArray(document.tags) ? (document.tags as readonly unknown[]) : []) {
    if (!isObject(tag)) continue
    const name = text(tag.name)
    tags.set(name, { name, description: text(tag.description), operations: [] })
  }
  const paths = isObject(document.paths) ? document.paths : {}
  for (const [path, item] of Object.entries(paths)) {
    for (const method of METHODS) {
      const operation = isObject(item) ? item[method] : undefined
      if (!isObject(operation)) continue
      const [first] = Array.isArray(operation.tags) ? (operation.tags as readonly unknown[]) : []
      const name = typeof first === 'string' ? first : UNTAGGED
      const tag = tags.get(name) ?? { name, description: '', operations: [] }
      tags.set(name, tag)
      tag.operations.push({
        ...{ id: text(operation.operationId), method, path, summary: text(operation.summary) },
        ...(operation.deprecated === true && { deprecated: true }),
      })
    }
  }
  return [...tags.values()].filter(({ operations }) => operations.length > 0)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
