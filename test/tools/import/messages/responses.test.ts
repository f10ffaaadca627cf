import { expect, it } from 'vitest'
import type { OpenApiObject } from '../../../../src/openapi/document.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import type { ImportOptions } from '../../../../src/tools/import/options.js'
import { type OperationText, writeWsdl, wsdlText } from '../wsdl-text.js'

const element = (name: string, type = 'xs:string', rest = ''): string =>
  `<xs:element name="${name}" type="${type}" ${rest}/>`
const optional = 'minOccurs="0"'
const many = 'minOccurs="0" maxOccurs="unbounded"'
const types = `<xs:complexType name="Order"><xs:sequence>${element('OrderId')}${element('Title')}</xs:sequence></xs:complexType>
<xs:complexType name="ArrayOfOrder"><xs:sequence>${element('Order', 't:Order', many)}</xs:sequence></xs:complexType>
<xs:complexType name="Result"><xs:sequence>${element('Order', 't:Order')}</xs:sequence></xs:complexType>`

async function imported(operations: readonly OperationText[], options: ImportOptions = {}) {
  const { directory, file } = writeWsdl(wsdlText(operations, types))
  const { document, summary } = await importWsdl(file, { baseDir: directory, ...options })
  const at = (...steps: readonly string[]): unknown =>
    steps.reduce<unknown>((value, step) => (value as OpenApiObject | undefined)?.[step], document)
  const body = (method: string, path: string, status = '200'): OpenApiObject =>
    at('paths', path, method, 'responses', status, 'content', 'application/json') as OpenApiObject
  return { at, body, summary }
}

const ref = (name: string): object => ({ $ref: `#/components/schemas/${name}` })

it.each<[string, string, string | undefined, object, object]>([
  [
    'an only object is the body',
    element('Order', 't:Order'),
    '/Order',
    ref('Order'),
    { orderId: 'text', title: 'text' },
  ],
  [
    'also where it may be absent',
    element('return', 't:Order', optional),
    '/return',
    ref('Order'),
    { orderId: 'text', title: 'text' },
  ],
  [
    'also one that is all of another',
    element('Result', 't:Result'),
    '/Result/Order',
    ref('Order'),
    { orderId: 'text', title: 'text' },
  ],
  ['a scalar stays a member', element('Total', 'xs:int'), undefined, ref('GetOrderResponse'), { total: 1 }],
  [
    'a list is `items`',
    element('Order', 't:Order', many),
    undefined,
    ref('GetOrderResponse'),
    {
      items: [
        { orderId: 'text', title: 'text' },
        { orderId: 'text2', title: 'text2' },
      ],
    },
  ],
  [
    'so is a list in a wrapper',
    element('GetOrderResult', 't:ArrayOfOrder', optional),
    undefined,
    ref('GetOrderResponse'),
    {
      items: [
        { orderId: 'text', title: 'text' },
        { orderId: 'text2', title: 'text2' },
      ],
    },
  ],
  [
    'several members stay',
    element('Order', 't:Order') + element('Total', 'xs:int'),
    undefined,
    ref('GetOrderResponse'),
    { order: { orderId: 'text', title: 'text' }, total: 1 },
  ],
])('%s', async (_what, output, path, schema, example) => {
  const { at, body } = await imported([{ name: 'GetOrder', input: element('OrderId'), output }])
  expect(at('paths', '/orders/{orderId}', 'get', 'x-soap', 'response')).toBe(path)
  expect(body('get', '/orders/{orderId}')).toEqual({ schema, examples: { sample: { value: example } } })
})

it('leads `items` back to its element, and leaves it alone where names are preserved', async () => {
  const operation = {
    name: 'GetOrder',
    input: element('OrderId'),
    output: element('GetOrderResult', 't:ArrayOfOrder'),
  }
  const camel = await imported([operation])
  expect(camel.at('components', 'schemas', 'GetOrderResponse', 'properties', 'items', 'xml')).toEqual({
    name: 'GetOrderResult',
  })
  const preserved = await imported([operation], { names: 'preserve' })
  expect(preserved.body('get', '/orders/{OrderId}').examples).toEqual({
    sample: {
      value: {
        GetOrderResult: [
          { OrderId: 'text', Title: 'text' },
          { OrderId: 'text2', Title: 'text2' },
        ],
      },
    },
  })
})

it('declares 404 where the only element of a read may be absent; after a write the response is null then', async () => {
  const output = element('return', 't:Order', optional)
  const { at, summary } = await imported([
    { name: 'GetOrder', input: element('OrderId'), output },
    { name: 'CloseOrder', input: element('OrderId') + element('Reason'), output },
  ])
  expect(at('paths', '/orders/{orderId}', 'get', 'responses', '404')).toBeDefined()
  const write = ['paths', '/orders/{orderId}/close', 'post', 'responses'] as const
  expect(at(...write, '404')).toBeUndefined()
  expect(at(...write, '200', 'content', 'application/json', 'schema', 'anyOf', '1')).toEqual({ type: 'null' })
  const lines = summary.decisions.filter((line) => line.includes('the response is null'))
  expect(lines).toEqual([expect.stringMatching(/: CloseOrder\.$/)])
})

const create: OperationText = {
  name: 'CreateOrder',
  input: element('Title'),
  output: element('Order', 't:Order'),
}

it.each<[string, readonly OperationText[], ImportOptions, string | undefined]>([
  [
    'where a GET reads it',
    [{ name: 'GetOrder', input: element('OrderId'), output: element('Order', 't:Order') }],
    {},
    '/v1/orders/{$response.body#/orderId}',
  ],
  [
    'below the base path',
    [{ name: 'GetOrder', input: element('OrderId'), output: element('Order', 't:Order') }],
    { basePath: 'shop/v2/' },
    '/shop/v2/orders/{$response.body#/orderId}',
  ],
  [
    'of a server',
    [{ name: 'GetOrder', input: element('OrderId'), output: element('Order', 't:Order') }],
    { basePath: 'https://shop.test/v3' },
    '/v3/orders/{$response.body#/orderId}',
  ],
  [
    'by a shorter name',
    [{ name: 'GetOrder', input: element('NewOrderId'), output: element('Order', 't:Order') }],
    {},
    '/v1/orders/{$response.body#/orderId}',
  ],
  ['but not without a GET', [], {}, undefined],
  [
    'nor where the body does not say it',
    [{ name: 'GetOrder', input: element('OrderNumber'), output: element('Order', 't:Order') }],
    {},
    undefined,
  ],
])('201 has a Location %s', async (_what, operations, options, template) => {
  const { at } = await imported([create, ...operations], options)
  const header = at('paths', '/orders', 'post', 'responses', '201', 'headers', 'Location') as
    OpenApiObject | undefined
  expect(header?.['x-soap']).toBe(template)
})
