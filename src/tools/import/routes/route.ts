import type { Inputs, ScalarInput } from '../inputs/inputs.js'
import { kebab } from '../words/names.js'
import type { Subject } from './subject.js'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** A method and a path for an operation; inputs that are neither in the path nor in the query are the body. */
export interface Route {
  readonly method: Method
  readonly segments: readonly (string | ScalarInput)[]
  readonly query: readonly ScalarInput[]
  /** The input as the route sees it, where groups in it are opened. */
  readonly inputs?: Inputs
  /** Why it is not the obvious one, for the summary. */
  readonly decision?: string
}

/** `POST /{service}/{operation}`: always possible. */
export function rpc({ name, service }: Pick<Subject, 'name' | 'service'>): Route {
  return { method: 'post', segments: [kebab(service), kebab(name.words)], query: [] }
}

/** `POST /{operation}`, below the service where there are several. */
export function bare({ name, service, isOneOfSeveral }: Subject): Route {
  return {
    method: 'post',
    segments: [...(isOneOfSeveral ? [kebab(service)] : []), kebab(name.phrase)],
    query: [],
  }
}

export function withQuery(
  segments: Route['segments'],
  taken: readonly ScalarInput[],
  scalars: readonly ScalarInput[],
): Route {
  return { method: 'get', segments, query: scalars.filter((scalar) => !taken.includes(scalar)) }
}

/** What a route is about: its method, its path, and what it takes there for what. */
export function placeOf(route: Route): string {
  return `${route.method} ${pathOf(route)}`
}

/** With the names that the input has for what stands in it. */
export function pathOf({ segments }: Route): string {
  return `/${segments.map((part) => (typeof part === 'string' ? part : `{${part.name}}`)).join('/')}`
}
