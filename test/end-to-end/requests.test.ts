import { createServer, request as send } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiOf } from './api.js'
import { deploy, type Deployment } from './deployment.js'

let deployment: Deployment

beforeAll(async () => {
  deployment = await deploy()
})

afterAll(() => deployment.close())

const http = () => apiOf(deployment.app)
const payment = {
  instructionId: 'REQ-1',
  debtorAccountId: 'AC-00000101',
  creditor: { name: 'Harbour Row Lettings', iban: 'XK051212012345678906' },
  amount: { value: '1.00', currency: 'EUR' },
}

describe('bad requests', () => {
  it.each([
    ['/v1/nothing', 404, 'not-found'],
    ['/v1/accounts', 404, 'not-found'],
    ['/v1/accounts/', 404, 'not-found'],
    ['/v1/Accounts/AC-00000101', 404, 'not-found'],
    ['/v1/accounts/AC-00000101/', 404, 'not-found'],
    ['/v2/accounts/AC-00000101', 404, 'not-found'],
    ['/v1/accounts/%zz', 400, 'request-malformed'],
    ['/v1/accounts/AC-1', 400, 'request-invalid'],
    ['/v1/accounts/AC-00000101?surprise=1', 400, 'request-invalid'],
    ['/v1/accounts/AC-00000101/transactions?limit=201', 400, 'request-invalid'],
    ['/v1/accounts/AC-00000101/transactions?limit=1e1', 400, 'request-invalid'],
    ['/v1/accounts/AC-00000101/transactions?limit=1&limit=2', 400, 'request-invalid'],
    ['/v1/accounts/AC-00000101/transactions?from=2026-02-30', 400, 'request-invalid'],
    ['/v1/loan-applications', 400, 'request-invalid'],
  ])('GET %s is %i %s', async (path, status, code) => {
    const { body, status: found, type } = await http().get(path)
    expect(body).toMatchObject({ type: `/problems/${code}`, status, code })
    expect(found).toBe(status)
    expect(type).toBe('application/problem+json')
  })

  it.each([
    ['post', '/v1/accounts/AC-00000101', ['DELETE', 'GET', 'HEAD']],
    ['get', '/v1/payments', ['POST']],
    ['patch', '/v1/standing-orders/SO-00000001', ['DELETE', 'GET', 'HEAD', 'PUT']],
  ] as const)('%s %s is 405 with Allow', async (method, path, allowed) => {
    const { status, headers, body } = await http()[method](path)
    expect([status, body]).toEqual([405, expect.objectContaining({ code: 'method-not-allowed' })])
    const allow = (headers.allow ?? '').split(/, */).filter((name) => name !== 'OPTIONS')
    expect(allow.sort()).toEqual([...allowed].sort())
  })

  it.each([
    ['text/plain', '{}'],
    ['application/xml', '<a/>'],
    ['application/json; charset=latin1', '{}'],
  ])('%s is 415', async (mediaType, text) => {
    const { status, body } = await http().post('/v1/payments').set('content-type', mediaType).send(text)
    expect([status, body]).toEqual([415, expect.objectContaining({ code: 'media-type-unsupported' })])
  })

  it.each([
    ['{"a":\n 1,}', 'line 2, column 4'],
    ['{"a":1', 'line 1'],
    ['{"a":1,"a":2}', 'line 1, column 8'],
    ['', ''],
    ['[1]', ''],
    ['null', ''],
    ["{'a':1}", 'line 1, column 2'],
    ['{"a":"\\ud800"}', 'line 1, column 6'],
  ])('%j is 400', async (text, position) => {
    const { status, body } = await http()
      .post('/v1/payments')
      .set('content-type', 'application/json')
      .send(text)
    expect(status).toBe(400)
    expect((body as { detail: string }).detail).toContain(position)
  })

  it('lists every violation with its pointer', async () => {
    const { body } = await http()
      .post('/v1/payments')
      .send({
        instructionId: 'not allowed',
        creditor: { name: '', iban: 'x', accountNumber: 1 },
        amount: { value: 1, currency: 'eur' },
        requestedExecutionDate: '2026-02-30',
        priority: 'SOON',
        remittanceLines: ['', 2, 'x', 'x', 'x'],
        'a/b~c': 1,
      })
      .expect(400)
    const { errors } = body as { errors: { pointer: string; detail: string }[] }
    expect([...new Set(errors.map(({ pointer }) => pointer))].sort()).toEqual(
      [
        '/a~1b~0c',
        '/amount/currency',
        '/amount/value',
        '/creditor/accountNumber',
        '/creditor/iban',
        '/creditor/name',
        '/debtorAccountId',
        '/instructionId',
        '/priority',
        '/remittanceLines',
        '/remittanceLines/0',
        '/remittanceLines/1',
        '/requestedExecutionDate',
      ].sort(),
    )
    expect(errors.every(({ detail }) => detail.length > 0)).toBe(true)
  })

  it('is 413 when too large, with and without a length', async () => {
    const remittanceLines = ['x'.repeat(70_000)]
    await http()
      .post('/v1/payments')
      .send({ ...payment, remittanceLines })
      .expect(413)
    const server = createServer(deployment.app).listen(0, '127.0.0.1')
    try {
      await new Promise((resolve) => server.once('listening', resolve))
      const { port } = server.address() as { port: number }
      const status = await new Promise((resolve, reject) => {
        const request = send(
          {
            port,
            host: '127.0.0.1',
            path: '/v1/payments',
            method: 'POST',
            headers: { 'content-type': 'application/json' },
          },
          (response) => {
            response.resume()
            resolve(response.statusCode)
          },
        )
        request.once('error', reject)
        request.write('{"remittanceLines":["')
        request.write('x'.repeat(70_000))
        request.end('"]}')
      })
      expect(status).toBe(413)
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })

  it.each([
    ['a control character', '\u0000'],
    ['a non-character', '\uffff'],
  ])('is 422 with %s, which XML has no way to write', async (_what, text) => {
    const creditor = { ...payment.creditor, name: `x${text}` }
    const raw = JSON.stringify({ ...payment, creditor })
    const { status, body } = await http()
      .post('/v1/payments')
      .set('content-type', 'application/json')
      .send(raw.replace(text, `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`))
    expect([status, body]).toEqual([
      422,
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/creditor/name' })] }),
    ])
  })

  it('takes names of prototypes for what they are', async () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      const { body } = await http()
        .post('/v1/payments')
        .set('content-type', 'application/json')
        .send(JSON.stringify(payment).replace('{', `{"${name}":{"x":1},`))
        .expect(400)
      expect((body as { errors: { pointer: string }[] }).errors).toMatchObject([{ pointer: `/${name}` }])
    }
  })
})

describe('types of problems', () => {
  it('resolve to their explanation', async () => {
    const answers = [
      await http().get('/v1/nothing'),
      await http().get('/v1/accounts/AC-1'),
      await http().get('/v1/accounts/AC-99999999'),
      await http().get('/v1/accounts/AC-00000500'),
    ]
    for (const { body } of answers) {
      const { type, title } = body as { type: string; title: string }
      const page = await http().get(type.replace(/#.*/, ''))
      expect([type, page.status, page.type]).toEqual([type, 200, 'text/html'])
      if (!type.includes('#')) expect(page.text).toContain(title)
    }
  })
})
