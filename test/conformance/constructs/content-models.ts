import { A, B, complexType, type Construct, element, sequence } from '../construct.js'

const C = element('name="C" type="xs:string"')
const holder = (content: string): string =>
  element('name="X"', complexType('', content)) + element('name="Z" type="xs:string"')
const wrapped = (json: string): string => `{"x":${json},"z":"z"}`
const around = (xml: string): string => `<f:X>${xml}</f:X><f:Z>z</f:Z>` // prettier-ignore

export const contentModels: readonly Construct[] = [
  {
    construct: '`sequence`, in the order of the schema',
    section: 'Part 1, 3.8',
    operation: 'Sequence',
    content: A + B + C,
    json: '{"a":"1","b":2,"c":"3"}',
    xml: '<f:A>1</f:A><f:B>2</f:B><f:C>3</f:C>',
  },
  {
    construct: '`minOccurs="0"`',
    section: 'Part 1, 3.9.1',
    operation: 'OptionalElement',
    content: element('name="O" type="xs:string" minOccurs="0"') + A,
    json: '{"a":"1"}',
    xml: '<f:A>1</f:A>',
  },
  {
    construct: '`maxOccurs` above one: an array, also of one',
    section: 'Part 1, 3.9.1',
    operation: 'RepeatedElement',
    content:
      element('name="R" type="xs:int" maxOccurs="unbounded"') +
      element('name="S" type="xs:int" minOccurs="0" maxOccurs="3"'),
    json: '{"r":[1],"s":[]}',
    xml: '<f:R>1</f:R>',
    refused: ['{"r":[],"s":[]}', '{"r":[1],"s":[1,2,3,4]}', '{"r":1,"s":[]}'],
  },
  {
    construct: '`maxOccurs="0"`',
    section: 'Part 1, 3.9.1',
    operation: 'NeverElement',
    content: element('name="Never" type="xs:string" minOccurs="0" maxOccurs="0"') + A + B,
    json: '{"a":"1","b":2}',
    xml: '<f:A>1</f:A><f:B>2</f:B>',
  },
  {
    construct: '`choice`',
    section: 'Part 1, 3.8',
    operation: 'Choice',
    content: holder(`<xs:choice>${A}${B}</xs:choice>`),
    json: wrapped('{"b":2}'),
    xml: around('<f:B>2</f:B>'),
    refused: [wrapped('{"a":"1","b":2}'), wrapped('{}')],
  },
  {
    construct: '`choice` that repeats keeps the order of siblings',
    section: 'Part 1, 3.8',
    operation: 'RepeatedChoice',
    content: holder(`<xs:choice maxOccurs="unbounded">${A}${B}</xs:choice><xs:attribute name="x" type="xs:string"/>`),
    json: wrapped('{"items":[{"a":"1"},{"b":2},{"a":"3"}]}'),
    xml: around('<f:A>1</f:A><f:B>2</f:B><f:A>3</f:A>'),
  },
  {
    construct: '`sequence` that repeats',
    section: 'Part 1, 3.8',
    operation: 'RepeatedSequence',
    content: holder(`<xs:sequence maxOccurs="unbounded">${A}${B}</xs:sequence><xs:attribute name="x" type="xs:string"/>`),
    json: wrapped('{"items":[{"a":"1","b":2},{"a":"3","b":4}]}'),
    xml: around('<f:A>1</f:A><f:B>2</f:B><f:A>3</f:A><f:B>4</f:B>'),
  },
  {
    construct: '`sequence` that is optional as a whole',
    section: 'Part 1, 3.8',
    operation: 'OptionalSequence',
    content: `<xs:sequence minOccurs="0">${A}${B}</xs:sequence>${C}`,
    json: '{"c":"3"}',
    xml: '<f:C>3</f:C>',
    refused: ['{"a":"1","c":"3"}'],
  },
  {
    construct: '`all`',
    section: 'Part 1, 3.8',
    operation: 'All',
    content: holder(`<xs:all>${A}${element('name="O" type="xs:string" minOccurs="0"')}${B}</xs:all>`),
    json: wrapped('{"a":"1","b":2}'),
    xml: around('<f:A>1</f:A><f:B>2</f:B>'),
  },
  {
    construct: 'groups in groups',
    section: 'Part 1, 3.8',
    operation: 'NestedGroups',
    content: `<xs:choice><xs:sequence>${A}<xs:choice minOccurs="0">${B}${C}</xs:choice></xs:sequence>${element('name="D" type="xs:string"')}</xs:choice>${element('name="Z" type="xs:string"')}`,
    json: '{"a":"1","c":"2","z":"3"}',
    xml: '<f:A>1</f:A><f:C>2</f:C><f:Z>3</f:Z>',
    refused: ['{"a":"1","d":"2","z":"3"}'],
  },
  {
    construct: 'model group definition and reference',
    section: 'Part 1, 3.7',
    operation: 'GroupReference',
    types: `<xs:group name="Pair">${sequence(A, B)}</xs:group>`,
    content: `<xs:group ref="f:Pair"/>${C}`,
    json: '{"a":"1","b":2,"c":"3"}',
    xml: '<f:A>1</f:A><f:B>2</f:B><f:C>3</f:C>',
  },
  {
    construct: 'group reference that repeats',
    section: 'Part 1, 3.7',
    operation: 'RepeatedGroup',
    types: `<xs:group name="Entry">${sequence(A, B)}</xs:group>`,
    content: `<xs:group ref="f:Entry" minOccurs="0" maxOccurs="unbounded"/>${C}`,
    json: '{"entry":[{"a":"1","b":2},{"a":"3","b":4}],"c":"5"}',
    xml: '<f:A>1</f:A><f:B>2</f:B><f:A>3</f:A><f:B>4</f:B><f:C>5</f:C>',
  },
  {
    construct: 'empty content',
    section: 'Part 1, 3.4.2',
    operation: 'EmptyContent',
    content: element('name="X"', '<xs:complexType/>') + A,
    json: '{"x":{},"a":"1"}',
    xml: '<f:X></f:X><f:A>1</f:A>',
  },
  {
    construct: 'extension of complex content',
    section: 'Part 1, 3.4.2',
    operation: 'ComplexExtension',
    types:
      complexType('Base', `${sequence(A)}<xs:attribute name="x" type="xs:string"/>`) +
      complexType('Extended', `<xs:complexContent><xs:extension base="f:Base">${sequence(B)}<xs:attribute name="y" type="xs:string"/></xs:extension></xs:complexContent>`),
    content: element('name="X" type="f:Extended"') + A,
    json: '{"x":{"x":"3","y":"4","a":"1","b":2},"a":"5"}',
    xml: '<f:X x="3" y="4"><f:A>1</f:A><f:B>2</f:B></f:X><f:A>5</f:A>',
  },
  {
    construct: 'restriction of complex content',
    section: 'Part 1, 3.4.2',
    operation: 'ComplexRestriction',
    types:
      complexType('Loose', `${sequence(element('name="A" type="xs:string" minOccurs="0"'), element('name="B" type="xs:int" minOccurs="0"'))}<xs:attribute name="x" type="xs:string"/>`) +
      complexType('Strict', `<xs:complexContent><xs:restriction base="f:Loose">${sequence(A)}<xs:attribute name="x" use="prohibited"/></xs:restriction></xs:complexContent>`),
    content: element('name="X" type="f:Strict"') + A,
    json: '{"x":{"a":"1"},"a":"2"}',
    xml: '<f:X><f:A>1</f:A></f:X><f:A>2</f:A>',
    refused: ['{"x":{},"a":"2"}'],
  },
  {
    construct: 'extension of simple content: a text with attributes',
    section: 'Part 1, 3.4.2',
    operation: 'SimpleExtension',
    types: complexType('Money', '<xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="Currency" type="xs:string" use="required"/></xs:extension></xs:simpleContent>'),
    content: element('name="M" type="f:Money"') + A,
    json: '{"m":{"currency":"EUR","value":"1.10"},"a":"1"}',
    xml: '<f:M Currency="EUR">1.10</f:M><f:A>1</f:A>',
    refused: ['{"m":"1.10","a":"1"}', '{"m":{"value":"1.10"},"a":"1"}'],
  },
  {
    construct: 'restriction of simple content',
    section: 'Part 1, 3.4.2',
    operation: 'SimpleRestriction',
    types:
      complexType('Text', '<xs:simpleContent><xs:extension base="xs:string"><xs:attribute name="lang" type="xs:string"/></xs:extension></xs:simpleContent>') +
      complexType('ShortText', '<xs:simpleContent><xs:restriction base="f:Text"><xs:maxLength value="3"/></xs:restriction></xs:simpleContent>'),
    content: element('name="T" type="f:ShortText"') + A,
    json: '{"t":{"lang":"en","value":"abc"},"a":"1"}',
    xml: '<f:T lang="en">abc</f:T><f:A>1</f:A>',
    refused: ['{"t":{"value":"abcd"},"a":"1"}'],
  },
  {
    construct: 'mixed content: XML as text',
    section: 'Part 1, 3.4.1',
    operation: 'Mixed',
    content: element('name="M"', complexType('', sequence(element('name="B" type="xs:string" minOccurs="0"')), ' mixed="true"')) + A,
    json: '{"m":"<f:M xmlns:f=\\"urn:features\\">some <f:B>bold</f:B> text</f:M>","a":"1"}',
    xml: '<f:M>some <f:B>bold</f:B> text</f:M><f:A>1</f:A>',
  },
  {
    construct: '`any`: XML as text',
    section: 'Part 1, 3.10',
    operation: 'AnyElement',
    content: `${A}<xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>`,
    json: '{"a":"1","any":["<x:e xmlns:x=\\"urn:x\\" k=\\"v\\">t</x:e>"]}',
    xml: '<f:A>1</f:A><x:e xmlns:x="urn:x" k="v">t</x:e>',
    refused: ['{"a":"1","any":["<e xmlns=\\"urn:features\\"/>"]}', '{"a":"1","any":["<x:e/>"]}'],
  },
  {
    construct: '`anyType`: XML as text',
    section: 'Part 1, 3.4.7',
    operation: 'AnyType',
    content: `${A}<xs:element name="X" type="xs:anyType"/>`,
    json: '{"a":"1","x":"<f:X xmlns:f=\\"urn:features\\"><y xmlns=\\"urn:y\\">1</y></f:X>"}',
    xml: '<f:A>1</f:A><f:X><y xmlns="urn:y">1</y></f:X>',
  },
] // prettier-ignore
