import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ContractError } from '../../../src/base/errors.js'
import { BackendError, diffContract } from '../../../src/tools/diff/contract.js'
import { breaks, type DiffReport } from '../../../src/tools/diff/report.js'
import { withFiles } from '../../xsd/load-schemas.js'
import { linesOf, type Version, wsdlOf } from './wsdl-pair.js'

/** Sends `sent` and returns `kept`, of whatever else the messages hold. */
const contract = (sent: string, kept: string, required = '[kept]'): string => `openapi: 3.1.0
info: { title: T, version: '1' }
servers: [{ url: /v1 }]
x-soap-backends:
  b: { wsdl: old.wsdl }
paths:
  /gets:
    post:
      operationId: get
      x-soap: { operation: Get }
      requestBody:
        required: true
        content: { application/json: { schema: { type: object, required: [sent], properties: { sent: ${sent} } } } }
      responses:
        '200':
          description: It.
          content: { application/json: { schema: { type: object, required: ${required}, properties: { kept: ${kept} } } } }
`

const text = '{ type: string }'
const holds = (sent: string, kept: string, other = ''): Version => ({
  content: `<xs:sequence>${other}<xs:element name="Sent" ${sent}/></xs:sequence>`,
  output: `<xs:sequence>${other}<xs:element name="Kept" ${kept}/></xs:sequence>`,
})
const string = 'type="xs:string" minOccurs="0"'
const listed = (...values: string[]): Version => ({
  content: '<xs:sequence><xs:element name="Sent" type="t:Code" minOccurs="0"/><xs:element name="Kept" type="t:Code" minOccurs="0"/></xs:sequence>',
  types: `<xs:simpleType name="Code"><xs:restriction base="xs:string">${values.map((value) => `<xs:enumeration value="${value}"/>`).join('')}</xs:restriction></xs:simpleType>`,
}) // prettier-ignore

function diff(yaml: string, old: Version, next: Version): DiffReport {
  const files = { 'api.yaml': yaml, 'old.wsdl': wsdlOf(old), 'new.wsdl': wsdlOf(next) }
  return withFiles(files, (folder) =>
    diffContract({ contract: `${folder}/api.yaml`, wsdl: `${folder}/new.wsdl`, env: {} }),
  )
}

