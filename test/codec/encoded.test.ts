import { describe, expect, test } from 'vitest'
import type { AdapterError } from '../../src/base/errors.js'
import { EncodeError } from '../../src/codec/codec.js'
import type { EncodingOptions } from '../../src/soap/encoding/message.js'
import { encodedMessage, type MessageSource } from './encoded-message.js'

const array = (name: string, type: string) =>
  `<xs:complexType name="${name}"><xs:complexContent><xs:restriction base="soapenc:Array"><xs:attribute ref="soapenc:arrayType" wsdl:arrayType="${type}"/></xs:restriction></xs:complexContent></xs:complexType>`
const struct = (name: string, elements: string, base?: string) =>
  base === undefined
    ? `<xs:complexType name="${name}"><xs:sequence>${elements}</xs:sequence></xs:complexType>`
    : `<xs:complexType name="${name}"><xs:complexContent><xs:extension base="${base}"><xs:sequence>${elements}</xs:sequence></xs:extension></xs:complexContent></xs:complexType>`
const element = (name: string, type: string, more = '') =>
  `<xs:element name="${name}" type="${type}" ${more}/>`

const person = struct('Person', element('Name', 'xs:string') + element('Age', 'xs:int', 'minOccurs="0"'))
const node = struct('Node', element('v', 'xs:int') + element('next', 't:Node', 'minOccurs="0"'))

/** The wrapper as we write it, and as a backend may. */
const op = (content: string, more = '') => `<r:op${more}>${content}</r:op>`
const style = 'soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"'

interface Row extends MessageSource {
  readonly rule: string
  /** JSON and what is written, with the prefixes `t`, `r` and those of the specifications; it is read back too. */
  readonly pairs?: readonly (readonly [json: string, xml: string])[]
  readonly reads?: readonly (readonly [body: string, json: string])[]
  readonly refusedXml?: readonly (readonly [body: string, message: RegExp])[]
  readonly refusedJson?: readonly (readonly [json: string, pointer: string])[]
  /** Refused by default, read where the backend is said to be sloppy. */
  readonly lenient?: readonly (readonly [body: string, message: RegExp, json: string])[]
}

