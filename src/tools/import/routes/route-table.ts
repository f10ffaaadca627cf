import { UniqueNames } from '../../../base/unique-names.js'
import type { Route } from './route.js'

type Parameter = Exclude<Route['segments'][number], string>

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
  /** Those of another document that its operations have here, too. */
  readonly #kept = new Set<string>()
  /** Paths with nameless parameters. */
  readonly #paths = new Set<string>()
  /** The name of the parameter that such a path ends with. */
  readonly #names = new Map<string, string>()
  /** The same, split, by the number of steps. */
  readonly #byLength = new Map<number, string[][]>()

  /** @param candidates the best first; the last may get a number */
  take(candidates: readonly Route[], nameOf: (input: Parameter) => string): TakenRoute {
    const free = candidates.find((route) => !this.#taken.has(keyOf(route)) && !this.#isAmbiguous(route))
    const route = free ?? this.#numbered(candidates.at(-1))
    this.#taken.add(keyOf(route))
    const path = this.#write(route, nameOf)
    this.#remember(namelessPath(route), path)
    return { route, path, parameters: parametersOf(path) }
  }

  /** Keeps others away from a method and path. */
  reserve(method: string, path: string): void {
    this.#taken.add(`${method} ${nameless(path)}`)
    this.#remember(nameless(path), path)
  }

  /** Has an operation kept this method and path already? Several had them where one GET served them. */
  isKept({ method, path }: { readonly method: string; readonly path: string }): boolean {
    return this.#kept.has(`${method} ${nameless(path)}`)
  }

  /** The candidate that has this method and path, under the names that its parameters have there. */
  keep(
    candidates: readonly Route[],
    { method, path }: { readonly method: string; readonly path: string },
  ): TakenRoute | undefined {
    const key = `${method} ${nameless(path)}`
    const [, number] = /-(\d+)$/.exec(path) ?? []
    const numbered = number === undefined ? undefined : withNumber(candidates.at(-1), number)
    const route = [...candidates, numbered].find((candidate) => candidate && keyOf(candidate) === key)
    if (!route || this.#kept.has(key)) return undefined
    this.#kept.add(key)
    this.reserve(method, path)
    return { route, path, parameters: parametersOf(path) }
  }

  #write(route: Route, nameOf: (input: Parameter) => string): string {
    const names = new UniqueNames()
    let path = ''
    let nameless = ''
    for (const part of route.segments) {
      if (typeof part === 'string') path += `/${part}`
      nameless += typeof part === 'string' ? `/${part}` : '/{}'
      if (typeof part === 'string') continue
      const known = this.#names.get(nameless)
      const name = names.take(known !== undefined && !names.has(known) ? known : nameOf(part))
      if (known === undefined) this.#names.set(nameless, name)
      path += `/{${name}}`
    }
    return path
  }

  #remember(key: string, path: string): void {
    if (this.#paths.has(key)) return
    this.#paths.add(key)
    let prefix = ''
    for (const part of path.split('/').slice(1)) {
      const name = /^\{(.*)\}$/.exec(part)?.[1]
      prefix += name === undefined ? `/${part}` : '/{}'
      if (name !== undefined && !this.#names.has(prefix)) this.#names.set(prefix, name)
    }
    const parts = key.split('/')
    const known = this.#byLength.get(parts.length)
    if (known) known.push(parts)
    else this.#byLength.set(parts.length, [parts])
  }

  #numbered(last: Route | undefined): Route {
    for (let n = 2; ; n++) {
      const route = withNumber(last, String(n))
      if (!route) throw new Error('the last candidate must be a fixed path')
      if (!this.#taken.has(keyOf(route))) return route
    }
  }

  /** `/a/{}` and `/{}/a` both match `/a/a`, and nothing says which is meant. */
  #isAmbiguous(route: Route): boolean {
    const own = namelessPath(route).split('/')
    return (this.#byLength.get(own.length) ?? []).some((theirs) => {
      if (theirs.every((part, index) => part === own[index])) return false
      const overlap = own.every(
        (part, index) => part === '{}' || theirs[index] === '{}' || part === theirs[index],
      )
      return overlap && count(own) === count(theirs)
    })
  }
}

/** The last candidates are fixed paths: another of their name gets a number. */
function withNumber(route: Route | undefined, number: string): Route | undefined {
  const end = route?.segments.at(-1)
  return route && typeof end === 'string'
    ? { ...route, segments: [...route.segments.slice(0, -1), `${end}-${number}`] }
    : undefined
}

function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map((match) => match[1] ?? '')
}

function nameless(path: string): string {
  return path.replace(/\{[^{}]+\}/g, '{}')
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
