import { expect, it } from 'vitest'
import { compileContract } from '../../../../src/adapter/adapter.js'
import type { OpenApiObject } from '../../../../src/openapi/document.js'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { parseSettings } from '../../../../src/tools/import/settings/settings.js'
import { type OperationText, writeWsdl, wsdlText } from '../wsdl-text.js'

const text = (name: string, occurs = ''): string => `<xs:element name="${name}" type="xs:string" ${occurs}/>`
const auth = '<xs:element name="Auth" type="t:Auth"/>'
const types = `<xs:complexType name="Auth"><xs:sequence>${text('Token')}${text('Sign')}${text('Company')}</xs:sequence></xs:complexType>
<xs:complexType name="Lines"><xs:sequence><xs:element name="Line" maxOccurs="unbounded"><xs:complexType><xs:sequence>${text('Sku')}</xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType>`
const lines = '<xs:element name="Lines" type="t:Lines"/>'

async function designed(operations: readonly OperationText[]) {
  const { directory, file } = writeWsdl(wsdlText(operations, types))
  const imported = await importWsdl(file, { baseDir: directory })
  const calls = imported.summary.operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  return { ...imported, directory, file, calls }
}

it('sends credentials that all inputs repeat in headers, so that reads are GETs', async () => {
  const { document, summary, calls, directory } = await designed([
    { name: 'GetOrder', input: auth + text('OrderId'), output: text('Title') },
    { name: 'ListOrders', input: auth + text('Status', 'minOccurs="0"'), output: text('Title') },
    { name: 'CreateOrder', input: auth + text('Title') + lines, output: text('OrderId') },
    { name: 'Ping', output: text('Result') },
  ])
  expect(calls).toEqual(['GET /orders/{orderId}', 'GET /orders', 'POST /orders', 'GET /ping'])
  expect((document.components as OpenApiObject).parameters).toMatchObject({
    AuthToken: { name: 'Auth-Token', in: 'header', required: true },
    AuthSign: { name: 'Auth-Sign', in: 'header', required: true },
    AuthCompany: { name: 'Auth-Company', in: 'header', required: true },
  })
  expect(summary.review.join('\n')).toContain('\n    Auth/Token: ${SHOP_AUTH_TOKEN}')
  const adapter = compileContract({ contract: document, baseDir: directory, env: {} })
  const create = adapter.operations.get('createOrder')
  const request = create?.sample({ optionals: 'all' })
  expect(JSON.stringify(request?.body)).not.toMatch(/token|auth/i)
  expect(Object.keys(request?.headers ?? {}).map((name) => name.toLowerCase())).toContain('auth-token')
  const envelope = create && request ? String(create.encode(request).body) : ''
  expect(envelope).toMatch(/<(?:\w+:)?Auth[ >].*<(?:\w+:)?Token[ >]/s)
  await adapter.close()
})

it('knows a group of credentials where it is all of the input, too', async () => {
  const { calls, document, directory } = await designed([
    { name: 'ListOrders', input: auth, output: text('Title') },
    { name: 'GetShop', input: auth, output: text('Title') },
    { name: 'CreateOrder', input: auth + text('Title') + lines, output: text('OrderId') },
  ])
  expect(calls).toEqual(['GET /orders', 'GET /shop', 'POST /orders'])
  const adapter = compileContract({ contract: document, baseDir: directory, env: {} })
  const list = adapter.operations.get('listOrders')
  const request = list?.sample({ optionals: 'all' })
  const envelope = list && request ? String(list.encode(request).body) : ''
  expect(envelope).toMatch(/<(?:\w+:)?Auth[ >].*Token>.*Sign>.*Company>/s)
  await adapter.close()
})

it('sends languages and ids of callers in headers too, but nothing that few inputs have', async () => {
  const { document, calls } = await designed([
    { name: 'GetOrder', input: text('Language') + text('OrderId'), output: text('Title') },
    { name: 'GetCustomer', input: text('Language') + text('CustomerId'), output: text('Title') },
    { name: 'GetItem', input: text('Language') + text('ItemId'), output: text('Title') },
    { name: 'GetShop', input: text('Password') + text('ShopId'), output: text('Title') },
  ])
  expect(calls).toEqual([
    'GET /orders/{orderId}',
    'GET /customers/{customerId}',
    'GET /items/{itemId}',
    'POST /shops/query',
  ])
  expect(Object.keys((document.components as OpenApiObject).parameters as object)).toEqual(['Language'])
})

it('reads by GET in spite of slots for extensions that may be left out', async () => {
  const any = '<xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/>'
  const slot = `<xs:element name="Extension" minOccurs="0"><xs:complexType><xs:sequence>${any}</xs:sequence></xs:complexType></xs:element>`
  const { calls } = await designed([
    { name: 'GetOrder', input: text('OrderId') + slot, output: text('Title') },
    { name: 'GetCustomer', input: text('CustomerId') + any, output: text('Title') },
    { name: 'GetItem', input: text('ItemId') + any.replace('minOccurs="0"', ''), output: text('Title') },
  ])
  expect(calls).toEqual(['GET /orders/{orderId}', 'GET /customers/{customerId}', 'POST /items/query'])
})

const login = { name: 'Login', input: text('UserName') + text('Password'), output: text('SessionId') }
const inSession = [
  { name: 'GetOrder', input: text('SessionId') + text('OrderId'), output: text('Title') },
  { name: 'ListOrders', input: text('SessionId') + text('Status', 'minOccurs="0"'), output: text('Title') },
  { name: 'CancelOrder', input: text('SessionId') + text('OrderId'), output: text('Title') },
  { name: 'Logout', input: text('SessionId'), output: text('Title') },
]

