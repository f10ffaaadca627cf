import { SOAP_ENCODING_11 } from '../../base/namespaces.js'
import { isJsonObject, type JsonValue } from '../../json/value.js'
import type { ObjectMapping } from '../../mapping/canonical/value-mapping.js'
import type { SoapEncoded } from '../../xsd/model/model.js'
import { EncodeError, memberOf, type Tag, within, type XmlText } from '../codec.js'
import type { RepeatedElementCodec } from '../elements/repeated.js'
import { ObjectCodec, type ObjectParts } from '../objects/object.js'
import type { Prefixes } from '../prefixes.js'
import { ArrayCodec } from './array.js'

/** The attributes that say what an array of SOAP encoding has, by its sizes; each with a space before it. */
export type ArrayAttributes = (sizes: readonly number[]) => string

/**
 * SOAP 1.1, 5.4.2: `soapenc:arrayType="xsd:int[][3]"`; SOAP 1.2 Part 2, 3.1.6: `enc:itemType="xsd:int" enc:arraySize="3"`.
 */
export function arrayAttributes({ style, array }: SoapEncoded, prefixes: Prefixes): ArrayAttributes {
  const name = (localName: string): string => prefixes.qualified({ namespace: style, localName })
  const inner = array?.inner ?? ''
  const item = array ? prefixes.qualified(array.itemType) : ''
  if (style === SOAP_ENCODING_11) {
    return (sizes) => ` ${name('arrayType')}="${item}${inner}[${sizes.join(',')}]"`
  }
  const itemType = inner === '' ? item : name('Array')
  return (sizes) => ` ${name('itemType')}="${itemType}" ${name('arraySize')}="${sizes.join(' ')}"`
}

/** An array of SOAP encoding: the members of all of its dimensions in one row, the last running fastest. */
export class SoapArrayCodec extends ArrayCodec {
  constructor(
    readonly rank: number,
    readonly attributes: ArrayAttributes,
    compile: () => RepeatedElementCodec,
  ) {
    super(compile)
  }

  override encode(value: JsonValue, out: XmlText, tag: Tag): void {
    const sizes = new Array<number>(this.rank).fill(0)
    measure(value, sizes, 0)
    out.text += `${tag.open}${this.attributes(sizes)}>`
    this.item.encodeItems(value, out)
    out.text += tag.close
  }
}

/** One dimension within another: a JSON array of its own, but no element. */
export class SliceCodec extends ArrayCodec {
  override encode(value: JsonValue, out: XmlText): void {
    this.item.encodeItems(value, out)
  }
}

/** The same array as an object, for what is between a list and its element: `{ "item": […] }`. */
export class SoapArrayObjectCodec extends ObjectCodec {
  readonly rank: number
  readonly arrayAttributes: ArrayAttributes
  constructor(
    mapping: ObjectMapping,
    compile: () => ObjectParts,
    {
      isLenient,
      rank,
      arrayAttributes,
    }: { readonly isLenient: boolean; readonly rank: number; readonly arrayAttributes: ArrayAttributes },
  ) {
    super(mapping, compile, { isLenient })
    this.rank = rank
    this.arrayAttributes = arrayAttributes
  }

  override encodeAs(value: JsonValue, out: XmlText, tag: Tag, extra: string): void {
    const { content } = this.mapping
    const member = content?.kind === 'element' ? content.member.name : this.parts.content?.members[0]
    const items = isJsonObject(value) && member !== undefined ? memberOf(value, member) : undefined
    const sizes = new Array<number>(this.rank).fill(0)
    within(member ?? '', () => {
      measure(items ?? [], sizes, 0)
    })
    super.encodeAs(value, out, tag, extra + this.arrayAttributes(sizes))
  }
}

/** Fills in the size of each dimension: rows of one dimension are of one length. */
function measure(value: JsonValue, sizes: number[], dimension: number): void {
  if (!Array.isArray(value)) throw new EncodeError('must be an array')
  sizes[dimension] = value.length
  if (dimension + 1 === sizes.length) return
  value.forEach((row: JsonValue, index) => {
    within(index, () => {
      const expected = sizes[dimension + 1] ?? 0
      measure(row, sizes, dimension + 1)
      if (index > 0 && sizes[dimension + 1] !== expected)
        throw new EncodeError(`must have ${expected} items as the rows before it`)
    })
  })
}
