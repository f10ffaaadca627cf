import request from 'supertest'
import { beforeEach, describe, expect, it } from 'vitest'
import { Binary } from '../../src/json/value.js'
import { type SampleApp, sampleApp } from './sample-app.js'

const sample: SampleApp = sampleApp()
beforeEach(() => {
  sample.facade.calls.length = 0
  sample.facade.answers.clear()
})

const UUID = /^[0-9a-f-]{36}$/
const payment = { amount: 12.5, currency: 'EUR', lines: [{ text: 'x', 'a/b': 1 }] }

interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly instance: string
  readonly code: string
  readonly errors?: readonly { pointer: string; detail: string }[]
}

function expectProblem(response: request.Response, status: number, code: string): ProblemBody {
  const problem = response.body as ProblemBody
  expect({ status: response.status, code: problem.code }).toEqual({ status, code })
  expect(response.headers['content-type']).toBe('application/problem+json')
  expect(response.headers['cache-control']).toBe('no-store')
  expect(problem.status).toBe(status)
  expect(problem.type).toBe(`/problems/${code}`)
  expect(problem.instance).toBe(`urn:uuid:${String(response.headers['x-request-id'])}`)
  expect(problem.title).not.toBe('')
  expect(problem.detail).not.toBe('')
  expect(JSON.stringify(problem)).not.toMatch(/\bat .*\.[jt]s:/)
  return problem
}

describe('requests that are served', () => {
  it('reach the operation with raw parameters', async () => {
    const response = await request(sample.app)
      .get('/v1/accounts/AB%2F12')
      .query('limit=007&from=2024-02-29&tag=a&tag=b+c&ids=1,2&text=')
      .set('X-Channel', 'web')
      .set('X-Version', '3')
    expect(response.status).toBe(200)
    const [call] = sample.facade.calls
    expect(call?.request.path).toEqual({ 'account-id': 'AB/12' })
    expect(call?.request.query).toEqual({
      limit: '007',
      from: '2024-02-29',
      tag: ['a', 'b c'],
      ids: '1,2',
      text: '',
    })
    expect(call?.request.headers).toMatchObject({ 'x-channel': 'web', 'x-version': '3' })
    expect(call?.request).not.toHaveProperty('body')
    expect(call?.requestId).toBe(response.headers['x-request-id'])
  })

  it.each([['at=2024-01-01T00:00:00Z'], ['at=2024-01-01T00:00:00%2B02:00'], ["text=it's+(ok)!*"]])(
    'may leave characters in the query that RFC 3986 allows there: %s',
    async (query) => {
      expect((await request(sample.app).get(`/v1/accounts/AB?${query}`)).status).toBe(200)
    },
  )

  it('prefer text to parameters in a path', async () => {
    await request(sample.app).get('/v1/accounts/mine').expect(200)
    await request(sample.app).get('/v1/accounts/%6Dine').expect(200)
    expect(sample.facade.calls.map((call) => call.operationId)).toEqual(['myAccount', 'myAccount'])
  })

  it('carry the digits of numbers', async () => {
    const body =
      '{"amount":120.10,"currency":"EUR","sequence":9007199254740993,"fee":"1.50","lines":[{"text":"x","a/b":1}]}'
    await request(sample.app).post('/v1/payments').type('json').send(body).expect(200)
    const sent = sample.facade.calls[0]?.request.body as Record<string, unknown>
    expect(Object.entries(sent).map(([name, value]) => `${name}=${String(value)}`)).toEqual([
      'amount=120.10',
      'currency=EUR',
      'sequence=9007199254740993',
      'fee=1.50',
      'lines=[object Object]',
    ])
  })

  it('get no defaults added', async () => {
    await request(sample.app).post('/v1/payments').send(payment).expect(200)
    expect(sample.facade.calls[0]?.request.body).toEqual(payment)
    await request(sample.app).get('/v1/accounts/AB').expect(200)
    expect(sample.facade.calls[1]?.request.query).toEqual({})
  })

  it.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['Application/JSON;charset="UTF-8"'],
    ['application/json; profile="x"; charset=utf-8'],
  ])('may say %s', async (type) => {
    const response = await request(sample.app).post('/v1/echo').set('Content-Type', type).send('{"a":1}')
    expect(response.status).toBe(200)
  })

  it('may leave out a body that is not required', async () => {
    await request(sample.app).post('/v1/echo').expect(200)
    expect(sample.facade.calls[0]?.request).not.toHaveProperty('body')
  })

  it.each([
    ['null', null],
    ['0', 0],
    ['""', ''],
    ['[]', []],
  ])('may have %s as their body', async (text, value) => {
    await request(sample.app).post('/v1/echo').type('json').send(text).expect(200)
    expect(sample.facade.calls[0]?.request.body).toEqual(value)
  })

  it('may be binary or text where the contract says so', async () => {
    const put = (type: string, body: string | Buffer) =>
      request(sample.app).put('/v1/reports/a-7.pdf').set('Content-Type', type).send(body)
    await put('application/pdf', Buffer.from([0x25, 0x50, 0xff, 0x00])).expect(200)
    await put('text/csv', 'a;ü').expect(200)
    expect(sample.facade.calls.map(({ request: { path, body } }) => ({ path, body }))).toEqual([
      {
        path: { from: 'a', to: '7' },
        body: new Binary(Buffer.from('%P\xff\0', 'latin1'), 'application/pdf'),
      },
      { path: { from: 'a', to: '7' }, body: 'a;ü' },
    ])
    const tooLong = await put('text/csv', 'longer than ten')
    expectProblem(tooLong, 400, 'request-invalid')
  })

  it('keep their id when it is sane', async () => {
    const id = async (value: string) =>
      (await request(sample.app).get('/v1/accounts').set('X-Request-Id', value)).headers['x-request-id']
    expect(await id('trace-1/2_3.4:5')).toBe('trace-1/2_3.4:5')
    expect(await id('a b')).toMatch(UUID)
    expect(await id('"><script>')).toMatch(UUID)
    expect(await id('x'.repeat(129))).toMatch(UUID)
  })
})

