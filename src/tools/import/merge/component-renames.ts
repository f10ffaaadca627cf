import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import { memberOf } from './edit.js'
import { members } from './joined-operations.js'
import { memberRenames } from './member-renames.js'
import { equal } from './three-way.js'

/** Other names of components, `schemas/Account` by `schemas/Acct`, and of tags. */
export interface Renames {
  readonly components: ReadonlyMap<string, string>
  readonly tags: ReadonlyMap<string, string>
  readonly operationIds: ReadonlyMap<string, string>
}

/** An operation as it was and as a person has it now. */
export interface OperationPair {
  readonly base: OpenApiObject
  readonly mine: OpenApiObject
}

const PREFIX = '#/components/'

/**
 * What a person has renamed in a document: a component is another's successor where what referred to one refers to the
 * other now.
 */
export function renamesBetween(
  base: OpenApiObject,
  mine: OpenApiObject,
  operations: readonly OperationPair[],
): Renames {
  const votes = new Votes()
  /** What operations lead to: its name there says more than that of what nothing refers to. */
  const certain = new Set<string>()
  const seen = new Set<string>()
  const component = (document: OpenApiObject, name: string): unknown =>
    name.split('/').reduce<unknown>(memberOf, members(document.components))
  const walk = (before: unknown, now: unknown): void => {
    if (Array.isArray(before) && Array.isArray(now)) {
      if (before.length === now.length)
        before.forEach((item, index) => {
          walk(item, (now as unknown[])[index])
        })
      return
    }
    if (!isObject(before) || !isObject(now)) return
    const [from, to] = [referenceIn(before), referenceIn(now)]
    if (from !== undefined && to !== undefined) {
      if (from.split('/')[0] === to.split('/')[0] && !certain.has(from)) votes.add(from, to)
      pair(from, to)
    }
    const names = memberRenames(before.properties, now.properties)
    for (const [key, value] of Object.entries(before)) {
      if (key === 'properties' && isObject(value)) {
        for (const [name, property] of Object.entries(value))
          walk(property, memberOf(now.properties, names.get(name) ?? name))
      } else if (Object.hasOwn(now, key)) walk(value, now[key])
    }
  }
  const pair = (from: string, to: string): void => {
    const key = `${from} ${to}`
    if (seen.has(key)) return
    seen.add(key)
    walk(component(base, from), component(mine, to))
  }
  const tags = new Votes()
  const operationIds = new Map<string, string>()
  for (const { base: before, mine: now } of operations) {
    walk(before, now)
    const [[tag, ...more], [own, ...others]] = [textsOf(before.tags), textsOf(now.tags)]
    if (tag !== undefined && own !== undefined && more.length + others.length === 0) tags.add(tag, own)
    if (typeof before.operationId === 'string' && typeof now.operationId === 'string')
      operationIds.set(before.operationId, now.operationId)
  }
  for (const name of votes.names()) certain.add(name)
  for (const name of componentsOf(base))
    if (!certain.has(name) && component(mine, name) !== undefined) pair(name, name)
  const has = (document: OpenApiObject) => (name: string) => component(document, name) !== undefined
  const likeness = (from: string, to: string): number => alike(component(base, from), component(mine, to))
  const [before, now] = [tagsOf(base), tagsOf(mine)]
  return {
    components: votes.renames(has(base), has(mine), likeness),
    tags: tags.renames(
      (name) => before.has(name),
      (name) => now.has(name),
      () => 0,
    ),
    operationIds,
  }
}

/** How often a name has become another. */
class Votes {
  readonly #votes = new Map<string, Map<string, number>>()

  add(from: string, to: string): void {
    const own = this.#votes.get(from) ?? new Map<string, number>()
    own.set(to, (own.get(to) ?? 0) + 1)
    this.#votes.set(from, own)
  }

  names(): Iterable<string> {
    return this.#votes.keys()
  }

