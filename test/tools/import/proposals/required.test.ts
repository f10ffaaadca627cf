import { expect, it } from 'vitest'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'

const said = (name: string, documentation = ''): string =>
  `<xs:element name="${name}" type="xs:string" minOccurs="0">${documentation === '' ? '' : `<xs:annotation><xs:documentation>${documentation}</xs:documentation></xs:annotation>`}</xs:element>`
const typed = (name: string, facet: string, attributes = ''): string =>
  `<xs:element name="${name}" minOccurs="0" ${attributes}><xs:simpleType><xs:restriction base="xs:string"><xs:${facet}/></xs:restriction></xs:simpleType></xs:element>`
const held = (name: string, content: string, { attributes = '', after = '' } = {}): string =>
  `<xs:element name="${name}" ${attributes}><xs:complexType>${content}</xs:complexType>${after}</xs:element>`
const sequence = (content: string): string => `<xs:sequence>${content}</xs:sequence>`
const agent = said('agentNumber')
const rows = held('rows', sequence('<xs:element name="cell" type="xs:string"/>'), {
  attributes: 'maxOccurs="unbounded"',
})
const lines = (key: string, content: string): string =>
  held('order', sequence(held('line', content, { attributes: 'maxOccurs="unbounded"' })), { after: key })
const keyed = (kind: string, attributes = '', field = '@number'): string =>
  `<xs:${kind} name="lineKey" ${attributes}><xs:selector xpath=".//t:line"/><xs:field xpath="${field}"/></xs:${kind}>`
const numbered = (use: string): string =>
  `${sequence(said('sku'))}<xs:attribute name="number" type="xs:int" ${use}/>`
const primary = 'xmlns:msdata="urn:schemas-microsoft-com:xml-msdata" msdata:PrimaryKey="true"'

const NAMED = 'the operation is named after it'
const OTHER = 'an identifier whose type takes no empty text'

