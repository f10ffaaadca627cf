import {
  A,
  B,
  complexType,
  type Construct,
  element,
  restriction,
  sequence,
  simpleType,
} from '../construct.js'

export const elements: readonly Construct[] = [
  {
    construct: 'local element',
    section: 'Part 1, 3.3',
    operation: 'LocalElement',
    content: A,
    json: '{"a":"1"}',
    xml: '<f:A>1</f:A>',
    refused: ['{}', '{"a":1}', '{"a":null}'],
  },
  {
    construct: 'reference to a global element',
    section: 'Part 1, 3.3.2',
    operation: 'ElementReference',
    types: element('name="Shared" type="xs:int"'),
    content: element('ref="f:Shared"'),
    json: '{"shared":7}',
    xml: '<f:Shared>7</f:Shared>',
  },
  {
    construct: 'element of another namespace',
    section: 'Part 1, 3.3.2',
    operation: 'ForeignElement',
    content: element('ref="o:Other"'),
    json: '{"other":"x"}',
    xml: '<o:Other xmlns:o="urn:other">x</o:Other>',
  },
  {
    construct: 'equal names of two namespaces',
    section: 'Part 1, 3.3.2',
    operation: 'NameClash',
    types: element('name="Other" type="xs:int"'),
    content: element('ref="f:Other"') + element('ref="o:Other"'),
    json: '{"other":1,"other2":"x"}',
    xml: '<f:Other>1</f:Other><o:Other xmlns:o="urn:other">x</o:Other>',
  },
  {
    construct: '`form="unqualified"`',
    section: 'Part 1, 3.3.2',
    operation: 'UnqualifiedElement',
    content: element('name="U" form="unqualified" type="xs:string"') + A,
    json: '{"u":"1","a":"2"}',
    xml: '<U>1</U><f:A>2</f:A>',
  },
  {
    construct: '`nillable`: null, absent and empty differ',
    section: 'Part 1, 3.3.1',
    operation: 'Nillable',
    content:
      element('name="N" type="xs:string" nillable="true" minOccurs="0"') +
      element('name="E" type="xs:string" nillable="true" minOccurs="0"') +
      element('name="M" type="xs:string" nillable="true" minOccurs="0"'),
    json: '{"n":null,"e":""}',
    xml: '<f:N xsi:nil="true"/><f:E></f:E>',
  },
  {
    construct: '`nillable` with attributes',
    section: 'Part 1, 3.3.1',
    operation: 'NillableWithAttribute',
    content: element(
      'name="N" nillable="true"',
      complexType('', `${sequence(A)}<xs:attribute name="x" type="xs:string"/>`),
    ),
    json: '{"n":null}',
    xml: '<f:N xsi:nil="true"/>',
  },
  {
    construct: '`default` of an element',
    section: 'Part 1, 3.3.1',
    operation: 'ElementDefault',
    content: element('name="D" type="xs:string" default="d" minOccurs="0"') + A,
    json: '{"d":"other","a":"1"}',
    xml: '<f:D>other</f:D><f:A>1</f:A>',
  },
  {
    construct: '`fixed` of an element',
    section: 'Part 1, 3.3.1',
    operation: 'ElementFixed',
    content: element('name="V" type="xs:string" fixed="1.0"') + A,
    json: '{"v":"1.0","a":"1"}',
    xml: '<f:V>1.0</f:V><f:A>1</f:A>',
    refused: ['{"v":"2.0","a":"1"}'],
  },
  {
    construct: 'abstract type and `xsi:type`',
    section: 'Part 1, 2.6.1 and 3.4.1',
    operation: 'AbstractType',
    types:
      complexType('Shape', sequence(element('name="Name" type="xs:string"')), ' abstract="true"') +
      complexType('Circle', '<xs:complexContent><xs:extension base="f:Shape"><xs:sequence><xs:element name="Radius" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent>') +
      complexType('Square', '<xs:complexContent><xs:extension base="f:Shape"><xs:sequence><xs:element name="Side" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent>'),
    content: element('name="S" type="f:Shape" maxOccurs="unbounded"') + A,
    json: '{"s":[{"type":"Circle","name":"c","radius":1},{"type":"Square","name":"q","side":2}],"a":"1"}',
    xml: '<f:S xsi:type="f:Circle"><f:Name>c</f:Name><f:Radius>1</f:Radius></f:S><f:S xsi:type="f:Square"><f:Name>q</f:Name><f:Side>2</f:Side></f:S><f:A>1</f:A>',
    refused: ['{"s":[{"type":"Shape","name":"c"}],"a":"1"}', '{"s":[{"type":"Triangle","name":"c"}],"a":"1"}'],
  },
  {
    construct: 'concrete type and those derived from it',
    section: 'Part 1, 2.6.1',
    operation: 'DerivedType',
    types:
      complexType('Person', sequence(element('name="Name" type="xs:string"'))) +
      complexType('Clerk', '<xs:complexContent><xs:extension base="f:Person"><xs:sequence><xs:element name="Desk" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent>'),
    content: element('name="P" type="f:Person"') + element('name="Q" type="f:Person"'),
    json: '{"p":{"type":"Person","name":"a"},"q":{"type":"Clerk","name":"b","desk":3}}',
    xml: '<f:P><f:Name>a</f:Name></f:P><f:Q xsi:type="f:Clerk"><f:Name>b</f:Name><f:Desk>3</f:Desk></f:Q>',
  },
  {
    construct: 'substitution group with an abstract head',
    section: 'Part 1, 2.2.2.2',
    operation: 'SubstitutionGroup',
    types:
      element('name="Pay" type="xs:string" abstract="true"') +
      element('name="Cash" type="xs:string" substitutionGroup="f:Pay"') +
      element('name="Card" type="xs:string" substitutionGroup="f:Pay"'),
    content: element('ref="f:Pay"') + A,
    json: '{"card":"1","a":"2"}',
    xml: '<f:Card>1</f:Card><f:A>2</f:A>',
    refused: ['{"cash":"1","card":"2","a":"3"}', '{"a":"3"}'],
  },
  {
    construct: 'substitution group that repeats',
    section: 'Part 1, 2.2.2.2',
    operation: 'RepeatedSubstitution',
    types:
      element('name="Step" type="xs:string"') +
      element('name="Jump" type="xs:string" substitutionGroup="f:Step"'),
    content: element('ref="f:Step" maxOccurs="unbounded"') + A,
    json: '{"step":[{"step":"1"},{"jump":"2"},{"step":"3"}],"a":"4"}',
    xml: '<f:Step>1</f:Step><f:Jump>2</f:Jump><f:Step>3</f:Step><f:A>4</f:A>',
  },
  {
    construct: 'anonymous types',
    section: 'Part 1, 3.4.2 and Part 2, 4.1.2',
    operation: 'AnonymousTypes',
    content:
      element('name="X"', complexType('', sequence(A, B))) +
      element('name="Y"', simpleType('', restriction('xs:string', '<xs:maxLength value="3"/>'))),
    json: '{"x":{"a":"1","b":2},"y":"abc"}',
    xml: '<f:X><f:A>1</f:A><f:B>2</f:B></f:X><f:Y>abc</f:Y>',
  },
  {
    construct: 'recursion',
    section: 'Part 1, 3.4',
    operation: 'Recursion',
    types: complexType(
      'Node',
      sequence(
        element('name="Value" type="xs:int"'),
        element('name="Child" type="f:Node" minOccurs="0" maxOccurs="unbounded"'),
      ),
    ),
    content: element('name="Root" type="f:Node"') + A,
    json: '{"root":{"value":1,"child":[{"value":2,"child":[{"value":3,"child":[]}]}]},"a":"1"}',
    xml: '<f:Root><f:Value>1</f:Value><f:Child><f:Value>2</f:Value><f:Child><f:Value>3</f:Value></f:Child></f:Child></f:Root><f:A>1</f:A>',
  },
  {
    construct: '`ArrayOf…` wrapper: absent is not empty',
    section: 'Part 1, 3.4',
    operation: 'ArrayWrapper',
    types: complexType('ArrayOfItem', sequence(element('name="Item" type="xs:string" minOccurs="0" maxOccurs="unbounded"'))),
    content:
      element('name="Full" type="f:ArrayOfItem"') +
      element('name="Empty" type="f:ArrayOfItem"') +
      element('name="Absent" type="f:ArrayOfItem" minOccurs="0"'),
    json: '{"full":["a"],"empty":[]}',
    xml: '<f:Full><f:Item>a</f:Item></f:Full><f:Empty></f:Empty>',
  },
  {
    construct: 'identity constraints (passed over)',
    section: 'Part 1, 3.11',
    operation: 'IdentityConstraints',
    types: element(
      'name="Keyed"',
      `${complexType('', sequence(element('name="Item" type="xs:string" maxOccurs="unbounded"'), A))}<xs:unique name="unique"><xs:selector xpath="f:Item"/><xs:field xpath="."/></xs:unique><xs:key name="key"><xs:selector xpath="f:Item"/><xs:field xpath="."/></xs:key><xs:keyref name="keyref" refer="f:key"><xs:selector xpath="f:Item"/><xs:field xpath="."/></xs:keyref>`,
    ),
    content: element('ref="f:Keyed"') + A,
    json: '{"keyed":{"item":["1","2"],"a":"x"},"a":"y"}',
    xml: '<f:Keyed><f:Item>1</f:Item><f:Item>2</f:Item><f:A>x</f:A></f:Keyed><f:A>y</f:A>',
  },
] // prettier-ignore
