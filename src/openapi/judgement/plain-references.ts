import type { Diagnostic } from '../../base/diagnostic/diagnostic.js'
import type { OpenApiObject } from '../object.js'
import { join, steps, valueAt } from '../pointer.js'
import { eachSchema } from '../schema-places.js'

/** A reference that cannot be made plain. */
export interface UnclearReference {
  readonly pointer: string
  readonly code: Extract<Diagnostic['code'], 'contract-reference'>
  readonly message: string
}

export interface PlainReferences {
  readonly root: OpenApiObject
  readonly unclear: readonly UnclearReference[]
}

/** What `$id` and anchors name (JSON Schema 2020-12, Core 8.2); nothing else is left of them. */
const NAMES = ['$id', '$anchor', '$dynamicAnchor'] as const

/** The document is the resource of all schemas without `$id`; no `$id` can be this URI. */
const DOCUMENT = 'https://document.invalid/'

interface SchemaPlace {
  readonly schema: OpenApiObject
  readonly pointer: string
}

interface Place extends SchemaPlace {
  /** URI of the resource that the schema is part of. */
  readonly resource: string
}

/**
 * Makes references by `$id`, by `$anchor` and `$dynamicRef` references by JSON pointer, the form that all tools read, and
 * leaves the names out. A document without them is returned as it is.
 *
 * A `$dynamicRef` leads where the only `$dynamicAnchor` of its name is; where there are several, its target depends on how
 * the schema was reached, which no mapping to a type can follow.
 */
export function plainReferences(root: OpenApiObject): PlainReferences {
  let named = 0
  eachSchema(root, (schema) => {
    if (isIdentified(schema)) named++
  })
  return named === 0 ? { root, unclear: [] } : makePlain(root)
}

/** Whether a schema has a name that is no pointer, or refers to one. */
export function isIdentified(schema: OpenApiObject): boolean {
  return '$dynamicRef' in schema || NAMES.some((name) => name in schema)
}

/** Makes references plain of a document where some schema {@link isIdentified}. */
export function makePlain(root: OpenApiObject): PlainReferences {
  const places: SchemaPlace[] = []
  eachSchema(root, (schema, pointerOf) => places.push({ schema, pointer: pointerOf() }))
  return new Resources(root, places).plain()
}

class Resources {
  readonly #root: OpenApiObject
  readonly #places: readonly Place[]
  /** Pointer of each resource by its URI. */
  readonly #roots = new Map([[DOCUMENT, '']])
  /** Pointers of anchors by resource and name. */
  readonly #anchors = new Map<string, string>()
  /** Pointers of dynamic anchors by name. */
  readonly #dynamic = new Map<string, string[]>()
  readonly #unclear: UnclearReference[] = []

  constructor(root: OpenApiObject, places: readonly SchemaPlace[]) {
    this.#root = root
    // Schemas come before those within them.
    const byPointer = new Map<string, string>()
    this.#places = places.map(({ schema, pointer }) => {
      const outer = nearest(byPointer, pointer) ?? DOCUMENT
      const own = typeof schema.$id === 'string' ? resolved(schema.$id, outer)?.uri : undefined
      if (own !== undefined) this.#roots.set(own, pointer)
      const resource = own ?? outer
      byPointer.set(pointer, resource)
      return { schema, pointer, resource }
    })
    for (const place of this.#places) this.#name(place)
  }

  plain(): PlainReferences {
    const root = structuredClone(this.#root)
    for (const place of this.#places) this.#rewrite(place, valueAt(root, place.pointer))
    return { root, unclear: this.#unclear }
  }

  #name({ schema, pointer, resource }: Place): void {
    for (const keyword of ['$anchor', '$dynamicAnchor'] as const) {
      const name = schema[keyword]
      if (typeof name !== 'string') continue
      const key = `${resource}#${name}`
      const known = this.#anchors.get(key)
      if (known !== undefined && known !== pointer) {
        const message = `The anchor ${name} is that of ${known} too: a name stands for one schema.`
        this.#unclear.push({ pointer: join(pointer, keyword), code: 'contract-reference', message })
      }
      this.#anchors.set(key, pointer)
      if (keyword === '$dynamicAnchor') this.#dynamic.set(name, [...(this.#dynamic.get(name) ?? []), pointer])
    }
  }

  #rewrite({ schema, pointer, resource }: Place, copy: unknown): void {
    if (typeof copy !== 'object' || copy === null) return
    for (const name of NAMES) Reflect.deleteProperty(copy, name)
    if (typeof schema.$ref === 'string') Reflect.set(copy, '$ref', this.#target(schema.$ref, resource))
    const { $dynamicRef: dynamic } = schema
    if (typeof dynamic !== 'string') return
    const { name, pointers } = this.#dynamicTargets(dynamic, resource)
    if (pointers.length !== 1) {
      const message =
        pointers.length === 0
          ? `The reference ${dynamic} leads nowhere: no schema has the $dynamicAnchor or $anchor ${name}.`
          : `The reference ${dynamic} leads to ${pointers.join(' or ')}, by the way on which it is reached; write $ref with the one that is meant.`
      this.#unclear.push({ pointer: join(pointer, '$dynamicRef'), code: 'contract-reference', message })
      return
    }
    const $ref = `#${pointers[0] ?? ''}`
    Reflect.deleteProperty(copy, '$dynamicRef')
    if (schema.$ref === undefined) Reflect.set(copy, '$ref', $ref)
    else
      Reflect.set(copy, 'allOf', [
        ...(Array.isArray(schema.allOf) ? (schema.allOf as unknown[]) : []),
        { $ref },
      ])
  }

  #dynamicTargets(
    reference: string,
    resource: string,
  ): { readonly name: string; readonly pointers: readonly string[] } {
    const name = reference.slice(reference.indexOf('#') + 1)
    const pointers = this.#dynamic.get(name)
    const target =
      pointers ?? [this.#target(reference, resource)].flatMap((t) => (t.startsWith('#/') ? [t.slice(1)] : []))
    return { name, pointers: target }
  }

  /** A reference as one by pointer from the top; what leads nowhere stays as it is written. */
  #target(reference: string, resource: string): string {
    const found = resolved(reference, resource)
    const at = found && this.#roots.get(found.uri)
    if (found === undefined || at === undefined) return reference
    if (found.fragment === '') return `#${at}`
    if (!found.fragment.startsWith('/')) {
      const anchor = this.#anchors.get(`${found.uri}#${found.fragment}`)
      return anchor === undefined ? reference : `#${anchor}`
    }
    const pointer = join(at, ...steps(`#${found.fragment}`))
    return valueAt(this.#root, pointer) === undefined ? reference : `#${pointer}`
  }
}

/** The resource of the schema that holds a pointer. */
function nearest(resources: ReadonlyMap<string, string>, pointer: string): string | undefined {
  for (let at = pointer.lastIndexOf('/'); at > 0; at = pointer.lastIndexOf('/', at - 1)) {
    const known = resources.get(pointer.slice(0, at))
    if (known !== undefined) return known
  }
  return undefined
}

function resolved(
  reference: string,
  base: string,
): { readonly uri: string; readonly fragment: string } | undefined {
  if (!URL.canParse(reference, base)) return undefined
  const url = new URL(reference, base)
  const fragment = decodeURIComponent(url.hash.slice(1))
  url.hash = ''
  return { uri: url.href, fragment }
}
