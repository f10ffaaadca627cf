import { isObject, type Located, type OpenApiObject } from '../document.js'
import { join, steps, valueAt } from '../pointer.js'
import type { Conversion } from './conversion.js'
import { Exactness } from './exactness.js'
import { Notes } from './notes.js'
import { saysNothingBeside, takesNull, withNull } from './nulls.js'
import { schema30 } from './schema.js'
import type { Schema30 } from './schema30.js'

const COMPONENT = /^#\/components\/schemas\/[^/]+$/
const SCALARS = new Set(['string', 'number', 'integer', 'boolean'])

/** One conversion of one document: its notes, and the schemas that it adds to those that have a name. */
export class Converter implements Conversion {
  readonly notes = new Notes()
  readonly exactness: Exactness
  readonly #pending: [name: string, make: () => Schema30][] = []
  readonly #names = new Set<string>()
  /** The name of what was added, by what it was added for. */
  readonly #addedFor = new Map<string, string>()

  constructor(readonly root: OpenApiObject) {
    this.exactness = new Exactness(root)
    const schemas = valueAt(root, '/components/schemas')
    if (isObject(schemas)) for (const name of Object.keys(schemas)) this.#names.add(name)
  }

  /** Schemas that the 3.1 document has elsewhere than under `components/schemas`, and those that may be `null` too. */
  added(): OpenApiObject {
    const added: [string, Schema30][] = []
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      const [name, make] = next
      added.push([name, make()])
    }
    return Object.fromEntries(added)
  }

  schema(value: unknown, pointer: string): Schema30 {
    return schema30(value, pointer, this)
  }

  oneOfThese(kinds: readonly Located[]): Schema30 {
    const schemas = kinds.map(({ value, pointer }) => this.schema(value, pointer))
    const [only] = schemas
    return only && schemas.length === 1 ? only : { anyOf: schemas }
  }

  reference(target: string): string | undefined {
    const value = target.startsWith('#') ? valueAt(this.root, target) : undefined
    if (value === undefined || COMPONENT.test(target)) return value === undefined ? undefined : target
    const pointer = join('', ...steps(target))
    return this.#add(pointer, steps(target).at(-1) ?? '', () => this.schema(value, pointer))
  }

  nullable(target: string): Schema30 | undefined {
    const located = this.#follow(target)
    if (!located || !takesNull(located.value)) return undefined
    const { value, pointer } = located
    if (SCALARS.has(value.type)) return withNull(this.schema(value, pointer))
    const name = `${steps(pointer).at(-1) ?? ''}OrNull`
    return { $ref: this.#add(`${pointer} or null`, name, () => withNull(this.schema(value, pointer))) }
  }

  map(value: unknown, pointer: string, write: (value: unknown, pointer: string) => unknown): OpenApiObject {
    if (!isObject(value)) return {}
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, write(member, join(pointer, name))]),
    )
  }

  /** Follows references that lead to others. */
  #follow(target: string): { readonly value: OpenApiObject; readonly pointer: string } | undefined {
    let next = target
    for (const seen = new Set<string>(); !seen.has(next);) {
      seen.add(next)
      const value = next.startsWith('#') ? valueAt(this.root, next) : undefined
      if (!isObject(value)) return undefined
      if (typeof value.$ref !== 'string') return { value, pointer: join('', ...steps(next)) }
      if (!saysNothingBeside(value, '$ref')) return undefined
      next = value.$ref
    }
    return undefined
  }

  /** @param make is called once for each key, later: schemas may hold themselves */
  #add(key: string, wanted: string, make: () => Schema30): string {
    let name = this.#addedFor.get(key)
    if (name === undefined) {
      name = this.#freeName(wanted.replace(/[^A-Za-z0-9._-]/g, '_'))
      this.#addedFor.set(key, name)
      this.#pending.push([name, make])
    }
    return `#/components/schemas/${name}`
  }

  #freeName(wanted: string): string {
    const base = wanted === '' || /^\d+$/.test(wanted) ? `Schema${wanted}` : wanted
    let name = base
    for (let number = 2; this.#names.has(name); number++) name = `${base}${number}`
    this.#names.add(name)
    return name
  }
}
