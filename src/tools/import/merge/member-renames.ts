import { memberName } from '../../../mapping/canonical/member-names.js'
import { isObject, type OpenApiObject } from '../../../openapi/document.js'
import { memberOf } from './edit.js'
import { members } from './joined-operations.js'

/**
 * Members that a person has given other names: the new one says in `xml` which element or attribute it is.
 *
 * @param base `properties` as import wrote them
 * @param mine the person's
 * @returns the new names by the old ones
 */
export function memberRenames(base: unknown, mine: unknown): ReadonlyMap<string, string> {
  const renames = new Map<string, string>()
  if (!isObject(base) || !isObject(mine)) return renames
  const added = Object.keys(mine).filter((name) => !Object.hasOwn(base, name))
  for (const [name, schema] of Object.entries(base)) {
    if (Object.hasOwn(mine, name)) continue
    const wanted = standsFor(name, schema)
    const same = added.filter((candidate) => {
      const isTold = memberOf(memberOf(mine[candidate], 'xml'), 'name') !== undefined
      return isTold && standsFor(candidate, mine[candidate]) === wanted
    })
    const [only, ...others] = same
    if (only !== undefined && others.length === 0) renames.set(name, only)
  }
  return renames
}

/** The element or attribute that a member is, as far as its schema says it. */
function standsFor(name: string, schema: unknown): string {
  const xml = members(memberOf(schema, 'xml'))
  const own = typeof xml.name === 'string' ? xml.name : name
  return `${xml.attribute === true ? '@' : ''}${memberName(own)}`
}

/** Three sides of a place, as in a three-way merge. */
export interface Aligned {
  readonly base: unknown
  readonly theirs: unknown
  /** Members that a WSDL has added under names that a person uses for others. */
  readonly clashes: readonly string[]
}

/** What import wrote and writes under the names that a person has given to members, however deep. */
export function withMemberNames(base: unknown, mine: unknown, theirs: unknown): Aligned {
  const clashes: string[] = []
  const align = (before: unknown, own: unknown, now: unknown): readonly [unknown, unknown] => {
    if (Array.isArray(before) && Array.isArray(own) && Array.isArray(now)) {
      if (before.length !== own.length || own.length !== now.length) return [before, now]
      const pairs = before.map((item, index) =>
        align(item, (own as unknown[])[index], (now as unknown[])[index]),
      )
      return [pairs.map(([first]) => first), pairs.map(([, second]) => second)]
    }
    if (!isObject(before) || !isObject(own) || !isObject(now)) return [before, now]
    const renames = memberRenames(before.properties, own.properties)
    const taken = new Set(renames.values())
    const clashing = Object.keys(members(now.properties)).filter(
      (name) => taken.has(name) && !Object.hasOwn(members(before.properties), name),
    )
    clashes.push(...clashing)
    const [first, second] = [renamed(before, renames, []), renamed(now, renames, clashing)]
    const entries = Object.keys(first).map((key) => {
      const isBoth = Object.hasOwn(own, key) && Object.hasOwn(second, key)
      const [a, b] = isBoth ? align(first[key], own[key], second[key]) : [first[key], second[key]]
      return { key, a, b }
    })
    const more = Object.keys(second).filter((key) => !Object.hasOwn(first, key))
    return [
      Object.fromEntries(entries.map(({ key, a }) => [key, a])),
      Object.fromEntries([
        ...entries.flatMap(({ key, b }) => (Object.hasOwn(second, key) ? [[key, b] as const] : [])),
        ...more.map((key) => [key, second[key]] as const),
      ]),
    ]
  }
  const [before, now] = align(base, mine, theirs)
  return { base: before, theirs: now, clashes }
}

function renamed(
  schema: OpenApiObject,
  renames: ReadonlyMap<string, string>,
  without: readonly string[],
): OpenApiObject {
  if (renames.size === 0) return schema
  const { properties, required } = schema
  const own = Object.entries(members(properties)).filter(([name]) => !without.includes(name))
  return {
    ...schema,
    ...(isObject(properties) && {
      properties: Object.fromEntries(own.map(([name, value]) => [renames.get(name) ?? name, value])),
    }),
    ...(Array.isArray(required) && {
      required: required
        .filter((name) => !without.includes(String(name)))
        .map((name: unknown) => renames.get(String(name)) ?? name),
    }),
  }
}
