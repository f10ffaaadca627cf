import { expect, it } from 'vitest'
import { importWsdl } from '../../../../src/tools/import/import.js'
import { readRecord, writeRecord } from '../../../../src/tools/import/import-record.js'
import { parseSettings } from '../../../../src/tools/import/settings/settings.js'
import { formatExplanation } from '../../../../src/tools/import/summary/explain.js'
import { writeWsdl, wsdlText } from '../wsdl-text.js'

const text = (name: string): string => `<xs:element name="${name}" type="xs:string"/>`
const operations = [
  { name: 'GetAcctBal', input: text('AccountId'), output: text('Amount') },
  { name: 'DoIt', input: text('LoanId'), output: text('Title') },
  { name: 'LoanPay', input: text('LoanId') + text('Amount'), output: text('Title') },
  { name: 'GetOrder', input: text('OrderId') + text('Branch'), output: text('Title') },
  { name: 'Test', output: text('Title') },
]
const { directory, file } = writeWsdl(wsdlText(operations))

const written = `
operations:
  GetAcctBal: { name: GetAccountBalance }
  DoIt: { verb: approve, resource: loan }
  LoanPay: { method: post, path: '/loans/{loanId}/payments' }
  Test: { ignore: true }
headers: [Branch]
`

it('applies what a person has decided before the design', async () => {
  const settings = parseSettings(written, 'import.yaml')
  const { summary, document } = await importWsdl(file, { baseDir: directory, settings })
  expect(summary.operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'get /accounts/{accountId}/balance',
    'post /loans/{loanId}/approve',
    'post /loans/{loanId}/payments',
    'get /orders/{orderId}',
  ])
  expect(summary.leftOut).toEqual(['Test: import.yaml says so.'])
  expect(JSON.stringify(document.components)).toContain('"name":"Branch","in":"header"')
  const { options } = readRecord(writeRecord({ document, components: new Map() }, { settings }))
  expect(options.settings).toEqual(settings)
})

it('says what a path cannot be, and designs without it', async () => {
  const settings = parseSettings("operations: { DoIt: { path: '/loans/{id}' } }", 'import.yaml')
  const { summary } = await importWsdl(file, { baseDir: directory, settings })
  expect(summary.review).toContain(
    'What import.yaml wants cannot be: its input has no id for the path /loans/{id}; there is loanId: DoIt.',
  )
})

it.each([
  [
    'things: {}',
    'import.yaml: nothing is known of things; there is operations, headers, request, soapHeaders, session.',
  ],
  [
    'operations: { A: { colour: red } }',
    'import.yaml: operations.A: nothing is known of colour; there is name, verb, resource, path, method, ignore.',
  ],
  ['operations: { A: { method: fetch } }', 'method must be one of get, post, put, patch, delete.'],
  ['operations: { A: { path: orders } }', 'must be a path with parameters in braces'],
  ['headers: Branch', 'headers must be a list'],
  ['request: [Branch]', 'request must be a map'],
  ['request: { Branch: $request.header.Branch }', 'cannot be $request.header.Branch'],
  ['session: { token: $response.body#/id }', 'session must be a map with the operation that logs in'],
  ['[]', 'must be a map'],
])('refuses %s', (value, message) => {
  expect(() => parseSettings(value, 'import.yaml')).toThrow(message)
})

it('explains how an operation came to its method and path', async () => {
  const { explanations } = await importWsdl(file, { baseDir: directory })
  const found = explanations.find(({ operation }) => operation === 'GetOrder')
  expect(found && formatExplanation(found)).toBe(`GetOrder: GET /orders/{orderId}

Read as
  verb       get (reads)
  resource   order

Why
  It is the first choice for these.

Other choices, the best first
  GET /order?orderId&branch
  POST /order

To have it otherwise, in import.yaml
  operations:
    GetOrder: { method: get, path: /orders/{orderId} }   # or name, verb, resource, ignore`)
})
