import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Adapter, compileContract } from '../../src/adapter/adapter.js'
import { operationOf } from './contract.js'
import { wsdlText } from './wsdl-text.js'

/** The types of these namespaces contain each other, and those of the last one. */
const NAMES = ['order', 'party', 'note']

const others = (name: string): readonly string[] => NAMES.filter((other) => other !== name)

function schemaOf(name: string): string {
  const parts = others(name).map(
    (other) => `<xs:element name="${other}" type="${other}:Type" minOccurs="0"/>`,
  )
  return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:${name}" elementFormDefault="qualified" ${NAMES.map((each) => `xmlns:${each}="urn:${each}"`).join(' ')}>
    ${others(name)
      .map((other) => `<xs:import namespace="urn:${other}" schemaLocation="${other}.xsd"/>`)
      .join('')}
    <xs:complexType name="Type"><xs:sequence><xs:element name="id" type="xs:int"/>${parts.join('')}</xs:sequence></xs:complexType>
    <xs:element name="${name}" type="${name}:Type"/>
  </xs:schema>`
}

/** Each operation sends a document of another of the types, in a text of the same message. */
function contractOf(names: readonly string[]): Readonly<Record<string, unknown>> {
  const text = { type: 'string' }
  const pathOf = (name: string) => ({
    post: {
      operationId: name,
      'x-soap': { operation: 'Send' },
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['payload'],
              properties: {
                payload: {
                  $ref: `#/components/schemas/${name}`,
                  'x-soap': { content: { schema: 'order.xsd', element: name } },
                },
              },
            },
          },
        },
      },
      responses: {
        200: {
          description: 'sent',
          content: { 'application/json': { schema: { type: 'object', properties: { payload: text } } } },
        },
      },
    },
  })
  const typeOf = (name: string) => ({
    type: 'object',
    required: ['id'],
    properties: {
      id: { type: 'integer' },
      ...Object.fromEntries(others(name).map((other) => [other, { $ref: `#/components/schemas/${other}` }])),
    },
  })
  return {
    openapi: '3.1.0',
    info: { title: 'Hub', version: '1' },
    'x-soap-backends': { hub: { wsdl: 'w.wsdl' } },
    paths: Object.fromEntries(names.map((name) => [`/${name}`, pathOf(name)])),
    components: { schemas: Object.fromEntries(NAMES.map((name) => [name, typeOf(name)])) },
  }
}

function compiled(names: readonly string[]): Adapter {
  const directory = mkdtempSync(join(tmpdir(), 'inner-prefixes-'))
  const payload =
    '<xs:complexType><xs:sequence><xs:element name="Payload" type="xs:string"/></xs:sequence></xs:complexType>'
  try {
    const elements = ['Send', 'SendResponse'].map(
      (name) => `<xs:element name="${name}">${payload}</xs:element>`,
    )
    writeFileSync(join(directory, 'w.wsdl'), wsdlText(elements.join(''), 'Send'))
    for (const name of NAMES) writeFileSync(join(directory, `${name}.xsd`), schemaOf(name))
    return compileContract({ contract: contractOf(names), baseDir: directory, env: {} })
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** The envelope of an operation; the document in it is compiled when it is first asked for. */
function envelopeOf(adapter: Adapter, name: string): string {
  const [one = '', other = ''] = others(name)
  const payload = { id: 1, [one]: { id: 2, [name]: { id: 3 } }, [other]: { id: 4 } }
  const sent = { path: {}, query: {}, headers: {}, body: { payload } }
  return String(operationOf(adapter, name).encode(sent).body)
}

it.each([
  [['order', 'party', 'note']],
  [['order', 'note', 'party']],
  [['party', 'order', 'note']],
  [['party', 'note', 'order']],
  [['note', 'order', 'party']],
  [['note', 'party', 'order']],
])('prefixes of a document in a text are the same where %j is the order of operations', (names) => {
  const alone = new Map(names.map((name) => [name, envelopeOf(compiled([name]), name)]))
  for (const declared of [names, NAMES]) {
    const adapter = compiled(declared)
    for (const name of names) expect(envelopeOf(adapter, name)).toBe(alone.get(name))
    for (const name of names) expect(envelopeOf(adapter, name)).toBe(alone.get(name))
  }
})
