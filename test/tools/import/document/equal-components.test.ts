import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { compileContract } from '../../../../src/adapter/adapter.js'
import type { OpenApiObject } from '../../../../src/openapi/document.js'
import { equalComponents, withReferences } from '../../../../src/tools/import/document/equal-components.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'

const element = (name: string, type = 'xs:string'): string => `<xs:element name="${name}" type="${type}"/>`
const money = `<xs:complexType name="Money"><xs:sequence>${element('Amount', 'xs:decimal')}</xs:sequence></xs:complexType>`
const item = (content: string): string =>
  `<xs:complexType name="Item"><xs:sequence>${content}${element('Price', 't:Money')}</xs:sequence></xs:complexType>`

it('shares equal types of several WSDLs, and names others by what they are about', async () => {
  const operation = (name: string) => ({ name, input: element('Id'), output: element('Item', 't:Item') })
  const { directory, file } = writeWsdl(
    wsdlText([operation('GetSale')], money + item(element('Name')), 'SalesService'),
  )
  const [second, third] = [join(directory, 'stock.wsdl'), join(directory, 'audit.wsdl')]
  writeFileSync(second, wsdlText([operation('GetStock')], money + item(element('Place')), 'StockService'))
  writeFileSync(third, wsdlText([operation('GetAudit')], money + item(element('Place')), 'AuditService'))

  const { document, diagnostics } = await importWsdl([file, second, third], { baseDir: directory })
  expect(diagnostics).toEqual([])
  const { schemas } = document.components as { schemas: OpenApiObject }
  expect(Object.keys(schemas)).toEqual(['Item', 'Money', 'Problem', 'ProblemError', 'StockItem'])
  const body = (path: string): unknown =>
    (document.paths as Record<string, { get: { responses: Record<string, { content: OpenApiObject }> } }>)[
      path
    ]?.get.responses['200']?.content['application/json']
  expect(body('/audits/{id}')).toMatchObject({ schema: { $ref: '#/components/schemas/StockItem' } })
  expect(Object.keys(document['x-soap-backends'] as object)).toEqual(['sales', 'stock', 'audit'])

  const adapter = compileContract({ contract: document, baseDir: directory, env: {} })
  expect([...adapter.operations.keys()].sort()).toEqual(['getAudit', 'getSale', 'getStock'])
  await adapter.close()
  const again = await importWsdl([file, second, third], { baseDir: directory })
  expect(JSON.stringify(again.document)).toBe(JSON.stringify(document))
})

it('finds equal components through references, cycles too', () => {
  const node = (next: string): OpenApiObject => ({
    properties: { next: { $ref: `#/components/schemas/${next}` } },
  })
  const schemas = new Map<string, OpenApiObject>([
    ['Node', node('Node')],
    ['Node2', node('Node2')],
    ['Other', { ...node('Node2'), title: 'x' }],
    ['Other2', { ...node('Node'), title: 'x' }],
    ['Other3', { ...node('Leaf'), title: 'x' }],
    ['Leaf', { type: 'string' }],
    ['Blade', { type: 'string' }],
  ])
  const wanted = new Map([...schemas.keys()].map((name) => [name, name.replace(/\d$/, '')] as const))
  const same = equalComponents(schemas, wanted)
  expect([...same]).toEqual([
    ['Node2', 'Node'],
    ['Other2', 'Other'],
  ])
  expect(withReferences({ a: [{ $ref: '#/components/schemas/Node2' }], b: 'Node2' }, same)).toEqual({
    a: [{ $ref: '#/components/schemas/Node' }],
    b: 'Node2',
  })
})