it('proposes a session where a login gives what other inputs repeat, and applies what it proposed', async () => {
  const before = await designed([login, ...inSession])
  expect(before.calls).toContain('POST /login')
  const [proposal = ''] = before.summary.review
  expect(proposal).toMatch(/^Login seems to give the SessionId that 4 inputs ask for/)
  expect(before.document['x-soap-backends']).not.toHaveProperty('shop.session')
  const lines = proposal.slice(proposal.indexOf('\n')).replaceAll('\n  ', '\n')
  const settings = parseSettings(lines, 'import.yaml')
  const after = await importWsdl(before.file, { baseDir: before.directory, settings })
  expect(after.diagnostics).toEqual([])
  expect(after.document['x-soap-backends']).toMatchObject({
    shop: {
      session: {
        operation: 'Login',
        request: { UserName: '${SHOP_USER_NAME}', Password: '${SHOP_PASSWORD}' },
        token: '$response.body#/sessionId',
      },
    },
  })
  expect(after.summary.operations.map(({ path }) => path)).toEqual([
    '/orders/{orderId}',
    '/orders',
    '/orders/{orderId}',
  ])
  expect(JSON.stringify(after.document.components)).not.toContain('"in":"header"')
  const env = { SHOP_USER_NAME: 'shop', SHOP_PASSWORD: 'secret' }
  const adapter = compileContract({ contract: after.document, baseDir: before.directory, env })
  expect(adapter.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
  const get = adapter.operations.get('getOrder')
  const sent = get?.encode({ path: { orderId: '7' }, query: {}, headers: {} })
  expect(String(sent?.body)).toMatch(/SessionId>SESSION-TOKEN<.*OrderId>7</s)
  await adapter.close()
})

it('proposes the account of the service for names and passwords that inputs repeat', async () => {
  const account = text('UserName') + text('Password')
  const operations = [
    { name: 'GetOrder', input: account + text('OrderId'), output: text('Title') },
    { name: 'ListOrders', input: account + text('Status', 'minOccurs="0"'), output: text('Title') },
    { name: 'GetItem', input: account + text('ItemId'), output: text('Title') },
  ]
  const before = await designed(operations)
  expect(before.calls).toEqual(['GET /orders/{orderId}', 'GET /orders', 'GET /items/{itemId}'])
  expect(before.summary.review[0])
    .toBe(`User-Name, Password are credentials that callers send in headers: where they are this service's own, write into import.yaml (--settings):
  request:
    UserName: \${SHOP_USER_NAME}
    Password: \${SHOP_PASSWORD}`)
  const settings = parseSettings(
    'request: { UserName: shop, Password: "${SHOP_PASSWORD}", Shop/Id: 1 }',
    'import.yaml',
  )
  const { document, summary } = await importWsdl(before.file, { baseDir: before.directory, settings })
  expect(document.components).not.toHaveProperty('parameters')
  expect(
    (document.paths as Record<string, Record<string, OpenApiObject>>)['/orders']?.get?.['x-soap'],
  ).toMatchObject({
    request: { UserName: 'shop', Password: '${SHOP_PASSWORD}' },
  })
  expect(summary.review).toContain(
    'What import.yaml wants cannot be: no input has a single text or number Shop/Id for its request.',
  )
})

it('calls the id of a user no credential where no password stands beside it', async () => {
  const context = '<xs:element name="Context" type="t:Context"/>'
  const { directory, file } = writeWsdl(
    wsdlText(
      ['Order', 'Item', 'Shop'].map((noun) => ({
        name: `Get${noun}`,
        input: context + text(`${noun}Id`),
        output: text('Title'),
      })),
      `<xs:complexType name="Context"><xs:sequence>${text('UserId')}${text('RequestId')}</xs:sequence></xs:complexType>`,
    ),
  )
  const { summary } = await importWsdl(file, { baseDir: directory })
  expect(summary.review.filter((line) => line.includes('credential'))).toEqual([])
  expect(summary.review[0]).toMatch(
    /Context\/UserId: \$\{SHOP_CONTEXT_USER_ID\}\n +Context\/RequestId: \$request\.id$/,
  )
})

it('leaves names and passwords where they are what a service is about', async () => {
  const account = text('UserName') + text('Password')
  const { document } = await designed([
    { name: 'CreateUser', input: account, output: text('Title') },
    { name: 'ChangePassword', input: account + text('NewPassword'), output: text('Title') },
    { name: 'ValidateUser', input: account, output: text('Title') },
  ])
  expect((document.components as OpenApiObject).parameters).toBeUndefined()
})

it('keeps all members of a group of which one is sent by the service', async () => {
  const { file, directory } = await designed([
    { name: 'CreateOrder', input: auth + text('Title'), output: text('Title') },
  ])
  const settings = parseSettings('request: { Auth/Token: abc }', 'import.yaml')
  const { document } = await importWsdl(file, { baseDir: directory, settings })
  const adapter = compileContract({ contract: document, baseDir: directory, env: {} })
  const create = adapter.operations.get('createOrder')
  const request = create?.sample({ optionals: 'all' })
  const envelope = create && request ? String(create.encode(request).body) : ''
  expect(envelope).toMatch(/Token>abc<.*Sign>.*Company>/s)
  await adapter.close()
})
