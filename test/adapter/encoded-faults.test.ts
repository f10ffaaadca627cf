import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import { AdapterError } from '../../src/base/errors.js'
import { importWsdl } from '../../src/index.js'

const use = 'use="encoded" encodingStyle="http://schemas.xmlsoap.org/soap/encoding/" namespace="urn:t"'
const wsdl = `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t">
<types><xs:schema targetNamespace="urn:t">
  <xs:complexType name="NotFound"><xs:sequence><xs:element name="id" type="xs:int"/></xs:sequence></xs:complexType>
  <xs:complexType name="Locked"><xs:sequence><xs:element name="by" type="xs:string"/></xs:sequence></xs:complexType>
</xs:schema></types>
<message name="In"><part name="id" type="xs:int"/></message><message name="Out"><part name="name" type="xs:string"/></message>
<message name="NotFound"><part name="missing" type="t:NotFound"/></message><message name="Locked"><part name="lock" type="t:Locked"/></message>
<portType name="P"><operation name="Get"><input message="t:In"/><output message="t:Out"/><fault name="NotFoundFault" message="t:NotFound"/><fault name="LockedFault" message="t:Locked"/></operation></portType>
<binding name="B" type="t:P"><soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Get"><soap:operation soapAction=""/><input><soap:body ${use}/></input><output><soap:body ${use}/></output><fault name="NotFoundFault"><soap:fault name="NotFoundFault" ${use}/></fault><fault name="LockedFault"><soap:fault name="LockedFault" ${use}/></fault></operation></binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://127.0.0.1:9/"/></port></service></definitions>`

async function adapterOf(definitions: string): Promise<Adapter> {
  const directory = mkdtempSync(join(tmpdir(), 'encoded-'))
  try {
    writeFileSync(join(directory, 's.wsdl'), definitions)
    const { document } = await importWsdl(join(directory, 's.wsdl'), { baseDir: directory, style: 'rpc' })
    return compileContract({ contract: document, baseDir: directory, env: {} })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Code and `fault` of the problem, or the code of the error. */
function decode(adapter: Adapter, detail: string, multiRef = ''): unknown {
  const [operation] = adapter.operations.values()
  const body = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:t="urn:t" xmlns:x="urn:x"><S:Body><S:Fault><faultcode>S:Server</faultcode><faultstring>secret</faultstring><detail>${detail}</detail></S:Fault>${multiRef}</S:Body></S:Envelope>`
  try {
    const response = operation?.decode({ status: 500, headers: { 'content-type': 'text/xml' }, body })
    const problem = JSON.parse(typeof response?.body === 'string' ? response.body : '{}') as Record<
      string,
      unknown
    >
    return [problem.code, problem.fault]
  } catch (error) {
    if (!(error instanceof AdapterError)) throw error
    return error.code
  }
}

const encoded = await adapterOf(wsdl)
const notFound = ['NotFoundFault', { id: 7 }]
const locked = ['LockedFault', { by: 'me' }]

test.each([
  ['as the WSDL says', '<t:missing><id>7</id></t:missing>', notFound],
  ['without its namespace', '<missing><id>7</id></missing>', notFound],
  ['in another namespace', '<x:lock><by>me</by></x:lock>', locked],
  ['by type alone', '<fault i:type="t:NotFound"><id>7</id></fault>', notFound],
  ['called like the type, as Axis does', '<t:Locked i:type="t:Locked"><by>me</by></t:Locked>', locked],
  ['beside another element', '<x:hostname>h</x:hostname><x:e i:type="t:Locked"><by>me</by></x:e>', locked],
  ['the type before the name', '<lock i:type="t:NotFound"><id>7</id></lock>', notFound],
  ['a type of another namespace', '<fault i:type="x:NotFound"><id>7</id></fault>', 'backend-fault'],
  ['a type of no namespace that is known', '<fault i:type="q:NotFound"><id>7</id></fault>', 'backend-fault'],
  ['neither name nor type', '<fault><id>7</id></fault>', 'backend-fault'],
  ['content that is not declared', '<missing><no>7</no></missing>', 'backend-fault'],
])('a declared fault of rpc/encoded: %s', (_, detail, expected) => {
  expect(decode(encoded, detail)).toEqual(expected)
})

test('a declared fault of rpc/encoded that is a multiRef', () => {
  const multiRef = '<multiRef id="id0" i:type="t:NotFound"><id>7</id></multiRef>'
  expect(decode(encoded, '<fault href="#id0"/>', multiRef)).toEqual(notFound)
})

test('of two faults of one type only the name tells', async () => {
  const both = await adapterOf(wsdl.replace('name="lock" type="t:Locked"', 'name="lock" type="t:NotFound"'))
  expect(decode(both, '<fault i:type="t:NotFound"><id>7</id></fault>')).toBe('backend-fault')
  expect(decode(both, '<x:lock i:type="t:NotFound"><id>7</id></x:lock>')).toEqual(['LockedFault', { id: 7 }])
})

test('rpc/literal is read by its names', async () => {
  const literal = await adapterOf(wsdl.replaceAll(use, 'use="literal" namespace="urn:t"'))
  expect(decode(literal, '<t:missing><id>7</id></t:missing>')).toEqual(notFound)
  expect(decode(literal, '<x:missing><id>7</id></x:missing>')).toBe('backend-fault')
})
