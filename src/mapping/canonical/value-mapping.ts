import type { SourceLocation } from '../../base/diagnostic/diagnostic.js'
import type { QName } from '../../base/qname.js'
import type { JsonValue } from '../../json/value.js'
import type { ComplexType, ElementDeclaration, SimpleType, Wildcard } from '../../xsd/model/model.js'
import type { PromisedFormat } from './calendar-format.js'

/**
 * How one XSD type and one JSON Schema are the same value: the join of the two contracts, and all that
 * the codec is compiled from. The graph is cyclic where the types are.
 */
export type ValueMapping =
  ScalarMapping | ObjectMapping | ArrayMapping | PolymorphicMapping | XmlMapping | DocumentMapping

/** A simple type, or a complex one with simple content and no attributes. */
export interface ScalarMapping {
  readonly kind: 'scalar'
  readonly type: SimpleType
  readonly form: ScalarForm
  /** The complex type that it is the content of lets attributes of any name stand. */
  readonly anyAttributes?: true | undefined
  /** Items of an xs:list, for the form `list`. */
  readonly item?: ScalarMapping | undefined
  /** JSON value by XML value, where the contract renames an enumeration. */
  readonly values?: ReadonlyMap<string, string> | undefined
  /** Texts that stand for numbers that JSON does not have: `INF`, `-INF`, `NaN`, for the form `number`. */
  readonly specials?: readonly string[] | undefined
  /** What the contract asks for beyond the XSD. */
  readonly narrowing?: Narrowing | undefined
}

/**
 * - `string`: the lexical form
 * - `number`: its digits as a JSON number
 * - `boolean`: true or false
 * - `day`: an xs:date without its offset
 * - `list`: an array
 */
export type ScalarForm = 'string' | 'number' | 'boolean' | 'day' | 'list'

/** JSON Schema keywords (Validation, section 6) that hold for the JSON value. */
export interface Narrowing {
  readonly enum?: readonly JsonValue[] | undefined
  readonly pattern?: string | undefined
  readonly minLength?: number | undefined
  readonly maxLength?: number | undefined
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
  readonly exclusiveMinimum?: number | undefined
  readonly exclusiveMaximum?: number | undefined
  /** A format of RFC 3339 that the contract promises of a date or time. */
  readonly format?: PromisedFormat | undefined
}

export interface ObjectMapping {
  readonly kind: 'object'
  readonly type: ComplexType
  readonly attributes: readonly AttributeMapping[]
  /** The character content of simple content. */
  readonly text?: TextMapping | undefined
  readonly content?: ContentMapping | undefined
  /** The contract's minProperties, for samples: the validator sees to requests. */
  readonly minMembers?: number | undefined
}

export interface TextMapping {
  readonly member: Member
  readonly value: ScalarMapping
  /** `fixed` and `default` of the element that the type is the type of, not of the type itself. */
  readonly fixed?: string | undefined
  readonly default?: string | undefined
}

/** The JSON side of an element or attribute. */
export interface Member {
  readonly name: string
  /** Not in the contract: never written from a request, passed over in a response. Its name is for samples alone. */
  readonly hidden: boolean
  /** Must be there although the XSD does not ask for it. */
  readonly required: boolean
  /** The contract lets the member be null. */
  readonly nullable: boolean
  /** What a request that leaves the member out is taken to say. */
  readonly default?: JsonValue | undefined
  /** The contract's example or default, for samples. */
  readonly example?: JsonValue | undefined
  /** The same for the items of an array. */
  readonly itemExample?: JsonValue | undefined
}

export interface AttributeMapping {
  readonly member: Member
  readonly name: QName
  readonly required: boolean
  readonly fixed?: string | undefined
  readonly default?: string | undefined
  readonly documentation?: string | undefined
  readonly value: ScalarMapping
  readonly at: SourceLocation
}

export type ContentMapping = ElementMapping | GroupMapping | WildcardMapping

