import { rmSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { compileContract } from '../../../../src/adapter/adapter.js'
import type { RestOperation } from '../../../../src/adapter/rest.js'
import { bytesOf } from '../../../../src/base/bytes/source.js'
import { isObject } from '../../../../src/openapi/object.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'

const types = `
<xs:complexType name="Price"><xs:simpleContent><xs:extension base="xs:decimal">
  <xs:attribute name="currency" type="xs:string" use="required"/></xs:extension></xs:simpleContent></xs:complexType>
<xs:complexType name="Item"><xs:sequence><xs:element name="Price" type="t:Price" nillable="true"/>
  <xs:element name="Maker" type="t:Maker"/><xs:element name="Note" type="xs:string" nillable="true"/></xs:sequence></xs:complexType>
<xs:complexType name="Maker"><xs:sequence><xs:element name="Name" type="xs:string" nillable="true"/></xs:sequence></xs:complexType>
<xs:complexType name="Part" abstract="true"><xs:sequence/></xs:complexType>
<xs:complexType name="Wheel"><xs:complexContent><xs:extension base="t:Part"><xs:sequence>
  <xs:element name="Spokes" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>`

async function shop(
  input: string,
  output: string,
): Promise<{ schemas: unknown; operation: RestOperation; backends: unknown; review: readonly string[] }> {
  const { directory, file } = writeWsdl(wsdlText([{ name: 'PlaceOrder', input, output }], types))
  onTestFinished(() => {
    rmSync(directory, { recursive: true })
  })
  const { document, summary } = await importWsdl(file, { baseDir: directory })
  const adapter = compileContract({ contract: document, baseDir: directory, env: {} })
  expect(adapter.diagnostics).toEqual([])
  const [operation] = adapter.operations.values()
  if (!operation || !isObject(document.components)) throw new Error('nothing was imported')
  return {
    schemas: document.components.schemas,
    operation,
    backends: document['x-soap-backends'],
    review: summary.review,
  }
}

it('offers null in responses alone where the type requires attributes, and shares what is equal', async () => {
  const { schemas } = await shop(
    '<xs:element name="Item" type="t:Item"/><xs:element name="Count" type="xs:int"/>',
    '<xs:element name="Item" type="t:Item"/><xs:element name="Status" type="xs:string"/>',
  )
  expect(schemas).toMatchObject({
    Item: {
      properties: {
        price: { $ref: '#/components/schemas/Price' },
        maker: { $ref: '#/components/schemas/Maker' },
        note: { type: ['string', 'null'] },
      },
    },
    ItemOutput: {
      properties: {
        price: { anyOf: [{ $ref: '#/components/schemas/Price' }, { type: 'null' }] },
        maker: { $ref: '#/components/schemas/Maker' },
        note: { type: ['string', 'null'] },
      },
    },
  })
  expect(Object.keys(schemas as object)).not.toContain('MakerOutput')
})

it('forgives attributes of what is nil where the type requires them, and says so', async () => {
  const { operation, backends, review } = await shop(
    '<xs:element name="Id" type="xs:int"/>',
    '<xs:element name="Price" type="t:Price" nillable="true"/>',
  )
  expect(backends).toMatchObject({ shop: { lenient: ['nilAttributes'] } })
  expect(JSON.stringify(review)).toContain('lenient: [nilAttributes]')
  const body = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><PlaceOrderResponse xmlns="urn:test:shop"><Price
    currency="EUR" i:nil="true" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"/></PlaceOrderResponse></S:Body></S:Envelope>`
  expect(operation.decode({ status: 200, headers: { 'content-type': 'text/xml' }, body }).body).toBe('null')
})

it('writes null for an abstract type with a type that is none', async () => {
  const { operation } = await shop(
    '<xs:element name="Part" type="t:Part" nillable="true"/><xs:element name="Count" type="xs:int"/>',
    '<xs:element name="Status" type="xs:string"/>',
  )
  const sample = operation.sample({ optionals: 'all' })
  const { body } = operation.encode({ ...sample, body: { part: null, count: 1 } })
  expect(Buffer.from(bytesOf(body)).toString()).toMatch(/<(\w+):Part xsi:type="\1:Wheel" xsi:nil="true"\/>/)
})
