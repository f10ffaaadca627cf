import type { Diagnostics, SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { didYouMean } from '../../base/diagnostic/did-you-mean.js'
import type { Environment } from '../../base/environment.js'
import { isObject, type OpenApiDocument, type OpenApiObject } from '../../openapi/document.js'
import { join } from '../../openapi/pointer.js'
import { expand } from './environment.js'

interface Presence {
  /** Whether it is an error that the key is missing; by default it is none. */
  readonly required?: boolean
}

/** What the values of an annotation are read against. */
export interface AnnotationContext {
  readonly document: OpenApiDocument
  readonly diagnostics: Diagnostics
  /** By default there are no variables. */
  readonly env?: Environment
  /** What paths of files are relative to; by default the working directory. */
  readonly baseDir?: string
}

/** Reads one object of the annotation: what is of the wrong kind, and what is left over, is reported. */
export class AnnotationReader {
  readonly #seen = new Set<string>()
  readonly document: OpenApiDocument
  readonly diagnostics: Diagnostics
  readonly env: Environment
  readonly baseDir: string

  constructor(
    readonly context: AnnotationContext,
    readonly value: OpenApiObject,
    readonly pointer: string,
  ) {
    this.document = context.document
    this.diagnostics = context.diagnostics
    this.env = context.env ?? {}
    this.baseDir = context.baseDir ?? '.'
  }

  at(key: string): SourceLocation {
    return this.document.locate(join(this.pointer, key))
  }

  text(key: string, { required = false }: Presence = {}): string | undefined {
    const value = this.#take(key)
    if (typeof value === 'string' && value !== '') return value
    if (value !== undefined || required) this.#expected(key, 'a text')
    return undefined
  }

  /** A text with `${NAME}` for values of the environment. */
  expanded(key: string, { required = false }: Presence = {}): string | undefined {
    const text = this.text(key, { required })
    return text === undefined ? undefined : expand(text, this.env, this.at(key), this.diagnostics)
  }

  /** A text that must come from the environment or a file whole, so that no contract ever holds it. */
  secret(key: string, { required = false }: Presence = {}): string | undefined {
    const text = this.text(key, { required })
    if (text === undefined) return undefined
    if (/^\$\{[^}:]+\}$/.test(text)) return expand(text, this.env, this.at(key), this.diagnostics)
    this.diagnostics.error(
      'secret-in-contract',
      `${key} is a secret: write \${NAME} and nothing else, and set NAME, or NAME_FILE, where the service runs.`,
      this.at(key),
    )
    return undefined
  }

  flag(key: string): boolean | undefined {
    const value = this.#take(key)
    if (value === undefined || typeof value === 'boolean') return value
    this.#expected(key, 'true or false')
    return undefined
  }

  /** One of a few words. */
  word<T extends string>(
    key: string,
    words: readonly T[],
    { required = false }: Presence = {},
  ): T | undefined {
    const value = this.#take(key)
    const word = words.find((each) => each === value)
    if (word === undefined && (value !== undefined || required)) this.#expected(key, words.join(' or '))
    return word
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.#take(key)
    if (value === undefined) return undefined
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
    this.#expected(key, 'a list of texts')
    return undefined
  }

  /** Reads a map with keys of its own; whoever reads it calls its `end`. */
  nested(key: string): AnnotationReader | undefined {
    const value = this.#take(key)
    if (value === undefined) return undefined
    if (isObject(value)) {
      return new AnnotationReader(this.context, value, join(this.pointer, key))
    }
    this.#expected(key, 'a map')
    return undefined
  }

  /** Reads a list of maps with keys of their own; whoever reads them calls their `end`. */
  entries(key: string): readonly AnnotationReader[] | undefined {
    const value = this.#take(key)
    if (value === undefined) return undefined
    if (Array.isArray(value) && value.every(isObject)) {
      return value.map(
        (item, index) => new AnnotationReader(this.context, item, join(this.pointer, key, String(index))),
      )
    }
    this.#expected(key, 'a list of maps')
    return undefined
  }

  /** Of a key that is out of place enough is said by whoever calls this. */
  ignore(key: string): void {
    this.#take(key)
  }

  positive(key: string, limit = Number.MAX_SAFE_INTEGER): number | undefined {
    const value = this.#take(key)
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= limit) return value
    this.#expected(key, limit === 100 ? 'a whole number from 1 to 100' : 'a whole number above 0')
    return undefined
  }

  /** A whole number from 0. */
  natural(key: string): number | undefined {
    const value = this.#take(key)
    if (value === undefined) return undefined
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    this.#expected(key, 'a whole number from 0')
    return undefined
  }

  object(key: string): OpenApiObject {
    const value = this.#take(key)
    if (isObject(value)) return value
    if (value !== undefined) this.#expected(key, 'a map')
    return {}
  }

  /**
   * Reports the keys that nobody has read.
   *
   * @param others keys that could have stood there instead
   */
  end(...others: readonly string[]): void {
    const known = [...this.#seen, ...others]
    for (const key of Object.keys(this.value)) {
      if (this.#seen.has(key)) continue
      this.diagnostics.error(
        'annotation-unknown',
        `There is no ${key} in ${this.pointer.split('/').includes('x-soap') ? 'x-soap' : 'x-soap-backends'}; there is ${known.join(', ')}.${didYouMean(key, known)}`,
        this.at(key),
      )
    }
  }

  #take(key: string): unknown {
    this.#seen.add(key)
    return this.value[key]
  }

  #expected(key: string, kind: string): void {
    const problem = this.value[key] === undefined ? 'is missing; it is' : 'must be'
    this.diagnostics.error('annotation-invalid', `${key} ${problem} ${kind}.`, this.at(key))
  }
}

/** A property that is left out where it has no value. */
export function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>)
}
