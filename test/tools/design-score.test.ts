import { dirname } from 'node:path'
import { expect, it } from 'vitest'
import {
  addScores,
  noScore,
  scoreCells,
  scoreDesign,
  scoreFiles,
  scoreHead,
} from '../../src/tools/design-score.js'
import { writeWsdl, wsdlText } from './import/wsdl-text.js'

interface Designed {
  readonly operation: string
  readonly method: string
  readonly path: string
  readonly own?: object
}

const score = (...operations: readonly Designed[]) => {
  const paths = Object.fromEntries(operations.map(({ method, path, own }) => [path, { [method]: own ?? {} }]))
  const summary = operations.map((each) => ({ ...each, backend: 'shop', operationId: each.operation }))
  return scoreDesign(
    { paths },
    { operations: summary, decisions: [], leftOut: [], cases: [], proposals: [], review: [] },
    [],
  )
}

it.each<[string, string, object]>([
  ['GetOrder', 'get /orders/{orderId}', {}],
  ['GetAccountByIban', 'post /bank/get-account-by-iban', { rpc: 1, methods: { post: 1 } }],
  ['GetAccountByIban', 'post /bank/get-account-by-iban-2', { rpc: 1 }],
  ['SendMail', 'post /send-mail', { rpc: 1 }],
  ['GetStatus', 'post /status', { rpc: 1 }],
  ['CheckHealth', 'get /check-health', { rpc: 1 }],
  ['CreateOrder', 'post /orders', { rpc: 0 }],
  ['GetDomainName', 'get /domain-name', { rpc: 0 }],
  ['WeatherForecast', 'get /weather-forecast', { rpc: 0 }],
  ['Ping', 'get /ping', { rpc: 0 }],
  ['ApproveLoan', 'post /loans/{loanId}/approve-loan', { rpc: 0 }],
  ['CheckLost', 'post /losts/check', { noNouns: 1 }],
  ['SendEnvelopes', 'post /and-send-envelopes', { noNouns: 1 }],
  ['GetAll', 'get /alls', { noNouns: 1 }],
  ['GetStatusEx', 'get /status-exes/{id}', { noNouns: 1 }],
  ['GetOrderLines', 'get /orders/{orderId}/order-lines', { twice: 1 }],
  ['GetOrderLines', 'get /orders/{orderId}/lines', { twice: 0, noNouns: 0 }],
  ['ApproveLoan', 'post /loans/{loanId}/approve', { noNouns: 0 }],
])('%s as %s', (operation, call, expected) => {
  const [method = '', path = ''] = call.split(' ')
  expect(score({ operation, method, path })).toMatchObject({ operations: 1, ...expected })
})

it('counts descriptions, bodies of reads and locations', () => {
  const created = { 201: { headers: { Location: {} } } }
  expect(
    score(
      {
        operation: 'GetOrder',
        method: 'post',
        path: '/a',
        own: { requestBody: {}, description: 'Reads an order.' },
      },
      {
        operation: 'CreateOrder',
        method: 'post',
        path: '/b',
        own: { responses: created, description: 'Calls `CreateOrder` of the backend.' },
      },
      { operation: 'AddOrder', method: 'post', path: '/c', own: { responses: { 201: {} } } },
    ),
  ).toMatchObject({ undescribed: 2, bodiesOfReads: 1, locations: 1, created: 2 })
})

it('finds no input that import drops', async () => {
  const text = (name: string) => `<xs:element name="${name}" type="xs:string"/>`
  const { directory, file } = writeWsdl(
    wsdlText([
      { name: 'GetOrder', input: text('OrderId') + text('Language'), output: text('Title') },
      {
        name: 'UpdateOrder',
        input: `${text('OrderId')}<xs:element name="Line" maxOccurs="9"><xs:complexType><xs:sequence>${text('Sku')}</xs:sequence></xs:complexType></xs:element>`,
        output: '',
      },
    ]),
  )
  const [[name, found] = ['', noScore]] = await scoreFiles([file])
  expect(dirname(name)).toBe(directory)
  expect(found).toMatchObject({ wsdls: 1, operations: 2, dropped: 0 })
  expect(scoreCells(addScores(found, found))).toHaveLength(scoreHead.length)
})
