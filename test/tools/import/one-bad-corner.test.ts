import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { checkContract, compileContract } from '../../../src/adapter/adapter.js'
import { diffWsdls } from '../../../src/tools/diff/wsdl.js'
import { importWsdl } from '../../../src/tools/import/import.js'
import { startSimulator } from '../../../src/tools/simulator/simulator.js'

const folder = mkdtempSync(join(tmpdir(), 'corner-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

/** What is wrong, in a WSDL whose operation Good does not need it and whose operation Bad does. */
interface Corner {
  readonly schema?: string
  readonly before?: string
  readonly parts?: string
  readonly binding?: string
  readonly header?: string
  readonly portType?: string
  readonly files?: Readonly<Record<string, string>>
}

const xs = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
const bad = (content: string): string =>
  `<xs:element name="Bad"><xs:complexType><xs:sequence>${content}</xs:sequence></xs:complexType></xs:element>`
const plain = bad('<xs:element name="b" type="xs:string"/>')

const wsdl = ({
  schema = plain,
  before = '',
  parts = '<part name="p" element="t:Bad"/>',
  portType = '<operation name="Bad"><input message="t:B"/><output message="t:O"/></operation>',
  header = '',
  binding = `<operation name="Bad"><soap:operation soapAction="b"/>
    <input><soap:body use="literal"/>${header}</input><output><soap:body use="literal"/></output></operation>`,
}: Corner): string => `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" ${xs}
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t" targetNamespace="urn:t">
  ${before}
  <types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
    <xs:complexType name="Base"><xs:sequence><xs:element name="x" type="xs:string"/></xs:sequence></xs:complexType>
    <xs:element name="Good"><xs:complexType><xs:sequence><xs:element name="base" type="t:Base"/></xs:sequence></xs:complexType></xs:element>
    <xs:element name="Done"><xs:complexType><xs:sequence><xs:element name="g" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
    ${schema}
  </xs:schema></types>
  <message name="G"><part name="p" element="t:Good"/></message>
  <message name="O"><part name="p" element="t:Done"/></message>
  <message name="B">${parts}</message>
  <portType name="P">
    <operation name="Good"><input message="t:G"/><output message="t:O"/></operation>
    ${portType}
  </portType>
  <binding name="B" type="t:P">
    <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="Good"><soap:operation soapAction="g"/>
      <input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
    ${binding}
  </binding>
  <service name="S"><port name="Q" binding="t:B"><soap:address location="http://127.0.0.1:1/x"/></port></service>
</definitions>`

const corners: Readonly<Record<string, Corner>> = {
  'an undeclared prefix in a type': { schema: bad('<xs:element name="b" type="no:Type"/>') },
  'a type that is not there': { schema: bad('<xs:element name="b" type="t:None"/>') },
  'a group that is not there': { schema: bad('<xs:group ref="t:None"/>') },
  'an attribute group that is not there, two definitions away': {
    schema: `<xs:attributeGroup name="A"><xs:attributeGroup ref="t:None"/></xs:attributeGroup>
      <xs:complexType name="T"><xs:attributeGroup ref="t:A"/></xs:complexType>${bad('<xs:element name="b" type="t:T"/>')}`,
  },
  'a base that is not there': {
    schema: `<xs:complexType name="T"><xs:complexContent><xs:extension base="t:None"/></xs:complexContent></xs:complexType>
      ${bad('<xs:element name="b" type="t:T"/>')}`,
  },
  'a type that derives from itself': {
    schema: `<xs:complexType name="T"><xs:complexContent><xs:extension base="t:T"/></xs:complexContent></xs:complexType>
      ${bad('<xs:element name="b" type="t:T"/>')}`,
  },
  'an occurrence that is not a number': {
    schema: bad('<xs:element name="b" type="xs:int" minOccurs="many"/>'),
  },
  'a facet that is wrong': {
    schema: bad(
      '<xs:element name="b"><xs:simpleType><xs:restriction base="xs:string"><xs:length value="x"/></xs:restriction></xs:simpleType></xs:element>',
    ),
  },
  'an include that is not there': {
    schema: `<xs:include schemaLocation="none.xsd"/>${bad('<xs:element name="b" type="t:Elsewhere"/>')}`,
  },
  'an import that is not XML': {
    before: '',
    schema: `<xs:include schemaLocation="broken.xsd"/>${bad('<xs:element name="b" type="t:Elsewhere"/>')}`,
    files: { 'broken.xsd': '<xs:schema' },
  },
  'an import that is not a schema': {
    schema: `<xs:include schemaLocation="page.xsd"/>${bad('<xs:element name="b" type="t:Elsewhere"/>')}`,
    files: { 'page.xsd': '<html/>' },
  },
  'a WSDL that is not there': {
    before: '<import namespace="urn:o" location="none.wsdl"/>',
    portType:
      '<operation name="Bad"><input xmlns:o="urn:o" message="o:B"/><output message="t:O"/></operation>',
  },
  'a WSDL that is none': {
    before: '<import namespace="urn:o" location="page.wsdl"/>',
    portType:
      '<operation name="Bad"><input xmlns:o="urn:o" message="o:B"/><output message="t:O"/></operation>',
    files: { 'page.wsdl': '<html/>' },
  },
  'a message that is not there': {
    portType: '<operation name="Bad"><input message="t:None"/><output message="t:O"/></operation>',
  },
  'an undeclared prefix in a part': { parts: '<part name="p" element="no:Bad"/>' },
  'a part without element and type': { parts: '<part name="p"/>' },
  'an operation that the port type does not have': { portType: '' },
  'a header whose message is not there': { header: '<soap:header message="t:None" part="h" use="literal"/>' },
}

let number = 0
const written = ({ files = {}, ...corner }: Corner): string => {
  const path = join(folder, `w${number++}.wsdl`)
  writeFileSync(path, wsdl(corner))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return path
}

describe('one bad corner', () => {
  it.each(Object.entries(corners))('%s: leaves its operation out, by name', async (_, corner) => {
    const path = written(corner)
    const { document, diagnostics, summary } = await importWsdl(path, { baseDir: folder })
    expect(summary.operations.map(({ operation }) => operation)).toEqual(['Good'])
    expect(summary.leftOut).toEqual([expect.stringMatching(/^Bad \(.*\.wsdl:\d+:\d+\): ./)])
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const said = diagnostics.find(({ message }) => /Bad.*left out/.test(message))
    expect(said?.at?.line).toBeGreaterThan(1)

    const adapter = compileContract({ contract: document, baseDir: folder, env: {} })
    const [operation] = adapter.operations.values()
    expect(operation?.encode({ path: {}, query: {}, headers: {}, body: { x: '1' } }).body).toBeDefined()
    await adapter.close()

    const simulator = await startSimulator({ wsdls: [path] })
    const [endpoint] = simulator.endpoints
    const envelope = (body: string): string =>
      `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>${body}</e:Body></e:Envelope>`
    const post = async (action: string, body: string): Promise<string> => {
      const headers = { 'content-type': 'text/xml', soapaction: `"${action}"` }
      return (await fetch(endpoint?.url ?? '', { method: 'POST', headers, body: envelope(body) })).text()
    }
    expect(await post('g', '<Good xmlns="urn:t"><base><x>1</x></base></Good>')).toContain('Done')
    expect(await post('b', '<Bad xmlns="urn:t"><b>1</b></Bad>')).toMatch(/Left out.*Bad/)
    await simulator.close()

    const next = diffWsdls(written({}), path)
    expect(next.changes.map(({ what }) => what)).toEqual(['the operation cannot be read any more'])
    expect(next.leftOut).not.toEqual([])
    expect(diffWsdls(path, path).changes).toEqual([])
  })

  it.each(Object.entries(corners))('%s: is not looked at by --operations', async (_, corner) => {
    const { diagnostics, summary } = await importWsdl(written(corner), {
      baseDir: folder,
      operations: ['Good'],
    })
    expect(summary.operations).toHaveLength(1)
    expect(summary.leftOut).toEqual([])
    expect(diagnostics.filter(({ message }) => message.includes('Bad'))).toEqual([])
  })

  it('is an error for the contract that needs it, with the reason', async () => {
    const path = written({ schema: plain })
    const { document } = await importWsdl(path, { baseDir: folder })
    writeFileSync(path, wsdl({ schema: bad('<xs:element name="b" type="t:None"/>') }))
    const { diagnostics } = checkContract({ contract: document, baseDir: folder, env: {} })
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'operation-unknown', message: expect.stringContaining('Bad') as string },
    ])
    const [error] = diagnostics.filter(({ severity }) => severity === 'error')
    expect(error?.related?.map(({ message }) => message).join(' ')).toContain('There is no type {urn:t}None')
  })

  it.each<[string, Corner]>([
    [
      'a derived type',
      {
        schema: `<xs:complexType name="More"><xs:complexContent><xs:extension base="t:Base"><xs:sequence>
          <xs:element name="m" type="t:None"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>${plain}`,
      },
    ],
    [
      'a part that the binding does not put into the body',
      {
        parts: '<part name="p" element="t:Bad"/><part name="q" element="t:None"/>',
        binding: `<operation name="Bad"><soap:operation soapAction="b"/>
          <input><soap:body use="literal" parts="p"/></input><output><soap:body use="literal"/></output></operation>`,
      },
    ],
    [
      'a fault',
      {
        portType:
          '<operation name="Bad"><input message="t:B"/><output message="t:O"/><fault name="F" message="t:None"/></operation>',
      },
    ],
    ['a type that nobody needs', { schema: `${plain}<xs:element name="Old" type="t:None"/>` }],
    [
      'a second binding of an operation',
      {
        binding:
          `<operation name="Bad"><soap:operation soapAction="b"/><input><soap:body use="literal"/></input>
          <output><soap:body use="literal"/></output></operation>`.repeat(2),
      },
    ],
  ])('that no operation needs leaves none out: %s', async (_, corner) => {
    const { document, diagnostics, summary } = await importWsdl(written(corner), { baseDir: folder })
    expect(summary.operations).toHaveLength(2)
    expect(summary.leftOut).toEqual([])
    expect(diagnostics.map(({ severity }) => severity)).not.toContain('error')
    expect(() => compileContract({ contract: document, baseDir: folder, env: {} })).not.toThrow()
  })

  it('that everything needs is an error', async () => {
    const path = join(folder, 'all.wsdl')
    writeFileSync(
      path,
      wsdl({ schema: bad('<xs:element name="b" type="t:None"/>') }).replace('type="t:Base"', 'type="t:None"'),
    )
    const { diagnostics, summary } = await importWsdl(path, { baseDir: folder })
    expect(summary.leftOut).toHaveLength(2)
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toMatchObject([
      { code: 'import-no-port', message: expect.stringContaining('Good, Bad') as string },
    ])
    await expect(startSimulator({ wsdls: [path] })).rejects.toThrow()
  })
})

