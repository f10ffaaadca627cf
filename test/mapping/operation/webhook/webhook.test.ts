import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkContract, compileContract } from '../../../../src/adapter/adapter.js'
import { contractFile, contractFolder, contractText, environment } from '../../../events/contract.js'
import { check as checkLibrary, openapi } from '../../contract.js'

function check(contract: string) {
  const directory = mkdtempSync(join(tmpdir(), 'soapstone-webhooks-'))
  try {
    writeFileSync(join(directory, 'openapi.yaml'), contract)
    const { diagnostics } = checkContract({
      contract: join(directory, 'openapi.yaml'),
      baseDir: contractFolder,
      env: environment,
    })
    return diagnostics.map((one) => ({ ...one, line: one.at?.line }))
  } finally {
    rmSync(directory, { recursive: true })
  }
}

const lineIn = (text: string, part: string): number => text.slice(0, text.indexOf(part)).split('\n').length

const mistakes: readonly {
  readonly name: string
  readonly from: string
  readonly to: string
  readonly code: string
  readonly message: RegExp
  /** A text on the line that is named. */
  readonly at: string
}[] = [
  {
    name: 'a backend that is not told who may call',
    from: "receive: { basic: { username: sensors, password: '${SENSORS_PASSWORD}' } }",
    to: 'receive: {}',
    code: 'receive-unauthenticated',
    message: /basic, pathSecret, certificateSubject, usernameToken or message/,
    at: 'receive: {}',
  },
  {
    name: 'a backend that may not call',
    from: "    receive: { basic: { username: sensors, password: '${SENSORS_PASSWORD}' } }\n",
    to: '',
    code: 'receive-unauthenticated',
    message: /sensors may not call/,
    at: '  sensors:',
  },
  {
    name: 'a password in the contract',
    from: "password: '${SENSORS_PASSWORD}'",
    to: 'password: correct horse',
    code: 'secret-in-contract',
    message: /password is a secret/,
    at: 'password: correct horse',
  },
  {
    name: 'a UsernameToken with its password in the contract',
    from: "receive: { basic: { username: sensors, password: '${SENSORS_PASSWORD}' } }",
    to: 'receive: { usernameToken: { name: sensors, password: correct horse } }',
    code: 'secret-in-contract',
    message: /password is a secret/,
    at: 'password: correct horse',
  },
  {
    name: 'a UsernameToken that counts for hours',
    from: "receive: { basic: { username: sensors, password: '${SENSORS_PASSWORD}' } }",
    to: "receive: { usernameToken: { name: sensors, password: '${SENSORS_PASSWORD}', maxAgeSeconds: 7200 } }",
    code: 'annotation-invalid',
    message: /maxAgeSeconds is 3600 at most/,
    at: 'maxAgeSeconds',
  },
  {
    name: 'a short secret of the path',
    from: 'pathSecret: ${CRM_PATH_SECRET}',
    to: 'pathSecret: ${SENSORS_PASSWORD}',
    code: 'annotation-invalid',
    message: /16 characters/,
    at: 'pathSecret',
  },
  {
    name: 'a value of the message that the WSDL does not have',
    from: '/OrganizationId',
    to: '/OrganisationId',
    code: 'response-path',
    message: /did you mean OrganizationId/,
    at: '/OrganisationId',
  },
  {
    name: 'no source',
    from: '        receive: { backend: sensors, operation: Notify, items: /NotificationMessage, id: /Message/Sequence }\n',
    to: '        {}\n',
    code: 'webhook-source',
    message: /reading needs one source/,
    at: '{}',
  },
  {
    name: 'two sources',
    from: 'receive: { backend: sensors',
    to: 'poll: { operation: x, every: 1m, id: /id }\n        receive: { backend: sensors',
    code: 'webhook-source',
    message: /one source/,
    at: 'poll: {',
  },
  {
    name: 'an operation that the port does not have',
    from: 'operation: Notify,',
    to: 'operation: Notified,',
    code: 'operation-unknown',
    message: /has no operation Notified/,
    at: 'operation: Notified',
  },
  {
    name: 'items that are not there',
    from: 'items: /NotificationMessage,',
    to: 'items: /Messages,',
    code: 'response-path',
    message: /there is no Messages/,
    at: 'items: /Messages',
  },
  {
    name: 'an id that is not there',
    from: 'id: /Message/Sequence',
    to: 'id: /Message/Number',
    code: 'response-path',
    message: /there is no Number/,
    at: 'id: /Message/Number',
  },
  {
    name: 'no id',
    from: ', id: /Message/Sequence',
    to: '',
    code: 'webhook-id',
    message: /becomes another event/,
    at: 'backend: sensors',
  },
  {
    name: 'an answer that lacks what the WSDL requires',
    from: '          answer: { Ack: true }\n',
    to: '',
    code: 'member-missing',
    message: /Ack/,
    at: 'opportunity.changed:',
  },
  {
    name: 'an answer that its type cannot hold',
    from: 'answer: { Ack: true }',
    to: 'answer: { Ack: maybe }',
    code: 'request-source',
    message: /boolean|true/,
    at: 'Ack: maybe',
  },
  {
    name: 'an answer that is no constant',
    from: 'answer: { Ack: true }',
    to: 'answer: { Ack: $request.query.ack }',
    code: 'request-source',
    message: /must be a constant/,
    at: 'Ack: $request',
  },
  {
    name: 'a member that the WSDL does not have',
    from: "amount: { type: [string, 'null'] }",
    to: 'price: { type: string }',
    code: 'member-unknown',
    message: /price/,
    at: 'price:',
  },
  {
    name: 'a body that is no JSON',
    from: "content: { application/json: { schema: { $ref: '#/components/schemas/Reading' } } }",
    to: 'content: { text/plain: { schema: { type: string } } }',
    code: 'webhook-schema',
    message: /application\/json/,
    at: '  reading:\n    post:',
  },
  {
    name: 'a second webhook of the same operation',
    from: '  reading:\n',
    to: `  again:
    post:
      x-soap: { receive: { backend: sensors, operation: Notify, items: /NotificationMessage, id: /Message/Sequence } }
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/Reading' } } } }
  reading:
`,
    code: 'webhook-source',
    message: /receives what again receives already/,
    at: '  reading:\n    post:',
  },
  {
    name: 'a misspelt key',
    from: 'items: /NotificationMessage,',
    to: 'item: /NotificationMessage,',
    code: 'annotation-unknown',
    message: /did you mean items/i,
    at: 'item: /NotificationMessage',
  },
]

