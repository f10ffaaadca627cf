import { kebab, sentence } from '../words/names.js'
import { isAlike } from '../words/nouns.js'
import type { DesignedOperation } from './operation.js'

/**
 * Groups operations by the resource that their path begins with. A resource with one operation alone goes with the one that it is
 * a kind or a part of, or to what the service is about: a tag for each path would be no table of contents.
 */
export function withTags(operations: readonly DesignedOperation[]): DesignedOperation[] {
  const counts = new Map<string, number>()
  for (const { resource } of operations) {
    const key = kebab(resource)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const roots = [...counts].flatMap(([key, count]) => (count > 1 && key !== '' ? [key.split('-')] : []))
  const found = operations.map((designed) => rootOf(designed.resource, roots))
  const others = new Map<string, number>()
  operations.forEach(({ service }, index) => {
    if (found[index] === undefined) others.set(kebab(service), (others.get(kebab(service)) ?? 0) + 1)
  })
  return operations.map((designed, index) => {
    const isAlone = others.get(kebab(designed.service)) === 1 && designed.resource.length > 0
    const root = found[index] ?? (isAlone ? designed.resource : designed.service)
    const tag = sentence(root)
    return { ...designed, tag, document: { ...designed.document, tags: [tag] } }
  })
}

/** The longest that a resource is, begins with or ends with. */
function rootOf(
  resource: readonly string[],
  roots: readonly (readonly string[])[],
): readonly string[] | undefined {
  const fitting = roots.filter((root) => {
    const length = root.length
    if (length > resource.length) return false
    return isSame(resource.slice(0, length), root) || isSame(resource.slice(-length), root)
  })
  return [...fitting].sort((a, b) => b.length - a.length)[0]
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.every((word, index) => isAlike(word, b[index] ?? ''))
}
