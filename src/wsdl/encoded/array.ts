import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { SOAP_ENCODING_11, SOAP_ENCODING_12, XSD } from '../../base/namespaces.js'
import type { QName } from '../../base/qname.js'
import { anyType } from '../../xsd/model/built-in-types.js'
import { madeType } from '../../xsd/model/made-type.js'
import type { ComplexType, ElementDeclaration, Particle, SoapArray, XsdType } from '../../xsd/model/model.js'

/** Makes types what SOAP encoding makes of them: EncodedTypes. */
export interface TypeEncoder {
  /** The namespace of the encoding. */
  readonly style: string
  type(type: XsdType): XsdType
  named(name: QName, at: SourceLocation): XsdType
  accessor(
    localName: string,
    type: XsdType,
    like: Pick<ElementDeclaration, 'nillable' | 'at'>,
  ): ElementDeclaration
}

const anyTypeName: QName = { namespace: XSD, localName: 'anyType' }

/** Is the type soapenc:Array, or does it derive from it? */
export function isSoapArray(type: ComplexType): boolean {
  for (let t: XsdType = type; t.kind === 'complexType' && t !== anyType; t = t.base) {
    const { localName, namespace } = t.name ?? {}
    if (localName === 'Array' && (namespace === SOAP_ENCODING_11 || namespace === SOAP_ENCODING_12))
      return true
  }
  return false
}

/**
 * A type that derives from soapenc:Array. Its wsdl:arrayType says what its members are (WSDL 1.1, 2.2), or the element
 * that its content declares; else they are anything.
 */
export function soapArrayOf(type: ComplexType, types: TypeEncoder): ComplexType {
  const arrayType = type.attributes.find((use) => use.arrayType)?.arrayType
  const declared = memberOf(type)
  const isAny = !declared && !arrayType
  const member = declared ?? { name: { namespace: '', localName: 'item' }, nillable: isAny, at: type.at }
  if (arrayType) {
    const { itemType, ranks } = arrayType
    return nested(type, { itemType, ranks, innermost: types.named(itemType, type.at), member }, types)
  }
  const innermost = types.type(declared?.type ?? anyType)
  const itemType = declared?.type.name ?? anyTypeName
  return nested(type, { itemType, ranks: [1], innermost, member }, types)
}

/** An array of one dimension that no schema defines. */
export function arrayOf(item: ComplexType, types: TypeEncoder, at: SourceLocation): ComplexType {
  const member = { name: { namespace: '', localName: 'item' }, nillable: true, at }
  const like = { ...anyType, name: { namespace: types.style, localName: 'Array' }, at }
  const itemType = item.name ?? anyTypeName
  return nested(like, { itemType, ranks: [1], innermost: types.type(item), member }, types)
}

interface Members {
  readonly itemType: QName
  /** Of each bracket pair, outermost last. */
  readonly ranks: readonly number[]
  readonly innermost: XsdType
  readonly member: Pick<ElementDeclaration, 'name' | 'nillable' | 'at'>
}

/** `int[,][]` is a list of tables: one type for each dimension, the outermost first. */
function nested(type: ComplexType, members: Members, types: TypeEncoder): ComplexType {
  const { itemType, ranks, innermost, member } = members
  let inner = ''
  let made: XsdType = innermost
  const outermost = ranks.length - 1
  ranks.forEach((rank, level) => {
    for (let dimension = rank; dimension > 0; dimension--) {
      const isOuter = dimension === 1
      const array: SoapArray = { itemType, inner, rank: isOuter ? rank : 0 }
      made = arrayType(level === outermost && isOuter ? type : { ...type, name: undefined }, {
        array,
        item: made,
        member,
        types,
      })
    }
    inner += `[${','.repeat(rank - 1)}]`
  })
  return made as ComplexType
}

function arrayType(
  { name, documentation, at }: ComplexType,
  {
    array,
    item,
    member,
    types,
  }: {
    readonly array: SoapArray
    readonly item: XsdType
    readonly member: Members['member']
    readonly types: TypeEncoder
  },
): ComplexType {
  const term: ElementDeclaration = {
    ...types.accessor(member.name.localName, item, member),
    // A slice is not an element of its own that could be nil.
    nillable: !isSlice(item),
    accessor: { nillable: isSlice(item) ? false : member.nillable, positional: true },
  }
  const items: Particle = { minOccurs: 0, maxOccurs: Infinity, term }
  return {
    ...madeType('sequence', [items], at),
    ...(name && { name }),
    ...(documentation !== undefined && { documentation }),
    encoded: { style: types.style, derived: [], array },
  }
}

function isSlice(item: XsdType): boolean {
  return item.kind === 'complexType' && item.encoded?.array?.rank === 0
}

/** The element that an array declares for its members. */
function memberOf({ content }: ComplexType): ElementDeclaration | undefined {
  const pending: Particle[] = content.kind === 'elements' ? [content.particle] : []
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.term.kind === 'element') return next.term
    if (next.term.kind !== 'any') for (const inner of next.term.particles) pending.push(inner)
  }
  return undefined
}