describe('webhooks of a contract', () => {
  test('are taken where they are right', () => {
    expect(check(contractText)).toEqual([])
  })

  test.each(mistakes)('say what is wrong: $name', ({ from, to, code, message, at }) => {
    expect(contractText).toContain(from)
    const wrong = contractText.replace(from, () => to)
    const found = check(wrong).filter((one) => one.code === code && message.test(one.message))
    expect(found).toHaveLength(1)
    const line = lineIn(wrong, at)
    // A map and its key may stand on lines of their own; either may be named.
    expect([line - 1, line, line + 1]).toContain(found[0]?.line)
  })

  test('that are read by nobody cost a warning, and an ordinary contract nothing', () => {
    const document = `${openapi.slice(0, openapi.indexOf('components:'))}webhooks:
  heard: { post: { requestBody: { content: { application/json: { schema: { type: object } } } } } }
${openapi.slice(openapi.indexOf('components:'))}`
    expect(checkLibrary(document).diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['webhook-source', 'warning'],
    ])
    expect(checkLibrary(openapi).joined.webhooks).toEqual([])
  })
})

describe('polled webhooks', () => {
  const listed = openapi.replace(
    '  /books:\n',
    `  /books:
    get:
      operationId: listBooks
      parameters: [{ name: isbn, in: query, required: true, schema: { type: string } }]
      x-soap: { operation: GetBook, response: /Book/Author }
      responses:
        '200': { description: ok, content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Author' } } } } }
`,
  )
  const withPoll = (poll: string, schema = 'Author') =>
    checkLibrary(`${listed}    Author: { type: string }
webhooks:
  author:
    post:
      x-soap: { poll: ${poll} }
      requestBody: { content: { application/json: { schema: { $ref: '#/components/schemas/${schema}' } } } }
`).diagnostics.filter(({ code }) => code.startsWith('webhook') || code.startsWith('annotation'))

  test.each([
    ['no such operation', '{ operation: listBook, every: 30s, id: /x }', /GET operation.*listBooks/],
    ['a write', '{ operation: addBook, every: 30s, id: /x }', /GET operation/],
    ['a parameter that is needed', '{ operation: listBooks, every: 30s, id: /x }', /query\.isbn/],
    [
      'an unknown parameter',
      "{ operation: listBooks, every: 30s, id: /x, parameters: { query.isbn: '1', query.ISBN: '2' } }",
      /has no query\.ISBN/,
    ],
    [
      'an id that no item has',
      "{ operation: listBooks, every: 30s, id: /x, parameters: { query.isbn: '1' } }",
      /no x/,
    ],
    [
      'no list',
      '{ operation: getBook, every: 30s, id: /x, parameters: { path.isbn: 1 } }',
      /leads to no list/,
    ],
    ['a time', '{ operation: listBooks, every: 30, id: /x }', /every/],
    [
      'a cursor and what has vanished',
      '{ operation: listBooks, every: 30s, id: /x, cursor: { parameter: query.isbn, value: /x }, changes: [vanished] }',
      /vanished/,
    ],
  ])('say what is wrong: %s', (_, poll, message) => {
    expect(withPoll(poll).some((one) => message.test(one.message))).toBe(true)
  })

  test('want the schema of the items', () => {
    const poll = "{ operation: listBooks, every: 30s, id: /x, parameters: { query.isbn: '1' } }"
    expect(withPoll(poll).map(({ code }) => code)).not.toContain('webhook-schema')
    expect(withPoll(poll, 'Book').map(({ code }) => code)).toContain('webhook-schema')
  })
})

describe('the published document', () => {
  test('shows what is delivered, without x-soap', async () => {
    const adapter = compileContract({ contract: contractFile, env: environment })
    await adapter.close()
    expect(JSON.stringify(adapter.document)).not.toContain('x-soap')
    const { webhooks } = adapter.document as { webhooks: Record<string, { post: Record<string, unknown> }> }
    expect(webhooks['opportunity.changed']?.post).toMatchObject({
      summary: 'An opportunity has changed',
      parameters: [{ name: 'webhook-id' }, { name: 'webhook-timestamp' }, { name: 'webhook-signature' }],
      requestBody: {
        content: {
          'application/json': {
            schema: {
              required: ['type', 'timestamp', 'data'],
              properties: {
                type: { const: 'opportunity.changed' },
                data: { $ref: '#/components/schemas/OpportunityChanged' },
              },
            },
          },
        },
      },
    })
  })
})
