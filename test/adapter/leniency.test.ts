import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import { AdapterError } from '../../src/base/errors.js'
import { type LenientKind, lenientKinds } from '../../src/base/lenient-kind.js'
import { importWsdl } from '../../src/index.js'
import { isObject } from '../../src/openapi/document.js'

const wsdl = `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
<types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
  <xs:complexType name="Party" abstract="true"><xs:sequence><xs:element name="id" type="xs:int"/></xs:sequence></xs:complexType>
  <xs:complexType name="Person"><xs:complexContent><xs:extension base="t:Party"><xs:sequence><xs:element name="born" type="xs:date"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name="Firm"><xs:complexContent><xs:extension base="t:Party"><xs:sequence><xs:element name="seat" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
  <xs:complexType name="Node"><xs:sequence><xs:element name="label" type="xs:string"/><xs:element name="next" type="t:Node" minOccurs="0"/></xs:sequence><xs:attribute name="kind" type="xs:string"/></xs:complexType>
  <xs:complexType name="Owner"><xs:sequence><xs:element name="id" type="xs:int"/></xs:sequence><xs:attribute name="since" type="xs:date"/></xs:complexType>
  <xs:complexType name="Tenant"><xs:complexContent><xs:extension base="t:Owner"><xs:attribute name="floor" type="xs:int"/></xs:extension></xs:complexContent></xs:complexType>
  <xs:element name="Ask"><xs:complexType><xs:sequence/></xs:complexType></xs:element>
  <xs:element name="Refusal" type="t:Node"/>
  <xs:element name="Meter" type="t:Node"/>
  <xs:element name="AskResponse"><xs:complexType><xs:sequence>
    <xs:element name="count" type="xs:long" minOccurs="0"/>
    <xs:element name="amount" type="xs:decimal" minOccurs="0"/>
    <xs:element name="ratio" type="xs:double" minOccurs="0"/>
    <xs:element name="party" type="t:Party" minOccurs="0"/>
    <xs:element name="node" type="t:Node" minOccurs="0" maxOccurs="unbounded"/>
    <xs:element name="link" type="t:Node" nillable="true" minOccurs="0"/>
    <xs:element name="owner" type="t:Owner" nillable="true" minOccurs="0"/>
    <xs:element name="weight" type="xs:int" nillable="true" minOccurs="0"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema></types>
<message name="In"><part name="p" element="t:Ask"/></message><message name="Out"><part name="p" element="t:AskResponse"/></message>
<message name="Refused"><part name="p" element="t:Refusal"/></message><message name="Head"><part name="p" element="t:Meter"/></message>
<portType name="P"><operation name="Ask"><input message="t:In"/><output message="t:Out"/><fault name="Refused" message="t:Refused"/></operation></portType>
<binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Ask"><soap:operation soapAction=""/><input><soap:body use="literal"/></input><output><soap:header message="t:Head" part="p" use="literal"/><soap:body use="literal"/></output><fault name="Refused"><soap:fault name="Refused" use="literal"/></fault></operation></binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://127.0.0.1:9/"/></port></service></definitions>`

const directory = mkdtempSync(join(tmpdir(), 'lenient-'))
writeFileSync(join(directory, 's.wsdl'), wsdl)
const imported = importWsdl(join(directory, 's.wsdl'), { baseDir: directory, style: 'rpc' })

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function adapterWith(lenient: boolean | readonly string[] | undefined): Promise<Adapter> {
  const document = structuredClone((await imported).document)
  const backends = document['x-soap-backends']
  const backend = isObject(backends) ? Object.values(backends)[0] : undefined
  if (isObject(backend) && lenient !== undefined) Object.assign(backend, { lenient })
  return compileContract({ contract: document, baseDir: directory, env: {} })
}

const envelope = (content: string): string =>
  `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:z="http://schemas.microsoft.com/2003/10/Serialization/">${content}</S:Envelope>`
const body = (content: string): string => envelope(`<S:Body>${content}</S:Body>`)
const response = (content: string): string => body(`<AskResponse xmlns="urn:t">${content}</AskResponse>`)

