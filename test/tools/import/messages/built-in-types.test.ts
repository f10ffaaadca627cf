import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ajvFormats from 'ajv-formats'
import { afterAll, describe, expect, test } from 'vitest'
import { importWsdl, loadAdapter } from '../../../../src/index.js'
import { parseWritten } from '../../../../src/json/parse.js'

const folder = mkdtempSync(join(tmpdir(), 'built-in-types-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const values: Readonly<Record<string, readonly string[]>> = {
  string: ['', ' a\n b ', 'é😀'],
  normalizedString: [' a  b '],
  token: ['a b'],
  boolean: ['true', 'false', '1', '0'],
  decimal: ['0.10', '+5', '.5', '5.', '-0', '123456789012345678901234567890.5'],
  integer: ['123456789012345678901234567890', '+007', '-0'],
  long: ['9223372036854775807', '-9223372036854775808', '9007199254740993'],
  unsignedLong: ['18446744073709551615'],
  int: ['2147483647', '-1'],
  unsignedByte: ['255'],
  negativeInteger: ['-1'],
  float: ['1.5', '1E5', '.5', '-0', 'INF', '-INF', 'NaN', '16777217'],
  double: ['1.10', '1e300', 'INF', '-INF', 'NaN'],
  duration: ['P1Y2M3DT4H5M6.7S', '-P1D', 'PT0S', 'P400D'],
  dateTime: [
    '2026-03-17T14:47:22',
    '2026-03-17T14:47:22.2471785+14:00',
    '2026-03-26T24:00:00Z',
    '12026-01-01T00:00:00',
    '-0044-03-15T00:00:00Z',
    '0001-01-01T00:00:00',
  ],
  time: ['10:00:00', '24:00:00Z', '10:00:00.5-05:00'],
  date: ['2026-03-26', '2026-03-26+01:00', '2026-03-26Z', '-0044-03-15', '12026-01-01'],
  gYearMonth: ['2026-01', '2026-01Z', '-0044-03'],
  gYear: ['2026', '12026+01:00', '-0001'],
  gMonthDay: ['--02-29', '--02-29Z'],
  gDay: ['---31', '---01+01:00'],
  gMonth: ['--12', '--12Z'],
  hexBinary: ['', '0a', '0A', 'cafeBABE'],
  base64Binary: ['', 'QQ==', 'Q Q = =', 'QUJD\r\nQUJD'],
  anyURI: ['', 'http://x/?a=b#c', 'a b', '../ä'],
  QName: ['p:a', 'b'],
  language: ['de', 'de-AT-1996'],
  NMTOKEN: ['1-a:b.'],
  NMTOKENS: ['a', 'a 1 :'],
  Name: [':a', 'é.1'],
  NCName: ['_a-1'],
  ID: ['a1'],
  IDREFS: ['a b'],
  ENTITIES: ['a b'],
  anySimpleType: ['a b'],
}

async function adapterOf(type: string, schema: string) {
  const wsdl = join(folder, `${type}.wsdl`)
  writeFileSync(
    wsdl,
    `<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t"><w:types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">${schema}<xs:element name="Put"><xs:complexType><xs:sequence><xs:element name="v" type="${type}" maxOccurs="unbounded"/></xs:sequence><xs:attribute name="a" type="${type}"/></xs:complexType></xs:element></xs:schema></w:types><w:message name="m"><w:part name="p" element="t:Put"/></w:message><w:portType name="P"><w:operation name="Put"><w:input message="t:m"/><w:output message="t:m"/></w:operation></w:portType><w:binding name="B" type="t:P"><s:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/><w:operation name="Put"><s:operation soapAction=""/><w:input><s:body use="literal"/></w:input><w:output><s:body use="literal"/></w:output></w:operation></w:binding><w:service name="S"><w:port name="P" binding="t:B"><s:address location="http://127.0.0.1:9/"/></w:port></w:service></w:definitions>`,
  )
  const { document } = await importWsdl(wsdl, { style: 'rpc', baseDir: folder })
  const adapter = await loadAdapter({ contract: document, baseDir: folder, env: {} })
  const operation = adapter.operations.get('put') ?? adapter.operations.get('Put')
  if (!operation) throw new Error(`there is ${[...adapter.operations.keys()].join()}`)
  return { document: adapter.document, operation }
}

type Adapted = Awaited<ReturnType<typeof adapterOf>>

/** Judges by the published document, without the flag u as with it. */
function judgeOf({ document, operation }: Adapted): (json: string) => string[] {
  const steps = [
    'paths',
    operation.path,
    operation.method,
    'responses',
    '200',
    'content',
    'application/json',
    'schema',
  ]
  const pointer = steps.map((step) => encodeURIComponent(step.replaceAll('/', '~1'))).join('/')
  const judges = [true, false].map((unicodeRegExp) => {
    const ajv = new Ajv2020({ strict: false, unicodeRegExp, logger: false })
    ajvFormats.default(ajv)
    ajv.addSchema(document, 'https://document.invalid/')
    return ajv.compile({ $ref: `https://document.invalid/#/${pointer}` })
  })
  return (json) =>
    judges.flatMap((judge) =>
      judge(JSON.parse(json)) ? [] : (judge.errors ?? []).map(({ message = '' }) => message),
    )
}

function read({ operation }: Adapted, value: string): string {
  const body = `<E:Envelope xmlns:E="http://schemas.xmlsoap.org/soap/envelope/"><E:Body><t:Put xmlns:t="urn:t" xmlns:p="urn:p" a="${value}"><t:v>${value}</t:v></t:Put></E:Body></E:Envelope>`
  return String(operation.decode({ status: 200, headers: { 'content-type': 'text/xml' }, body }).body)
}

function written({ operation }: Adapted, json: string): string {
  return String(operation.encode({ path: {}, query: {}, headers: {}, body: parseWritten(json) }).body)
}

describe('what an imported contract promises of a built-in type', () => {
  test.each(Object.entries(values))('xs:%s', async (type, lexicals) => {
    const adapted = await adapterOf(`xs:${type}`, '')
    const judge = judgeOf(adapted)
    for (const lexical of lexicals) {
      const json = read(adapted, lexical)
      expect([lexical, json, judge(json)]).toEqual([lexical, json, []])
      const back = /<[^>]*Body>(.*)<\/[^>]*Body>/s.exec(written(adapted, json))?.[1] ?? ''
      const again = read(adapted, (/<[\w:]*v[^>]*>([^<]*)</.exec(back)?.[1] ?? '').replaceAll('q:', 'p:'))
      expect([lexical, again]).toEqual([lexical, json])
    }
  })

  test.each<[string, string, string, string]>([
    ['xs:int', '<xs:pattern value="[0-9]{4}"/>', '0042', '"0042"'],
    ['xs:int', '<xs:enumeration value="01"/><xs:enumeration value="2"/>', '1', '"01"'],
    ['xs:decimal', '<xs:enumeration value="1.0"/>', '1.00', '"1.0"'],
    ['xs:decimal', '<xs:pattern value="\\.[0-9]{2}"/>', '.25', '".25"'],
    ['xs:double', '<xs:minInclusive value="0"/>', 'INF', '"INF"'],
    ['xs:double', '<xs:minInclusive value="0"/><xs:maxInclusive value="9"/>', '1', '1'],
    ['xs:dateTime', '<xs:pattern value=".*Z"/>', '2026-01-01T24:00:00Z', '"2026-01-01T24:00:00Z"'],
    [
      'xs:dateTime',
      '<xs:enumeration value="2026-01-01T12:00:00Z"/>',
      '2026-01-01T13:00:00+01:00',
      '"2026-01-01T12:00:00Z"',
    ],
    ['xs:QName', '<xs:enumeration value="t:Invalid"/>', 't:Invalid', '"{urn:t}Invalid"'],
    ['t:Ints', '<xs:enumeration value="1 2"/>', '01 2', '[1,2]'],
    ['t:Ints', '<xs:pattern value="0[0-9] 0[0-9]"/>', '01 02', '"01 02"'],
    ['t:Names', '', 'p:a t:b', '["{urn:p}a","{urn:t}b"]'],
    ['t:Either', '', 'p:a', '"{urn:p}a"'],
    ['t:Either', '', '12', '"12"'],
    ['t:Either', '<xs:enumeration value="5"/><xs:enumeration value="t:x"/>', '+5', '"5"'],
    ['t:Either', '<xs:enumeration value="5"/><xs:enumeration value="t:x"/>', 't:x', '"{urn:t}x"'],
    ['xs:string', '<xs:pattern value="\\p{Lu}\\d+"/>', 'Ä12', '"Ä12"'],
    ['xs:string', '<xs:pattern value="\\i\\c*"/>', 'é-1', '"é-1"'],
    ['xs:base64Binary', '<xs:pattern value="[A-Za-z0-9+/= ]+"/>', 'QQ = =', '"QQ=="'],
  ])('%s restricted by %s: %s', async (base, facets, lexical, json) => {
    const others =
      '<xs:simpleType name="Ints"><xs:list itemType="xs:int"/></xs:simpleType><xs:simpleType name="Names"><xs:list itemType="xs:QName"/></xs:simpleType><xs:simpleType name="Either"><xs:union memberTypes="xs:int xs:QName"/></xs:simpleType>'
    const adapted = await adapterOf(
      't:T',
      `${others}<xs:simpleType name="T"><xs:restriction base="${base}">${facets}</xs:restriction></xs:simpleType>`,
    )
    const given = read(adapted, lexical)
    expect(given).toBe(`{"a":${json},"v":[${json}]}`)
    expect(judgeOf(adapted)(given)).toEqual([])
    const back = read(adapted, lexical)
    expect(() => written(adapted, back)).not.toThrow()
  })
})
