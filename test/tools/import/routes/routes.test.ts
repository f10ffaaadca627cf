import { expect, it } from 'vitest'
import type { OpenApiObject } from '../../../../src/openapi/document.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { type OperationText, writeWsdl, wsdlText } from '../wsdl-text.js'

const text = (name: string, occurs = ''): string => `<xs:element name="${name}" type="xs:string" ${occurs}/>`
const optional = 'minOccurs="0"'
const entity = `<xs:element name="Order" type="t:Order"/>`
const types = `<xs:complexType name="Order"><xs:sequence>${text('Title')}<xs:element name="Line" maxOccurs="unbounded"><xs:complexType><xs:sequence>${text('Sku')}</xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType>`

async function callsOf(operations: readonly OperationText[]): Promise<string[]> {
  const { directory, file } = writeWsdl(wsdlText(operations, types))
  const { document, summary } = await importWsdl(file, { baseDir: directory })
  return summary.operations.map(({ method, path }) => {
    const operation = ((document.paths as OpenApiObject)[path] as OpenApiObject)[method] as OpenApiObject
    const parameters = (operation.parameters ?? []) as { readonly name: string; readonly in: string }[]
    const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
    return `${method.toUpperCase()} ${path}${query.length > 0 ? `?${query.join('&')}` : ''}`
  })
}

it.each<[string, string, string]>([
  ['GetAccount', text('AccountId'), 'GET /accounts/{accountId}'],
  ['getAccountDetails', text('accountNumber'), 'GET /accounts/{accountNumber}'],
  ['GetAccountBalance', text('AccountID'), 'GET /accounts/{accountId}/balance'],
  ['GetAccountByIban', text('IBAN'), 'GET /accounts/{iban}'],
  ['GetTransactions', text('AccountId'), 'GET /accounts/{accountId}/transactions'],
  [
    'GetTransaction',
    text('AccountId') + text('TransactionId'),
    'GET /accounts/{accountId}/transactions/{transactionId}',
  ],
  ['GetCountries', '', 'GET /countries'],
  ['GetWeather', text('City'), 'GET /weather/{city}'],
  ['ListOrders', text('Status', optional) + text('Limit', optional), 'GET /orders?status&limit'],
  ['FindCustomer', text('Name', optional), 'GET /customers?name'],
  ['ListAccounts', text('CustomerId'), 'GET /customers/{customerId}/accounts'],
  ['SearchOrders', text('Tag', 'maxOccurs="unbounded"'), 'GET /orders?tag'],
  ['SearchOrders', entity, 'POST /orders/search'],
  ['GetSession', text('UserName') + text('Password'), 'POST /sessions/query'],
  ['CreateOrder', entity, 'POST /orders'],
  ['AddItemToOrder', text('OrderId') + text('Sku'), 'POST /orders/{orderId}/items'],
  ['AddCustomerAddress', text('CustomerId') + text('Street'), 'POST /customers/{customerId}/addresses'],
  ['UpdateOrder', text('OrderId') + entity, 'PUT /orders/{orderId}'],
  [
    'ModifyOrder',
    text('OrderId') + text('Title', optional) + text('Note', optional),
    'PATCH /orders/{orderId}',
  ],
  ['DeleteOrder', text('OrderId'), 'DELETE /orders/{orderId}'],
  ['CancelOrder', text('OrderId') + text('Reason'), 'POST /orders/{orderId}/cancel'],
  ['ApproveLoan', text('LoanId'), 'POST /loans/{loanId}/approve'],
  ['ValidateAddress', entity, 'POST /addresses/validate'],
  ['HentPerson', text('Ident'), 'GET /person/{ident}'],
  ['finnSykmeldingListe', text('Ident') + text('Fom', optional), 'GET /sykmelding?ident&fom'],
  ['HentHistorikk', '', 'GET /historikk'],
  ['GetHistorikk', '', 'GET /historikk'],
  ['OpprettOrdre', entity, 'POST /ordre'],
  ['slettOrdre', text('OrdreId'), 'DELETE /ordre/{ordreId}'],
  ['CrearFactura', entity, 'POST /factura'],
  ['LoescheKunde', text('KundeNummer'), 'DELETE /kunde/{kundeNummer}'],
  ['ShopConsultar', entity, 'POST /shop/consultar'],
  ['FEParamGetTipos', '', 'GET /fe-param-tipos'],
  ['Registry_FindDocuments', text('Tag', optional), 'GET /documents?tag'],
  ['Registry_RetrieveDocumentSet', entity, 'POST /document-sets/query'],
  ['ns1_GetAccount', text('AccountId'), 'GET /accounts/{accountId}'],
  ['getAddress', text('arg0'), 'GET /addresses/{id}'],
  ['GetVersion', text('request'), 'GET /version?request'],
  ['GetDesignByGuestId', text('GuestId', optional), 'GET /designs?guestId'],
  [
    'GetTransaction',
    text('AccountId') + text('SequenceNumber'),
    'GET /accounts/{accountId}/transactions/{sequenceNumber}',
  ],
  ['GetHTTPStatusCodes', '', 'GET /http-status-codes'],
  ['FrobnicateOrder', entity, 'POST /frobnicate-order'],
  ['Ping', '', 'GET /ping'],
])('%s', async (name, input, expected) => {
  expect(await callsOf([{ name, input, output: text('Result') }])).toEqual([expected])
})

it('lets plain names choose first, and says in the path what tells others apart', async () => {
  const tag = text('Tag', optional)
  const calls = await callsOf([
    { name: 'GetOrdersOfCustomer', input: tag, output: text('Title') },
    { name: 'GetOrders', input: tag, output: text('Title') },
    { name: 'SearchOrdersWithLines', input: entity, output: text('Title') },
    { name: 'SearchOrders', input: entity, output: text('Title') },
    { name: 'AddOrderWithDefaults', input: entity, output: text('Title') },
    { name: 'AddOrder', input: entity, output: text('Title') },
    { name: 'CloseOrder', input: entity, output: text('Title') },
    { name: 'CloseOrderForCustomer', input: entity, output: text('Title') },
  ])
  expect(calls).toEqual([
    'GET /orders/of-customer?tag',
    'GET /orders?tag',
    'POST /orders/with-lines/search',
    'POST /orders/search',
    'POST /orders/add',
    'POST /orders',
    'POST /orders/close',
    'POST /orders/close-for-customer',
  ])
})

it('opens a group that holds nothing but scalars for reads', async () => {
  const group = `<xs:element name="Paging" minOccurs="0"><xs:complexType><xs:sequence>${text('MaxRows')}${text('After', optional)}</xs:sequence></xs:complexType></xs:element>`
  expect(await callsOf([{ name: 'ListOrders', input: group, output: '' }])).toEqual([
    'GET /orders?maxRows&after',
  ])
})

it('never gives two operations one method and path, and one name to the parameter of one place', async () => {
  const calls = await callsOf([
    { name: 'GetOrder', input: text('OrderId'), output: text('Title') },
    { name: 'ReadOrder', input: text('OrderNumber'), output: text('Title') },
    { name: 'RetrieveOrder', input: text('OrderCode'), output: text('Title') },
    { name: 'DeleteOrder', input: text('OrderNumber'), output: '' },
    { name: 'RemoveOrder', input: text('OrderNumber'), output: '' },
  ])
  expect(calls).toEqual([
    'GET /orders/{orderId}',
    'GET /orders/by-order-number?orderNumber',
    'GET /orders/by-order-code?orderCode',
    'DELETE /orders/{orderId}',
    'POST /orders/{orderId}/remove',
  ])
})
