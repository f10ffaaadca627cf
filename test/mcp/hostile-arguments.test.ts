import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contractOf, returns, takes } from '../graphql/graphql-app.js'
import { type McpApp, mcpApp } from './mcp-app.js'

const text = (name: string, place: string, required = false) => ({
  ...{ name, in: place, required },
  schema: { type: 'string' },
})
const document = contractOf(
  {
    '/things/{id}': {
      parameters: [text('id', 'path', true)],
      get: {
        operationId: 'getThing',
        parameters: [
          text('q', 'query'),
          text('X-Tag', 'header'),
          { name: 'size', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 9 } },
        ],
        responses: returns({}),
      },
    },
    '/things': {
      post: {
        operationId: 'makeThing',
        requestBody: takes({ $ref: '#/components/schemas/Thing' }),
        responses: returns({}),
      },
    },
  },
  {
    Thing: {
      type: 'object',
      additionalProperties: false,
      properties: {
        name: { type: 'string' },
        count: { type: 'integer' },
        inner: { $ref: '#/components/schemas/Thing' },
      },
    },
  },
)

interface Answer {
  readonly status: number
  readonly code?: string | undefined
  readonly message: string
  readonly isError: boolean
}

let own: McpApp

beforeAll(async () => {
  own = await mcpApp(document, { mcp: { operations: ['*'] } })
})
afterAll(() => own.close())
beforeEach(() => {
  own.facade.calls.length = 0
})

async function post(body: string): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const answer = await fetch(own.url, { method: 'POST', headers, body })
  const said = (await answer.json()) as {
    code?: string
    result?: { isError?: boolean; content: { text: string }[] }
    error?: { code: number; message: string }
  }
  const message = said.result?.content[0]?.text ?? said.error?.message ?? JSON.stringify(said)
  const code = said.code ?? /"code":"([^"]+)"/.exec(message)?.[1] ?? said.error?.code.toString()
  return { status: answer.status, code, message, isError: said.result?.isError ?? !said.result }
}

/** @param args JSON text */
const call = (name: string, args: string): Promise<Answer> =>
  post(
    `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":${JSON.stringify(name)},"arguments":${args}}}`,
  )

describe('arguments that are refused before the backend is asked', () => {
  const deep = (levels: number) => `${'{"inner":'.repeat(levels)}{}${'}'.repeat(levels)}`

  it.each<[string, string, string]>([
    ['__proto__', 'getThing', '{"id":"a","__proto__":{"polluted":true}}'],
    ['constructor', 'getThing', '{"id":"a","constructor":{"prototype":{"polluted":true}}}'],
    ['__proto__ in a body', 'makeThing', '{"body":{"__proto__":{"polluted":true}}}'],
    ['constructor within a body', 'makeThing', '{"body":{"inner":{"constructor":{"polluted":true}}}}'],
    ['toString in place of what is required', 'getThing', '{"toString":"a"}'],
    ['nothing', 'getThing', '{}'],
    ['null for what is required', 'getThing', '{"id":null}'],
    ['a text for a number', 'getThing', '{"id":"a","size":"many"}'],
    ['a number out of range', 'getThing', '{"id":"a","size":1e308}'],
    ['an object for a number', 'getThing', '{"id":"a","size":{"$gt":0}}'],
    ['a list for an object', 'makeThing', '{"body":[]}'],
    ['a text for an object', 'makeThing', '{"body":"{}"}'],
    ['a fraction for a whole number', 'makeThing', '{"body":{"count":0.5}}'],
    ['digits that are none', 'makeThing', '{"body":{"count":"٣"}}'],
    ['a Cyrillic letter in a name', 'getThing', '{"id":"a","ԛ":"b"}'],
    ['a zero-width joiner in a name', 'getThing', '{"id":"a","q\u200d":"b"}'],
    ['a mark of direction in a name', 'getThing', '{"id":"a","\u202eq":"b"}'],
    ['a full-width name', 'getThing', '{"\uff49\uff44":"a"}'],
    ['CR and LF in a header', 'getThing', '{"id":"a","X-Tag":"b\\r\\nX-Admin: 1"}'],
    ['NUL in a header', 'getThing', '{"id":"a","X-Tag":"b\\u0000"}'],
    ['more depth than a body may have', 'makeThing', `{"body":${deep(40)}}`],
    ['more than a body may have', 'makeThing', `{"body":{"name":"${'x'.repeat(250_000)}"}}`],
    ['more values than a body may have', 'makeThing', `{"body":{"name":[${'0,'.repeat(6_000)}0]}}`],
    ['a cursor that is none', 'getThing', '{"id":"a","resultCursor":"-1"}'],
    ['a cursor that is a path', 'getThing', '{"id":"a","resultCursor":"../../etc/passwd"}'],
  ])('%s', async (_, name, args) => {
    const answer = await call(name, args)
    expect([answer.isError, answer.status]).toEqual([
      true,
      expect.toSatisfy((status: number) => status < 500),
    ])
    expect(answer.code).not.toBe('internal')
    expect(own.facade.calls).toEqual([])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    // What was sent is not said again.
    expect(JSON.stringify(own.logLines)).not.toMatch(/polluted|X-Admin|passwd/)
  })

  it.each<[string, string]>([
    [
      'arguments that are a list',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"getThing","arguments":["a"]}}',
    ],
    [
      'arguments that are a text',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"getThing","arguments":"id=a"}}',
    ],
    ['no name', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{}}}'],
    [
      'a name that is an object',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{},"arguments":{}}}',
    ],
    [
      'a name of Object.prototype',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"__proto__","arguments":{}}}',
    ],
    [
      'a name with a look-alike',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"getТhing","arguments":{"id":"a"}}}',
    ],
    ['params that are null', '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":null}'],
    [
      'half a surrogate pair',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"getThing","arguments":{"id":"\\ud800"}}}',
    ],
    [
      'a member twice',
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"getThing","arguments":{"id":"a","id":"b"}}}',
    ],
    [
      'another version',
      '{"jsonrpc":"1.0","id":1,"method":"tools/call","params":{"name":"getThing","arguments":{"id":"a"}}}',
    ],
    ['no message', '7'],
    ['nothing', ''],
  ])('%s', async (_, body) => {
    const answer = await post(body)
    expect([answer.isError, answer.status]).toEqual([
      true,
      expect.toSatisfy((status: number) => status < 500),
    ])
    expect(own.facade.calls).toEqual([])
  })
})

describe('arguments that are what they are, whatever they look like', () => {
  it.each([
    '../../admin',
    '..%2f..%2fadmin',
    'a/b?c=d#e',
    '..\\..\\',
    "'; DROP TABLE things; --",
    '<id>&xxe;</id>',
    '${jndi:ldap://x}',
    'e\u0301 is not \u00e9',
  ])('%s', async (id) => {
    const { isError } = await call('getThing', JSON.stringify({ id, q: id, 'X-Tag': 'plain' }))
    expect(isError).toBe(false)
    expect(own.facade.calls.map(({ request }) => request)).toEqual([
      { path: { id }, query: { q: id }, headers: { 'x-tag': 'plain' } },
    ])
  })
})
