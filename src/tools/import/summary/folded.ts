import { pathOf, placeOf, type Route } from '../routes/route.js'

/** That one GET serves an operation and others. */
export interface Folded {
  /** The parameters that choose it. */
  readonly asked: string
  /** Names of the other SOAP operations. */
  readonly others: readonly string[]
}

/**
 * The line of `import.yaml` that has an operation apart.
 *
 * @param candidates its routes, the best first, which it shares
 * @returns undefined where no other read of it is possible
 */
export function apartLine(operation: string, candidates: readonly Route[]): string | undefined {
  const [shared, ...others] = candidates
  const next = others.find(
    (route) => route.method === 'get' && (!shared || placeOf(route) !== placeOf(shared)),
  )
  return next && `${operation}: { path: '${pathOf(next)}' }`
}