/** The JSON text, or code and message of the error. */
function decode(adapter: Adapter, xml: string): string {
  const [operation] = adapter.operations.values()
  try {
    const found = operation?.decode({ status: 200, headers: { 'content-type': 'text/xml' }, body: xml })
    return typeof found?.body === 'string' ? found.body : 'bytes'
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    return `${error.code}: ${error.message}`
  }
}

const rows: readonly (readonly [LenientKind, string, string])[] = [
  ['unknownElements', response('<new>1</new><count>1</count>'), '{"count":1,"node":[]}'],
  [
    'unknownElements',
    response('<count>1</count><x:y xmlns:x="urn:x"><z/>text</x:y>'),
    '{"count":1,"node":[]}',
  ],
  ['unknownElements', response('<node><label>a</label><more/></node>'), '{"node":[{"label":"a"}]}'],
  [
    'unknownElements',
    response('<count>1</count>').replace('</S:Body>', '<stray/></S:Body>'),
    '{"count":1,"node":[]}',
  ],
  ['unknownAttributes', response('<count unit="x">1</count>'), '{"count":1,"node":[]}'],
  [
    'unknownAttributes',
    response(`<node seq = '1' kind="k" z:a="b"><label>a</label></node>`),
    '{"node":[{"kind":"k","label":"a"}]}',
  ],
  [
    'unknownAttributes',
    response('<count>1</count>').replace('<AskResponse', '<AskResponse id="1"'),
    '{"count":1,"node":[]}',
  ],
  ['unknownAttributes', response('<weight unit="kg" i:nil="true"/>'), '{"node":[],"weight":null}'],
  ['unknownAttributes', response('<link i:nil="1" z:a="b"></link>'), '{"node":[],"link":null}'],
  ['nilAttributes', response('<link kind="k" i:nil="true"/>'), '{"node":[],"link":null}'],
  ['nilAttributes', response('<owner i:nil="true" since="2020-01-01"/>'), '{"node":[],"owner":null}'],
  [
    'nilAttributes',
    response('<owner xmlns:t="urn:t" i:type="t:Tenant" floor="3" i:nil="true"/>'),
    '{"node":[],"owner":null}',
  ],
  [
    'order',
    response('<ratio>0.5</ratio><amount>2.50</amount><count>1</count>'),
    '{"count":1,"amount":"2.50","ratio":0.5,"node":[]}',
  ],
  [
    'order',
    response('<node><label>a</label></node><count>1</count><node><label>b</label></node>'),
    '{"count":1,"node":[{"label":"a"},{"label":"b"}]}',
  ],
  [
    'order',
    response('<node><next><label>b</label></next><label>a</label></node>'),
    '{"node":[{"label":"a","next":{"label":"b"}}]}',
  ],
  ['exponents', response('<count>1.0E+15</count>'), '{"count":1000000000000000,"node":[]}'],
  ['exponents', response('<amount>1E-7</amount>'), '{"amount":"0.0000001","node":[]}'],
  ['exponents', response('<amount> -12.340e1 </amount>'), '{"amount":"-123.4","node":[]}'],
  [
    'exponents',
    response('<amount>12345678901234567890.12345E+2</amount>'),
    '{"amount":"1234567890123456789012.345","node":[]}',
  ],
  [
    'absentTypes',
    response('<party><id>1</id><seat>Bern</seat></party>'),
    '{"party":{"type":"Firm","id":1,"seat":"Bern"},"node":[]}',
  ],
  ['absentWrapper', body('<count xmlns="urn:t">1</count>'), '{"count":1,"node":[]}'],
  ['absentWrapper', body(''), '{"node":[]}'],
  ['absentWrapper', envelope('<S:Body/>'), '{"node":[]}'],
  [
    'references',
    response('<node z:Id="i1"><label>a</label></node><node z:Ref="i1"/>'),
    '{"node":[{"label":"a"},{"label":"a"}]}',
  ],
  [
    'references',
    response(
      '<node z:Id="i1"><label>a</label><next z:Ref="i2" i:nil="true"/></node><node z:Id="i2" kind="k"><label>b</label></node>',
    ).replace(' i:nil="true"', ''),
    '{"node":[{"label":"a","next":{"label":"b"}},{"kind":"k","label":"b"}]}',
  ],
  [
    'envelope',
    response('<count>1</count>').replace('</S:Envelope>', '<S:Body/></S:Envelope>'),
    '{"count":1,"node":[]}',
  ],
  [
    'envelope',
    response('<count>1</count>').replace('</S:Envelope>', '<S:Header/></S:Envelope>'),
    '{"count":1,"node":[]}',
  ],
  [
    'envelope',
    response('<count>1</count>').replace('<S:Body>', '<S:Other/><S:Body>'),
    '{"count":1,"node":[]}',
  ],
  ['envelope', response('<?a b?><count>1</count>'), '{"count":1,"node":[]}'],
  ['envelope', `<?xml-stylesheet href="x"?>${response('<count>1</count>')}`, '{"count":1,"node":[]}'],
]

