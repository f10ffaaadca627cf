import type { Wildcard } from './model.js'

type Namespaces = Wildcard['namespaces']

/** What both allow: attribute groups and their user (Part 1, 3.10.6, intersection). */
export function intersectWildcards(a: Wildcard | undefined, b: Wildcard | undefined): Wildcard | undefined {
  if (!a || !b) return a ?? b
  return { ...a, namespaces: intersect(a.namespaces, b.namespaces) }
}

/** What either allows: an extension and its base (Part 1, 3.10.6, union); the first one says how it is processed. */
export function uniteWildcards(a: Wildcard | undefined, b: Wildcard | undefined): Wildcard | undefined {
  if (!a || !b) return a ?? b
  return { ...a, namespaces: unite(a.namespaces, b.namespaces) }
}

function intersect(a: Namespaces, b: Namespaces): Namespaces {
  if (a.kind === 'any') return b
  if (b.kind === 'any') return a
  if (a.kind === 'not' && b.kind === 'not') {
    return { kind: 'not', namespaces: [...new Set([...a.namespaces, ...b.namespaces])] }
  }
  if (a.kind === 'not') return intersect(b, a)
  return { kind: 'only', namespaces: a.namespaces.filter((name) => allows(b, name)) }
}

function unite(a: Namespaces, b: Namespaces): Namespaces {
  if (a.kind === 'any' || b.kind === 'any') return { kind: 'any' }
  if (a.kind === 'only' && b.kind === 'only') {
    return { kind: 'only', namespaces: [...new Set([...a.namespaces, ...b.namespaces])] }
  }
  const [not, other] = a.kind === 'not' ? [a, b] : [b, a]
  const excluded = not.namespaces.filter((name) => !allows(other, name))
  return excluded.length === 0 ? { kind: 'any' } : { kind: 'not', namespaces: excluded }
}

/** Whether a wildcard lets a name of this namespace through; '' is not a namespace. */
export function allows(namespaces: Namespaces, namespace: string): boolean {
  if (namespaces.kind === 'any') return true
  return namespaces.namespaces.includes(namespace) === (namespaces.kind === 'only')
}

/** Whether a name may be let through by both. */
export function overlap(a: Namespaces, b: Namespaces): boolean {
  const { kind, ...both } = intersect(a, b)
  return kind !== 'only' || !('namespaces' in both) || both.namespaces.length > 0
}
