import { isObject } from '../../openapi/document.js'
import { NAMED_SUBSCHEMAS, SUBSCHEMA, SUBSCHEMAS } from '../../openapi/schema-places.js'
import type { SharedSchema } from './document-slice.js'

/** What is used of Ajv; `schemas` and `refs` are part of its declared types. */
export interface Ajv {
  addSchema(schema: unknown, key: string): unknown
  getSchema(key: string): unknown
  readonly schemas: Readonly<Record<string, SchemaEnvironment | undefined>>
}

/** Of a schema: what Ajv has made of its references, and of itself once it is compiled. */
interface SchemaEnvironment {
  readonly refs: Record<string, unknown>
  validate?: unknown
}

/** Which schemas are compiled: all that can be reached, or each when a value is first to be judged by it, where there are many. */
export type Compiling = 'all' | 'when reached'

/** Fewer are compiled at once: that takes no longer than some calls. */
const MANY = 50

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
  readonly #waiting = new Set<string>()
  #isCompiling = false

  constructor(
    readonly ajv: Ajv,
    readonly schemas: ReadonlyMap<string, SharedSchema>,
  ) {
    for (const [name, { schema }] of schemas) ajv.addSchema(schema, name)
  }

  /**
   * Sees to it that schemas and all that they refer to can be called, as far as that has not been done. Of some hundred types that
   * each request could have, one has a few; to compile all of them would keep the first request waiting for seconds.
   */
  prepare(names: Iterable<string>, which: Compiling): void {
    const reached = this.#inOrder(names, (name) => this.#references(name))
    const isLater = which === 'when reached' && reached.length > MANY
    for (const name of reached) {
      if (isLater) this.#compileLater(name)
      else this.#compile(name)
    }
  }

  #references(name: string): ReadonlySet<string> {
    return this.schemas.get(name)?.references ?? NONE
  }

  /** Those that are not compiled, and what they lead to, that first. */
  #inOrder(names: Iterable<string>, leadsTo: (name: string) => Iterable<string>): readonly string[] {
    const inOrder: string[] = []
    const entered = new Set<string>()
    const open: { readonly name: string; readonly next: Iterator<string> }[] = []
    const enter = (name: string): void => {
      if (entered.has(name) || this.#compiled.has(name)) return
      entered.add(name)
      open.push({ name, next: leadsTo(name)[Symbol.iterator]() })
    }
    for (const name of names) {
      enter(name)
      for (let top = open.at(-1); top; top = open.at(-1)) {
        const next = top.next.next()
        if (next.done !== true) enter(next.value)
        else {
          open.pop()
          inOrder.push(top.name)
        }
      }
    }
    return inOrder
  }

  /**
   * Compiles a schema, and before it those that judge the same value as it does, such as the type that one derives from, or the same
   * as a schema within it: which members they evaluate Ajv asks when it compiles, or else, at run time, only of those that found
   * nothing wrong, so that for one wrong member of a base type all others of it would be told to be unevaluated.
   */
  #compile(name: string): void {
    const needs = (of: string): Iterable<string> => {
      const schema = this.schemas.get(of)?.schema
      return [...appliedInPlace(schema), ...countedOn(schema)]
    }
    for (const each of this.#inOrder([name], needs)) this.#compileOne(each)
  }

  #compileOne(name: string): void {
    const references = this.#references(name)
    const own = this.ajv.schemas[name]
    // Called by its environment, which has it compiled by then.
    for (const reference of references) {
      const isLater = reference !== name && !this.#compiled.has(reference)
      if (own && isLater && this.#references(reference).size > 0)
        own.refs[reference] = this.ajv.schemas[reference]
    }
    // Without references it may be small enough to be copied to where it is used.
    if (references.size > 0) this.ajv.getSchema(name)
    this.#compiled.add(name)
  }

  /** Has a schema compiled when Ajv, or what Ajv has compiled, first asks its environment for what judges values. */
  #compileLater(name: string): void {
    const own = this.ajv.schemas[name]
    if (!own || this.#references(name).size === 0 || this.#waiting.has(name)) return
    this.#waiting.add(name)
    const settle = (value: unknown): void => {
      Object.defineProperty(own, 'validate', { value, writable: true, configurable: true, enumerable: true })
    }
    const get = (): unknown => {
      // While another one is compiled there is none, so that Ajv refers to the environment.
      if (this.#isCompiling) return undefined
      this.#isCompiling = true
      try {
        this.#compile(name)
        return own.validate
      } finally {
        this.#isCompiling = false
      }
    }
    Object.defineProperty(own, 'validate', { configurable: true, enumerable: true, get, set: settle })
  }
}

const NONE: ReadonlySet<string> = new Set()

/**
 * The schemas whose evaluated members a schema counts on: those that judge the same value as it does, or as a schema within it
 * that says something of members that are not evaluated (JSON Schema 2020-12, Core, 10.2 and 11).
 */
function countedOn(schema: unknown): readonly string[] {
  const inner = subschemas(schema, ALL_KEYWORDS).flatMap(countedOn)
  return isObject(schema) && UNEVALUATED.some((keyword) => schema[keyword] !== undefined)
    ? [...appliedInPlace(schema), ...inner]
    : inner
}

const UNEVALUATED = ['unevaluatedProperties', 'unevaluatedItems']

/** The schemas that a schema has judge the same value (JSON Schema 2020-12, Core, 10.2). */
function appliedInPlace(schema: unknown): readonly string[] {
  const own = isObject(schema) && typeof schema.$ref === 'string' ? [schema.$ref] : []
  return [...own, ...subschemas(schema, IN_PLACE).flatMap(appliedInPlace)]
}

const IN_PLACE: ReadonlySet<string> = new Set([
  ...['allOf', 'anyOf', 'oneOf', 'if', 'then', 'else', 'dependentSchemas'],
])
const ALL_KEYWORDS: ReadonlySet<string> = new Set([...SUBSCHEMA, ...SUBSCHEMAS, ...NAMED_SUBSCHEMAS])

/** The schemas that are values of keywords, each once. */
function subschemas(schema: unknown, keywords: ReadonlySet<string>): readonly unknown[] {
  if (!isObject(schema)) return []
  return Object.entries(schema).flatMap(([keyword, value]): readonly unknown[] => {
    if (!keywords.has(keyword)) return []
    if (Array.isArray(value)) return value as readonly unknown[]
    return NAMED_SUBSCHEMAS.has(keyword) && isObject(value) ? Object.values(value) : [value]
  })
}
