import { wsdlOf } from '../tools/diff/wsdl-pair.js'

/** Something that the specifications have and soapstone does not do, and what shows it. */
export interface Gap {
  readonly gap: string
  readonly section: string
  /** What happens in its place. */
  readonly instead: string
  readonly wsdl: string
  /** Said when the WSDL is imported or its contract is loaded. */
  readonly diagnostic?: readonly [severity: 'error' | 'warning', code: string]
  /** A request body and the content of the input element that it becomes. */
  readonly written?: readonly [json: string, xml: string]
  /** Content of the output element and the response body that it becomes. */
  readonly read?: readonly [xml: string, json: string]
  /** Content of the output element and what is said of it. */
  readonly refused?: readonly [xml: string, message: string]
}

const A = '<xs:element name="A" type="xs:string"/>'
const note = '<xs:attribute name="note" type="xs:string"/>'
const holding = (content: string, types = ''): string =>
  wsdlOf({ content: `<xs:sequence>${content}</xs:sequence>${note}`, types })
const plain = holding(A)

export const gaps: readonly Gap[] = [
  {
    gap: 'WSDL 2.0',
    section: 'WSDL 2.0',
    instead: 'Refused: most providers give WSDL 1.1 too.',
    wsdl: '<description xmlns="http://www.w3.org/ns/wsdl" targetNamespace="urn:x"/>',
    diagnostic: ['error', 'wsdl-version'],
  },
  {
    gap: 'Schemas and WSDLs at URLs',
    section: 'Part 1, 4.3.2',
    instead: 'Not fetched when a contract is loaded: a warning, and operations that need something of theirs are left out. `soapstone import --fetch` downloads them.',
    wsdl: plain.replace('<xs:element name="Get">', '<xs:import namespace="urn:r" schemaLocation="http://example.invalid/r.xsd"/><xs:element name="Get">'),
    diagnostic: ['warning', 'xsd-import'],
  },
  {
    gap: 'Operations that begin with the backend (notification)',
    section: 'WSDL 1.1, 2.4.4',
    instead: 'Left out with a warning: there is nothing to call.',
    wsdl: plain.replace('<input message="w:In"/><output message="w:Out"/>', '<output message="w:Out"/>'),
    diagnostic: ['warning', 'wsdl-operation'],
  },
  {
    gap: 'Operations that begin with the backend and have an input (solicit-response)',
    section: 'WSDL 1.1, 2.4.3',
    instead: 'A warning, and called like any other: WSDLs that mean it have not been seen.',
    wsdl: plain.replace('<input message="w:In"/><output message="w:Out"/>', '<output message="w:Out"/><input message="w:In"/>'),
    diagnostic: ['warning', 'wsdl-solicit-response'],
    written: ['{"a":"1"}', '<A>1</A>'],
  },
  {
    gap: 'Patterns that JavaScript cannot say, of unknown blocks for one',
    section: 'Part 2, F',
    instead: 'A warning; values are not checked against them.',
    wsdl: holding('<xs:element name="V"><xs:simpleType><xs:restriction base="xs:string"><xs:pattern value="\\p{IsNoSuchBlock}+"/></xs:restriction></xs:simpleType></xs:element>'),
    diagnostic: ['warning', 'xsd-pattern'],
    written: ['{"v":"1"}', '<V>1</V>'],
  },
  {
    gap: 'Attributes that only `anyAttribute` allows',
    section: 'Part 1, 3.4.2',
    instead: 'Never written, and passed over in responses.',
    wsdl: holding(`<xs:element name="X"><xs:complexType><xs:sequence>${A}</xs:sequence><xs:anyAttribute/></xs:complexType></xs:element>`),
    written: ['{"x":{"a":"1","foo":"2"}}', '<X><A>1</A></X>'],
    read: ['<X foo="2"><A>1</A></X>', '{"x":{"a":"1"}}'],
  },
  {
    gap: '`processContents` of wildcards',
    section: 'Part 1, 3.10.1',
    instead: 'What stands for a wildcard must be well-formed and of an allowed namespace; it is not validated, also where the schema says `strict`.',
    wsdl: holding(`${A}<xs:any processContents="strict"/>`),
    read: ['<A>1</A><Bad xmlns="urn:t"><Nonsense/></Bad>', '{"a":"1","any":"<Bad xmlns=\\"urn:t\\"><Nonsense/></Bad>"}'],
  },
  {
    gap: '`unique`, `key`, `keyref`, and that an `ID` stands once',
    section: 'Part 1, 3.11 and Part 2, 3.3.8',
    instead: 'Read and not checked; `import` proposes what a key selects as required.',
    wsdl: holding('<xs:element name="I" type="xs:ID" maxOccurs="2"/>'),
    written: ['{"i":["x","x"]}', '<I>x</I><I>x</I>'],
    read: ['<I>x</I><I>x</I>', '{"i":["x","x"]}'],
  },
  {
    gap: '`xsi:type` on elements of simple types',
    section: 'Part 1, 2.6.1',
    instead: 'Passed over: the value is checked against the declared type.',
    wsdl: holding('<xs:element name="V" type="xs:string"/>'),
    read: ['<V xsi:type="xs:token">1</V>', '{"v":"1"}'],
  },
  {
    gap: '`block` and `final`',
    section: 'Part 1, 3.3.1 and 3.4.1',
    instead: 'Passed over: a derived type may stand wherever its base may.',
    wsdl: holding(
      '<xs:element name="V" type="t:Base" block="extension"/>',
      `<xs:complexType name="Base"><xs:sequence>${A}</xs:sequence></xs:complexType><xs:complexType name="Derived"><xs:complexContent><xs:extension base="t:Base"/></xs:complexContent></xs:complexType>`,
    ),
    read: ['<V xsi:type="t:Derived"><A>1</A></V>', '{"v":{"type":"Derived","a":"1"}}'],
  },
  {
    gap: 'Attributes of an element that is nil',
    section: 'Part 1, 2.6.2',
    instead: 'Refused: nil is `null`, which has no members. `lenient: [nilAttributes]` passes over them.',
    wsdl: holding(`<xs:element name="N" nillable="true"><xs:complexType><xs:sequence>${A}</xs:sequence><xs:attribute name="x" type="xs:string"/></xs:complexType></xs:element>`),
    refused: ['<N x="1" xsi:nil="true"/>', 'N has the attribute x, and is nil: null has no place for it.'],
  },
  {
    gap: 'XML Schema 1.1: `assert`, `alternative`, `override` and their kin',
    section: 'XML Schema 1.1',
    instead: 'Passed over, with a warning.',
    diagnostic: ['warning', 'xsd-version'],
    wsdl: wsdlOf({ content: `<xs:sequence>${A}</xs:sequence>${note}<xs:assert test="false()"/>` }),
    written: ['{"a":"1"}', '<A>1</A>'],
  },
] // prettier-ignore