describe('what a contract makes of a change', () => {
  const old = holds(string, string)
  const both: Version = {
    content:
      '<xs:sequence><xs:element name="Sent" type="xs:string" minOccurs="0"/><xs:element name="Kept" type="xs:string" minOccurs="0"/></xs:sequence>',
  }
  it.each<[string, string, Version, Version, readonly string[]]>([
    ['an element that it leaves out is removed', contract(text, text), holds(string, string, '<xs:element name="Other" type="xs:string" minOccurs="0"/>'), old, ['request Get/Other: compatible: it is removed', 'response GetResponse/Other: compatible: it is removed']],
    ['an element that it leaves out gets another type', contract(text, text), holds(string, string, '<xs:element name="Other" type="xs:int" minOccurs="0"/>'), holds(string, string, '<xs:element name="Other" type="xs:date" minOccurs="0"/>'), ['request Get/Other: compatible: the type xs:int became xs:date', 'response GetResponse/Other: compatible: the type xs:int became xs:date']],
    ['an element that it leaves out becomes required', contract(text, text), holds(string, string, '<xs:element name="Other" type="xs:string" minOccurs="0"/>'), holds(string, string, '<xs:element name="Other" type="xs:string"/>'), ['request Get/Other: breaking: it is required, it was optional', 'response GetResponse/Other: compatible: it is required, it was optional']],
    ['what it always sends becomes required', contract(text, text), old, holds('type="xs:string"', string), ['request Get/Sent: compatible: it is required, it was optional']],
    ['what it requires becomes optional', contract(text, text), holds(string, 'type="xs:string"'), old, ['response GetResponse/Kept: breaking: it is optional, it was required']],
    ['what it leaves optional becomes optional', contract(text, text, '[]'), holds(string, 'type="xs:string"'), old, ['response GetResponse/Kept: compatible: it is optional, it was required']],
    ['a code more, where it lists codes', contract('{ enum: [a] }', '{ enum: [a] }'), listed('a'), listed('a', 'b'), ['request Get/Sent: compatible: the enumeration has b besides', 'response GetResponse/Kept: breaking: the enumeration has b besides']],
    ['a code more, where any text will do', contract(text, text), listed('a'), listed('a', 'b'), ['request Get/Sent: compatible: the enumeration has b besides', 'response GetResponse/Kept: compatible: the enumeration has b besides']],
    ['the namespace', contract(text, text), old, { ...old, namespace: 'urn:t2' }, ['request Get: compatible: its elements are in the namespace urn:t2, they were in the namespace urn:t']],
    ['the soapAction', contract(text, text), old, { ...old, action: 'b' }, ['service: compatible: the soapAction a became b']],
    ['the order', contract(text, text), both, { ...both, content: '<xs:sequence><xs:element name="Kept" type="xs:string" minOccurs="0"/><xs:element name="Sent" type="xs:string" minOccurs="0"/></xs:sequence>' }, ['request Get: compatible: the order of its elements changed: it was (Sent?, Kept?), it is (Kept?, Sent?)']],
  ])('%s', (_name, yaml, from, to, expected) => {
    const report = diff(yaml, from, to)
    expect(linesOf(report)).toEqual(expect.arrayContaining([...expected]))
    expect(breaks(report)).toBe(
      linesOf(report).some((line) => line.includes('breaking')) ||
        (report.diagnostics ?? []).some(({ severity }) => severity === 'error'),
    )
    if (expected.every((line) => !line.includes('breaking'))) {
      expect(linesOf(report).filter((line) => line.includes('breaking'))).toEqual([])
    }
  }) // prettier-ignore

  it('names the REST operation, and what the contract says against the new WSDL', () => {
    const report = diff(contract(text, text), old, { ...old, output: (old.output ?? '').replace('"Kept"', '"Given"') }) // prettier-ignore
    const [removed] = report.changes.filter(({ verdict }) => verdict === 'breaking')
    expect(removed?.places).toEqual([
      { operation: 'Get', path: 'GetResponse/Kept', rest: { operationId: 'get', method: 'post', path: '/gets' } }, // prettier-ignore
    ])
    expect(report.diagnostics?.map(({ code, at }) => [code, at?.file, at?.line])).toEqual([
      ['member-unknown', 'api.yaml', 17],
    ])
  })

  it('says that an operation is gone', () => {
    const report = diff(contract(text, text), old, { ...old, operation: 'Fetch' })
    expect(linesOf(report)).toContain('service: breaking: the operation is removed')
    expect(report.diagnostics?.map(({ code }) => code)).toEqual(['operation-unknown'])
  })

  it('says that an operation cannot be read', () => {
    const report = diff(contract(text, text), old, { ...old, after: '<output message="w:Gone"/>' })
    expect(linesOf(report)).toContain('service: breaking: the operation cannot be read any more')
  })
})

describe('what cannot be compared', () => {
  const old = holds(string, string)
  it('a contract that does not agree with its own WSDL', () => {
    expect(() => diff(contract('{ type: integer }', text), old, old)).toThrow(ContractError)
  })
  it('a WSDL that is broken', () => {
    const files = { 'api.yaml': contract(text, text), 'old.wsdl': wsdlOf(old), 'new.wsdl': '<definitions' }
    withFiles(files, (folder) => {
      const options = { contract: `${folder}/api.yaml`, wsdl: `${folder}/new.wsdl`, env: {} }
      expect(() => diffContract(options)).toThrow(ContractError)
    })
  })
  it('a backend that is not there, or one of several', () => {
    const files = { 'api.yaml': contract(text, text), 'old.wsdl': wsdlOf(old) }
    withFiles(files, (folder) => {
      const options = { contract: `${folder}/api.yaml`, wsdl: `${folder}/old.wsdl`, env: {} }
      expect(() => diffContract({ ...options, backend: 'c' })).toThrow(BackendError)
      const two = contract(text, text).replace('  b: { wsdl', '  a: { wsdl: old.wsdl }\n  b: { wsdl')
      writeFileSync(`${folder}/api.yaml`, two)
      expect(() => diffContract(options)).toThrow('a, b')
    })
  })
})