describe('answers', () => {
  it('are written as the operation gave them', async () => {
    sample.facade.answers.set('pay', () => ({
      status: 201,
      headers: { location: '/v1/payments/1', 'content-type': 'application/json' },
      body: '{"amount":1.10}',
    }))
    const response = await request(sample.app).post('/v1/payments').send(payment)
    expect(response.status).toBe(201)
    expect(response.text).toBe('{"amount":1.10}')
    expect(response.headers).toMatchObject({
      location: '/v1/payments/1',
      'content-type': 'application/json',
      'content-length': '15',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
    })
    expect(response.headers).not.toHaveProperty('etag')
    expect(response.headers).not.toHaveProperty('x-powered-by')
  })

  it('may be empty, binary, and without a body for HEAD', async () => {
    sample.facade.answers.set('closeAccount', () => ({ status: 204, headers: {}, body: '' }))
    const empty = await request(sample.app).delete('/v1/accounts/AB')
    expect(empty.status).toBe(204)
    expect(empty.headers).not.toHaveProperty('content-type')
    expect(empty.headers).not.toHaveProperty('content-length')
    sample.facade.answers.set('listAccounts', () => ({
      status: 200,
      headers: { 'content-type': 'application/pdf' },
      body: new Uint8Array([1, 2, 3]),
    }))
    const binary = await request(sample.app).get('/v1/accounts').buffer(true)
    expect(binary.headers['content-length']).toBe('3')
    const head = await request(sample.app).head('/v1/accounts')
    expect(head.status).toBe(200)
    expect(head.headers['content-length']).toBe('3')
    expect(head.text).toBeUndefined()
  })
})

it.each(['/', '/v1', '/v1/'])('%s leads to the docs', async (path) => {
  const { status, headers } = await request(sample.app).get(path)
  const { pathname } = new URL(headers.location ?? '', `http://localhost${path}`)
  expect([status, pathname]).toEqual([307, '/docs/'])
})