  /**
   * A name has become the one that most say. Where the new name was there before, it must have become another too, or
   * look like the old one more than like itself; where the old name still is there, another must have become it.
   */
  renames(
    wasThere: (name: string) => boolean,
    isThere: (name: string) => boolean,
    likeness: (from: string, to: string) => number,
  ): Map<string, string> {
    const renames = new Map<string, string>()
    const claimed = new Set<string>()
    for (const [from, own] of this.#votes) {
      const to = mostSaid(from, own)
      if (to === from || claimed.has(to)) continue
      const others = this.#votes.get(to)
      if (others && mostSaid(to, others) === to) continue
      if (!others && wasThere(to) && likeness(from, to) <= likeness(to, to)) continue
      renames.set(from, to)
      claimed.add(to)
    }
    for (let before = -1; before !== renames.size;) {
      before = renames.size
      const reached = new Set(renames.values())
      for (const [from, to] of renames) {
        const isLeft = (wasThere(to) && !renames.has(to)) || (isThere(from) && !reached.has(from))
        if (isLeft) renames.delete(from)
      }
    }
    return renames
  }
}

/** Of names that as many say, the one that has not changed. */
function mostSaid(from: string, votes: ReadonlyMap<string, number>): string {
  const [most] = [...votes].sort(
    ([a, x], [b, y]) => y - x || Number(b === from) - Number(a === from) || (a < b ? -1 : 1),
  )
  return most?.[0] ?? from
}

/** How much two components have in common: members first of all, under the names that they have now. */
function alike(a: unknown, b: unknown): number {
  const [first, second] = [members(a), members(b)]
  const renames = memberRenames(first.properties, second.properties)
  let common = Object.entries(first).filter(([name, value]) => equal(value, second[name])).length
  for (const [name, value] of Object.entries(members(first.properties))) {
    const own = memberOf(second.properties, renames.get(name) ?? name)
    if (own !== undefined) common += equal(own, value) ? 3 : 2
  }
  return common
}

function referenceIn({ $ref: reference }: OpenApiObject): string | undefined {
  return typeof reference === 'string' && reference.startsWith(PREFIX)
    ? reference.slice(PREFIX.length)
    : undefined
}

function componentsOf({ components }: OpenApiObject): string[] {
  return Object.entries(members(components)).flatMap(([kind, own]) =>
    Object.keys(members(own)).map((name) => `${kind}/${name}`),
  )
}

function tagsOf({ tags }: OpenApiObject): Set<string> {
  return new Set((Array.isArray(tags) ? tags : []).map((tag) => String(memberOf(tag, 'name'))))
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

/** A document that import has made under the names that a person has given. */
export function withNames(
  document: OpenApiObject,
  { components, tags, operationIds }: Renames,
): OpenApiObject {
  const referred = (value: string): string => {
    const own = value.startsWith(PREFIX) ? components.get(value.slice(PREFIX.length)) : undefined
    return own === undefined ? value : `${PREFIX}${own}`
  }
  const rename = (value: unknown, key: string | undefined): unknown => {
    if (typeof value === 'string')
      return key === 'operationId' ? (operationIds.get(value) ?? value) : referred(value)
    if (Array.isArray(value)) {
      return key === 'tags'
        ? value.map((tag) => (typeof tag === 'string' ? (tags.get(tag) ?? tag) : tagged(tag)))
        : value.map((item) => rename(item, undefined))
    }
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rename(item, name)]))
  }
  const tagged = (tag: unknown): unknown =>
    isObject(tag) ? { ...tag, name: tags.get(String(tag.name)) ?? tag.name } : tag
  const renamed = members(rename(document, undefined))
  const kinds = Object.entries(members(renamed.components)).map(([kind, own]) => [
    kind,
    Object.fromEntries(
      Object.entries(members(own)).map(([name, component]) => [
        components.get(`${kind}/${name}`)?.slice(kind.length + 1) ?? name,
        component,
      ]),
    ),
  ])
  return renamed.components === undefined ? renamed : { ...renamed, components: Object.fromEntries(kinds) }
}
