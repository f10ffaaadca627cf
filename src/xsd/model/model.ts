import type { Diagnostic, SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { QName } from '../../base/qname.js'

/**
 * The schema components of XML Schema 1.0 Part 1, section 2.2, resolved: references are object
 * references, extensions and groups are expanded, anonymous types have no name. Graphs may be cyclic.
 */
export interface SchemaSet {
  /** Global components by Clark name. */
  readonly elements: ReadonlyMap<string, ElementDeclaration>
  readonly attributes: ReadonlyMap<string, AttributeDeclaration>
  readonly types: ReadonlyMap<string, XsdType>
  /** Members of each substitution group by the head's Clark name: transitive, without abstract ones, document order. */
  readonly substitutionGroups: ReadonlyMap<string, readonly ElementDeclaration[]>
  /** Named types derived from a type, directly or not (abstract ones included), by the base's Clark name, document order. */
  readonly derivedTypes: ReadonlyMap<string, readonly XsdType[]>
  /** Global elements and types that are in none of these, since they are wrong or need what is; each with the error. */
  readonly unusable: {
    readonly elements: ReadonlyMap<string, Diagnostic>
    readonly types: ReadonlyMap<string, Diagnostic>
  }
}

export type XsdType = SimpleType | ComplexType

export interface Annotated {
  /** Text of xs:annotation/xs:documentation, white space collapsed. */
  readonly documentation?: string | undefined
  readonly at: SourceLocation
}

export interface ElementDeclaration extends Annotated {
  readonly kind: 'element'
  /** As it stands in instances: namespace '' where unqualified. */
  readonly name: QName
  readonly type: XsdType
  readonly nillable: boolean
  readonly abstract: boolean
  /** White space dealt with where the content is simple, qualified names in Clark notation; `fixed` too. */
  readonly default?: string | undefined
  readonly fixed?: string | undefined
  readonly global: boolean
  readonly substitutionGroup?: QName | undefined
  /** Keys of what is below it, which the codec does not check; absent where there are none. */
  readonly identityConstraints?: readonly IdentityConstraint[] | undefined
  /** Present where the element is an accessor of SOAP encoding. */
  readonly accessor?: Accessor | undefined
}

/** A key that an element declares for what is below it (Part 1, 3.11), without its name. */
export interface IdentityConstraint {
  /** What the fields of a key select is there; values that are unique may be absent. */
  readonly kind: 'key' | 'unique'
  /** Alternatives. */
  readonly selector: readonly IdentityPath[]
  /** The alternatives of each field. */
  readonly fields: readonly (readonly IdentityPath[])[]
}

/** A path of XPath as Part 1, 3.11.6, allows it. */
export interface IdentityPath {
  /** It begins at any depth. */
  readonly isDeep: boolean
  /** Empty for the element itself. */
  readonly steps: readonly NameTest[]
}

export interface NameTest {
  readonly isAttribute: boolean
  /** Absent for any. */
  readonly namespace?: string
  readonly localName?: string
}

/** What SOAP encoding makes of an element (SOAP 1.1, 5.1): any accessor may be nil, whatever the XSD says. */
export interface Accessor {
  /** Whether the XSD says so too. */
  readonly nillable: boolean
  /** A member of an array, told by its position: its name means nothing (SOAP 1.1, 5.4.2). */
  readonly positional: boolean
}

/** What SOAP encoding makes of a complex type: no attributes, and accessors in any order (SOAP 1.1, 5.4). */
export interface SoapEncoded {
  /** The namespace of the encoding. */
  readonly style: string
  /** The same of the concrete types that derive from it. */
  readonly derived: readonly ComplexType[]
  /** Of arrays. */
  readonly array?: SoapArray | undefined
}

/** An array of SOAP encoding (SOAP 1.1, 5.4.2; SOAP 1.2 Part 2, 3.1.6). */
export interface SoapArray {
  /** Of the innermost members where arrays nest. */
  readonly itemType: QName
  /** Brackets of the arrays that are its members: `[,]` of `int[,][]`; empty where members are no arrays. */
  readonly inner: string
  /** How many dimensions the array has, each a JSON array; 0 for one that is a slice of the array around it. */
  readonly rank: number
}

export interface AttributeDeclaration extends Annotated {
  readonly kind: 'attribute'
  /** As it stands in instances: namespace '' where unqualified. */
  readonly name: QName
  readonly type: SimpleType
  readonly default?: string | undefined
  readonly fixed?: string | undefined
}

export interface AttributeUse {
  readonly attribute: AttributeDeclaration
  readonly required: boolean
  /** Of the use, or else of the declaration. */
  readonly default?: string | undefined
  readonly fixed?: string | undefined
  /** soapenc:arrayType's wsdl:arrayType, where a restriction of soapenc:Array gives it (WSDL 1.1, 2.2): `{ns}name[]`. */
  readonly arrayType?: ArrayType | undefined
}

export interface ArrayType {
  readonly itemType: QName
  /** Rank of each bracket pair, outermost last: `[]` is [1], `[,][]` is [2, 1]. */
  readonly ranks: readonly number[]
}

export interface ComplexType extends Annotated {
  readonly kind: 'complexType'
  /** Absent on anonymous types. */
  readonly name?: QName | undefined
  readonly abstract: boolean
  readonly derivation: 'restriction' | 'extension'
  readonly base: XsdType
  /** All attribute uses, inherited ones first; prohibited ones left out. */
  readonly attributes: readonly AttributeUse[]
  readonly attributeWildcard?: Wildcard | undefined
  readonly content: ComplexContent
  /** Present where the type is one of SOAP encoding. */
  readonly encoded?: SoapEncoded | undefined
}

export type ComplexContent =
  | { readonly kind: 'empty' }
  | { readonly kind: 'simple'; readonly type: SimpleType }
  /** The whole model: an extension is a sequence of the base's particle and its own. */
  | { readonly kind: 'elements'; readonly mixed: boolean; readonly particle: Particle }

export interface Particle {
  readonly minOccurs: number
  /** `Infinity` for unbounded. */
  readonly maxOccurs: number
  readonly term: Term
}

export type Term = ElementDeclaration | ModelGroup | Wildcard

export interface ModelGroup extends Annotated {
  readonly kind: 'sequence' | 'choice' | 'all'
  readonly particles: readonly Particle[]
  /** Of the xs:group definition that it comes from. */
  readonly name?: QName | undefined
}

export interface Wildcard extends Annotated {
  readonly kind: 'any'
  readonly namespaces:
    | { readonly kind: 'any' }
    /** Any but these; '' is not a namespace. */
    | { readonly kind: 'not'; readonly namespaces: readonly string[] }
    | { readonly kind: 'only'; readonly namespaces: readonly string[] }
  readonly processContents: 'strict' | 'lax' | 'skip'
}

export interface SimpleType extends Annotated {
  readonly kind: 'simpleType'
  /** Absent on anonymous types. */
  readonly name?: QName | undefined
  /** Absent on anySimpleType alone. */
  readonly base?: SimpleType | undefined
  readonly variety: 'atomic' | 'list' | 'union'
  /**
   * The nearest built-in ancestor (XML Schema Part 2, section 3): `string`, `decimal`, `int`, `date`, ….
   * `anySimpleType` for lists and unions.
   */
  readonly builtIn: BuiltInName
  readonly itemType?: SimpleType | undefined
  readonly memberTypes?: readonly SimpleType[] | undefined
  /** In force here: this type's and its ancestors'. */
  readonly facets: Facets
}

export interface Facets {
  readonly length?: number
  readonly minLength?: number
  readonly maxLength?: number
  /** One entry for each derivation step; alternatives of a step are one expression. All must match. */
  readonly patterns: readonly Pattern[]
  readonly enumeration?: readonly Enumerated[]
  readonly whiteSpace: 'preserve' | 'replace' | 'collapse'
  /** Bounds in lexical form. */
  readonly minInclusive?: string
  readonly maxInclusive?: string
  readonly minExclusive?: string
  readonly maxExclusive?: string
  readonly totalDigits?: number
  readonly fractionDigits?: number
}

export interface Pattern {
  /** As the schema writes it; alternatives of one step joined by `|`. */
  readonly source: string
  /** Its JavaScript translation, anchored, for `new RegExp(javaScript, 'u')`; absent where it cannot be translated. */
  readonly javaScript?: string
  /** What a JSON Schema says of it. */
  readonly published?: PublishedPattern | undefined
}

/** A pattern in words that every validator of JSON reads alike. */
export interface PublishedPattern {
  readonly javaScript: string
  /** Whether it refuses texts that the pattern of the schema takes. */
  readonly isNarrower: boolean
}

export interface Enumerated {
  /** White space dealt with, qualified names in Clark notation. */
  readonly value: string
  readonly documentation?: string | undefined
}

export type BuiltInName =
  | 'anySimpleType'
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'float'
  | 'double'
  | 'duration'
  | 'dateTime'
  | 'time'
  | 'date'
  | 'gYearMonth'
  | 'gYear'
  | 'gMonthDay'
  | 'gDay'
  | 'gMonth'
  | 'hexBinary'
  | 'base64Binary'
  | 'anyURI'
  | 'QName'
  | 'NOTATION'
  | 'normalizedString'
  | 'token'
  | 'language'
  | 'NMTOKEN'
  | 'NMTOKENS'
  | 'Name'
  | 'NCName'
  | 'ID'
  | 'IDREF'
  | 'IDREFS'
  | 'ENTITY'
  | 'ENTITIES'
  | 'integer'
  | 'nonPositiveInteger'
  | 'negativeInteger'
  | 'long'
  | 'int'
  | 'short'
  | 'byte'
  | 'nonNegativeInteger'
  | 'unsignedLong'
  | 'unsignedInt'
  | 'unsignedShort'
  | 'unsignedByte'
  | 'positiveInteger'