it.each<[string, string, string | undefined]>([
  ['CreateOrder', said('sku', 'Required. The article.'), 'CreateOrder sku (its documentation)'],
  ['CreateOrder', said('sku', 'Pflichtfeld'), 'CreateOrder sku (its documentation)'],
  ['CreateOrder', said('sku', 'Campo obligatorio'), 'CreateOrder sku (its documentation)'],
  [
    'CreateOrder',
    held('order', sequence(said('sku', 'Required') + rows)),
    'CreateOrder order/sku (its documentation)',
  ],
  [
    'CreateOrder',
    `<xs:choice>${said('sku', 'Required').replace('minOccurs="0"', '')}${rows}</xs:choice>`,
    undefined,
  ],
  ['CreateOrder', held('line', sequence(said('sku', 'Required'))) + rows, 'line sku (its documentation)'],
  ['CreateOrder', said('remark', 'Not required'), undefined],
  ['CreateOrder', said('remark', 'Required if no EAN is given'), undefined],
  ['CreateOrder', said('remark', 'Optional, required by some'), undefined],
  ['CreateOrder', said('remark'), undefined],
  ['CreateOrder', said('orderId'), undefined],
  ['ApproveOrder', said('orderId') + rows, 'ApproveOrder orderId (it says which)'],
  ['SaveOrder', said('orderId') + rows, undefined],
  ['ApproveOrder', said('customerId') + rows, undefined],
  ['FindOrder', said('orderId') + said('status'), undefined],
  ['UpdateOrder', held('order', sequence(said('id') + rows)), 'UpdateOrder order/id (it says which)'],
  ['UpdateOrder', held('order', sequence(said('id') + said('code') + rows)), undefined],
  ['CreateOrder', held('order', sequence(said('id') + rows)), undefined],
  [
    'CreateOrder',
    typed('customerId', 'minLength value="1"') + said('note'),
    `CreateOrder customerId (${OTHER})`,
  ],
  [
    'CreateOrder',
    typed('customerId', 'pattern value="[0-9]{8}"') + said('note'),
    `CreateOrder customerId (${OTHER})`,
  ],
  [
    'CreateOrder',
    held('order', sequence(typed('customerId', 'length value="8"') + said('note'))),
    `CreateOrder customerId (${OTHER})`,
  ],
  [
    'CreatePayment',
    typed('iban', 'pattern value="[A-Z]{2}.{13,32}"') + said('note'),
    `CreatePayment iban (${OTHER})`,
  ],
  ['CreateOrder', typed('customerId', 'pattern value="[0-9]*"') + agent, undefined],
  ['CreateOrder', typed('customerId', 'maxLength value="8"') + agent, undefined],
  ['CreateOrder', typed('customerCode', 'enumeration value="A"') + agent, undefined],
  ['CreateOrder', typed('customerId', 'minLength value="1"', 'nillable="true"') + agent, undefined],
  ['CreateOrder', typed('customerId', 'minLength value="1"') + rows, undefined],
  ['CreateOrder', typed('orderId', 'minLength value="1"') + said('note'), undefined],
  ['CreateOrder', typed('note', 'minLength value="1"') + said('remark'), undefined],
  ['FindOrder', typed('customerId', 'minLength value="1"') + said('status'), undefined],
  [
    'CreateOrder',
    said('customerId') + said('note'),
    'CreateOrder customerId (the only identifier of its input)',
  ],
  [
    'lagreAdresse',
    said('fodselsnummer') + said('gate'),
    'lagreAdresse fodselsnummer (the only identifier of its input)',
  ],
  ['CreateOrder', said('customerId') + agent, undefined],
  ['CreateOrder', said('orderType') + said('typeCode') + said('languageCode'), undefined],
  ['CreateOrder', said('requestId') + said('note'), undefined],
  ['UpdateAddress', held('request', sequence(said('ssn') + rows)), undefined],
  [
    'UpdateAddress',
    held('request', sequence(said('ssn') + said('street'))),
    'UpdateAddress ssn (the only identifier of its input)',
  ],
  [
    'UpdateAddress',
    held('request', sequence(said('ssn') + rows.replace('maxOccurs', 'minOccurs="0" maxOccurs'))),
    'UpdateAddress request/ssn (the only identifier of its input)',
  ],
  ['SaveOrder', said('orderId') + said('note'), undefined],
  ['GetOrders', said('customerId') + said('note') + said('status'), undefined],
  ['SendLetter', said('letter') + said('note'), `SendLetter letter (${NAMED})`],
  [
    'SendLetter',
    held('letter', sequence(rows), { attributes: 'minOccurs="0"' }) + said('note'),
    `SendLetter letter (${NAMED})`,
  ],
  ['AddMemberToGroup', said('group') + agent + said('sellerId'), undefined],
  ['SendLetter', said('letter') + rows, undefined],
  ['CreateOrder', lines(keyed('key'), numbered('')), 'line number (xs:key has it)'],
  ['CreateOrder', lines(keyed('key'), numbered('use="required"')), undefined],
  ['CreateOrder', lines(keyed('key'), numbered('default="1"')), undefined],
  ['CreateOrder', lines(keyed('key', '', 't:sku'), numbered('')), 'line sku (xs:key has it)'],
  ['CreateOrder', lines(keyed('key', '', 'sku'), numbered('')), undefined],
  ['CreateOrder', lines(keyed('unique'), numbered('')), 'line number (xs:unique tells them apart by it)'],
  ['CreateOrder', lines(keyed('unique', primary), numbered('')), 'line number (xs:key has it)'],
  ['CreateOrder', lines(keyed('keyref', 'refer="t:other"'), numbered('')), undefined],
])('%s with %s proposes %s as required', async (name, input, proposed) => {
  const { directory, file } = writeWsdl(wsdlText([{ name, input, output: said('result') }]))
  const { document, summary } = await importWsdl(file, { baseDir: directory })
  const found = summary.review.filter((line) => line.includes('seem to be required'))
  expect(found).toHaveLength(proposed === undefined ? 0 : 1)
  expect(found.join('\n')).toContain(proposed ?? '')
  expect(JSON.stringify(document.components)).not.toContain('"required":["sku"')
})
