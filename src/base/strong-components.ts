interface Visit<T> {
  readonly node: T
  readonly successors: Iterator<T>
  /** When it was found: the first is 0. */
  readonly index: number
  /** The earliest that it leads to, of those that are in no group yet. */
  low: number
  isGrouped: boolean
}

/**
 * The nodes that roots lead to, in groups of those that lead to one another, each group after those that it leads to
 * (R. Tarjan, 1972), and in each what was found last first; without recursion, however long a chain is.
 *
 * @param leadsTo is asked once for each node
 */
export function* strongComponents<T>(
  roots: Iterable<T>,
  leadsTo: (node: T) => Iterable<T>,
): Generator<readonly T[]> {
  const known = new Map<T, Visit<T>>()
  const ungrouped: Visit<T>[] = []
  const path: Visit<T>[] = []
  const begin = (node: T): void => {
    const index = known.size
    const successors = leadsTo(node)[Symbol.iterator]()
    const visit = { node, successors, index, low: index, isGrouped: false }
    known.set(node, visit)
    ungrouped.push(visit)
    path.push(visit)
  }
  for (const root of roots) {
    if (!known.has(root)) begin(root)
    for (let visit = path.at(-1); visit !== undefined; visit = path.at(-1)) {
      const next = visit.successors.next()
      if (next.done !== true) {
        const other = known.get(next.value)
        if (!other) begin(next.value)
        else if (!other.isGrouped) visit.low = Math.min(visit.low, other.index)
        continue
      }
      path.pop()
      const outer = path.at(-1)
      if (outer) outer.low = Math.min(outer.low, visit.low)
      if (visit.low === visit.index) yield closed(ungrouped, visit)
    }
  }
}

/** Takes a group off, whose first node is given. */
function closed<T>(ungrouped: Visit<T>[], first: Visit<T>): readonly T[] {
  const group: T[] = []
  for (let last = ungrouped.pop(); last !== undefined; last = ungrouped.pop()) {
    last.isGrouped = true
    group.push(last.node)
    if (last === first) break
  }
  return group
}