describe('a well-known schema', () => {
  it.each([
    ['http://microsoft.com/wsdl/types/', '<xs:element name="b" type="w:guid"/>'],
    ['http://microsoft.com/wsdl/types/', '<xs:element name="b" type="w:char"/>'],
    ['http://schemas.microsoft.com/2003/10/Serialization/', '<xs:element name="b" type="w:duration"/>'],
    ['http://schemas.microsoft.com/2003/10/Serialization/', '<xs:element ref="w:guid"/>'],
    [
      'http://schemas.microsoft.com/2003/10/Serialization/Arrays',
      '<xs:element name="b" type="w:ArrayOfguid"/>',
    ],
    ['http://schemas.datacontract.org/2004/07/System', '<xs:element name="b" type="w:DateTimeOffset"/>'],
    ['http://www.w3.org/2001/XMLSchema', '<xs:element ref="w:schema"/>'],
    ['http://www.w3.org/2001/XMLSchema', '<xs:element ref="w:schema"/><xs:any/>'],
    ['http://www.w3.org/2005/08/addressing', '<xs:element ref="w:EndpointReference"/>'],
    ['http://schemas.xmlsoap.org/ws/2004/08/addressing', '<xs:element ref="w:EndpointReference"/>'],
    ['http://www.w3.org/2000/09/xmldsig#', '<xs:element ref="w:Signature"/>'],
    ['http://schemas.xmlsoap.org/soap/encoding/', '<xs:element name="b" type="w:string"/>'],
    ['http://xml.apache.org/xml-soap', '<xs:element name="b" type="w:Vector"/>'],
  ])('of %s is there for %s', async (namespace, content) => {
    const path = written({ schema: `<xs:import namespace="${namespace}"/>${bad(content)}` })
    writeFileSync(path, wsdl({ schema: bad(content) }).replace('xmlns:t=', `xmlns:w="${namespace}" xmlns:t=`))
    const { document, diagnostics, summary } = await importWsdl(path, { baseDir: folder })
    expect(diagnostics).toEqual([])
    const adapter = compileContract({ contract: document, baseDir: folder, env: {} })
    const id = summary.operations.find(({ operation }) => operation === 'Bad')?.operationId ?? ''
    const operation = adapter.operations.get(id)
    for (const optionals of ['all', 'none'] as const) {
      expect(operation?.encode(operation.sample({ optionals })).body).toBeDefined()
    }
    await adapter.close()
  })
})
