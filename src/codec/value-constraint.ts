import { type JsonValue } from '../json/value.js'
import { type ScalarMapping } from '../mapping/value-mapping.js'
import { type XmlReader } from '../xml/reader.js'
import { valueSpace } from '../xsd/value-space.js'
import { normalizeWhiteSpace } from '../xsd/white-space.js'
import { EncodeError, type JsonText, type Tag, type ValueCodec, type XmlText } from './codec.js'
import { escaped } from './escaped.js'
import { inPlace, RuleError } from './rule.js'
import { type ScalarCodec } from './scalar-codec.js'

/** `fixed` or `default` of an element or attribute declaration (XML Schema Part 1, 3.3.1 and 3.2.1). */
export class ValueConstraint {
  readonly #same: (lexical: string) => boolean

  constructor(
    { type }: ScalarMapping,
    readonly value: string,
    readonly isFixed: boolean,
  ) {
    const { canonical } = valueSpace(type.builtIn)
    const read = (lexical: string): string => canonical(normalizeWhiteSpace(type.facets.whiteSpace, lexical))
    const wanted = read(value)
    this.#same = (lexical) => read(lexical) === wanted
  }

  /**
   * What is written for a value. A fixed one is written as the schema writes it, for receivers that compare texts.
   *
   * @throws EncodeError
   */
  written(lexical: string): string {
    if (!this.isFixed) return lexical
    if (!this.#same(lexical)) throw new EncodeError(`must be ${this.value}`)
    return this.value
  }

  /** @throws RuleError for a value that is not the fixed one */
  check(lexical: string): void {
    if (this.isFixed && !this.#same(lexical)) throw new RuleError(`must be ${this.value}`)
  }
}

/** @returns the constraint of a declaration that has one */
export function valueConstraint(
  mapping: ScalarMapping,
  { fixed, default: preset }: { readonly fixed?: string | undefined; readonly default?: string | undefined },
): ValueConstraint | undefined {
  const value = fixed ?? preset
  return value === undefined ? undefined : new ValueConstraint(mapping, value, fixed !== undefined)
}

/** A simple value in an element with a constraint: where it is empty, it has that value (XML Schema Part 1, 3.3.4). */
export class ConstrainedScalarCodec implements ValueCodec {
  constructor(
    readonly scalar: ScalarCodec,
    readonly constraint: ValueConstraint,
  ) {}

  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    const lexical = this.constraint.written(this.scalar.toLexical(value))
    if (lexical === '' && this.constraint.value !== '') {
      throw new EncodeError('must not be empty: the backend takes an empty element for its default')
    }
    out.text += `${tag.open}>${escaped(lexical)}${tag.close}`
  }

  decode(reader: XmlReader, out: JsonText): void {
    const text = reader.text()
    const isEmpty = text === ''
    try {
      if (!isEmpty) this.constraint.check(text)
      out.value(this.toJson(isEmpty ? this.constraint.value : text, !isEmpty && reader.plain))
    } catch (error) {
      throw inPlace(reader, error)
    }
  }

  toJson(text: string, plain: boolean): string {
    return this.scalar.toJson(text, plain)
  }
}
