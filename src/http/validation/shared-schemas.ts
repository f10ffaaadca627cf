import type { OpenApiObject } from '../../openapi/document.js'
import { valueAt } from '../../openapi/pointer.js'
import { validationSchema } from './schema.js'

/** What has to be known of a schema before it can be compiled. */
export interface Needs {
  /** The names of the shared schemas that it refers to by itself. */
  readonly references: ReadonlySet<string>
  /** Formats that stand for patterns. */
  readonly formats: ReadonlyMap<string, (text: string) => boolean>
}

export interface SharedSchema extends Needs {
  readonly schema: object
}

/** Characters of the schemas of a document as JSON. */
const LARGE = 200_000
const LARGE_ROOTS = new WeakMap<OpenApiObject, boolean>()

/**
 * The schemas that operations reach by reference, by the names that they are referred to by. Each is rewritten once, when it is
 * first asked for: of some hundred a request has a few.
 */
export class SharedSchemas {
  readonly #names = new Map<string, string>()
  readonly #pending = new Map<string, string>()
  readonly #schemas = new Map<string, SharedSchema>()
  #count = 0

  constructor(readonly root: OpenApiObject) {}

  /** Whether the document has so many that they are compiled as their code comes, without making it smaller, which may take minutes. */
  get areLarge(): boolean {
    const { root } = this
    let areLarge = LARGE_ROOTS.get(root)
    if (areLarge === undefined) {
      areLarge = JSON.stringify(valueAt(root, '#/components/schemas') ?? {}).length > LARGE
      LARGE_ROOTS.set(root, areLarge)
    }
    return areLarge
  }

  /** @returns undefined where nothing has referred to it */
  get(name: string): SharedSchema | undefined {
    const ref = this.#pending.get(name)
    if (ref !== undefined) {
      const [schema, needs] = this.rewriting((rewrite) => rewrite(valueAt(this.root, ref)))
      this.#schemas.set(name, { schema, ...needs })
      // What cannot be rewritten stays pending, and is refused whenever it is asked for.
      this.#pending.delete(name)
    }
    return this.#schemas.get(name)
  }

  /**
   * Gives away all that have been referred to, and all that those reach, one after the other, so that there is never room taken
   * for all of them. None can be asked for afterwards.
   *
   * @returns by name; undefined for one that cannot be rewritten
   */
  *givenAway(): Iterable<readonly [name: string, schema: SharedSchema | undefined]> {
    yield* this.#taken()
    for (const name of this.#pending.keys()) {
      try {
        this.get(name)
      } catch {
        yield [name, undefined]
      }
      yield* this.#taken()
    }
  }

  #taken(): Iterable<readonly [string, SharedSchema]> {
    const taken = [...this.#schemas]
    this.#schemas.clear()
    return taken
  }

  /** What is made with schemas that are rewritten meanwhile, and what these need. */
  rewriting<T>(make: (rewrite: (schema: unknown) => object) => T): readonly [T, Needs] {
    const references = new Set<string>()
    const formats = new Map<string, (text: string) => boolean>()
    const needs = { references, formats }
    const referTo = (name: string): string => {
      references.add(name)
      return name
    }
    const parts = new Map<string, SharedSchema>()
    const rewriting = {
      refer: (ref: string) => referTo(this.#nameOf(ref)),
      format: (name: string, test: (text: string) => boolean) => formats.set(name, test),
      // A part needs what the schema needs that it is a part of.
      share: (part: object) => {
        const name = this.#newName()
        parts.set(name, { schema: part, ...needs })
        return referTo(name)
      },
    }
    const made = make((schema) => validationSchema(schema, this.root, rewriting))
    for (const [name, part] of parts) this.#schemas.set(name, part)
    return [made, needs]
  }

  #nameOf(ref: string): string {
    const known = this.#names.get(ref)
    if (known !== undefined) return known
    const name = this.#newName()
    this.#names.set(ref, name)
    this.#pending.set(name, ref)
    return name
  }

  /** Absolute, so that it means the same in whatever schema it stands. */
  #newName(): string {
    return `shared:${this.#count++}`
  }
}
