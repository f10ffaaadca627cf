import { isObject, type OpenApiObject } from '../../../openapi/document.js'

const PREFIX = '#/components/schemas/'

/** What says nothing of values. */
const TEXTS = new Set(['description', 'example', 'examples', 'title'])

/**
 * Do two schemas, or what holds them, take the same values from the same elements, whatever their components are called?
 *
 * @param components that they refer to, by name
 */
export function isSameSchema(
  a: unknown,
  b: unknown,
  components: ReadonlyMap<string, OpenApiObject>,
): boolean {
  /** Pairs that are being compared are the same unless something else in them differs. */
  const assumed = new Set<string>()
  const referred = (value: unknown): string | undefined => {
    const reference = isObject(value) ? value.$ref : undefined
    return typeof reference === 'string' && reference.startsWith(PREFIX)
      ? reference.slice(PREFIX.length)
      : undefined
  }
  const compare = (left: unknown, right: unknown): boolean => {
    const [one, other] = [referred(left), referred(right)]
    if (one !== undefined && one === other) return true
    if (one !== undefined || other !== undefined) {
      const pair = `${one ?? JSON.stringify(left)} ${other ?? JSON.stringify(right)}`
      if (assumed.has(pair)) return true
      assumed.add(pair)
      const resolved = (value: unknown, name: string | undefined): unknown =>
        name === undefined ? value : components.get(name)
      return compare(resolved(left, one), resolved(right, other))
    }
    if (Array.isArray(left) && Array.isArray(right)) {
      return left.length === right.length && left.every((item, index) => compare(item, right[index]))
    }
    if (!isObject(left) || !isObject(right)) return left === right
    const [keys, others] = [left, right].map((object) => Object.keys(object).filter((key) => !TEXTS.has(key)))
    return (
      keys?.length === others?.length &&
      keys?.every((key) => Object.hasOwn(right, key) && compare(left[key], right[key])) === true
    )
  }
  return compare(a, b)
}
