import { isObject, type OpenApiObject } from '../../../openapi/document.js'

const PREFIX = '#/components/schemas/'

/**
 * Finds component schemas that say the same under names that differ in the number that a clash gave them alone, so that
 * several WSDLs or namespaces with one type share one component.
 *
 * Components are equal where they are so but for references, and these lead to equal components: the coarsest partition
 * that says so, found by refining one of all candidates.
 *
 * @param wanted the name that each component asked for, before it was numbered
 * @returns by the name that is dropped, the one that stays
 */
export function equalComponents(
  schemas: ReadonlyMap<string, OpenApiObject>,
  wanted: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const outlines = new Map<string, { readonly text: string; readonly refs: readonly string[] }>()
  for (const [name, schema] of schemas) {
    const refs: string[] = []
    const text = JSON.stringify(schema, (_, value: unknown) => {
      if (typeof value !== 'string' || !value.startsWith(PREFIX)) return value
      refs.push(value.slice(PREFIX.length))
      return '#'
    })
    outlines.set(name, { text, refs })
  }
  let classes = new Map(
    [...outlines].map(([name, { text }]) => [name, `${wanted.get(name) ?? name} ${text}`]),
  )
  let count = 0
  for (;;) {
    const numbers = new Map<string, number>()
    const next = new Map<string, number>()
    for (const [name, key] of classes) {
      const number = numbers.get(key) ?? numbers.size
      numbers.set(key, number)
      next.set(name, number)
    }
    if (numbers.size === count) break
    count = numbers.size
    classes = new Map(
      [...outlines].map(([name, { refs }]) => [
        name,
        [next.get(name), ...refs.map((ref) => next.get(ref) ?? ref)].join(' '),
      ]),
    )
  }
  const first = new Map<string, string>()
  const same = new Map<string, string>()
  for (const [name, key] of classes) {
    const known = first.get(key)
    if (known === undefined) first.set(key, name)
    else same.set(name, known)
  }
  return same
}

/** A part of a document with references to the components that stay. */
export function withReferences<T>(part: T, same: ReadonlyMap<string, string>): T {
  if (same.size === 0) return part
  const redirect = (value: unknown): unknown => {
    if (typeof value === 'string' && value.startsWith(PREFIX)) {
      const kept = same.get(value.slice(PREFIX.length))
      return kept === undefined ? value : `${PREFIX}${kept}`
    }
    if (Array.isArray(value)) return value.map(redirect)
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redirect(item)]))
  }
  return redirect(part) as T
}
