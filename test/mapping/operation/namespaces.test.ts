import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CanonicalMappings } from '../../../src/mapping/canonical/canonical.js'
import type { BodyMapping } from '../../../src/mapping/operation/mapping.js'
import { bodyOf } from '../../../src/mapping/operation/message/body.js'
import { MessageNamespaces } from '../../../src/mapping/operation/namespaces.js'
import { loadWsdl } from '../../../src/wsdl/load.js'

const XSI = 'http://www.w3.org/2001/XMLSchema-instance'

/** What types of a namespace contain: elements of other types by name, for which each has an element. */
const TYPES = {
  // These two contain each other.
  'urn:person': { Person: ['urn:address:Address', 'urn:leaf:Leaf'] },
  'urn:address': { Address: ['urn:person:Person'] },
  // This one contains itself, and these two.
  'urn:company': { Company: ['urn:company:Company', 'urn:person:Person'] },
  'urn:leaf': { Leaf: [] },
  'urn:alone': { Alone: ['urn:leaf:Leaf'] },
}

const elements = Object.entries(TYPES).flatMap(([namespace, types]) =>
  Object.keys(types).map((name) => ({ namespace, name })),
)

function schemaOf([namespace, types]: readonly [
  string,
  Readonly<Record<string, readonly string[]>>,
]): string {
  const imports = Object.keys(TYPES).filter((other) => other !== namespace)
  const prefixed = (qualified: string) => {
    const [, prefix = '', name = ''] = /^urn:(\w+):(\w+)$/.exec(qualified) ?? []
    return `<xs:element ref="${prefix}:${name}" minOccurs="0"/>`
  }
  const declared = Object.entries(types).map(
    ([name, contents]) =>
      `<xs:element name="${name}"><xs:complexType><xs:sequence>${contents.map(prefixed).join('')}</xs:sequence></xs:complexType></xs:element>`,
  )
  return `<xs:schema targetNamespace="${namespace}" elementFormDefault="qualified">${imports.map((other) => `<xs:import namespace="${other}"/>`).join('')}${declared.join('')}</xs:schema>`
}

const declarations = elements.map(({ namespace }) => `xmlns:${namespace.slice(4)}="${namespace}"`).join(' ')
const wsdl = `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:service" ${declarations} targetNamespace="urn:service">
  <types>${Object.entries(TYPES).map(schemaOf).join('\n')}</types>
  ${elements.map(({ namespace, name }) => `<message name="${name}"><part name="body" element="${namespace.slice(4)}:${name}"/></message>`).join('\n')}
  <portType name="Port">${elements.map(({ name }) => `<operation name="${name}"><input message="tns:${name}"/></operation>`).join('\n')}</portType>
  <binding name="Binding" type="tns:Port"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
    ${elements.map(({ name }) => `<operation name="${name}"><soap:operation soapAction="${name}"/><input><soap:body use="literal"/></input></operation>`).join('\n')}
  </binding>
  <service name="Service"><port name="Port" binding="tns:Binding"><soap:address location="http://localhost/"/></port></service>
</definitions>`

function bodies(): ReadonlyMap<string, BodyMapping> {
  const directory = mkdtempSync(join(tmpdir(), 'namespaces-'))
  try {
    writeFileSync(join(directory, 'service.wsdl'), wsdl)
    const loaded = loadWsdl(join(directory, 'service.wsdl'), { root: directory, cwd: directory })
    expect(loaded.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const [binding] = loaded.wsdl?.bindings.values() ?? []
    const canonical = new CanonicalMappings(loaded.wsdl?.schemas ?? expect.fail('nothing is loaded'))
    return new Map(binding?.operations.map(({ name, input }) => [name, bodyOf(input, canonical)]))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const expected: Readonly<Record<string, readonly string[]>> = {
  Person: [XSI, 'urn:address', 'urn:leaf', 'urn:person'],
  Address: [XSI, 'urn:address', 'urn:leaf', 'urn:person'],
  Company: [XSI, 'urn:address', 'urn:company', 'urn:leaf', 'urn:person'],
  Leaf: [XSI, 'urn:leaf'],
  Alone: [XSI, 'urn:alone', 'urn:leaf'],
}
const names = Object.keys(expected)

it.each([
  ['first to last', names],
  ['last to first', names.toReversed()],
  ['from the middle', [...names.slice(2), ...names.slice(0, 2)]],
])('are those that a message can reach, whatever was asked before: %s', (_, order) => {
  const all = bodies()
  const namespaces = new MessageNamespaces({ complete: false })
  for (const name of order) {
    const body = all.get(name) ?? expect.fail(`there is no ${name}`)
    expect([...namespaces.of(body)].sort(), name).toEqual(expected[name])
  }
})

it('of several are together', () => {
  const all = bodies()
  const two = ['Leaf', 'Address'].flatMap((name) => all.get(name) ?? [])
  const found = new MessageNamespaces({ complete: false }).of(...two)
  expect([...found].sort()).toEqual(expected.Address)
})