const rows: readonly Row[] = [
  {
    rule: 'SOAP 1.1, 7.1: the parts are unqualified accessors of a struct, each with its xsi:type',
    parts: { name: 'xsd:string', n: 'xsd:int' },
    pairs: [['{"name":"a<b","n":5}', '<name xsi:type="xsd:string">a&lt;b</name><n xsi:type="xsd:int">5</n>']],
    reads: [
      ['<r:opResponse><name>x</name><n>1</n></r:opResponse>', '{"name":"x","n":1}'],
      ['<any><name>x</name><n>1</n></any>', '{"name":"x","n":1}'],
      [op('<n>1</n><name>x</name>'), '{"n":1,"name":"x"}'],
      [op('<r:name>x</r:name><t:n>1</t:n>'), '{"name":"x","n":1}'],
      ['<op xmlns="urn:leak"><name>x</name><n>1</n></op>', '{"name":"x","n":1}'],
      [op('<name xsi:type="xsd:token">x</name><n xsi:type="xsd:string">1</n>'), '{"name":"x","n":1}'],
    ],
    refusedXml: [
      [op('<name>x</name>'), /n is missing/],
      [op('<name>x</name><n>1</n><n>2</n>'), /n occurs twice/],
      [
        op('<name>x</name><n>1</n><unheard>2</unheard>'),
        /An element of another name \(length 7\) is not expected/,
      ],
      [op('<name>x</name><n>a</n>'), /n /],
      [op('<name>x</name><n><n>1</n></n>'), /not what the WSDL says/],
      [op('<name>x</name><n xsi:nil="true"/>'), /n is nil, which the contract does not allow/],
      [
        `${op('<name>x</name><n>1</n>')}<unheard/>`,
        /An element of another name \(length 7\) is not expected in soap:Body/,
      ],
      ['', /soap:Body must hold op\./],
    ],
    refusedJson: [
      ['{"name":"x"}', '/n'],
      ['{"name":1,"n":1}', '/name'],
    ],
  },
  {
    rule: 'SOAP 1.1, 7.1: the return value comes first and may have any name',
    parts: { result: 'xsd:string', extra: 'xsd:int' },
    reads: [
      [op('<opReturn>x</opReturn><extra>1</extra>'), '{"result":"x","extra":1}'],
      [op('<soapenc:string>x</soapenc:string><extra>1</extra>'), '{"result":"x","extra":1}'],
    ],
    refusedXml: [
      [op('<extra>1</extra><opReturn>x</opReturn>'), /opReturn is not expected|result is missing/],
    ],
    lenient: [
      [op('<s-gensym3>x</s-gensym3><s-gensym5>1</s-gensym5>'), /is missing/, '{"result":"x","extra":1}'],
    ],
  },
  {
    rule: 'SOAP 1.2 Part 2, 4.2.1: rpc:result names the return value, and is none itself',
    version: '1.2',
    parts: { result: 'xsd:int' },
    reads: [
      [
        op(
          '<rpc:result xmlns:rpc="http://www.w3.org/2003/05/soap-rpc">result</rpc:result><result>1</result>',
        ),
        '{"result":1}',
      ],
    ],
  },
  {
    rule: 'SOAP 1.1, 5.4.1: accessors of a struct come in any order, with or without a namespace',
    schema: person,
    parts: { p: 't:Person' },
    pairs: [
      [
        '{"p":{"name":"x","age":1}}',
        '<p xsi:type="t:Person"><Name xsi:type="xsd:string">x</Name><Age xsi:type="xsd:int">1</Age></p>',
      ],
      ['{"p":{"name":"x"}}', '<p xsi:type="t:Person"><Name xsi:type="xsd:string">x</Name></p>'],
    ],
    reads: [
      [op('<p><Age>1</Age><Name>x</Name></p>'), '{"p":{"age":1,"name":"x"}}'],
      [op('<p><t:Name>x</t:Name></p>'), '{"p":{"name":"x"}}'],
      [op('<p xsi:type="soapenc:Struct"><Name>x</Name></p>'), '{"p":{"name":"x"}}'],
      [op('<p xsi:type="apache:SOAPStruct"><Name>x</Name></p>'), '{"p":{"name":"x"}}'],
    ],
    refusedXml: [
      [op('<p><Name>x</Name><Name>y</Name></p>'), /Name occurs twice/],
      [op('<p>text</p>'), /not what the WSDL says/],
      [op('<p>text<Name>x</Name></p>'), /./],
    ],
    lenient: [
      [
        op('<p xsi:type="r:Hash"><Name>x</Name></p>'),
        /xsi:type that the contract does not allow/,
        '{"p":{"name":"x"}}',
      ],
      [op('<p xsi:type="t:&gt;Person"><Name>x</Name></p>'), /./, '{"p":{"name":"x"}}'],
    ],
  },
  {
    rule: 'XML Schema Part 1, 2.6.1: a derived struct is told by xsi:type',
    schema:
      person + struct('Worker', element('Job', 'xs:string'), 't:Person') + array('People', 't:Person[]'),
    parts: { list: 't:People' },
    pairs: [
      [
        '{"list":[{"type":"Person","name":"x"},{"type":"Worker","name":"y","job":"z"}]}',
        '<list xsi:type="soapenc:Array" soapenc:arrayType="t:Person[2]"><item xsi:type="t:Person"><Name xsi:type="xsd:string">x</Name></item>' +
          '<item xsi:type="t:Worker"><Name xsi:type="xsd:string">y</Name><Job xsi:type="xsd:string">z</Job></item></list>',
      ],
    ],
    reads: [
      [
        op('<list soapenc:arrayType="t:Worker[1]"><x><Job>z</Job><Name>y</Name></x></list>'),
        '{"list":[{"type":"Worker","job":"z","name":"y"}]}',
      ],
      [op('<list><x><Name>y</Name></x></list>'), '{"list":[{"type":"Person","name":"y"}]}'],
    ],
    refusedXml: [[op('<list><x xsi:type="t:Stranger"><Name>y</Name></x></list>'), /xsi:type/]],
    lenient: [
      [
        op('<list><x xsi:type="r:Worker"><Job>z</Job><Name>y</Name></x></list>'),
        /xsi:type/,
        '{"list":[{"type":"Worker","job":"z","name":"y"}]}',
      ],
    ],
  },
  {
    rule: 'SOAP 1.1, 5.4.2: an array is a list, whatever its members are called',
    schema: array('Ints', 'xsd:int[]'),
    parts: { a: 't:Ints' },
    pairs: [
      [
        '{"a":[1,2]}',
        '<a xsi:type="soapenc:Array" soapenc:arrayType="xsd:int[2]"><item xsi:type="xsd:int">1</item><item xsi:type="xsd:int">2</item></a>',
      ],
      ['{"a":[]}', '<a xsi:type="soapenc:Array" soapenc:arrayType="xsd:int[0]"></a>'],
    ],
    reads: [
      [op('<a soapenc:arrayType="xsd:int[]"><Int>1</Int><soapenc:int>2</soapenc:int></a>'), '{"a":[1,2]}'],
      [op('<a><item>1</item></a>'), '{"a":[1]}'],
      [op('<a/>'), '{"a":[]}'],
      [op('<a xsi:type="t:Ints"><item>1</item></a>'), '{"a":[1]}'],
    ],
    refusedXml: [
      [
        op('<a soapenc:arrayType="xsd:int[1]"><i>1</i><i>2</i></a>'),
        /says that it has 1 members and has more/,
      ],
      [
        op('<a soapenc:arrayType="xsd:int[2]"><i>1</i></a>'),
        /item is nil, which the contract does not allow/,
      ],
      [op('<a soapenc:arrayType="int"><i>1</i></a>'), /arrayType that cannot be read/],
      [op('<a soapenc:arrayType="xsd:int[99999999999999999999]"/>'), /arrayType that cannot be read/],
    ],
    refusedJson: [
      ['{"a":[1,null,"x"]}', '/a/2'],
      ['{"a":{}}', '/a'],
      ['{"a":1}', '/a'],
    ],
    lenient: [
      [op('<a soapenc:arrayType="xsd:int[7]"><i>1</i></a>'), /is nil/, '{"a":[1]}'],
      [op('<a soapenc:arrayType="xsd:int[0]"><i>1</i></a>'), /has more/, '{"a":[1]}'],
    ],
  },
  {
    rule: 'SOAP 1.1, 5.4.2.1 and 5.4.2.2: members that an array leaves out are null where the contract allows it',
    schema: array('Ints', 'xsd:int[]'),
    parts: { a: 't:Ints' },
    nullable: ['a[]'],
    reads: [
      [op('<a soapenc:arrayType="xsd:int[4]" soapenc:offset="[2]"><i>1</i></a>'), '{"a":[null,null,1,null]}'],
      [
        op(
          '<a soapenc:arrayType="xsd:int[4]"><i soapenc:position="[3]">1</i><i soapenc:position="[1]">2</i></a>',
        ),
        '{"a":[null,2,null,1]}',
      ],
      [op('<a><i soapenc:position="[1]">2</i></a>'), '{"a":[null,2]}'],
    ],
    refusedXml: [
      [op('<a soapenc:arrayType="xsd:int[2]"><i soapenc:position="[2]">1</i></a>'), /outside of it/],
      [
        op(
          '<a soapenc:arrayType="xsd:int[2]"><i soapenc:position="[1]">1</i><i soapenc:position="[1]">1</i></a>',
        ),
        /two members at one position/,
      ],
      [
        op('<a soapenc:arrayType="xsd:int[2]"><i soapenc:position="1">1</i></a>'),
        /position that cannot be read/,
      ],
      [op('<a soapenc:arrayType="xsd:int[2]" soapenc:offset="[1,1]"><i>1</i></a>'), /outside of it/],
      [
        op('<a soapenc:arrayType="xsd:int[2]" soapenc:offset="[1]"><i>1</i><i>1</i></a>'),
        /more members than it says/,
      ],
    ],
  },
  {
    rule: 'SOAP 1.1, 5.4.2: dimensions run in row-major order and are lists of lists',
    schema: array('Table', 'xsd:int[,]'),
    parts: { a: 't:Table' },
    nullable: ['a[]'],
    pairs: [
      [
        '{"a":[[1,2,3],[4,5,6]]}',
        '<a xsi:type="soapenc:Array" soapenc:arrayType="xsd:int[2,3]">' +
          [1, 2, 3, 4, 5, 6].map((n) => `<item xsi:type="xsd:int">${n}</item>`).join('') +
          '</a>',
      ],
      ['{"a":[]}', '<a xsi:type="soapenc:Array" soapenc:arrayType="xsd:int[0,0]"></a>'],
    ],
    reads: [
      [op('<a soapenc:arrayType="xsd:int[2,1]"><i>1</i><i>2</i></a>'), '{"a":[[1],[2]]}'],
      [
        op(
          '<a soapenc:arrayType="xsd:int[2,2]"><i soapenc:position="[1,1]">4</i><i soapenc:position="[0,0]">1</i><i>2</i><i>3</i></a>',
        ),
        '{"a":[[1,2],[3,4]]}',
      ],
      [
        op(
          '<a soapenc:arrayType="xsd:int[][2]"><i soapenc:arrayType="xsd:int[1]"><j>1</j></i><i soapenc:arrayType="xsd:int[1]"><j>2</j></i></a>',
        ),
        '{"a":[[1],[2]]}',
      ],
    ],
    refusedXml: [
      [op('<a soapenc:arrayType="xsd:int[,]"><i>1</i></a>'), /does not say how large/],
      [op('<a soapenc:arrayType="xsd:int[2,2]"><i>1</i></a>'), /is nil/],
      [op('<a soapenc:arrayType="xsd:int[2]"><i>1</i><i>2</i></a>'), /not what the WSDL says/],
      [op('<a soapenc:arrayType="xsd:int[99999999,99999999]"/>'), /too many members/],
      [op('<a soapenc:arrayType="xsd:int[0,99999999]"><i>1</i></a>'), /more members than it says/],
    ],
    refusedJson: [
      ['{"a":[[1,2],[3]]}', '/a/1'],
      ['{"a":[1]}', '/a/0'],
      ['{"a":[null]}', '/a/0'],
    ],
  },
  {
    rule: 'SOAP 1.1, 5.4.2: arrays of arrays are arrays themselves',
    schema: array('Lists', 'xsd:string[][]') + array('Tables', 'xsd:int[,][]'),
    parts: { a: 't:Lists', b: 't:Tables' },
    pairs: [
      [
        '{"a":[["x"],[]],"b":[[[1,2]]]}',
        '<a xsi:type="soapenc:Array" soapenc:arrayType="xsd:string[][2]"><item xsi:type="soapenc:Array" soapenc:arrayType="xsd:string[1]"><item xsi:type="xsd:string">x</item></item>' +
          '<item xsi:type="soapenc:Array" soapenc:arrayType="xsd:string[0]"></item></a>' +
          '<b xsi:type="soapenc:Array" soapenc:arrayType="xsd:int[,][1]"><item xsi:type="soapenc:Array" soapenc:arrayType="xsd:int[1,2]"><item xsi:type="xsd:int">1</item><item xsi:type="xsd:int">2</item></item></b>',
      ],
    ],
  },
  {
    rule: 'WSDL 1.1, 2.2: arrays by the element that they declare, and arrays of anything',
    schema:
      '<xs:complexType name="Named"><xs:complexContent><xs:restriction base="soapenc:Array"><xs:sequence><xs:element name="Row" type="xs:int" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:restriction></xs:complexContent></xs:complexType>' +
      '<xs:complexType name="Extended"><xs:complexContent><xs:extension base="soapenc:Array"><xs:sequence><xs:element name="Row" type="xs:date" minOccurs="0" maxOccurs="unbounded" nillable="true"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>',
    parts: { a: 't:Named', b: 't:Extended', c: 'soapenc:Array' },
    pairs: [
      [
        '{"a":[1],"b":["2020-01-01",null],"c":[{"type":"int","value":1},null]}',
        '<a xsi:type="soapenc:Array" soapenc:arrayType="xsd:int[1]"><Row xsi:type="xsd:int">1</Row></a>' +
          '<b xsi:type="soapenc:Array" soapenc:arrayType="xsd:date[2]"><Row xsi:type="xsd:date">2020-01-01</Row><Row xsi:type="xsd:date" xsi:nil="true"/></b>' +
          '<c xsi:type="soapenc:Array" soapenc:arrayType="xsd:anyType[2]"><item xsi:type="xsd:int">1</item><item xsi:nil="true"/></c>',
      ],
    ],
  },
  {
    rule: 'SOAP 1.2 Part 2, 3.1.6: enc:itemType and enc:arraySize; 3.1.5: enc:id and enc:ref',
    version: '1.2',
    schema: array('Table', 'xsd:int[,]') + array('Lists', 'xsd:string[][]'),
    parts: { a: 't:Table', b: 't:Lists' },
    pairs: [
      [
        '{"a":[[1],[2]],"b":[["x"]]}',
        '<a xsi:type="enc:Array" enc:itemType="xsd:int" enc:arraySize="2 1"><item xsi:type="xsd:int">1</item><item xsi:type="xsd:int">2</item></a>' +
          '<b xsi:type="enc:Array" enc:itemType="enc:Array" enc:arraySize="1"><item xsi:type="enc:Array" enc:itemType="xsd:string" enc:arraySize="1"><item xsi:type="xsd:string">x</item></item></b>',
      ],
    ],
    reads: [
      [op('<a enc:itemType="xsd:int" enc:arraySize="* 2"><i>1</i><i>2</i></a><b/>'), '{"a":[[1,2]],"b":[]}'],
      [
        op(
          '<a enc:arraySize="1 1"><i enc:ref="z"/></a><b enc:arraySize="*"><i><j enc:id="s">x</j><j enc:ref="s"/></i></b>',
        ) + '<q enc:id="z">7</q>',
        '{"a":[[7]],"b":[["x","x"]]}',
      ],
      [op('<a/><b><i><j enc:id="ref1">x</j><j enc:ref="#ref1"/></i></b>'), '{"a":[],"b":[["x","x"]]}'],
    ],
    refusedXml: [
      [op('<a enc:itemType="xsd:int" enc:arraySize="* x"/><b/>'), /arraySize that cannot be read/],
    ],
  },
  {
    rule: 'SOAP 1.1, 5.2.1 and 5.4.1: id and href, forward, backward, shared and inline',
    schema: person + array('People', 't:Person[]'),
    parts: { a: 't:Person', b: 't:Person', l: 't:People' },
    reads: [
      [
        op('<a href="#1"/><b href="#1"/><l href="#l"/>') +
          '<multiRef id="1" soapenc:root="0" xsi:type="t:Person"><Name href="#s"/></multiRef><x:id0 xmlns:x="urn:x" id="s" soapenc:root="0" xsi:type="soapenc:string">x</x:id0>' +
          '<multiRef id="l" soapenc:root="0" soapenc:arrayType="t:Person[2]"><i href="#1"/><i><Name>y</Name></i></multiRef>',
        '{"a":{"name":"x"},"b":{"name":"x"},"l":[{"name":"x"},{"name":"y"}]}',
      ],
      [
        `<multiRef id="1"><Name>x</Name></multiRef>${op('<a href="#1"/><b href="#1"/><l/>')}`,
        '{"a":{"name":"x"},"b":{"name":"x"},"l":[]}',
      ],
      [op('<a id="1"><Name>x</Name></a><b href="#1"/><l/>'), '{"a":{"name":"x"},"b":{"name":"x"},"l":[]}'],
      [op('<b href="#1"/><l/><a id="1"><Name>x</Name></a>'), '{"b":{"name":"x"},"l":[],"a":{"name":"x"}}'],
      [
        `${op('<a href="#1"/><b href="#1"/><l/>')}<q id="1" href="#2"/><q id="2" href="#3"/><q id="3"><Name>x</Name></q>`,
        '{"a":{"name":"x"},"b":{"name":"x"},"l":[]}',
      ],
      [
        `${op('<a href="#1"/><b href="#1"/><l/>')}<q id="1"><Name>x</Name></q><unused id="9" soapenc:root="0"/>`,
        '{"a":{"name":"x"},"b":{"name":"x"},"l":[]}',
      ],
    ],
    refusedXml: [
      [op('<a href="#1"/><b/><l/>'), /a refers to an id that the envelope does not have/],
      [op('<a href="http://x/1"/><b/><l/>'), /outside of the envelope/],
      [op('<a href="cid:1"/><b/><l/>'), /outside of the envelope/],
      [`${op('<a href="#1"/><b/><l/>')}<q id="1"/><q id="1"/>`, /an id that another element has too/],
      [op('<a id="1" href="#1"/><b/><l/>'), /a refers to itself/],
      [`${op('<a href="#1"/><b/><l/>')}<q id="1" href="#2"/><q id="2" href="#1"/>`, /a refers to itself/],
    ],
  },
  {
    rule: 'SOAP 1.1, 5.4.1: a graph that goes round cannot be JSON, and is refused',
    schema: node,
    parts: { n: 't:Node' },
    reads: [
      [
        `${op('<n href="#1"/>')}<m id="1"><v>1</v><next href="#2"/></m><m id="2"><v>2</v></m>`,
        '{"n":{"v":1,"next":{"v":2}}}',
      ],
    ],
    refusedXml: [
      [`${op('<n href="#1"/>')}<m id="1"><v>1</v><next href="#1"/></m>`, /next contains itself/],
      [
        `${op('<n href="#1"/>')}<m id="1"><v>1</v><next href="#2"/></m><m id="2"><v>2</v><next href="#1"/></m>`,
        /next contains itself/,
      ],
      [op('<n id="1"><v>1</v><next><v>2</v><next href="#1"/></next></n>'), /next contains itself/],
    ],
  },
  {
    rule: 'XML Schema Part 1, 2.6.2 and its drafts: nil in all spellings',
    schema: struct('S', element('a', 'xs:int', 'nillable="true"')),
    parts: { s: 't:S', p: 'xsd:string' },
    nullable: ['p'],
    pairs: [
      [
        '{"s":{"a":null},"p":null}',
        '<s xsi:type="t:S"><a xsi:type="xsd:int" xsi:nil="true"/></s><p xsi:type="xsd:string" xsi:nil="true"/>',
      ],
    ],
    reads: [
      ...[
        'xsi:nil="1"',
        'xsi:nil=" true "',
        'xmlns:i="http://www.w3.org/1999/XMLSchema-instance" i:null="1"',
        'xmlns:i="http://www.w3.org/1999/XMLSchema-instance" i:null="true"',
        'xmlns:i="http://www.w3.org/2000/10/XMLSchema-instance" i:null="1"',
        'xmlns:i="http://www.w3.org/2000/10/XMLSchema-instance" i:nil="true"',
      ].map((nil) => [op(`<s><a ${nil}/></s><p ${nil}/>`), '{"s":{"a":null},"p":null}'] as const),
      [op('<s/>'), '{"s":{"a":null},"p":null}'],
      [op('<s><a xsi:nil="false">1</a></s><p xsi:nil="0"/>'), '{"s":{"a":1},"p":""}'],
      [`${op('<s><a href="#n"/></s><p href="#n"/>')}<m id="n" xsi:nil="true"/>`, '{"s":{"a":null},"p":null}'],
    ],
    refusedXml: [
      [op('<s xsi:nil="true"/><p/>'), /s is nil, which the contract does not allow/],
      [op('<s><a xsi:nil="yes"/></s><p/>'), /neither true nor false/],
    ],
  },
  {
    rule: 'XML Schema of 1999 and 2000/10: types of the drafts are those of the Recommendation',
    parts: { a: 'xsd:anyType', b: 'xsd:anyType' },
    reads: [
      [
        op(
          '<a xmlns:x="http://www.w3.org/1999/XMLSchema" xmlns:i="http://www.w3.org/1999/XMLSchema-instance" i:type="x:timeInstant">2001-01-01T00:00:00Z</a><b xmlns:x="http://www.w3.org/2000/10/XMLSchema" xsi:type="x:int">1</b>',
        ),
        '{"a":{"type":"dateTime","value":"2001-01-01T00:00:00Z"},"b":{"type":"int","value":1}}',
      ],
    ],
  },
  {
    rule: 'SOAP 1.1, 5.2.2: soapenc types are simple types with an id',
    parts: { s: 'soapenc:string', n: 'soapenc:int', b: 'soapenc:base64' },
    pairs: [
      [
        '{"s":"x","n":1,"b":"AAE="}',
        '<s xsi:type="soapenc:string">x</s><n xsi:type="soapenc:int">1</n><b xsi:type="soapenc:base64">AAE=</b>',
      ],
    ],
    reads: [
      [
        `${op('<s href="#1"/><n id="2" xsi:type="soapenc:int">1</n><b xsi:type="xsd:base64Binary">AAE=</b>')}<soapenc:string id="1">x</soapenc:string>`,
        '{"s":"x","n":1,"b":"AAE="}',
      ],
    ],
  },
  {
    rule: 'SOAP::Lite: a text in base64 by its xsi:type alone would be misread',
    parts: { s: 'xsd:string' },
    reads: [[op('<s xsi:type="xsd:string">w6Q=</s>'), '{"s":"w6Q="}']],
    refusedXml: [[op('<s xsi:type="xsd:hexBinary">00</s>'), /hexBinary by its xsi:type/]],
    lenient: [
      [op('<s xsi:type="xsd:base64Binary">w6TmvKI=</s>'), /base64 by its xsi:type/, '{"s":"ä漢"}'],
      [op('<s xsi:type="soapenc:base64">IlwK</s>'), /base64 by its xsi:type/, '{"s":"\\"\\\\\\n"}'],
    ],
  },
  {
    rule: 'XML Schema Part 1, 3.4.7: a value of xs:anyType is what its xsi:type says',
    schema: person + array('Ints', 'xsd:int[]'),
    parts: { a: 'xsd:anyType' },
    nullable: ['a'],
    pairs: [
      ['{"a":{"type":"int","value":5}}', '<a xsi:type="xsd:int">5</a>'],
      ['{"a":{"type":"string","value":"5"}}', '<a xsi:type="xsd:string">5</a>'],
      ['{"a":{"type":"boolean","value":true}}', '<a xsi:type="xsd:boolean">true</a>'],
      [
        '{"a":{"type":"Person","name":"x"}}',
        '<a xsi:type="t:Person"><Name xsi:type="xsd:string">x</Name></a>',
      ],
      [
        '{"a":{"type":"Array","item":[{"type":"int","value":1},null]}}',
        '<a xsi:type="soapenc:Array" soapenc:arrayType="xsd:anyType[2]"><item xsi:type="xsd:int">1</item><item xsi:nil="true"/></a>',
      ],
      [
        '{"a":{"type":"Ints","item":[1]}}',
        '<a xsi:type="t:Ints" soapenc:arrayType="xsd:int[1]"><item xsi:type="xsd:int">1</item></a>',
      ],
      ['{"a":null}', '<a xsi:nil="true"/>'],
    ],
    reads: [
      [
        op('<a soapenc:arrayType="xsd:int[2]"><i>1</i><i>2</i></a>'),
        '{"a":{"type":"Array","item":[{"type":"int","value":1},{"type":"int","value":2}]}}',
      ],
      [
        op('<a soapenc:arrayType="xsd:int[2,1]"><i>1</i><i>2</i></a>'),
        '{"a":{"type":"Array","item":[{"type":"Array","item":[{"type":"int","value":1}]},{"type":"Array","item":[{"type":"int","value":2}]}]}}',
      ],
      [
        op(
          '<a xsi:type="soapenc:Array" soapenc:arrayType="xsd:ur-type[1]"><i xsi:type="soapenc:string">x</i></a>',
        ),
        '{"a":{"type":"Array","item":[{"type":"string","value":"x"}]}}',
      ],
      [
        op('<a><x xsi:type="xsd:int">1</x></a>'),
        '{"a":{"type":"Struct","any":["<x xmlns:xsi=\\"http://www.w3.org/2001/XMLSchema-instance\\" xmlns:t2=\\"http://www.w3.org/2001/XMLSchema\\" xsi:type=\\"t2:int\\">1</x>"]}}',
      ],
    ],
    refusedXml: [
      [op('<a xsi:type="t:Stranger">1</a>'), /xsi:type/],
      [op('<a xsi:type="no:prefix">1</a>'), /./],
    ],
    lenient: [[op('<a>5</a>'), /no xsi:type/, '{"a":{"type":"string","value":"5"}}']],
  },
  {
    rule: 'Apache SOAP: a Map is a list of keys and values',
    schema: '',
    parts: { m: 'xsd:anyType' },
    pairs: [
      [
        '{"m":{"type":"Map","item":[{"key":{"type":"string","value":"k"},"value":{"type":"int","value":1}}]}}',
        '<m xsi:type="apache:Map"><item><key xsi:type="xsd:string">k</key><value xsi:type="xsd:int">1</value></item></m>',
      ],
    ],
  },
  {
    rule: 'SOAP 1.1, 5.1: choices and repeated accessors within a struct',
    schema: struct(
      'S',
      `<xs:choice>${element('A', 'xs:int')}${element('B', 'xs:int')}</xs:choice>${element('R', 'xs:string', 'minOccurs="0" maxOccurs="unbounded"')}`,
    ),
    parts: { s: 't:S' },
    pairs: [
      [
        '{"s":{"b":1,"r":["x","y"]}}',
        '<s xsi:type="t:S"><B xsi:type="xsd:int">1</B><R xsi:type="xsd:string">x</R><R xsi:type="xsd:string">y</R></s>',
      ],
    ],
    reads: [[op('<s><R>x</R><A>1</A></s>'), '{"s":{"r":["x"],"a":1}}']],
    refusedXml: [[op('<s><A>1</A><B>1</B></s>'), /occurs twice|is not expected/]],
  },
]

