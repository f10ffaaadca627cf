/** One construct of XML Schema or WSDL, with an operation that is about nothing else. */
export interface Construct {
  readonly construct: string
  /** Where the specification has it: XML Schema 1.0 Part 1 or 2, WSDL 1.1. */
  readonly section: string
  /** Name of the operation and of the element of its body. */
  readonly operation: string
  /** Content of the sequence of that element. */
  readonly content: string
  /** Declarations that the content needs. */
  readonly types?: string
  /** The body of the request and of the response. */
  readonly json: string
  /** Children of the element of the body; `f` is the prefix of the schema. */
  readonly xml: string
  /** Why no validator can call the message valid. */
  readonly unjudged?: string
  /** Bodies that are no valid requests. */
  readonly refused?: readonly string[]
}

/** An element declaration with a type of its own, or empty. */
export function element(attributes: string, content = ''): string {
  return content === '' ? `<xs:element ${attributes}/>` : `<xs:element ${attributes}>${content}</xs:element>`
}

export function complexType(name: string, content: string, attributes = ''): string {
  return `<xs:complexType${name === '' ? '' : ` name="${name}"`}${attributes}>${content}</xs:complexType>`
}

export function sequence(...content: readonly string[]): string {
  return `<xs:sequence>${content.join('')}</xs:sequence>`
}

export function simpleType(name: string, content: string): string {
  return `<xs:simpleType${name === '' ? '' : ` name="${name}"`}>${content}</xs:simpleType>`
}

export function restriction(base: string, facets: string): string {
  return `<xs:restriction base="${base}">${facets}</xs:restriction>`
}

export const A = element('name="A" type="xs:string"')
export const B = element('name="B" type="xs:int"')
