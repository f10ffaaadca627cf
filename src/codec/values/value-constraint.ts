import type { JsonValue } from '../../json/value.js'
import type { ScalarMapping } from '../../mapping/canonical/value-mapping.js'
import { escapeAttribute } from '../../xml/escape.js'
import type { XmlReader } from '../../xml/reader.js'
import { canonicalOf } from '../../xsd/values/facets.js'
import { normalizeWhiteSpace } from '../../xsd/values/white-space.js'
import { EncodeError, type Tag, type ValueCodec, type XmlText } from '../codec.js'
import type { JsonText } from '../json/text.js'
import { escaped } from './escaped.js'
import { inPlace, RuleError } from './rule.js'
import type { ScalarCodec } from './scalar-codec.js'

/** `fixed` or `default` of an element or attribute declaration (XML Schema Part 1, 3.3.1 and 3.2.1). */
export class ValueConstraint {
  readonly #same: (lexical: string) => boolean
  readonly isFixed: boolean

  constructor(
    { type }: ScalarMapping,
    readonly value: string,
    { isFixed }: { readonly isFixed: boolean },
  ) {
    this.isFixed = isFixed
    const canonical = canonicalOf(type)
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
  return value === undefined
    ? undefined
    : new ValueConstraint(mapping, value, { isFixed: fixed !== undefined })
}

/**
 * The value of a constraint as an element holds it, for elements that no request says anything of.
 *
 * @param codec of the value
 */
export function constrainedElement({ value }: ValueConstraint, codec: ScalarCodec, tag: Tag): string {
  return tag.open + insideOf(value, codec) + tag.close
}

/** The end of a start tag, and a lexical form after it. */
function insideOf(value: string, codec: ScalarCodec): string {
  const { declaration, lexical } = codec.names?.prefixed(value, 'q') ?? { declaration: '', lexical: value }
  return `${declaration}>${escaped(lexical)}`
}

/**
 * The same as an attribute holds it.
 *
 * @param open the attribute's name with what surrounds it: ` n1:unit="`
 * @param prefix for names in the value
 */
export function constrainedAttribute(
  { value }: ValueConstraint,
  codec: ScalarCodec,
  { open, prefix }: { readonly open: string; readonly prefix: string },
): string {
  const { declaration, lexical } = codec.names?.prefixed(value, prefix) ?? { declaration: '', lexical: value }
  return `${declaration}${open}${escaped(lexical, escapeAttribute)}"`
}

/** A simple value in an element with a constraint: where it is empty, it has that value (XML Schema Part 1, 3.3.4). */
export class ConstrainedScalarCodec implements ValueCodec {
  constructor(
    readonly scalar: ScalarCodec,
    readonly constraint: ValueConstraint,
  ) {}

  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    out.text += tag.open + this.written(value) + tag.close
  }

  /** What is written where nothing is said, from the end of the start tag on. */
  get own(): string {
    return insideOf(this.constraint.value, this.scalar)
  }

  /** The end of the start tag, and the text. @throws EncodeError */
  written(value: JsonValue): string {
    const given = this.constraint.written(this.scalar.toLexical(value))
    if (given === '' && this.constraint.value !== '') {
      throw new EncodeError('must not be empty: the backend takes an empty element for its default')
    }
    return insideOf(given, this.scalar)
  }

  decode(reader: XmlReader, out: JsonText): void {
    this.decodeContent(reader, out)
  }

  /** Reads what stands between the tags, and the end tag. */
  decodeContent(reader: XmlReader, out: JsonText): void {
    // Octets beside the envelope are none that a schema fixes.
    if (this.scalar.isBinary && (out.isTaker || reader.hasElements())) {
      this.scalar.decodeContent(reader, out)
      return
    }
    const text = reader.text()
    const isEmpty = text === ''
    const given = isEmpty ? this.constraint.value : (this.scalar.names?.resolved(text, reader) ?? text)
    try {
      if (!isEmpty) this.constraint.check(given)
      out.value(this.toJson(given, !isEmpty && reader.plain))
    } catch (error) {
      throw inPlace(reader, error)
    }
  }

  toJson(text: string, plain: boolean): string {
    return this.scalar.toJson(text, plain)
  }
}