const written = (xml: string) => `<r:op ${style}>${xml}</r:op>`
const asWeSay = (xml: string, version: string) =>
  version === '1.2'
    ? xml.replaceAll('http://schemas.xmlsoap.org/soap/encoding/', 'http://www.w3.org/2003/05/soap-encoding')
    : xml

const refusal = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (error) {
    return error
  }
}

describe.each(rows)('$rule', (row) => {
  const message = encodedMessage(row)
  const { pairs = [], reads = [], refusedXml = [], refusedJson = [], lenient = [], version = '1.1' } = row

  /** Our prefixes n1, n2 for what the table calls t and r. */
  const renamed = (xml: string) => {
    const byName = new Map([...message.declared].map(([prefix, uri]) => [uri, prefix]))
    return xml.replace(/\b(t|r|apache):(?=[A-Za-z])/g, (_, prefix: string) => {
      const uri = { t: 'urn:t', r: 'urn:rpc', apache: 'http://xml.apache.org/xml-soap' }[prefix] ?? ''
      return `${byName.get(uri) ?? prefix}:`
    })
  }

  test.each(pairs)('%s', (json, xml) => {
    expect(message.encode(json)).toBe(renamed(asWeSay(written(xml), version)))
    expect(message.decode(op(xml))).toBe(json)
    expect(message.decode(message.encode(json), { lenient: true })).toBe(json)
  })

  test.each(reads)('reads %s', (body, json) => {
    expect(message.decode(body)).toBe(json)
    expect(message.decode(body, { lenient: true })).toBe(json)
  })

  test.each(refusedXml)('refuses %s', (body, expected) => {
    const error = refusal(() => message.decode(body))
    expect(String(error)).toMatch(expected)
    expect((error as Error).name).toMatch(/AdapterError|XmlError/)
  })

  test.each(refusedJson)('refuses %s', (json, pointer) => {
    const error = refusal(() => message.encode(json))
    expect(error).toBeInstanceOf(EncodeError)
    expect((error as EncodeError).pointer).toBe(pointer)
  })

  test.each(lenient)('reads with leniency only %s', (body, expected, json) => {
    expect(String(refusal(() => message.decode(body)))).toMatch(expected)
    expect(message.decode(body, { lenient: true })).toBe(json)
  })

  test.each(['all', 'none'] as const)('reads its own samples back: %s', (optionals) => {
    const { json, again } = message.sample(optionals)
    expect(message.encode(again)).toBe(message.encode(json))
  })
})

