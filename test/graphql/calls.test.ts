import request from 'supertest'
import { describe, expect, it } from 'vitest'
import type { RestResponse } from '../../src/adapter/rest.js'
import { AdapterError } from '../../src/base/errors.js'
import { jsonLine } from '../../src/json/text.js'
import { ExactNumber, type JsonValue } from '../../src/json/value.js'
import { disconnect } from '../http/sample-facade.js'
import fc from '../oracle/property.js'
import { contractOf, graphqlApp, openly, returns, takes } from './graphql-app.js'

const json = (body: JsonValue, status = 200): RestResponse => ({ status, headers: {}, body: jsonLine(body) })
const accountId = { name: 'accountId', in: 'path', required: true, schema: { type: 'string', pattern: '^A' } }
const account = {
  type: 'object',
  required: ['accountId'],
  properties: {
    accountId: { type: 'string' },
    nickname: { type: ['string', 'null'] },
    cents: { type: 'integer' },
    rate: { type: 'number' },
  },
}
const link = (operationId: string, pointer: string) => ({
  operationId,
  parameters: { accountId: `$response.body#${pointer}` },
})
const document = contractOf(
  {
    '/accounts': {
      get: {
        operationId: 'listAccounts',
        parameters: [
          { name: 'tag', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          { name: 'ids', in: 'query', explode: false, schema: { type: 'array', items: { type: 'integer' } } },
          { name: 'X-Branch', in: 'header', schema: { type: 'string' } },
        ],
        responses: returns({
          type: 'object',
          properties: { items: { type: 'array', items: { $ref: '#/components/schemas/Account' } } },
        }),
      },
    },
    '/accounts/{accountId}': {
      parameters: [accountId],
      get: {
        operationId: 'getAccount',
        responses: returns(
          { $ref: '#/components/schemas/Account' },
          { links: { owner: link('getOwner', '/accountId'), again: link('getAccount', '/accountId') } },
        ),
      },
    },
    '/accounts/{accountId}/owner': {
      parameters: [accountId],
      get: {
        operationId: 'getOwner',
        responses: returns({ type: 'object', properties: { name: { type: 'string' } } }),
      },
    },
    '/change': {
      post: {
        operationId: 'change',
        requestBody: takes({ $ref: '#/components/schemas/Account' }),
        responses: returns({ $ref: '#/components/schemas/Account' }),
      },
    },
    '/anything': {
      post: { operationId: 'store', requestBody: takes({}), responses: returns({}) },
    },
    '/close': { post: { operationId: 'close', responses: { 204: { description: 'closed' } } } },
    '/letter': {
      get: {
        operationId: 'getLetter',
        responses: { 200: { description: '', content: { 'application/pdf': {} } } },
      },
    },
  },
  { Account: account },
)
const exactAccount = (cents: string) =>
  json({ accountId: 'A', cents: new ExactNumber(cents), rate: new ExactNumber('0.10') })

describe('a call', () => {
  it('carries what REST would: path, query, header, body', async () => {
    const { ask, facade } = graphqlApp(document)
    facade.answers.set('listAccounts', () => json({ items: [] }))
    expect(
      await ask('{ accounts(tag: ["a", "b"], ids: ["1", "2"], xBranch: "north") { items { accountId } } }'),
    ).toEqual({
      data: { accounts: { items: [] } },
    })
    expect(facade.calls[0]?.request).toEqual({
      path: {},
      query: { tag: ['a', 'b'], ids: '1,2' },
      headers: { 'x-branch': 'north' },
    })
  })

  it('keeps every digit, both ways', async () => {
    const { ask, facade } = graphqlApp(document)
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), async (cents) => {
        facade.answers.set('change', () => exactAccount(String(cents)))
        const query = 'mutation ($c: Long) { change(input: { accountId: "A", cents: $c }) { cents rate } }'
        expect(await ask(query, { c: String(cents) })).toEqual({
          data: { change: { cents: String(cents), rate: '0.10' } },
        })
        const sent = facade.calls.at(-1)?.request.body ?? null
        expect(jsonLine(sent)).toBe(`{"accountId":"A","cents":${cents}}`)
      }),
      { numRuns: 50 },
    )
  })

  it('keeps digits of a literal, and of a number in variables that a double would round', async () => {
    const { app, facade } = graphqlApp(document)
    facade.answers.set('change', () => exactAccount('1'))
    const literal = 'mutation { change(input: { accountId: "A", cents: 9007199254740993 }) { cents } }'
    const variable = 'mutation ($c: Long) { change(input: { accountId: "A", cents: $c }) { cents } }'
    for (const body of [
      JSON.stringify({ query: literal }),
      `{"query":${JSON.stringify(variable)},"variables":{"c":9007199254740993}}`,
    ]) {
      await request(app).post('/graphql').set('content-type', 'application/json').send(body).expect(200)
      expect(jsonLine(facade.calls.at(-1)?.request.body ?? null)).toBe(
        '{"accountId":"A","cents":9007199254740993}',
      )
    }
  })

  it('keeps null and absent apart', async () => {
    const { ask, facade } = graphqlApp(document)
    const answers: readonly [object, JsonValue][] = [
      [
        { accountId: 'A', nickname: null },
        { accountId: 'A', nickname: null },
      ],
      [{ accountId: 'A' }, { accountId: 'A' }],
    ]
    for (const [input, body] of answers) {
      facade.answers.set('change', () => json(body))
      const query = 'mutation ($input: AccountInput!) { change(input: $input) { nickname _absent } }'
      const absent = 'nickname' in input ? [] : ['nickname']
      expect(await ask(query, { input })).toEqual({ data: { change: { nickname: null, _absent: absent } } })
      expect(facade.calls.at(-1)?.request.body).toEqual(input)
    }
  })

  it('takes any JSON where the contract says no more', async () => {
    const { ask, facade } = graphqlApp(document)
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
        fc.pre(value !== null && !JSON.stringify(value).includes('__proto__'))
        facade.answers.set('store', ({ request: { body = null } }) => json(body))
        const answer = await ask('mutation ($v: JSON!) { store(input: $v) }', { v: value })
        expect(answer).toEqual({ data: { store: JSON.parse(JSON.stringify(value)) as unknown } })
      }),
      { numRuns: 60 },
    )
  })

  it('says true where there is nothing to say, and gives bytes in base64', async () => {
    const { ask, facade } = graphqlApp(document)
    facade.answers.set('close', () => ({ status: 204, headers: {}, body: '' }))
    facade.answers.set('getLetter', () => ({
      status: 200,
      headers: { 'content-type': 'application/pdf' },
      body: new Uint8Array([37, 80, 68, 70, 255]),
    }))
    expect(await ask('mutation { close }')).toEqual({ data: { close: true } })
    expect(await ask('{ letter { mediaType base64 } }')).toEqual({
      data: { letter: { mediaType: 'application/pdf', base64: 'JVBERv8=' } },
    })
  })

  it('is ended when the client goes away', async () => {
    const { app, facade } = graphqlApp(document)
    const gone = new Promise<void>((resolve) => {
      facade.answers.set('getOwner', async ({ signal }) => {
        pending.abort()
        await disconnect(signal)
        resolve()
        return json({ name: 'nobody' })
      })
    })
    const pending = request(app).post('/graphql').send({ query: '{ owner(accountId: "A1") { name } }' })
    pending.end(() => undefined)
    await gone
  })
})

