import { expect, it } from 'vitest'
import { importWsdl } from '../../../src/tools/import/import.js'
import { type Choice, type Question, questionsOf } from '../../../src/tools/import/questions.js'
import {
  type DesignSettings,
  noSettings,
  parseSettings,
} from '../../../src/tools/import/settings/settings.js'
import { withDecisions } from '../../../src/tools/import/settings/text.js'
import { writeWsdl, wsdlText } from './wsdl-text.js'

const text = (name: string): string => `<xs:element name="${name}" type="xs:string"/>`
const { directory, file } = writeWsdl(
  wsdlText([
    { name: 'Login', input: text('UserName') + text('Password'), output: text('SessionId') },
    {
      name: 'GetOrder',
      input: text('SessionId') + text('OrderId') + text('Language'),
      output: text('Title'),
    },
    { name: 'GetItem', input: text('SessionId') + text('ItemId') + text('Language'), output: text('Title') },
    { name: 'CancelOrder', input: text('SessionId') + text('OrderId'), output: text('Title') },
    { name: 'Invoicing', input: text('SessionId') + text('InvoiceId'), output: text('Title') },
    { name: 'CheckStock', input: text('SessionId') + text('Sku'), output: text('Title') },
  ]),
)

async function imported(settings: DesignSettings = noSettings) {
  const result = await importWsdl(file, { baseDir: directory, settings })
  expect(result.diagnostics).toEqual([])
  const calls = result.summary.operations.map(
    ({ operation, method, path }) => `${operation} ${method.toUpperCase()} ${path}`,
  )
  return { questions: questionsOf(result, settings), calls }
}

function choiceOf(questions: readonly Question[], message: string, label: string): Choice {
  const question = questions.find((each) => each.message.startsWith(message))
  const choice = question?.choices.find((each) => each.label === label)
  if (!choice) throw new Error(`Nobody asks ${message} ${label}: ${JSON.stringify(questions)}`)
  return choice
}

it('asks who sends credentials and context first, then how operations are read', async () => {
  const { questions } = await imported()
  expect(questions.map(({ message }) => message)).toEqual([
    'Who sends Login, and how?',
    'Who sends Language, and how?',
    'What does Invoicing do?',
    'CancelOrder: DELETE /orders/{orderId}?',
    'CheckStock: GET /stock/{sku}/check?',
  ])
  for (const { choices } of questions) {
    expect(choices[0]).not.toHaveProperty('decides')
    expect(choices[0]).not.toHaveProperty('asks')
  }
})

it.each([
  ['Invoicing', 'reads one', 'invoice', 'Invoicing GET /invoices/{invoiceId}'],
  ['CancelOrder', 'POST /orders/{orderId}/cancel', undefined, 'CancelOrder POST /orders/{orderId}/cancel'],
  ['CheckStock', 'another resource', 'shelf', 'CheckStock GET /shelves/{sku}/check'],
  ['CheckStock', 'another method or path', 'post /stock/{sku}/checks', 'CheckStock POST /stock/{sku}/checks'],
  ['Language', 'callers send it as the header Language', undefined, 'GetItem GET /items/{itemId}'],
] as const)('%s: %s', async (operation, label, answer, expected) => {
  const { questions } = await imported()
  const asked = questions.find(({ message }) => message.includes(operation))?.message ?? operation
  const { decides, asks } = choiceOf(questions, asked, label)
  const change = answer === undefined ? decides : asks?.decides(answer)
  if (!change) throw new Error('It decides nothing.')
  const after = await imported(parseSettings(withDecisions('', [change]), 'import.yaml'))
  expect(after.calls.join('\n')).toContain(expected)
  expect(after.questions.map(({ message }) => message)).not.toContain(asked)
})

it('leaves an operation out, and the login to the service', async () => {
  const { questions } = await imported()
  const out = choiceOf(questions, 'CheckStock', 'leave it out').decides
  const session = questions[0]?.choices[1]?.decides
  if (!out || !session) throw new Error('They decide nothing.')
  const { calls } = await imported(parseSettings(withDecisions('', [session, out]), 'import.yaml'))
  expect(calls.map((call) => call.split(' ')[0])).toEqual(['GetOrder', 'GetItem', 'CancelOrder', 'Invoicing'])
})

it('says what is no method and path', async () => {
  const { questions } = await imported()
  const { refuse } = choiceOf(questions, 'CheckStock', 'another method or path').asks ?? {}
  expect(['GET /a/{id}', 'delete /b'].map((answer) => refuse?.(answer))).toEqual([undefined, undefined])
  for (const answer of ['/a', 'GET', 'GET a', 'FETCH /a', 'GET /a/{', 'GET //a'])
    expect(refuse?.(answer), answer).toMatch(/method and a path/)
})

it('keeps what a file of settings says, comments included', () => {
  const written = `# Ours.\noperations:\n  DoIt: { verb: approve } # asked\nheaders: [Branch]\n`
  const after = withDecisions(written, [
    { operations: { DoIt: { resource: 'loan' }, Test: { ignore: true } }, headers: ['Branch', 'Language'] },
    { request: { ApiKey: '${SHOP_API_KEY}' } },
  ])
  expect(after).toBe(
    `# Ours.\noperations:\n  DoIt: { verb: approve, resource: loan } # asked\n  Test: { ignore: true }\nheaders: [ Branch, Language ]\nrequest:\n  ApiKey: \${SHOP_API_KEY}\n`,
  )
  expect(parseSettings(after, 'import.yaml').headers).toEqual(['Branch', 'Language'])
})
