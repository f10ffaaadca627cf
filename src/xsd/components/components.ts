import type { Diagnostics } from '../../base/diagnostic/diagnostic.js'
import type { QName } from '../../base/qname.js'
import type { XmlElement } from '../../xml/tree.js'
import type {
  AttributeDeclaration,
  AttributeUse,
  ComplexType,
  ElementDeclaration,
  ModelGroup,
  SimpleType,
  Wildcard,
  XsdType,
} from '../model/model.js'
import type { ComponentKind, Definition, Place } from './schema-document.js'

/** A component that is linked while others already point to it. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** What an attribute group, or the attributes of a type, come to. */
export interface AttributeSet {
  readonly uses: readonly AttributeUse[]
  /** Clark names of attributes that a restriction takes away. */
  readonly prohibited: ReadonlySet<string>
  readonly wildcard?: Wildcard | undefined
}

/**
 * What the builders of single components ask of one another. References are followed by the definition that they
 * name; each definition is built once.
 */
export interface Components {
  readonly diagnostics: Diagnostics
  /** The definition that an attribute of a schema element refers to; one that is missing is reported. */
  refer(kind: ComponentKind, node: XmlElement, attribute: string, place: Place): Definition | undefined
  /** The type that a QName in an attribute refers to, built-in ones too. */
  referType(node: XmlElement, lexical: string, place: Place): XsdType | undefined
  /** Says that a definition needs another one, where that is there. */
  mention(kind: ComponentKind, name: QName, place: Place): void
  element(definition: Definition): ElementDeclaration
  attribute(definition: Definition): AttributeDeclaration
  group(definition: Definition): ModelGroup
  attributeGroup(definition: Definition): AttributeSet
  simpleType(node: XmlElement, place: Place): SimpleType
  /** An anonymous complex type; its content is built later. */
  complexType(node: XmlElement, place: Place): ComplexType
  /** Runs a step of a recursion; past a bound that no sane schema reaches it is reported and left out. */
  descend<T>(node: XmlElement, step: () => T, otherwise: () => T): T
}
