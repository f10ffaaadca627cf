import express from 'express'
import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { createApp, type FacadeApp } from '../../src/http/app.js'
import { Readiness } from '../../src/http/pages/health.js'
import { createLogger } from '../../src/telemetry/logger.js'
import { createMetrics } from '../../src/telemetry/metrics.js'
import { facadeOf, sampleDocument } from './sample-facade.js'

function appAt(basePath: string, corsOrigins: readonly string[]): FacadeApp {
  const facade = facadeOf(sampleDocument, basePath)
  return createApp(facade, {
    logger: createLogger('silent'),
    metrics: createMetrics(facade.backends),
    readiness: new Readiness(),
    docs: true,
    corsOrigins,
    limits: { maxBodyBytes: 20_000, maxJsonDepth: 16, maxJsonValues: 5_000 },
  })
}

/** With origins, requests for operations go the same way as all others. */
describe.each([
  ['/v1', []],
  ['/v1', ['https://app.bank.example']],
  ['', []],
  ['', ['https://app.bank.example']],
])('what stands where, at the base path "%s" and with origins %j', (basePath, corsOrigins) => {
  const app = appAt(basePath, corsOrigins)

  it.each<[string, number, RegExp]>([
    ['/healthz', 200, /^\{"status":"alive"\}$/],
    ['/healthz?probe=1', 200, /^\{"status":"alive"\}$/],
    ['/readyz', 503, /^\{"status":"starting"\}$/],
    ['/problems/not-found', 200, /<code>not-found<\/code>/],
    ['/problems', 404, /"code":"not-found"/],
    ['/problems/not-found/', 404, /"code":"not-found"/],
    ['/problems/none', 404, /"code":"not-found"/],
    ['/docs', 308, /docs/],
    ['/docs/', 200, /<!doctype html>/],
    ['/docs/none', 404, /"code":"not-found"/],
    ['/healthz/none', 404, /"code":"not-found"/],
    ['/documents', 404, /"code":"not-found"/],
  ])('%s', async (path, status, body) => {
    const answer = await request(app).get(path)
    expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(body)])
  })

  it('operations and the document', async () => {
    const got = await request(app).get(`${basePath}/accounts`)
    expect(got.body).toMatchObject({ operationId: 'listAccounts' })
    expect(got.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/)
    await request(app).get(`${basePath}/openapi.json`).expect(200).expect('etag', /^"/)
    await request(app).put(`${basePath}/openapi.json`).expect(405)
    await request(app).delete(`${basePath}/accounts`).expect(405).expect('allow', /GET/)
    await request(app).head(`${basePath}/accounts`).expect(200)
    await request(app).options(`${basePath}/accounts`).expect(204).expect('allow', /GET/)
    const none = await request(app).get(`${basePath}/none`)
    expect([none.status, none.body]).toMatchObject([404, { detail: 'No path of the contract matches.' }])
  })
})

describe('the app', () => {
  it.each<[string, string]>([
    ['/', '/v1/accounts'],
    ['/v1', '/v1/accounts'],
    ['/api', '/api/v1/accounts'],
    ['/api/v1', '/api/v1/accounts'],
  ])('can be mounted in another at %s', async (at, path) => {
    const outer = express().use(at, appAt('/v1', []))
    expect((await request(outer).get(path)).body).toMatchObject({ operationId: 'listAccounts' })
    expect((await request(outer).get(`${path}/none/none`)).status).toBe(404)
  })
})
