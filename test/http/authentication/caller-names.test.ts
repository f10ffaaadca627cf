import request from 'supertest'
import { expect, it } from 'vitest'
import { callerName, type Identity } from '../../../src/adapter/rest.js'
import { createApiKey } from '../../../src/http/authentication/api-key.js'
import { hashedKey } from '../../../src/http/idempotency/key.js'
import { RateLimits } from '../../../src/http/limits/rate-limits.js'
import type { AuditEntry, AuditLog } from '../../../src/telemetry/audit-log.js'
import { sampleApp } from '../sample-app.js'
import { createRing } from './ring.js'
import { securedDocument } from './secured-document.js'

const claims = {}
const callers: readonly Identity[] = [
  { claims },
  { claims, client: 'acme', namedBy: 'apiKey' },
  { claims, client: 'acme', namedBy: 'accessToken' },
  { claims, client: 'acme', namedBy: 'certificate' },
  { claims, subject: 'acme' },
  { claims, client: 'acme', subject: '', namedBy: 'accessToken' },
  { claims, client: 'acme x', namedBy: 'accessToken' },
  { claims, client: 'acme', subject: 'x', namedBy: 'accessToken' },
  { claims, client: '', subject: 'acme x', namedBy: 'accessToken' },
]

it('no two callers have one name', () => {
  expect(new Set(callers.map(callerName)).size).toBe(callers.length)
  const keys = callers.map((identity) => hashedKey({ basePath: '/v1', operationId: 'pay', identity }, 'k'))
  expect(new Set(keys).size).toBe(callers.length)
})

it('an API key and a token of the same name share no limit and are told apart by the audit log', async () => {
  const { key, line } = createApiKey('acme')
  const accessTokens = {
    verify: () => Promise.resolve({ claims: { client_id: 'acme', scope: '' } }),
  }
  const entries: AuditEntry[] = []
  const audit: AuditLog = { record: (entry) => entries.push(entry), close: () => undefined }
  const { app, facade } = sampleApp(
    {},
    {
      audit,
      document: securedDocument({ a: [{ Key: [] }, { OAuth: [] }] }),
      authentication: { apiKeys: () => createRing(line), accessTokens },
      rateLimits: new RateLimits({ requests: 1, window: 60, concurrent: 0 }),
    },
  )
  const byKey = () => request(app).get('/v1/a').set('X-API-Key', key)
  const byToken = () => request(app).get('/v1/a').set('Authorization', 'Bearer x')
  await byKey().expect(200)
  await byToken().expect(200)
  await byKey().expect(429)
  await byToken().expect(429)
  expect(facade.calls.map(({ identity }) => identity?.namedBy)).toEqual(['apiKey', 'accessToken'])
  expect(entries.map(({ client, namedBy }) => [client, namedBy])).toEqual([
    ['acme', 'apiKey'],
    ['acme', 'accessToken'],
    ['acme', 'apiKey'],
    ['acme', 'accessToken'],
  ])
})
