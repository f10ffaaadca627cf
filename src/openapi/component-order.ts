import { isObject, type OpenApiObject } from './object.js'

const COMPONENT = '#/components/schemas/'

/**
 * Names of component schemas, each after those that it refers to: options, unions, users. Of schemas that refer to one
 * another, unions come first, those with the most options before others.
 *
 * express-openapi-validator 5.6, which clients may judge their requests with, takes the options of the first union that it
 * comes upon for those of every other union below it; in this order it comes upon each union by itself.
 */
export function inUseOrder(schemas: OpenApiObject): readonly string[] {
  return components(schemas).flatMap((group) =>
    group.sort((a, b) => optionsOf(schemas[b]) - optionsOf(schemas[a])),
  )
}

interface Visit {
  readonly name: string
  readonly pending: string[]
}

/** Groups of schemas that refer to one another, what they refer to first (R. Tarjan, 1972). */
function components(schemas: OpenApiObject): string[][] {
  const index = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: string[] = []
  const open = new Set<string>()
  const groups: string[][] = []
  const begin = (name: string): Visit => {
    index.set(name, index.size)
    low.set(name, index.size - 1)
    stack.push(name)
    open.add(name)
    return {
      name,
      pending: referredIn(schemas[name])
        .filter((each) => Object.hasOwn(schemas, each))
        .reverse(),
    }
  }
  const lower = (name: string, to: number | undefined): void => {
    low.set(name, Math.min(low.get(name) ?? 0, to ?? Infinity))
  }
  for (const first of Object.keys(schemas)) {
    const visits = index.has(first) ? [] : [begin(first)]
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const { name, pending } = visit
      const next = pending.pop()
      if (next !== undefined && !index.has(next)) visits.push(begin(next))
      else if (next !== undefined) lower(name, open.has(next) ? index.get(next) : undefined)
      else {
        visits.pop()
        const outer = visits.at(-1)
        if (outer) lower(outer.name, low.get(name))
        if (low.get(name) === index.get(name)) groups.push(closed(stack, open, name))
      }
    }
  }
  return groups
}

function closed(stack: string[], open: Set<string>, last: string): string[] {
  const group = stack.splice(stack.lastIndexOf(last)).reverse()
  for (const name of group) open.delete(name)
  return group
}

function optionsOf(schema: unknown): number {
  if (!isObject(schema) || schema.discriminator === undefined) return 0
  const options = schema.oneOf ?? schema.anyOf
  return Array.isArray(options) ? options.length : 0
}

/** Names of the component schemas that a schema refers to, in their order. */
function referredIn(schema: unknown): string[] {
  const found = new Set<string>()
  const look = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(look)
    else if (isObject(value)) Object.values(value).forEach(look)
    else if (typeof value === 'string' && value.startsWith(COMPONENT))
      found.add(value.slice(COMPONENT.length))
  }
  look(schema)
  return [...found]
}