describe('links', () => {
  const app = () => {
    const own = graphqlApp(document)
    own.facade.answers.set('listAccounts', () =>
      json({ items: [{ accountId: 'A1' }, { accountId: 'A2' }, { accountId: 'A1' }] }),
    )
    own.facade.answers.set('getAccount', ({ request: { path } }) => json({ accountId: path.accountId ?? '' }))
    own.facade.answers.set('getOwner', ({ request: { path } }) =>
      json({ name: `owner of ${path.accountId ?? ''}` }),
    )
    return own
  }

  it('are fields of their type wherever it is returned; the same question is asked once', async () => {
    const { ask, facade } = app()
    const answer = await ask('{ accounts { items { owner { name } again { owner { name } } } } }')
    const item = (id: string) => ({
      owner: { name: `owner of ${id}` },
      again: { owner: { name: `owner of ${id}` } },
    })
    expect(answer).toEqual({ data: { accounts: { items: [item('A1'), item('A2'), item('A1')] } } })
    const asked = facade.calls.map(({ operationId, request: { path } }) => [operationId, path.accountId])
    expect(asked).toEqual([
      ['listAccounts', undefined],
      ...[
        ['getOwner', 'A1'],
        ['getAccount', 'A1'],
        ['getOwner', 'A2'],
        ['getAccount', 'A2'],
      ],
    ])
  })

  it('that fail leave the rest', async () => {
    const { ask, facade } = app()
    facade.answers.set('getOwner', () => {
      throw new AdapterError('backend-timeout', 'No answer in time.', { outcome: 'unknown' })
    })
    const { data, errors } = await ask('{ account(accountId: "A1") { accountId owner { name } } }')
    expect(data).toEqual({ account: { accountId: 'A1', owner: null } })
    expect(errors).toMatchObject([
      {
        path: ['account', 'owner'],
        extensions: { code: 'backend-timeout', status: 504, outcome: 'unknown' },
      },
    ])
  })
})

describe('an error', () => {
  it('is the problem of REST', async () => {
    const { ask } = graphqlApp(document)
    const { data, errors } = await ask('{ account(accountId: "B") { accountId } }')
    expect(data).toEqual({ account: null })
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'request-invalid',
      status: 400,
      errors: [{ pointer: 'path/accountId' }],
    })
  })

  it('that is a declared fault has its members, exactly', async () => {
    const { ask, facade } = graphqlApp(document)
    facade.answers.set('getAccount', () => ({
      status: 404,
      fault: 'NoAccount',
      headers: { 'content-type': 'application/problem+json' },
      body: '{"title":"No such account","status":404,"code":"NoAccount","fault":{"id":9007199254740993}}',
    }))
    const { errors } = await ask('{ account(accountId: "A1") { accountId } }')
    expect(errors).toMatchObject([
      {
        message: 'No such account',
        extensions: { code: 'NoAccount', status: 404, fault: { id: '9007199254740993' } },
      },
    ])
  })

  it('that nobody has foreseen says nothing', async () => {
    const { ask, facade, logLines } = graphqlApp(document)
    facade.answers.set('getAccount', () => {
      throw new TypeError('secret of the service')
    })
    const answer = await ask('{ account(accountId: "A1") { accountId } }')
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'internal', status: 500 })
    expect(JSON.stringify([answer, logLines])).not.toContain('secret')
  })
})

