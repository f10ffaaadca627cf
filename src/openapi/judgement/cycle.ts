import { join } from '../pointer.js'

/**
 * Finds a value that is also one of those around it. Each value is looked at once, however many others hold it.
 *
 * @param seen values that have been looked at, and whether they are among those around this one
 * @returns its JSON pointer below the value; undefined where there is none
 */
export function cycleIn(value: object, seen = new Map<object, boolean>()): string | undefined {
  seen.set(value, true)
  const members: readonly [string, unknown][] = Object.entries(value)
  for (const [name, member] of members) {
    if (typeof member !== 'object' || member === null) continue
    const isAround = seen.get(member)
    const below = isAround === undefined ? cycleIn(member, seen) : isAround ? '' : undefined
    if (below !== undefined) return join('', name) + below
  }
  seen.set(value, false)
  return undefined
}
