import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auditServer } from 'graphql-http'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ContractError } from '../../src/base/errors.js'
import { readTrustedDocuments } from '../../src/graphql/documents.js'
import { contractOf, graphqlApp, returns } from './graphql-app.js'

const document = contractOf({
  '/thing': {
    get: {
      operationId: 'getThing',
      responses: returns({ type: 'object', properties: { name: { type: 'string' } } }),
    },
  },
  '/close': { post: { operationId: 'close', responses: { 204: { description: '' } } } },
})

describe('GraphQL over HTTP, by the audits of graphql-http', () => {
  let server: Server
  let results: Awaited<ReturnType<typeof auditServer>>

  beforeAll(async () => {
    server = createServer(graphqlApp(document).app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    results = await auditServer({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` })
  })
  afterAll(() => new Promise((resolve) => server.close(resolve)))

  it('nothing fails at any level', () => {
    const failed = results.flatMap((each) =>
      each.status === 'ok' ? [] : [`${each.status} ${each.id} ${each.name}`],
    )
    expect(failed).toEqual([])
    expect(results.length).toBeGreaterThan(50)
  })
})

describe('a request', () => {
  it('by GET may ask but not change', async () => {
    const { app, facade } = graphqlApp(document)
    facade.answers.set('getThing', () => ({ status: 200, headers: {}, body: '{"name":"x"}' }))
    const asked = await request(app).get('/graphql').query({ query: '{ thing { name } }' })
    expect(asked.body).toEqual({ data: { thing: { name: 'x' } } })
    const changed = await request(app).get('/graphql').query({ query: 'mutation { close }' })
    expect([changed.status, changed.headers.allow]).toEqual([405, 'POST'])
    expect(facade.calls).toHaveLength(1)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'that a page of another origin may send unasked is refused: %s',
    async (type) => {
      const { app, facade } = graphqlApp(document)
      const { status } = await request(app)
        .post('/graphql')
        .set('content-type', type)
        .send('{"query":"mutation { close }"}')
      expect([status, facade.calls.length]).toEqual([415, 0])
    },
  )

  it('of a page is allowed where the origin is, as in REST', async () => {
    const { app, facade } = graphqlApp(document, { corsOrigins: ['https://app.example'] })
    facade.answers.set('getThing', () => ({ status: 200, headers: {}, body: '{"name":"x"}' }))
    const preflight = (origin: string) =>
      request(app).options('/graphql').set({ origin, 'access-control-request-method': 'POST' })
    const { status, headers } = await preflight('https://app.example')
    expect([status, headers['access-control-allow-origin']]).toEqual([204, 'https://app.example'])
    expect(headers['access-control-allow-headers']).toContain('Content-Type')
    expect((await preflight('https://evil.example')).headers).not.toHaveProperty(
      'access-control-allow-origin',
    )
    const asked = request(app).post('/graphql').set('origin', 'https://app.example')
    const answer = await asked.send({ query: '{ thing { name } }' })
    expect([answer.headers['access-control-allow-origin'], answer.body]).toEqual([
      'https://app.example',
      { data: { thing: { name: 'x' } } },
    ])
  })

  it('is never stored', async () => {
    const { app } = graphqlApp(document)
    const answer = await request(app).post('/graphql').send({ query: '{ __typename }' })
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers['x-request-id']).toBeTypeOf('string')
  })

  it('goes elsewhere where GraphQL is off', async () => {
    const { app } = graphqlApp(document, { faces: [] })
    const answer = await request(app).post('/graphql').send({ query: '{ __typename }' })
    expect([answer.status, (answer.body as { code: string }).code]).toEqual([404, 'not-found'])
  })
})

describe('trusted documents', () => {
  const query = '{ thing { name } }'
  const hash = createHash('sha256').update(query).digest('hex')
  const own = () => {
    const app = graphqlApp(document, { graphql: { trusted: new Map([[hash, query]]) } })
    app.facade.answers.set('getThing', () => ({ status: 200, headers: {}, body: '{"name":"x"}' }))
    return app
  }
  const answer = { data: { thing: { name: 'x' } } }

  it.each<[string, object]>([
    ['by documentId', { documentId: `sha256:${hash}` }],
    ['by the hash alone', { documentId: hash }],
    ['as Apollo sends it', { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }],
    ['whatever query comes with it', { documentId: hash, query: 'mutation { close }' }],
  ])('are taken %s', async (_, body) => {
    const { app } = own()
    expect((await request(app).post('/graphql').send(body)).body).toEqual(answer)
    const flat = Object.entries(body).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ])
    expect(
      (
        await request(app)
          .get('/graphql')
          .query(Object.fromEntries(flat) as object)
      ).body,
    ).toEqual(answer)
  })

  it.each<[string, object]>([
    ['another query', { query: '{ __typename }' }],
    ['the same query as a text', { query }],
    ['an unknown hash', { documentId: hash.replace(/^./, (c) => (c === '0' ? '1' : '0')) }],
    ['no hash', { documentId: '__proto__' }],
  ])('refuse %s', async (_, body) => {
    const { app, facade } = own()
    const refused = await request(app).post('/graphql').send(body)
    expect([refused.status, facade.calls.length]).toEqual([400, 0])
  })

  describe('of a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trusted-'))
    const file = join(folder, 'documents.json')
    afterAll(() => {
      rmSync(folder, { recursive: true })
    })

    it('are read by their hashes', () => {
      writeFileSync(file, JSON.stringify({ [`sha256:${hash}`]: query }))
      expect([...readTrustedDocuments(file)]).toEqual([[hash, query]])
    })

    it.each(['', '[]', '{"x":"y"}', JSON.stringify({ [hash]: `${query} ` }), JSON.stringify({ [hash]: 1 })])(
      'that is none is refused: %s',
      (text) => {
        writeFileSync(file, text)
        expect(() => readTrustedDocuments(file)).toThrow(ContractError)
      },
    )
  })
})
