import express from 'express'
import helmet from 'helmet'
import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { sampleApp } from '../sample-app.js'

/** What connection and content bring along. */
const OTHERS = ['connection', 'content-length', 'content-type', 'date', 'transfer-encoding', 'x-request-id']

function protecting(headers: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OTHERS.includes(name)))
}

describe('security headers', () => {
  it.each([false, true])('are those of helmet, TLS %s', async (tls) => {
    const options = {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      strictTransportSecurity: tls && { maxAge: 31_536_000, includeSubDomains: false },
    }
    const reference = express()
      .disable('x-powered-by')
      .disable('etag')
      .use(helmet(options))
      .get('/v1/accounts', (_req, res) => void res.json({}))
    const expected = protecting((await request(reference).get('/v1/accounts')).headers)
    const { app } = sampleApp({}, { tls })
    for (const path of ['/v1/accounts', '/v1/none', '/nothing', '/healthz']) {
      const { headers } = await request(app).get(path)
      expect(protecting(headers)).toEqual({ ...expected, 'cache-control': 'no-store' })
    }
    expect(Object.keys(expected).length).toBeGreaterThan(10)
  })
})
