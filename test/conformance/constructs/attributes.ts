import { A, complexType, type Construct, element, sequence } from '../construct.js'

const holder = (attributes: string): string => element('name="X"', complexType('', `${sequence(A)}${attributes}`)) + element('name="Z" type="xs:string"') // prettier-ignore
const wrapped = (members: string): string => `{"x":{${members}"a":"1"},"z":"z"}`
const around = (attributes: string): string => `<f:X${attributes}><f:A>1</f:A></f:X><f:Z>z</f:Z>`

export const attributes: readonly Construct[] = [
  {
    construct: 'attribute, optional and required',
    section: 'Part 1, 3.2 and 3.5',
    operation: 'Attributes',
    content: holder('<xs:attribute name="id" type="xs:int" use="required"/><xs:attribute name="o" type="xs:string"/>'),
    json: wrapped('"id":7,'),
    xml: around(' id="7"'),
    refused: [wrapped(''), wrapped('"id":"x",')],
  },
  {
    construct: 'reference to a global attribute: qualified',
    section: 'Part 1, 3.2.2',
    operation: 'AttributeReference',
    types: '<xs:attribute name="global" type="xs:string"/>',
    content: holder('<xs:attribute ref="f:global" use="required"/>'),
    json: wrapped('"global":"g",'),
    xml: around(' f:global="g"'),
  },
  {
    construct: '`form="qualified"` of an attribute',
    section: 'Part 1, 3.2.2',
    operation: 'QualifiedAttribute',
    content: holder('<xs:attribute name="q" form="qualified" type="xs:string"/>'),
    json: wrapped('"q":"1",'),
    xml: around(' f:q="1"'),
  },
  {
    construct: '`xml:lang`',
    section: 'Part 1, 3.2.7',
    operation: 'XmlLang',
    content: holder('<xs:attribute ref="xml:lang"/>'),
    json: wrapped('"lang":"en",'),
    xml: around(' xml:lang="en"'),
  },
  {
    construct: '`fixed` of an attribute',
    section: 'Part 1, 3.2.1',
    operation: 'AttributeFixed',
    content: holder('<xs:attribute name="v" type="xs:string" fixed="1.0" use="required"/>'),
    json: wrapped('"v":"1.0",'),
    xml: around(' v="1.0"'),
    refused: [wrapped('"v":"2.0",')],
  },
  {
    construct: '`default` of an attribute',
    section: 'Part 1, 3.2.1',
    operation: 'AttributeDefault',
    content: holder('<xs:attribute name="d" type="xs:string" default="x"/>'),
    json: wrapped('"d":"y",'),
    xml: around(' d="y"'),
  },
  {
    construct: 'attribute groups, one in another',
    section: 'Part 1, 3.6',
    operation: 'AttributeGroup',
    types:
      '<xs:attributeGroup name="Inner"><xs:attribute name="i" type="xs:string"/></xs:attributeGroup><xs:attributeGroup name="Outer"><xs:attribute name="o" type="xs:string"/><xs:attributeGroup ref="f:Inner"/></xs:attributeGroup>',
    content: holder('<xs:attributeGroup ref="f:Outer"/>'),
    json: wrapped('"o":"1","i":"2",'),
    xml: around(' o="1" i="2"'),
  },
  {
    construct: 'attributes of an empty element',
    section: 'Part 1, 3.4.2',
    operation: 'EmptyWithAttributes',
    content: element('name="X"', complexType('', '<xs:attribute name="k" type="xs:string"/>')) + A,
    json: '{"x":{"k":"v"},"a":"1"}',
    xml: '<f:X k="v"></f:X><f:A>1</f:A>',
  },
] // prettier-ignore