test('SOAP 1.1, 5.4.2.1: members that an array has not come to are absent; leniency has it that the number is wrong', () => {
  const message = encodedMessage({
    schema: array('Ints', 'xsd:int[]'),
    parts: { a: 't:Ints' },
    nullable: ['a[]'],
  })
  const body = op('<a soapenc:arrayType="xsd:int[3]"><i>1</i><i xsi:nil="1"/></a>')
  expect(message.decode(body)).toBe('{"a":[1,null,null]}')
  expect(message.decode(body, { lenient: true })).toBe('{"a":[1,null]}')
})

test('a member type that the WSDL does not have is told of', () => {
  const message = encodedMessage({ schema: array('Gone', 't:Nowhere[]'), parts: { a: 't:Gone' } })
  expect(message.warnings).toEqual([
    expect.stringMatching(/^wsdl-unresolved: There is no type \{urn:t\}Nowhere/),
  ])
  expect(message.decode(op('<a><i xsi:type="xsd:int">1</i></a>'))).toBe('{"a":[{"type":"int","value":1}]}')
})

describe('hostile graphs', () => {
  const people = encodedMessage({ schema: person + array('People', 't:Person[]'), parts: { l: 't:People' } })
  const nodes = encodedMessage({
    schema: `${node}${struct('Tree', element('l', 't:Tree', 'minOccurs="0"') + element('r', 't:Tree', 'minOccurs="0"'))}`,
    parts: { n: 't:Node', t: 't:Tree' },
    nullable: ['n', 't'],
  })
  const codeOf = (run: () => unknown) => (refusal(run) as AdapterError).code
  const limited: Partial<EncodingOptions> = { maxLength: 1_000_000 }

  test('100 000 references to one value are as many values', () => {
    const count = 100_000
    const body = `${op(`<l>${'<i href="#1"/>'.repeat(count)}</l>`)}<m id="1"><Name>x</Name></m>`
    expect(JSON.parse(people.decode(body))).toEqual({ l: new Array(count).fill({ name: 'x' }) })
  })

  test('the values of shared references are limited in all', () => {
    const body = `${op(`<l>${'<i href="#1"/>'.repeat(1000)}</l>`)}<m id="1"><Name>${'x'.repeat(2000)}</Name></m>`
    expect(codeOf(() => people.decode(body, limited))).toBe('backend-too-large')
  })

  test('exponential sharing ends at the limit', () => {
    const levels = Array.from(
      { length: 60 },
      (_, n) => `<m id="${n}"><l href="#${n + 1}"/><r href="#${n + 1}"/></m>`,
    )
    const body = `${op('<t href="#0"/>')}${levels.join('')}<m id="60"/>`
    expect(codeOf(() => nodes.decode(body))).toBe('backend-too-large')
  })

  test('a circle of 100 000 references is told', () => {
    const count = 100_000
    const ring = Array.from({ length: count }, (_, n) => `<m id="${n}" href="#${(n + 1) % count}"/>`)
    expect(String(refusal(() => nodes.decode(`${op('<n href="#0"/>')}${ring.join('')}`)))).toMatch(
      /refers to itself/,
    )
  })

  test('a way of 100 000 references is gone once, however many go it', () => {
    const count = 50_000
    const way = Array.from({ length: count }, (_, n) => `<m id="${n}" href="#${n + 1}"/>`)
    const body = `${op(`<l>${'<i href="#0"/>'.repeat(count)}</l>`)}${way.join('')}<m id="${count}"><Name>x</Name></m>`
    expect((JSON.parse(people.decode(body)) as { l: unknown[] }).l).toHaveLength(count)
  })

  test('a chain of structs is as deep as a document may be', () => {
    const chain = Array.from(
      { length: 100_000 },
      (_, n) => `<m id="${n}"><v>1</v><next href="#${n + 1}"/></m>`,
    )
    const body = `${op('<n href="#0"/>')}${chain.join('')}<m id="100000"><v>1</v></m>`
    expect(String(refusal(() => nodes.decode(body)))).toMatch(/nested too deeply/)
  })

  test.each(['soapenc:arrayType="t:Person[9007199254740991]"', 'soapenc:arrayType="t:Person[1000000000]"'])(
    'an array that says %s costs nothing',
    (attribute) => {
      expect(codeOf(() => people.decode(op(`<l ${attribute}/>`), limited))).toBe('backend-too-large')
    },
  )
})
