import { pathOf, type Route } from '../routes/route.js'
import type { Explanation } from './explain.js'

/** An operation whose design a person would want to know of, with the line of `import.yaml` that changes it. */
export interface DesignCase {
  readonly operation: string
  /** `POST /orders/query`. */
  readonly chosen: string
  readonly why: string
  /** What else was possible, the best first. */
  readonly others: readonly string[]
  /** For `operations` of `import.yaml`. */
  readonly line: string
}

const MOST_CASES = 10
const MOST_ALIKE = 3
const MOST_OTHERS = 3

/**
 * The cases that matter most: those where apps would notice a wrong guess. Each kind comes once before any comes twice.
 *
 * @param explanations of all operations that were designed
 */
export function casesOf(explanations: readonly Explanation[]): DesignCase[] {
  const kinds = new Map<string, Kind>()
  for (const explanation of explanations) {
    const seen = judge(explanation)
    if (!seen) continue
    const { kind, weight, why } = seen
    const { found }: Kind = kinds.get(kind) ?? { weight, found: [] }
    found.push(caseOf(explanation, why))
    kinds.set(kind, { weight, found })
  }
  const ranked = [...kinds.values()].sort((a, b) => b.weight - a.weight)
  const rounds = Array.from({ length: MOST_ALIKE }, (_, round) =>
    ranked.flatMap(({ found }) => found.slice(round, round + 1)),
  )
  return rounds.flat().slice(0, MOST_CASES)
}

interface Kind {
  readonly weight: number
  readonly found: DesignCase[]
}

interface Judged {
  readonly kind: string
  readonly weight: number
  readonly why: string
}

function judge({ name, candidates, method, path }: Explanation): Judged | undefined {
  const [first] = candidates
  const place = placeOf(`${method} ${path}`)
  const chosen = candidates.find((route) => placeOf(callOf(route)) === place)
  if (!first || !chosen) return undefined
  const { verb = '', intent } = name
  if (intent === undefined)
    return {
      kind: 'unknown',
      weight: 9,
      why: 'no verb that is known tells what it does; say one, as update, and what it is done to',
    }
  if (chosen !== first && placeOf(callOf(first)) !== place) {
    const why = `${callOf(first)} would suit its name, and is taken or cannot be told from another's path`
    return { kind: 'taken', weight: 7, why }
  }
  if (method === 'get' && intent === 'check')
    return {
      kind: 'check',
      weight: 8,
      why: `${verb} is taken for a question that changes nothing, so that it may be cached and sent again`,
    }
  if (method === 'delete' && verb !== 'delete' && verb !== 'remove')
    return {
      kind: 'delete',
      weight: 8,
      why: `after ${verb} it is taken to be gone, and what it is given is its identifier`,
    }
  if (chosen.decision !== undefined) return { kind: chosen.decision, weight: 6, why: chosen.decision }
  if (method === 'patch')
    return {
      kind: 'patch',
      weight: 4,
      why: 'all but its identifier may be left out, so that it seems to change what it is given',
    }
  return undefined
}

function caseOf({ operation, name, candidates, method, path }: Explanation, why: string): DesignCase {
  const chosen = `${method.toUpperCase()} ${path}`
  const places = new Set([placeOf(chosen)])
  const others = candidates.filter((route) => {
    const place = placeOf(callOf(route))
    return !places.has(place) && places.add(place)
  })
  const [next] = others
  const said =
    name.intent === undefined
      ? `verb: update, resource: ${name.words.at(-1) ?? 'thing'}`
      : next
        ? `method: ${next.method}, path: '${pathOf(next)}'`
        : `method: ${method}, path: '${path}'`
  return {
    operation,
    chosen,
    why,
    others: others.slice(0, MOST_OTHERS).map(callOf),
    line: `${operation}: { ${said} }`,
  }
}

/** The cases as points of the summary. */
export function casePoints(cases: readonly DesignCase[]): string[] {
  return cases.map(({ operation, chosen, why, others, line }) =>
    [
      `${operation}: ${chosen}`,
      `why: ${why}`,
      ...(others.length > 0 ? [`or: ${others.join(', ')}`] : []),
      `operations: { ${line} }`,
    ].join('\n'),
  )
}

function callOf(route: Route): string {
  return `${route.method.toUpperCase()} ${pathOf(route)}`
}

/** A method and a path without the names of parameters. */
function placeOf(call: string): string {
  return call.toLowerCase().replace(/\{[^}]{0,256}\}/g, '{}')
}
