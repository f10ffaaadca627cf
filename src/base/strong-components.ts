interface Visit<T> {
  readonly node: T
  readonly successors: Iterator<T>
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
  const index = new Map<T, number>()
  const low = new Map<T, number>()
  const stack: T[] = []
  const open = new Set<T>()
  const begin = (node: T): Visit<T> => {
    low.set(node, index.size)
    index.set(node, index.size)
    stack.push(node)
    open.add(node)
    return { node, successors: leadsTo(node)[Symbol.iterator]() }
  }
  const lower = (node: T, to: number | undefined): void => {
    low.set(node, Math.min(low.get(node) ?? 0, to ?? Infinity))
  }
  for (const root of roots) {
    const visits = index.has(root) ? [] : [begin(root)]
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { node, successors } = visit
      const next = successors.next()
      if (next.done !== true) {
        if (!index.has(next.value)) visits.push(begin(next.value))
        else if (open.has(next.value)) lower(node, index.get(next.value))
        continue
      }
      visits.pop()
      const outer = visits.at(-1)
      if (outer) lower(outer.node, low.get(node))
      if (low.get(node) !== index.get(node)) continue
      const group = stack.splice(stack.lastIndexOf(node)).reverse()
      for (const each of group) open.delete(each)
      yield group
    }
  }
}