describe('each kind is refused by default, and read where the contract forgives it, counted', () => {
  test.each(rows)('%s: %s', async (kind, xml, json) => {
    expect(decode(await adapterWith(undefined), xml)).toMatch(/^backend-mismatch: /)
    const others = lenientKinds.filter((each) => each !== kind)
    expect(decode(await adapterWith(others), xml)).toMatch(/^backend-mismatch: /)
    for (const lenient of [[kind], true]) {
      const adapter = await adapterWith(lenient)
      const told: string[] = []
      adapter.onLeniency((use) => told.push(use.kind))
      expect([decode(adapter, xml), decode(adapter, xml)]).toEqual([json, json])
      expect([told, adapter.backends()[0]?.lenient]).toEqual([[kind], { [kind]: 2 }])
    }
  })
})

const forgiving = adapterWith(true)

test.each([
  ['inf', 'INF'],
  ['Infinity', 'INF'],
  ['+INF', 'INF'],
  ['-Infinity', '-INF'],
  ['-1.#INF', '-INF'],
  ['nan', 'NaN'],
  // PHP's SoapServer: findings/php-soap-clamped-integers.sh
  ['NAN', 'NaN'],
  ['1.#IND', 'NaN'],
])('specialNumbers: %s is %s', async (text, word) => {
  const xml = response(`<ratio>${text}</ratio>`)
  expect(decode(await adapterWith(undefined), xml)).toMatch(/^backend-mismatch: /)
  expect(decode(await adapterWith(['specialNumbers']), xml)).toBe(`{"ratio":"${word}","node":[]}`)
  expect(decode(await forgiving, response('<ratio>infinite</ratio>'))).toMatch(/^backend-mismatch: /)
})

test.each([
  [
    '<AskResponse xmlns="urn:other"/>',
    'AskResponse in soap:Body is in another namespace than the WSDL says.',
  ],
  ['<Ask xmlns="urn:t"/>', 'soap:Body must hold AskResponse, not Ask.'],
  ['', 'soap:Body must hold AskResponse.'],
])('another content of soap:Body is named: %s', async (content, message) => {
  expect(decode(await adapterWith(undefined), body(content))).toBe(`backend-mismatch: ${message}`)
})

describe('what could be misread is refused all the same', () => {
  test.each([
    ['no whole number', response('<count>1.5E0</count>')],
    ['a number without end', response('<amount>1E999</amount>')],
    ['no type fits', response('<party><id>1</id></party>')],
    ['a type of two', response('<party><id>1</id><seat>B</seat><born>2000-01-01</born></party>')],
    ['nil with content', response('<link kind="k" i:nil="true"><label>a</label></link>')],
    ['required and absent', response('<node kind="k"/>')],
    ['twice', response('<count>1</count><amount>1</amount><count>2</count>')],
    ['a wrapper of another name', body('<Other xmlns="urn:t"><count>1</count></Other>')],
    ['a reference beside mixed content', response('<a>b<c/></a><node z:Ref="i1"/>')],
    ['a reference to nothing', response('<node z:Ref="i9"/>')],
    ['a reference into itself', response('<node z:Id="i1"><label>a</label><next z:Ref="i1"/></node>')],
    ['text between elements', response('a<count>1</count>')],
    [
      'two objects of one id',
      response(
        '<node z:Id="i1"><label>a</label></node><node z:Id="i1"><label>b</label></node><node z:Ref="i1"/>',
      ),
    ],
  ])('%s', async (_, xml) => {
    expect(decode(await forgiving, xml)).toMatch(/^backend-mismatch: /)
  })
})