export interface ElementMapping {
  readonly kind: 'element'
  readonly name: QName
  readonly minOccurs: number
  readonly maxOccurs: number
  readonly nillable: boolean
  readonly fixed?: string | undefined
  /** What an empty element means (XML Schema Part 1, 3.3.4). */
  readonly default?: string | undefined
  readonly member: Member
  /** The members of the element stand in the JSON object of its parent. */
  readonly flattened: boolean
  readonly documentation?: string | undefined
  readonly value: ValueMapping
  /** The empty type of an element whose value is a boolean: whether the element is there. */
  readonly flag?: ObjectMapping | undefined
  /**
   * The choice of elements that hold nothing whose branch the value names. Its local name is the member's then, for
   * contracts; the XML has the branch.
   */
  readonly branches?: GroupMapping | undefined
  /** The schemas declare nothing that could stand here, which the XSD requires all the same: an abstract type alone. */
  readonly impossible?: boolean | undefined
  /** Present in SOAP encoding. */
  readonly accessor?: AccessorMapping | undefined
  /** Of a header block: the envelope's own attributes, `mustUnderstand` and `actor` or `role`, each after a space. */
  readonly blockAttributes?: string | undefined
  readonly at: SourceLocation
}

/** What SOAP encoding adds to an element (SOAP 1.1, 5). */
export interface AccessorMapping {
  /** What xsi:type says, where no choice of types has a word in it; absent where the type has no name. */
  readonly type: QName | undefined
  /** A member of an array: it may have any name. */
  readonly positional: boolean
}

export interface GroupMapping {
  readonly kind: 'sequence' | 'choice' | 'all'
  readonly minOccurs: number
  readonly maxOccurs: number
  readonly particles: readonly ContentMapping[]
  /** A repeated group is an array of objects, so that siblings keep their order. */
  readonly member?: Member | undefined
}

export interface WildcardMapping {
  readonly kind: 'any'
  readonly minOccurs: number
  readonly maxOccurs: number
  readonly wildcard: Wildcard
  /** An array of XML texts, or one text where it cannot repeat. */
  readonly member: Member
}

/** A wrapper of one repeated element: a plain array. */
export interface ArrayMapping {
  readonly kind: 'array'
  readonly type: ComplexType
  readonly item: ElementMapping
}

/** A type and those derived from it, told apart by xsi:type and by a JSON member. */
export interface PolymorphicMapping {
  readonly kind: 'polymorphic'
  readonly declared: ComplexType
  readonly discriminator: string
  readonly alternatives: readonly Alternative[]
}

export interface Alternative {
  /** The discriminator's value. */
  readonly value: string
  /** What xsi:type says; absent for an anonymous declared type. */
  readonly typeName: QName | undefined
  readonly isDeclared: boolean
  readonly mapping: ObjectMapping
}

/** The element itself as XML text: xs:anyType and mixed content. */
export interface XmlMapping {
  readonly kind: 'xml'
  readonly type: ComplexType
}

/** A text that is an XML document of its own, with a schema that the WSDL does not know. */
export interface DocumentMapping {
  readonly kind: 'document'
  /** What the WSDL says of the text. */
  readonly text: ScalarMapping
  /** The document element; its member's name is for samples alone. */
  readonly root: ElementMapping
  /** How its bytes are a text: as they are, or in base64, compressed before that or not. */
  readonly encoding: 'text' | 'base64' | 'gzip+base64'
  /** Of the document, decoded and unpacked. */
  readonly maxBytes: number
  readonly maxDepth: number
  /** In a response: an empty text is null. */
  readonly emptyIsNull: boolean
  /** Document elements that stand for an error. */
  readonly faults: readonly DocumentFault[]
}

export interface DocumentFault {
  readonly declaration: ElementDeclaration
  /** In its canonical form. */
  readonly value: ValueMapping
  readonly status: number
}
