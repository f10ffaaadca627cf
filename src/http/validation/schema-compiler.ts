import { isObject } from '../../openapi/document.js'
import { appliedInPlace } from './in-place.js'
import type { Needs, SharedSchemas } from './shared-schemas.js'

/** What is used of Ajv; `schemas` and `refs` are part of its declared types. */
export interface Ajv {
  addFormat(name: string, format: object): unknown
  addSchema(schema: unknown, key: string): unknown
  getSchema(key: string): unknown
  readonly schemas: Readonly<Record<string, SchemaEnvironment | undefined>>
}

/** Of a schema: what Ajv has made of its references, and of itself once it is compiled. */
interface SchemaEnvironment {
  readonly refs: Record<string, unknown>
  validate?: unknown
}

/** Which schemas are compiled: all that can be reached, or each when a value is first to be judged by it. */
export type Compiling = 'all' | 'when reached'

export function isAjv(value: unknown): value is Ajv {
  if (typeof value !== 'object' || value === null) return false
  return ['addFormat', 'addSchema', 'getSchema', 'schemas'].every((member) => member in value)
}

/**
 * Compiles schemas that refer to each other one by one, those first that others refer to. Ajv by itself compiles what a
 * schema refers to within it, and what that refers to within that: some hundred types, each of which has the next, are
 * more than the stack holds. It is told of a schema when one that refers to it is compiled: of some hundred types that each request
 * could have, one has a few.
 */
export class SchemaCompiler {
  readonly #added = new Set<string>()
  readonly #compiled = new Set<string>()
  /** Those of which all is compiled that they reach. */
  readonly #whole = new Set<string>()
  #isCompiling = false

  constructor(
    readonly ajv: Ajv,
    readonly schemas: SharedSchemas,
  ) {}

  /** Sees to it that all that a schema needs is there when Ajv compiles it. */
  prepare(needs: Needs, which: Compiling): void {
    this.#provide(needs)
    if (which === 'when reached') return
    const pending = (name: string): Iterable<string> =>
      this.#whole.has(name) ? NONE : this.#references(name)
    const names = inOrder(needs.references, pending)
    for (const name of names) this.#compile(name)
    // Some lead to others that come after them: none is whole before all are.
    for (const name of names) this.#whole.add(name)
  }

  #references(name: string): ReadonlySet<string> {
    return this.schemas.get(name)?.references ?? NONE
  }

  #provide({ references, formats }: Needs): void {
    for (const [name, validate] of formats) this.ajv.addFormat(name, { type: 'string', validate })
    for (const name of references) this.#add(name)
  }

  #add(name: string): void {
    const shared = this.schemas.get(name)
    if (!shared || this.#added.has(name)) return
    this.ajv.addSchema(shared.schema, name)
    this.#added.add(name)
    // Without references it may be small enough to be copied to where it is used.
    if (shared.references.size > 0) this.#compileLater(name)
    else this.#provide(shared)
  }

  /**
   * Compiles a schema, and before it those that judge the same value as it does, such as the type that one derives from: which
   * members they evaluate Ajv asks when it compiles, or else, at run time, only of those that found nothing wrong, so that for
   * one wrong member of a base type all others of it would be told to be unevaluated.
   */
  #compile(name: string): void {
    const inPlace = (of: string): Iterable<string> =>
      this.#compiled.has(of) ? NONE : appliedInPlace(this.schemas.get(of)?.schema)
    this.#isCompiling = true
    try {
      for (const each of inOrder([name], inPlace)) if (!this.#compiled.has(each)) this.#compileOne(each)
    } finally {
      this.#isCompiling = false
    }
  }

  #compileOne(name: string): void {
    const shared = this.schemas.get(name)
    this.#add(name)
    if (shared && shared.references.size > 0) {
      this.#provide(shared)
      const own = this.ajv.schemas[name]
      // Called by its environment, which has it compiled by then.
      for (const reference of shared.references) {
        const isLater = reference !== name && !this.#compiled.has(reference)
        if (own && isLater && this.#references(reference).size > 0)
          own.refs[reference] = this.ajv.schemas[reference]
      }
      try {
        this.ajv.getSchema(name)
      } catch (error) {
        // Where the stack was too full for it, because of the value, the next value may find it empty; Ajv has forgotten the getter.
        this.#compileLater(name)
        throw error
      }
    }
    this.#compiled.add(name)
  }

  /** Has a schema compiled when Ajv, or what Ajv has compiled, first asks its environment for what judges values. */
  #compileLater(name: string): void {
    const own = this.ajv.schemas[name]
    if (!own) return
    const settle = (value: unknown): void => {
      keepEvaluated(value)
      Object.defineProperty(own, 'validate', { value, writable: true, configurable: true, enumerable: true })
    }
    const get = (): unknown => {
      // While another one is compiled there is none, so that Ajv refers to the environment.
      if (this.#isCompiling) return undefined
      this.#compile(name)
      return own.validate
    }
    Object.defineProperty(own, 'validate', { configurable: true, enumerable: true, get, set: settle })
  }
}

/**
 * Has a function that Ajv has compiled give a copy of the names that it evaluates. A schema which was compiled before this one was
 * takes them at run time, and adds its own names to them: they would count as evaluated wherever the function is called from then
 * on. Names that are found at run time are made for each call.
 */
function keepEvaluated(validate: unknown): void {
  if (typeof validate !== 'function') return
  const evaluated: unknown = Reflect.get(validate, 'evaluated')
  if (!isObject(evaluated) || evaluated.dynamicProps === true) return
  const { props } = evaluated
  if (isObject(props)) Object.defineProperty(evaluated, 'props', { get: () => ({ ...props }) })
}

const NONE: ReadonlySet<string> = new Set()

/** Names and all that they lead to, that first, each once; without recursion, however long a chain is. */
function inOrder(names: Iterable<string>, leadsTo: (name: string) => Iterable<string>): readonly string[] {
  const found: string[] = []
  const entered = new Set<string>()
  const open: { readonly name: string; readonly next: Iterator<string> }[] = []
  const enter = (name: string): void => {
    if (entered.has(name)) return
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
        found.push(top.name)
      }
    }
  }
  return found
}