/** What a declared fault and a declared header block hold, with more than they may, or with less. */
const nodes: readonly (readonly [LenientKind, string, string])[] = [
  ['unknownElements', '<new/><label>a</label>', '{"label":"a"}'],
  ['unknownAttributes', '<label unit="x">a</label>', '{"label":"a"}'],
  ['order', '<next><label>b</label></next><label>a</label>', '{"label":"a","next":{"label":"b"}}'],
  [
    'references',
    '<label>a</label><next z:Id="i1"><label>b</label><next z:Ref="i2"/></next><c z:Id="i2"><label>c</label></c>',
    '{"label":"a","next":{"label":"b","next":{"label":"c"}}}',
  ],
]
const fault = (content: string): string =>
  body(
    `<S:Fault><faultcode>S:Server</faultcode><faultstring>no</faultstring><detail><Refusal xmlns="urn:t">${content}</Refusal></detail></S:Fault>`,
  )
const header = (content: string): string =>
  response('<count>1</count>').replace(
    '<S:Body>',
    `<S:Header><Meter xmlns="urn:t">${content}</Meter></S:Header><S:Body>`,
  )

describe('the same is forgiven', () => {
  const needed = (kind: LenientKind): LenientKind[] =>
    kind === 'references' ? ['references', 'unknownElements'] : [kind]

  test.each(nodes)('in the detail of a declared fault: %s', async (kind, content, json) => {
    const others = lenientKinds.filter((each) => !needed(kind).includes(each))
    for (const lenient of [undefined, others]) {
      expect(decode(await adapterWith(lenient), fault(content))).toMatch(/^backend-fault: /)
    }
    const adapter = await adapterWith(needed(kind))
    const problem: unknown = JSON.parse(decode(adapter, fault(content)))
    expect(problem).toMatchObject({ fault: JSON.parse(json) as unknown })
    expect(Object.keys(adapter.backends()[0]?.lenient ?? {}).sort()).toEqual(needed(kind).sort())
  })

  test.each(nodes)('in a declared header block: %s', async (kind, content) => {
    const others = lenientKinds.filter((each) => !needed(kind).includes(each))
    for (const lenient of [undefined, others]) {
      expect(decode(await adapterWith(lenient), header(content))).toMatch(/^backend-mismatch: /)
    }
    const adapter = await adapterWith(needed(kind))
    expect(decode(adapter, header(content))).toBe('{"count":1,"node":[]}')
    expect(Object.keys(adapter.backends()[0]?.lenient ?? {}).sort()).toEqual(needed(kind).sort())
  })

  test.each([undefined, true])(
    'and what is wrong all the same is named where it is: lenient %s',
    async (lenient) => {
      const [operation] = (await adapterWith(lenient)).operations.values()
      const read = (): unknown =>
        operation?.decode({
          status: 200,
          headers: { 'content-type': 'text/xml' },
          body: header('<label><x/></label>'),
        })
      expect(read).toThrow(expect.objectContaining({ path: '/Envelope/Header/Meter/label' }) as Error)
    },
  )
})

test('a response that is as its WSDL says counts for nothing', async () => {
  const adapter = await adapterWith(true)
  const comment = response(
    '<!-- <?no instruction?> --><count>1</count><node><label><![CDATA[<?a?>]]></label></node>',
  )
  expect(decode(adapter, comment)).toBe('{"count":1,"node":[{"label":"<?a?>"}]}')
  expect(adapter.backends()[0]?.lenient).toEqual({})
})

test('references that unfold without end are too large', async () => {
  const levels = Array.from(
    { length: 40 },
    (_, i) => `<node z:Id="i${i}"><label>a</label><next z:Ref="i${i + 1}"/></node>`,
  )
  const xml = response(`${levels.join('')}<node z:Id="i40"><label>${'x'.repeat(1_500_000)}</label></node>`)
  expect(decode(await forgiving, xml)).toMatch(/^backend-too-large: /)
})

test('kinds that do not exist are refused', async () => {
  await expect(adapterWith(['order', 'sloppy'])).rejects.toThrow(
    /lenient is true or a list of .*; sloppy is none/,
  )
})
