import { type Route } from './route.js'

/** A route with its path as text; parameters of one place have one name in all paths of a document. */
export interface TakenRoute {
  readonly route: Route
  readonly path: string
  /** Name of each path parameter, in order. */
  readonly parameters: readonly string[]
}

/** Gives each operation a method and path of its own; the first that asks gets what it wants. */
export class RouteTable {
  readonly #taken = new Set<string>()
  /** The path as first written, by the path with nameless parameters. */
  readonly #paths = new Map<string, string>()
  /** The same, split, by the number of steps. */
  readonly #byLength = new Map<number, string[][]>()

  /** @param candidates the best first; the last may get a number */
  take(candidates: readonly Route[], nameOf: (input: Exclude<Route['segments'][number], string>) => string): TakenRoute {
    const free = candidates.find((route) => !this.#taken.has(keyOf(route)) && !this.#isAmbiguous(route))
    const route = free ?? this.#numbered(candidates.at(-1))
    this.#taken.add(keyOf(route))
    const nameless = namelessPath(route)
    const written = route.segments.map((part) => (typeof part === 'string' ? part : `{${nameOf(part)}}`))
    const path = this.#paths.get(nameless) ?? `/${written.join('/')}`
    this.#remember(nameless, path)
    return { route, path, parameters: [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? '') }
  }

  /** Keeps a path that is in the document already. */
  keep(method: string, path: string): void {
    const nameless = path.replace(/\{[^}]*\}/g, '{}')
    this.#taken.add(`${method} ${nameless}`)
    this.#remember(nameless, path)
  }

  #remember(nameless: string, path: string): void {
    if (this.#paths.has(nameless)) return
    this.#paths.set(nameless, path)
    const parts = nameless.split('/')
    const known = this.#byLength.get(parts.length)
    if (known) known.push(parts)
    else this.#byLength.set(parts.length, [parts])
  }

  #numbered(last: Route | undefined): Route {
    if (!last) throw new Error('a route needs candidates')
    const [end = '', ...rest] = [...last.segments].reverse()
    for (let n = 2; ; n++) {
      const route = { ...last, segments: [...rest.reverse(), typeof end === 'string' ? `${end}-${n}` : end] }
      rest.reverse()
      if (!this.#taken.has(keyOf(route))) return route
    }
  }

  /** `/a/{}` and `/{}/a` both match `/a/a`, and nothing says which is meant. */
  #isAmbiguous(route: Route): boolean {
    const own = namelessPath(route).split('/')
    return (this.#byLength.get(own.length) ?? []).some((theirs) => {
      if (theirs.every((part, index) => part === own[index])) return false
      const overlap = own.every((part, index) => part === '{}' || theirs[index] === '{}' || part === theirs[index])
      return overlap && count(own) === count(theirs)
    })
  }
}

function count(parts: readonly string[]): number {
  return parts.filter((part) => part === '{}').length
}

function namelessPath(route: Route): string {
  return `/${route.segments.map((part) => (typeof part === 'string' ? part : '{}')).join('/')}`
}

function keyOf(route: Route): string {
  return `${route.method} ${namelessPath(route)}`
}