describe('each call', () => {
  it('is logged and audited by its own name, with the id of the request and the protocol', async () => {
    const entries: object[] = []
    const audit = { record: (entry: object) => entries.push(entry), close: () => undefined }
    const { ask, logLines, facade } = graphqlApp(document, { audit })
    facade.answers.set('getAccount', () => json({ accountId: 'A1' }))
    facade.answers.set('getOwner', () => json({ name: 'x' }))
    await ask('{ account(accountId: "A1") { owner { name } } }', {}, { 'x-request-id': 'R-1' })
    const calls = [
      { requestId: 'R-1', face: 'graphql', operationId: 'getAccount', method: 'GET', status: 200 },
      { requestId: 'R-1', face: 'graphql', operationId: 'getOwner', method: 'GET', status: 200 },
    ]
    expect(logLines).toMatchObject([...calls, { requestId: 'R-1', method: 'POST', status: 200 }])
    expect(entries).toMatchObject(calls)
  })
})

describe('a query', () => {
  const nested = (levels: number) =>
    `{ account(accountId: "A") ${'{ again '.repeat(levels)} { accountId } ${'}'.repeat(levels)} }`

  it.each<[string, string, string]>([
    ['too deep', nested(11), 'graphql-too-deep'],
    [
      'of too many aliases',
      `{ ${Array.from({ length: 21 }, (_, n) => `a${n}: account(accountId: "A") { accountId }`).join()} }`,
      'graphql-too-many-aliases',
    ],
    [
      'too costly by its lists',
      '{ accounts { items { again { again { again { again { again { again { again { again { accountId } } } } } } } } owner { name } b: owner { name } c: again { owner { name } } } } }',
      'graphql-too-costly',
    ],
    [
      'too costly in fragments',
      `{ ${Array.from({ length: 15 }, (_, n) => `a${n}: account(accountId: "A") { ...f }`).join()} } fragment f on Account { ...g b: again { ...g } } fragment g on Account { c: again { d: owner { name } e: owner { name } f: owner { name } } }`,
      'graphql-too-costly',
    ],
  ])('%s is refused before anything is called', async (_, query, code) => {
    const { ask, facade } = graphqlApp(document, {
      graphql: { query: { ...openly, maxAliases: code === 'graphql-too-costly' ? 1000 : 20 } },
    })
    const { errors } = await ask(query)
    expect(errors?.map(({ extensions }) => extensions?.code)).toContain(code)
    expect(facade.calls).toEqual([])
  })

  it('makes no more calls than it may, whatever the lists hold', async () => {
    const { ask, facade } = graphqlApp(document, { graphql: { query: { ...openly, maxCost: 11 } } })
    const ids = Array.from({ length: 30 }, (_, n) => ({ accountId: `A${n}` }))
    facade.answers.set('listAccounts', () => json({ items: ids }))
    facade.answers.set('getOwner', () => json({ name: 'x' }))
    const { errors } = await ask('{ accounts { items { owner { name } } } }')
    expect(facade.calls).toHaveLength(11)
    expect(errors).toHaveLength(20)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'graphql-too-costly' })
  })

  it('of exponential fragments is measured once for each', async () => {
    const { ask, facade } = graphqlApp(document)
    facade.answers.set('getAccount', () => json({ accountId: 'A1' }))
    const fragments = Array.from(
      { length: 60 },
      (_, n) => `fragment f${n} on Account { ...f${n + 1} ...f${n + 1} }`,
    )
    const query = `{ account(accountId: "A1") { ...f0 } } ${fragments.join(' ')} fragment f60 on Account { accountId }`
    expect(await ask(query)).toEqual({ data: { account: { accountId: 'A1' } } })
  })

  it.each(['{ __schema { types { name } } }', '{ __type(name: "Account") { name } }'])(
    'for the schema is refused where that is off: %s',
    async (query) => {
      const { ask } = graphqlApp(document, { graphql: { introspection: false } })
      expect((await ask(query)).errors?.[0]?.message).toContain('introspection')
      expect((await ask('{ __typename }')).data).toEqual({ __typename: 'Query' })
    },
  )

  it('larger than a body may be is refused as in REST', async () => {
    const { app } = graphqlApp(document)
    const answer = await request(app)
      .post('/graphql')
      .send({ query: `{ __typename } #${'x'.repeat(30_000)}` })
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([413, 'request-too-large'])
  })

  it('of endless tokens is refused', async () => {
    const { ask } = graphqlApp(document)
    expect((await ask(`{ ${'a '.repeat(9_000)} }`)).errors?.[0]?.message).toMatch(/token/i)
  })
})
