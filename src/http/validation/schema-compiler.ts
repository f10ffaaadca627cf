import type { SharedSchema } from './document-slice.js'

/** What is used of Ajv; `schemas` and `refs` are part of its declared types. */
export interface Ajv {
  addSchema(schema: unknown, key: string): unknown
  getSchema(key: string): unknown
  readonly schemas: Readonly<Record<string, { readonly refs: Record<string, unknown> } | undefined>>
}

export function isAjv(value: unknown): value is Ajv {
  if (typeof value !== 'object' || value === null) return false
  return 'addSchema' in value && 'getSchema' in value && 'schemas' in value
}

/**
 * Compiles schemas that refer to each other one by one, those first that others refer to. Ajv by itself compiles what a
 * schema refers to within it, and what that refers to within that: some hundred types, each of which has the next, are
 * more than the stack holds.
 */
export class SchemaCompiler {
  readonly #compiled = new Set<string>()

  constructor(
    readonly ajv: Ajv,
    readonly schemas: ReadonlyMap<string, SharedSchema>,
  ) {
    for (const [name, { schema }] of schemas) ajv.addSchema(schema, name)
  }

  /** Compiles schemas and all that they refer to, as far as that has not been done. */
  compile(names: Iterable<string>): void {
    const entered = new Set<string>()
    const open: { readonly name: string; readonly references: Iterator<string> }[] = []
    const enter = (name: string): void => {
      if (entered.has(name) || this.#compiled.has(name)) return
      entered.add(name)
      open.push({ name, references: this.#references(name).values() })
    }
    for (const name of names) {
      enter(name)
      for (let top = open.at(-1); top; top = open.at(-1)) {
        const next = top.references.next()
        if (next.done !== true) enter(next.value)
        else {
          open.pop()
          this.#compileOne(top.name)
        }
      }
    }
  }

  #references(name: string): ReadonlySet<string> {
    return this.schemas.get(name)?.references ?? new Set()
  }

  #compileOne(name: string): void {
    const references = this.#references(name)
    const own = this.ajv.schemas[name]
    // Where types refer to each other in a circle: called when it has been compiled.
    for (const reference of references) {
      if (own && reference !== name && !this.#compiled.has(reference))
        own.refs[reference] = this.ajv.schemas[reference]
    }
    // Without references it may be small enough to be copied to where it is used.
    if (references.size > 0) this.ajv.getSchema(name)
    this.#compiled.add(name)
  }
}
