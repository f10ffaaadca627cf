import { describe, expect, it } from 'vitest'
import { strongComponents } from '../../src/base/strong-components.js'
import fc from '../oracle/property.js'

type Graph = ReadonlyMap<number, readonly number[]>

const graphs = fc
  .array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: 12, maxLength: 12 })
  .map((successors): Graph => new Map(successors.map((each, node) => [node, each])))

/** All that a node leads to, by trying. */
function reachedFrom(graph: Graph, node: number): ReadonlySet<number> {
  const reached = new Set<number>()
  const look = (at: number): void => {
    for (const next of graph.get(at) ?? []) {
      if (reached.has(next)) continue
      reached.add(next)
      look(next)
    }
  }
  look(node)
  return reached
}

describe('strongComponents', () => {
  it('has in one group what leads to one another, each node once, after what it leads to', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const groups = [...strongComponents(graph.keys(), (node) => graph.get(node) ?? [])]
        expect(groups.flat().sort((a, b) => a - b)).toEqual([...graph.keys()])
        const place = new Map(groups.flatMap((group, index) => group.map((node) => [node, index] as const)))
        for (const node of graph.keys()) {
          const reached = reachedFrom(graph, node)
          for (const other of reached) {
            const isOneGroup = reachedFrom(graph, other).has(node)
            expect(place.get(node) === place.get(other)).toBe(isOneGroup || node === other)
            expect(place.get(other)).toBeLessThanOrEqual(place.get(node) ?? -1)
          }
        }
      }),
    )
  })

  it('takes roots alone, and asks of each node once', () => {
    const asked: number[] = []
    const groups = strongComponents([1], (node) => {
      asked.push(node)
      return node < 3 ? [node + 1, 1] : []
    })
    expect([...groups]).toEqual([[3], [2, 1]])
    expect(asked).toEqual([1, 2, 3])
  })

  it('takes a chain of any length', () => {
    const chain = strongComponents([0], (node) => (node < 100_000 ? [node + 1] : []))
    expect([...chain]).toHaveLength(100_001)
  })
})
