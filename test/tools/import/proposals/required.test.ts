import { expect, it } from 'vitest'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'

const said = (name: string, documentation = ''): string =>
  `<xs:element name="${name}" type="xs:string" minOccurs="0">${documentation === '' ? '' : `<xs:annotation><xs:documentation>${documentation}</xs:documentation></xs:annotation>`}</xs:element>`
const rows = `<xs:element name="rows" maxOccurs="unbounded"><xs:complexType><xs:sequence><xs:element name="cell" type="xs:string"/></xs:sequence></xs:complexType></xs:element>`

it.each<[string, string, string | undefined]>([
  ['CreateOrder', said('sku', 'Required. The article.'), 'CreateOrder sku (its documentation)'],
  ['CreateOrder', said('sku', 'Pflichtfeld'), 'CreateOrder sku (its documentation)'],
  ['CreateOrder', said('sku', 'Campo obligatorio'), 'CreateOrder sku (its documentation)'],
  ['CreateOrder', said('sku', 'Not required'), undefined],
  ['CreateOrder', said('sku', 'Required if no EAN is given'), undefined],
  ['CreateOrder', said('sku', 'Optional, required by some'), undefined],
  ['CreateOrder', said('sku'), undefined],
  ['CreateOrder', said('orderId'), undefined],
  ['ApproveOrder', said('orderId') + rows, 'ApproveOrder orderId (it says which)'],
  ['ApproveOrder', said('customerId') + rows, undefined],
  ['FindOrder', said('orderId') + said('status'), undefined],
])('%s with %s proposes %s as required', async (name, input, proposed) => {
  const { directory, file } = writeWsdl(wsdlText([{ name, input, output: said('result') }]))
  const { document, summary } = await importWsdl(file, { baseDir: directory })
  const found = summary.review.filter((line) => line.includes('seem to be required'))
  expect(found).toHaveLength(proposed === undefined ? 0 : 1)
  expect(found.join('\n')).toContain(proposed ?? '')
  expect(JSON.stringify(document.components)).not.toContain('"required":["sku"')
})
