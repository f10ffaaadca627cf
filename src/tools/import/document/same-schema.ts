import { isObject, type OpenApiObject } from '../../../openapi/document.js'

const PREFIX = '#/components/schemas/'

/** What says nothing of values. */
const TEXTS = new Set(['description', 'example', 'examples', 'title'])

/**
 * Do two schemas take the same values from the same elements, whatever their components are called?
 *
 * @param components that they refer to, by name
 */
export function isSameSchema(
  a: unknown,
  b: unknown,
  components: ReadonlyMap<string, OpenApiObject>,
): boolean {
  /** Pairs of components that are the same unless something in them differs. */
  const seen = new Set<string>()
  const pending: (readonly [unknown, unknown])[] = [[a, b]]
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [left, right] = pair
    const [one, other] = [referredBy(left), referredBy(right)]
    if (one !== undefined || other !== undefined) {
      const key = JSON.stringify([one ?? left, other ?? right])
      if (one === other || seen.has(key)) continue
      seen.add(key)
      const resolved = (value: unknown, name: string | undefined): unknown =>
        name === undefined ? value : components.get(name)
      pending.push([resolved(left, one), resolved(right, other)])
    } else if (Array.isArray(left) && Array.isArray(right)) {
      if (left.length !== right.length) return false
      for (const [index, item] of left.entries()) pending.push([item, right[index]])
    } else if (isObject(left) && isObject(right)) {
      const keys = new Set([...Object.keys(left), ...Object.keys(right)].filter((key) => !TEXTS.has(key)))
      for (const key of keys) pending.push([left[key], right[key]])
    } else if (left !== right) return false
  }
  return true
}

function referredBy(value: unknown): string | undefined {
  const reference = isObject(value) ? value.$ref : undefined
  return typeof reference === 'string' && reference.startsWith(PREFIX)
    ? reference.slice(PREFIX.length)
    : undefined
}
