import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import { XSD } from '../../base/namespaces.js'
import type { QName } from '../../base/qname.js'
import type { BuiltInName, ComplexType, Facets, SimpleType, XsdType } from './model.js'

const at: SourceLocation = { file: 'XMLSchema.xsd', line: 1 }

type Bounds = Pick<Facets, 'minInclusive' | 'maxInclusive'>

function derive(name: BuiltInName, base: SimpleType, own: Partial<Facets> = {}): SimpleType {
  return {
    kind: 'simpleType',
    name: { namespace: XSD, localName: name },
    base,
    variety: 'atomic',
    builtIn: name,
    facets: { ...base.facets, ...own },
    at,
  }
}

function listOf(name: BuiltInName, itemType: SimpleType): SimpleType {
  const facets: Facets = { patterns: [], whiteSpace: 'collapse', minLength: 1 }
  return { ...derive(name, anySimpleType), variety: 'list', itemType, facets }
}

/** The root of the simple types (Part 2, 3.2 and Part 1, 3.14.7). */
export const anySimpleType: SimpleType = {
  kind: 'simpleType',
  name: { namespace: XSD, localName: 'anySimpleType' },
  variety: 'atomic',
  builtIn: 'anySimpleType',
  facets: { patterns: [], whiteSpace: 'preserve' },
  at,
}

/** The integers below xs:decimal with their ranges (Part 2, 3.3.13 and following): name, base, least, greatest. */
const integers: readonly (readonly [BuiltInName, BuiltInName, string | undefined, string | undefined])[] = [
  ['nonPositiveInteger', 'integer', undefined, '0'],
  ['negativeInteger', 'nonPositiveInteger', undefined, '-1'],
  ['long', 'integer', '-9223372036854775808', '9223372036854775807'],
  ['int', 'long', '-2147483648', '2147483647'],
  ['short', 'int', '-32768', '32767'],
  ['byte', 'short', '-128', '127'],
  ['nonNegativeInteger', 'integer', '0', undefined],
  ['unsignedLong', 'nonNegativeInteger', '0', '18446744073709551615'],
  ['unsignedInt', 'unsignedLong', '0', '4294967295'],
  ['unsignedShort', 'unsignedInt', '0', '65535'],
  ['unsignedByte', 'unsignedShort', '0', '255'],
  ['positiveInteger', 'nonNegativeInteger', '1', undefined],
]

/** The strings that narrow one another (Part 2, 3.3.2 to 3.3.11). */
const names: readonly (readonly [BuiltInName, BuiltInName])[] = [
  ['language', 'token'],
  ['NMTOKEN', 'token'],
  ['Name', 'token'],
  ['NCName', 'Name'],
  ['ID', 'NCName'],
  ['IDREF', 'NCName'],
  ['ENTITY', 'NCName'],
]

const primitives: readonly BuiltInName[] = [
  'boolean',
  'decimal',
  'float',
  'double',
  'duration',
  'dateTime',
  'time',
  'date',
  'gYearMonth',
  'gYear',
  'gMonthDay',
  'gDay',
  'gMonth',
  'hexBinary',
  'base64Binary',
  'anyURI',
  'QName',
  'NOTATION',
]

function build(): ReadonlyMap<string, SimpleType> {
  const types = new Map<string, SimpleType>([['anySimpleType', anySimpleType]])
  const need = (name: string): SimpleType => types.get(name) ?? anySimpleType
  const put = (type: SimpleType): void => void types.set(type.builtIn, type)
  put(derive('string', anySimpleType))
  put(derive('normalizedString', need('string'), { whiteSpace: 'replace' }))
  put(derive('token', need('normalizedString'), { whiteSpace: 'collapse' }))
  for (const [name, base] of names) put(derive(name, need(base)))
  for (const name of primitives) put(derive(name, anySimpleType, { whiteSpace: 'collapse' }))
  put(derive('integer', need('decimal'), { fractionDigits: 0 }))
  for (const [name, base, least, greatest] of integers) {
    const bounds: Bounds = {
      ...(least !== undefined && { minInclusive: least }),
      ...(greatest !== undefined && { maxInclusive: greatest }),
    }
    put(derive(name, need(base), bounds))
  }
  put(listOf('NMTOKENS', need('NMTOKEN')))
  put(listOf('IDREFS', need('IDREF')))
  put(listOf('ENTITIES', need('ENTITY')))
  return types
}

const simpleTypes = build()

/** The root of all types: any content, any attributes (Part 1, 3.4.7). It is its own base. */
export const anyType: ComplexType = rootType()

function rootType(): ComplexType {
  const wildcard = { kind: 'any', namespaces: { kind: 'any' }, processContents: 'lax', at } as const
  const type: { -readonly [K in keyof ComplexType]: ComplexType[K] } = {
    kind: 'complexType',
    name: { namespace: XSD, localName: 'anyType' },
    abstract: false,
    derivation: 'restriction',
    base: anySimpleType,
    attributes: [],
    attributeWildcard: wildcard,
    content: {
      kind: 'elements',
      mixed: true,
      particle: {
        minOccurs: 1,
        maxOccurs: 1,
        term: {
          kind: 'sequence',
          particles: [{ minOccurs: 0, maxOccurs: Infinity, term: wildcard }],
          at,
        },
      },
    },
    at,
  }
  type.base = type
  return type
}

/** A built-in simple type by its name. */
export function builtInType(name: BuiltInName): SimpleType {
  return simpleTypes.get(name) ?? anySimpleType
}

/** The built-in type that a name in the XML Schema namespace means, xs:anyType among them. */
export function findBuiltIn(name: QName): XsdType | undefined {
  if (name.namespace !== XSD) return undefined
  return name.localName === 'anyType' ? anyType : simpleTypes.get(name.localName)
}

export function isBuiltIn(type: XsdType): boolean {
  return type.at === at
}