describe('requests that are refused', () => {
  it.each([
    ['/v1/nothing'],
    ['/v2/accounts'],
    ['/v1x/accounts'],
    ['/v1/accounts/'],
    ['/v1//accounts'],
    ['/v1/accounts/A/B'],
    ['/v1/ACCOUNTS'],
    ['/v1/reports/a.pdf'],
    ['/v1/accounts/../../etc/passwd'],
    ['/docs/package.json'],
    ['/docs/..%2Fpackage.json'],
    ['/problems/none'],
    ['/constructor'],
    ['/v1/constructor'],
    ['/v1/__proto__'],
  ])('404 %s', async (path) => {
    expectProblem(await request(sample.app).get(path), 404, 'not-found')
  })

  it.each([
    ['post', '/v1/accounts', 'GET, HEAD, OPTIONS'],
    ['put', '/v1/accounts/AB', 'GET, DELETE, HEAD, OPTIONS'],
    ['get', '/v1/payments', 'POST, OPTIONS'],
    ['post', '/healthz', 'GET, HEAD'],
    ['delete', '/readyz', 'GET, HEAD'],
    ['post', '/docs/', 'GET, HEAD'],
    ['post', '/v1/openapi.json', 'GET, HEAD'],
  ] as const)('405 %s %s', async (method, path, allow) => {
    const response = await request(sample.app)[method](path)
    expectProblem(response, 405, 'method-not-allowed')
    expect(response.headers.allow).toBe(allow)
  })

  it('OPTIONS tells the methods', async () => {
    const response = await request(sample.app).options('/v1/accounts/AB')
    expect(response.status).toBe(204)
    expect(response.headers.allow).toBe('GET, DELETE, HEAD, OPTIONS')
  })

  it.each([['/v1/accounts/%'], ['/v1/accounts/%E0%A4%A'], ['/v1/%c0%af'], ['/problems/%ff'], ['/docs/%']])(
    '400 for the broken encoding of %s',
    async (path) => {
      expectProblem(await request(sample.app).get(path), 400, 'request-malformed')
    },
  )

  it.each([
    ['text/plain'],
    ['application/xml'],
    ['application/json; charset=latin1'],
    ['application/json; charset=utf-16'],
    ['json'],
    [';'],
    ['application/jsonx'],
    ['multipart/form-data; boundary=x'],
    ['application/x-www-form-urlencoded'],
  ])('415 for %s', async (type) => {
    const response = await request(sample.app).post('/v1/payments').set('Content-Type', type).send('{}')
    expectProblem(response, 415, 'media-type-unsupported')
    expect(response.headers.accept).toBe('application/json')
    expect(sample.facade.calls).toEqual([])
  })

  it.each(['application/*', '*/*', '*/json', 'application/*+json', 'application/json*; charset=utf-8'])(
    '400 for %s, which is not a media type of a body',
    async (type) => {
      const response = await request(sample.app).post('/v1/payments').set('Content-Type', type).send('{}')
      expectProblem(response, 400, 'request-malformed')
      expect(sample.facade.calls).toEqual([])
    },
  )

  it('415 for compressed bodies and bodies without a type', async () => {
    const coded = request(sample.app).post('/v1/echo').type('json').set('Content-Encoding', 'gzip').send('{}')
    expectProblem(await coded, 415, 'media-type-unsupported')
    const untyped = request(sample.app).post('/v1/echo').set('Content-Type', '').send('{}')
    expectProblem(await untyped, 415, 'media-type-unsupported')
  })

  it.each([
    ['{"amount":12,\n "iban": GB33BUKB20201555555555}', 'line 2, column 10: expected a value'],
    [
      '{"amount":12,"amount":13}',
      'line 1, column 14: expected a member name that the object does not have yet',
    ],
    ['{"amount":12', 'line 1, column 13: expected "," or "}", found the end'],
    ['['.repeat(17), 'line 1, column 17: expected no more than 16 arrays and objects within each other'],
    [`[${'1,'.repeat(6_000)}1]`, 'expected no more than 5000 values'],
    ['{"a":"\\ud800"}', 'expected surrogates in pairs'],
  ])('400 with the position in %#', async (body, detail) => {
    const problem = expectProblem(
      await request(sample.app).post('/v1/payments').type('json').send(body),
      400,
      'request-malformed',
    )
    expect(problem.detail).toContain(detail)
    expect(problem.detail).not.toContain('GB33')
  })

  it('400 for what is not UTF-8', async () => {
    const body = Buffer.from([0x22, 0xc3, 0x28, 0x22])
    const sent = request(sample.app).post('/v1/echo').type('json')
    sent.write(body)
    expect(expectProblem(await sent, 400, 'request-malformed').detail).toBe(
      'The body is not well-formed UTF-8.',
    )
  })

  it('400 lists every violation of parameters and body, and no value', async () => {
    const secret = 'SECRET-4111111111111111'
    const problem = expectProblem(
      await request(sample.app)
        .get(`/v1/accounts/${secret}`)
        .query({
          limit: '0x10',
          from: secret,
          tag: secret,
          ids: '1,x',
          text: secret,
          nope: secret,
          [secret + '!']: 1,
        })
        .set('X-Channel', secret)
        .set('X-Version', secret),
      400,
      'request-invalid',
    )
    expect(problem.errors).toEqual(
      expect.arrayContaining([
        { pointer: 'path/account-id', detail: 'must match pattern "^[A-Z0-9/]{2,12}$"' },
        { pointer: 'query/limit', detail: 'must be integer' },
        { pointer: 'query/from', detail: 'must match format "date"' },
        { pointer: 'query/ids/1', detail: 'must be integer' },
        { pointer: 'query/text', detail: 'must NOT have more than 20 characters' },
        { pointer: 'query/nope', detail: 'is not a parameter of this operation' },
        { pointer: 'query', detail: 'is not a parameter of this operation' },
        { pointer: 'header/x-channel', detail: 'must be equal to one of the allowed values: web, branch' },
        { pointer: 'header/x-version', detail: 'must be integer' },
      ]),
    )
    expect(problem.errors).toHaveLength(9)
    expect(JSON.stringify(problem)).not.toContain('SECRET')
    expect(sample.facade.calls).toEqual([])
  })

  it.each([
    ['limit=1.5', 'must be integer'],
    // What a double takes for infinite is compared with no bound.
    [`limit=${'9'.repeat(310)}`, 'must have at most 308 digits'],
    ['limit=1e1', 'must be integer'],
    ['limit=%201', 'must be integer'],
    ['limit=', 'must be integer'],
    ['limit=1&limit=2', 'must be integer'],
    ['limit=101', 'must be <= 100'],
    ['limit=%zz', 'must be percent-encoded UTF-8'],
  ])('400 for ?%s', async (query, detail) => {
    const problem = expectProblem(
      await request(sample.app).get(`/v1/accounts/AB?${query}`),
      400,
      'request-invalid',
    )
    expect(problem.errors).toEqual([{ pointer: 'query/limit', detail }])
  })

  it('400 lists every violation of a body with JSON pointers', async () => {
    const problem = expectProblem(
      await request(sample.app)
        .post('/v1/payments?x=1')
        .send({
          amount: -1,
          fee: '1,5',
          currency: 'CHF',
          due: '2023-02-29',
          paymentId: 'mine',
          surplus: 'GB33',
          lines: [
            { text: 'x', 'a/b': 1 },
            { text: 5, lines: [{ text: 'y' }] },
          ],
        }),
      400,
      'request-invalid',
    )
    expect(problem.errors).toEqual(
      expect.arrayContaining([
        { pointer: 'query/x', detail: 'is not a parameter of this operation' },
        { pointer: '/amount', detail: 'must be > 0' },
        { pointer: '/fee', detail: 'must match format "decimal"' },
        { pointer: '/currency', detail: 'must be equal to one of the allowed values: EUR, GBP' },
        { pointer: '/due', detail: 'must match format "date"' },
        { pointer: '/paymentId', detail: 'is read-only' },
        { pointer: '/surplus', detail: 'must NOT have additional properties' },
        { pointer: '/lines/1/text', detail: 'must be string' },
        { pointer: '/lines/1/a~1b', detail: "must have required property 'a/b'" },
        { pointer: '/lines/1/lines/0/a~1b', detail: "must have required property 'a/b'" },
      ]),
    )
    expect(problem.errors).toHaveLength(10)
    expect(problem.detail).toContain('10 places')
  })

  it.each([
    [
      { kind: 'car', plate: 'B-1', horsepower: 'many' },
      [{ pointer: '/horsepower', detail: 'must be integer' }],
    ],
    [
      { kind: 'mortgage', plate: 'B-1' },
      [{ pointer: '/property', detail: "must have required property 'property'" }],
    ],
    [
      { kind: 'x' },
      [{ pointer: '/kind', detail: 'must be equal to one of the allowed values: mortgage, car' }],
    ],
    [{}, [{ pointer: '/kind', detail: "must have required property 'kind'" }]],
    [null, [{ pointer: '', detail: 'must be object' }]],
    [[], [{ pointer: '', detail: 'must be object' }]],
    ['car', [{ pointer: '', detail: 'must be object' }]],
  ])('400 judges %j by its discriminator', async (body, errors) => {
    const response = await request(sample.app).post('/v1/loans').type('json').send(JSON.stringify(body))
    expect(expectProblem(response, 400, 'request-invalid').errors).toEqual(errors)
  })

  it('400 where a body is missing, and where there is one too many', async () => {
    const missing = expectProblem(await request(sample.app).post('/v1/payments'), 400, 'request-invalid')
    expect(missing.errors).toEqual([{ pointer: '', detail: 'a body is required' }])
    const surplus = expectProblem(
      await request(sample.app).delete('/v1/accounts/AB').send({ a: 1 }),
      400,
      'request-invalid',
    )
    expect(surplus.errors).toEqual([{ pointer: '', detail: 'this operation takes none' }])
  })

  it('413 for a body that is too large, with and without a length', async () => {
    const large = JSON.stringify('x'.repeat(30_000))
    const announced = await request(sample.app).post('/v1/echo').type('json').send(large)
    expect(expectProblem(announced, 413, 'request-too-large').detail).toContain('20000 bytes')
    const chunked = request(sample.app).post('/v1/echo').type('json').set('Transfer-Encoding', 'chunked')
    chunked.write(large)
    expectProblem(await chunked, 413, 'request-too-large')
    expect(sample.facade.calls).toEqual([])
  })

  it('a large body is judged by its first violation', async () => {
    const lines = Array.from({ length: 2_000 }, () => ({}))
    const problem = expectProblem(
      await request(sample.app).post('/v1/payments').send({ lines }),
      400,
      'request-invalid',
    )
    expect(problem.errors).toHaveLength(1)
  })

  it('a body with many violations is answered with the first hundred', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => ({ index }))
    const problem = expectProblem(
      await request(sample.app)
        .post('/v1/payments')
        .send({ ...payment, lines }),
      400,
      'request-invalid',
    )
    expect(problem.errors).toHaveLength(100)
  })

  it('does not let a body change a prototype', async () => {
    const hostile = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
    await request(sample.app).post('/v1/echo').type('json').send(hostile).expect(200)
    await request(sample.app).get('/v1/accounts/AB?__proto__=1&__proto__[polluted]=1').expect(400)
    await request(sample.app).get('/v1/accounts/AB?constructor=1').expect(400)
    expect(Reflect.get({}, 'polluted')).toBeUndefined()
    const strict = await request(sample.app)
      .post('/v1/payments')
      .type('json')
      .send('{"__proto__":1,"amount":1,"currency":"EUR","lines":[]}')
    expect(expectProblem(strict, 400, 'request-invalid').errors).toEqual([
      { pointer: '/__proto__', detail: 'must NOT have additional properties' },
    ])
  })
})
