/**
 * Repeats a change of some rows at a time, so that none takes long or holds locks for more than a moment.
 *
 * @param change returns how many rows it has changed
 * @param full how many rows a portion has; one with fewer is the last
 * @returns how many rows were changed
 */
export async function inPortions(change: () => Promise<number>, full = 1): Promise<number> {
  let changed = 0
  for (;;) {
    const portion = await change()
    changed += portion
    if (portion < full) return changed
  }
}
