import { expect, it } from 'vitest'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { parseSettings } from '../../../../src/tools/import/settings/settings.js'
import { formatSummary } from '../../../../src/tools/import/summary/summary.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'

const element = (name: string): string => `<xs:element name="${name}" type="xs:string"/>`
const output = element('Title')

it('says what was made of what, what was decided, and what to edit, each once', async () => {
  const { directory, file } = writeWsdl(
    wsdlText([
      { name: 'GetOrder', input: element('OrderId'), output, faults: ['OrderNotFound', 'Trouble'] },
      { name: 'ReadOrder', input: element('OrderId'), output },
      { name: 'GetSession', input: element('Password'), output },
      { name: 'FrobnicateOrder', input: element('Title'), output, faults: ['Trouble'] },
      ...Array.from({ length: 8 }, (_, n) => ({ name: `Frob${n}x`, input: element('Title'), output })),
    ]),
  )
  const { summary } = await importWsdl(file, {
    baseDir: directory,
    operations: ['*Order', 'GetSession', 'Frob*'],
  })
  const text = formatSummary(summary)
  expect(text).toMatch(/^12 operations\n {2}GET \/orders\/\{orderId\} +GetOrder\n/)
  expect(text).toContain(
    [
      'Decisions',
      '  - POST for a read, since its input has a credential, or what identifies a person to an authority, which no URL should hold: GetSession (POST /sessions/query).',
      '  - POST to its own name, since no verb that is known tells what it does; edit method and path: FrobnicateOrder (POST /frobnicate-order), Frob0x (POST /frob0x), Frob1x (POST /frob1x), Frob2x (POST /frob2x), Frob3x (POST /frob3x), Frob4x (POST /frob4x) and 3 more.',
      '  - The path that the name suggests is taken, so the next best: ReadOrder (GET /orders/by-order-id).',
      '',
      'Worth a look; the last line of each is for import.yaml (--settings)',
      '  - FrobnicateOrder: POST /frobnicate-order',
      '    why: no verb that is known tells what it does; say one, as update, and what it is done to',
      '    operations: { FrobnicateOrder: { verb: update, resource: order } }',
      '  - ReadOrder: GET /orders/by-order-id',
      "    why: GET /orders/{orderId} would suit its name, and is taken or cannot be told from another's path",
      '    or: GET /orders/{orderId}, GET /orders/read, GET /read-order',
      "    operations: { ReadOrder: { method: get, path: '/orders/{orderId}' } }",
      '  - GetSession: POST /sessions/query',
      '    why: POST for a read, since its input has a credential, or what identifies a person to an authority, which no URL should hold',
      '    or: POST /session',
      "    operations: { GetSession: { method: post, path: '/session' } }",
      '  - Frob0x: POST /frob0x',
      '    why: no verb that is known tells what it does; say one, as update, and what it is done to',
      '    operations: { Frob0x: { verb: update, resource: frob0x } }',
      '  - Frob1x: POST /frob1x',
      '    why: no verb that is known tells what it does; say one, as update, and what it is done to',
      '    operations: { Frob1x: { verb: update, resource: frob1x } }',
      '',
      'To review',
      '  - Everybody may call: say who may in security and components.securitySchemes, as docs/security.md shows.',
      '  - Faults whose names say no status are 502; give them one in x-soap.faults: Trouble.',
      '  - GET was given to reads with nothing but scalars for input; move those that change something to post: GetOrder, ReadOrder.',
      '  - No fault is declared; map those that say "not found" all the same: x-soap.faults: { NotFound: { when: { code: Client.NotFound }, status: 404 } }: GetSession, ReadOrder, Frob0x, Frob1x, Frob2x, Frob3x and 4 more.',
      '  - Statuses of faults are guessed from their names; see x-soap.faults: OrderNotFound 404.',
    ].join('\n'),
  )
})

it('shows what matters most before what is alike, ten cases at most, with lines that import.yaml takes', async () => {
  const nouns = ['Order', 'Loan', 'Card', 'Bill', 'Room']
  const { directory, file } = writeWsdl(
    wsdlText([
      ...nouns.map((noun) => ({ name: `Check${noun}`, input: element(`${noun}Id`), output })),
      ...nouns.map((noun) => ({ name: `Cancel${noun}`, input: element(`${noun}Id`), output })),
      ...nouns.map((noun) => ({ name: `Frob${noun}`, input: element('Title'), output })),
      ...nouns.map((noun) => ({ name: `Get${noun}`, input: element(`${noun}Id`), output })),
    ]),
  )
  const { summary } = await importWsdl(file, { baseDir: directory })
  expect(summary.cases.map(({ operation }) => operation)).toEqual([
    ...['FrobOrder', 'CheckOrder', 'CancelOrder', 'FrobLoan', 'CheckLoan', 'CancelLoan'],
    ...['FrobCard', 'CheckCard', 'CancelCard'],
  ])
  const cancel = summary.cases.find(({ operation }) => operation === 'CancelOrder')
  expect(cancel).toMatchObject({
    chosen: 'DELETE /orders/{orderId}',
    why: 'after cancel it is taken to be gone, and what it is given is its identifier',
    line: "CancelOrder: { method: post, path: '/orders/{orderId}/cancel' }",
  })
  const settings = parseSettings(`operations: { ${cancel?.line ?? ''} }`, 'import.yaml')
  const changed = await importWsdl(file, { baseDir: directory, settings })
  expect(changed.summary.operations).toContainEqual(
    expect.objectContaining({ operation: 'CancelOrder', method: 'post', path: '/orders/{orderId}/cancel' }),
  )
})

it('says what may be left out and is in the path all the same', async () => {
  const id = '<xs:element name="orderId" type="xs:string" minOccurs="0"/>'
  const { directory, file } = writeWsdl(
    wsdlText([
      { name: 'GetOrder', input: id, output: '<xs:element name="title" type="xs:string"/>' },
      {
        name: 'GetPrice',
        input: id.replace('minOccurs="0"', ''),
        output: '<xs:element name="price" type="xs:int"/>',
      },
    ]),
  )
  const { summary } = await importWsdl(file, { baseDir: directory })
  expect(summary.decisions).toContain(
    'What the XSD lets be left out is in the path, and is required there, since the name of the operation says which or whose it is: GetOrder (orderId).',
  )
})

it('names the parameters that choose a page', async () => {
  const paging = `<xs:element name="Paging" minOccurs="0"><xs:complexType><xs:sequence>${element('Offset')}${element('Count')}</xs:sequence></xs:complexType></xs:element>`
  const { directory, file } = writeWsdl(
    wsdlText([
      { name: 'ListOrders', input: element('Status') + paging, output },
      { name: 'ListLoans', input: element('MaxResults'), output },
      { name: 'ListTrips', input: element('From') + element('To'), output },
      { name: 'ListParts', input: element('Count'), output },
    ]),
  )
  const { summary } = await importWsdl(file, { baseDir: directory })
  expect(summary.operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
    ...['get /orders', 'get /loans', 'get /trips', 'get /parts'],
  ])
  expect(summary.decisions).toContain(
    'Lists come in pages, chosen by parameters of the query with the names that the backend has; say their defaults and limits in their schemas: ListOrders (offset, count), ListLoans (maxResults).',
  )
})
