import { expect, it } from 'vitest'
import type { OpenApiObject } from '../../../../src/openapi/document.js'
import { markdownOf } from '../../../../src/tools/import/document/markdown.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'

it.each([
  ['Plain text stays, also 3 < 4 & more.', 'Plain text stays, also 3 < 4 & more.'],
  ['&lt;summary&gt;Reads an order.&lt;/summary&gt;', 'Reads an order.'],
  [
    '<summary>Reads <see cref="T:Shop.Order"/>.</summary><param name="id">its number</param><returns>the order</returns>',
    'Reads `Order`.\n\n- `id`: its number\n\nthe order',
  ],
  ['First<br/>second<p>third</p>', 'First\n\nsecond\n\nthird'],
  ['<b>Mind</b> the <code>id</code>&amp;nbsp;here', '**Mind** the `id` here'],
  ['<ul><li>one</li><li>two</li></ul>', '- one\n- two'],
  ['See <a href="https://shop.example/help">help</a>.', 'See [help](https://shop.example/help).'],
  [
    'Reads it, see {@link com.shop.Order#getId}. @param id the number @return the order @author x',
    'Reads it, see `getId`.\n\n- `id`: the number\n\nReturns the order',
  ],
  ['An <Order> element is no markup', 'An <Order> element is no markup'],
])('%j', (written, expected) => {
  expect(markdownOf(written)).toBe(expected)
})

const text = (name: string): string => `<xs:element name="${name}" type="xs:string"/>`

it.each<[string, string, string]>([
  ['GetOrder', text('OrderId'), 'Gives the order by `orderId`.'],
  ['ListOrders', text('Status'), 'Lists orders.'],
  ['GetOrderStatus', text('OrderId'), 'Gives the order status by `orderId`.'],
  ['CreateInvoice', text('Total'), 'Creates an invoice.'],
  ['AddPrincipalToRole', text('Principal') + text('Role'), 'Adds a principal to the role.'],
  ['UpdateOrder', text('OrderId') + text('Title'), 'Updates the order by `orderId`.'],
  ['DeleteOrder', text('OrderId'), 'Deletes the order by `orderId`.'],
  ['ApproveLoan', text('LoanId'), 'Approves the loan by `loanId`.'],
  ['CreateAndSendEnvelope', text('Title'), 'Creates and sends the envelope.'],
  [
    'IsUserActive',
    text('UserId'),
    'Tells whether the user is active by `userId`, without changing anything.',
  ],
  ['CalculatePremium', text('Age'), 'Calculates the premium, without changing anything.'],
  ['Ping', '', 'Tells whether the backend answers.'],
])('describes %s, which its WSDL does not', async (name, input, expected) => {
  const { directory, file } = writeWsdl(wsdlText([{ name, input, output: text('Result') }]))
  const { document } = await importWsdl(file, { baseDir: directory })
  const [item] = Object.values(document.paths as OpenApiObject)
  const [operation] = Object.values(item as OpenApiObject)
  expect((operation as OpenApiObject).description).toBe(expected)
})

it('tags by resource, links answers to reads, and says where what is new can be read', async () => {
  const { directory, file } = writeWsdl(
    wsdlText([
      { name: 'CreateOrder', input: text('Title'), output: text('CreateOrderResult') },
      { name: 'GetOrder', input: text('OrderId'), output: text('Title') + text('CustomerId') },
      { name: 'GetOrderLines', input: text('OrderId'), output: text('Result') },
      { name: 'GetCustomer', input: text('CustomerId'), output: text('Name') },
      { name: 'DeleteCustomer', input: text('CustomerId'), output: text('Done') },
      { name: 'Ping', output: text('Result') },
      { name: 'GetWeather', output: text('Result') },
    ]),
  )
  const { document } = await importWsdl(file, { baseDir: directory })
  expect((document.tags as OpenApiObject[]).map(({ name }) => name)).toEqual(['Customers', 'Orders', 'Shop'])
  const paths = document.paths as Record<string, Record<string, { responses: Record<string, OpenApiObject> }>>
  expect(paths['/orders']?.post?.responses['201']?.headers).toMatchObject({
    Location: { 'x-soap': '/v1/orders/{$response.body#/createOrderResult}' },
  })
  expect(paths['/orders/{orderId}']?.get?.responses['200']?.links).toEqual({
    getCustomer: {
      operationId: 'getCustomer',
      parameters: { customerId: '$response.body#/customerId' },
      description: '`customerId` is what `GET /customers/{customerId}` asks for.',
    },
  })
})
