import { type SourceLocation } from '../base/diagnostic.js'
import { type QName } from '../base/qname.js'
import { type JsonValue } from '../json/value.js'
import { type ComplexType, type SimpleType, type Wildcard } from '../xsd/model.js'

/**
 * How one XSD type and one JSON Schema are the same value: the join of the two contracts, and all that
 * the codec is compiled from. The graph is cyclic where the types are.
 */
export type ValueMapping = ScalarMapping | ObjectMapping | ArrayMapping | PolymorphicMapping | XmlMapping

/** A simple type, or a complex one with simple content and no attributes. */
export interface ScalarMapping {
  readonly kind: 'scalar'
  readonly type: SimpleType
  readonly form: ScalarForm
  /** Items of an xs:list, for the form `list`. */
  readonly item?: ScalarMapping | undefined
  /** JSON value by XML value, where the contract renames an enumeration. */
  readonly values?: ReadonlyMap<string, string> | undefined
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
}

export interface ObjectMapping {
  readonly kind: 'object'
  readonly type: ComplexType
  readonly attributes: readonly AttributeMapping[]
  /** The character content of simple content. */
  readonly text?: { readonly member: Member; readonly value: ScalarMapping } | undefined
  readonly content?: ContentMapping | undefined
  /** The contract's minProperties, for samples: the validator sees to requests. */
  readonly minMembers?: number | undefined
}

/** The JSON side of an element or attribute. */
export interface Member {
  readonly name: string
  /** Not in the contract: never written from a request, passed over in an answer. Its name is for samples alone. */
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

/** Elements of a content model in document order, groups opened. */
export function* elementsOf(content: ContentMapping | undefined): Generator<ElementMapping> {
  if (content === undefined) return
  if (content.kind === 'element') yield content
  else if (content.kind !== 'any') for (const particle of content.particles) yield* elementsOf(particle)
}

/** The parts of a content model that are members of its own JSON object: groups opened, but not those that are members. */
export function* partsOf(content: ContentMapping | undefined): Generator<ContentMapping> {
  if (content === undefined) return
  if (content.kind === 'element' || content.kind === 'any' || content.member) yield content
  else for (const particle of content.particles) yield* partsOf(particle)
}

/** The elements among them. */
export function* ownElementsOf(content: ContentMapping | undefined): Generator<ElementMapping> {
  for (const part of partsOf(content)) if (part.kind === 'element') yield part
}
