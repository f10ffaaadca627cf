/** Writes a JSON pointer step (RFC 6901, section 3). */
export function escapeStep(step: string): string {
  return step.includes('/') || step.includes('~') ? step.replaceAll('~', '~0').replaceAll('/', '~1') : step
}

/** Appends steps to a JSON pointer. */
export function join(pointer: string, ...steps: readonly (string | number)[]): string {
  let all = pointer
  for (const step of steps) all += `/${escapeStep(String(step))}`
  return all
}

/**
 * Splits a JSON pointer, or a URI fragment that holds one (RFC 6901, section 6).
 *
 * @returns its steps, unescaped; none for the whole document
 */
export function steps(pointer: string): string[] {
  const plain = pointer.startsWith('#') ? decoded(pointer.slice(1)) : pointer
  if (plain === '') return []
  const all = plain.slice(1).split('/')
  return plain.includes('~') ? all.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')) : all
}

/** The JSON pointer that a URI fragment holds. */
export function pointerIn(fragment: string): string {
  const isPlain = !fragment.includes('%') && !fragment.includes('~')
  return isPlain && fragment.startsWith('#/') ? fragment.slice(1) : join('', ...steps(fragment))
}

/** A fragment with broken percent-encoding is taken as it stands, and leads nowhere. */
function decoded(fragment: string): string {
  if (!fragment.includes('%')) return fragment
  try {
    return decodeURIComponent(fragment)
  } catch {
    return fragment
  }
}

/** The value at a JSON pointer, or undefined. */
export function valueAt(root: unknown, pointer: string): unknown {
  let value = root
  for (const step of steps(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Record<string, unknown>)[step]
  }
  return value
}
