import { load } from 'js-yaml'
import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { AdapterError, type AdapterErrorCode } from '../../../src/base/errors.js'
import { PROBLEM_TYPES } from '../../../src/http/answer/problem.js'
import { describe as describeFacade } from '../../../src/http/description/describe.js'
import { sampleApp } from '../sample-app.js'
import { sampleDocument } from '../sample-facade.js'

describe('health', () => {
  it('tells alive at any time and ready only in between', async () => {
    const { app, readiness } = sampleApp()
    const states = [
      ['starting', 503],
      ['ready', 200],
      ['draining', 503],
    ] as const
    for (const [state, status] of states) {
      readiness.state = state
      const ready = await request(app).get('/readyz')
      expect([ready.status, ready.body]).toEqual([status, { status: state }])
      expect(ready.headers['cache-control']).toBe('no-store')
      expect((await request(app).get('/healthz')).status).toBe(200)
    }
  })
})

describe('the published document', () => {
  it('is served with a strong ETag', async () => {
    const { app, facade } = sampleApp()
    const first = await request(app).get('/v1/openapi.json').expect(200)
    expect(first.body).toEqual(JSON.parse(JSON.stringify(await describeFacade(facade))))
    const etag = String(first.headers.etag)
    expect(etag).toMatch(/^"[\w-]{43}"$/)
    await request(app).get('/v1/openapi.json').set('If-None-Match', etag).expect(304)
    await request(app).get('/v1/openapi.json').set('If-None-Match', '"other"').expect(200)
    const head = await request(app).head('/v1/openapi.json').expect(200)
    expect(head.headers['content-length']).toBe(first.headers['content-length'])
  })
})

describe('the published document in other forms', () => {
  const read = { json: JSON.parse, yaml: load } as const

  it.each([
    ['/v1/openapi.yaml', 'yaml', 'application/yaml', '3.1.0'],
    ['/v1/openapi-3.0.json', 'json', 'application/json', '3.0.3'],
    ['/v1/openapi-3.0.yaml', 'yaml', 'application/yaml', '3.0.3'],
  ] as const)('is at %s', async (path, format, mediaType, version) => {
    const { app, facade } = sampleApp()
    const page = await request(app).get(path).buffer(true).parse(textOf).expect(200)
    expect(page.headers['content-type']).toBe(mediaType)
    const document = read[format](String(page.body)) as typeof sampleDocument
    expect(document.openapi).toBe(version)
    if (version === '3.1.0')
      expect(document).toEqual(JSON.parse(JSON.stringify(await describeFacade(facade))))
    expect(Object.keys(document.paths as object)).toEqual(Object.keys(sampleDocument.paths as object))
    const etag = String(page.headers.etag)
    await request(app).get(path).set('If-None-Match', etag).expect(304)
    await request(app).post(path).expect(405)
  })

  it('has absolute servers where the public URL is known', async () => {
    const { app } = sampleApp({}, { publicUrl: 'https://api.bank.example/edge' })
    for (const path of ['/v1/openapi.json', '/v1/openapi-3.0.json']) {
      const { text } = await request(app).get(path).expect(200)
      expect((JSON.parse(text) as typeof sampleDocument).servers).toEqual([
        { url: 'https://api.bank.example/edge/v1' },
      ])
    }
  })
})

/** The text of a response of any media type. */
function textOf(response: request.Response, done: (error: Error | null, text: string) => void): void {
  let text = ''
  response.on('data', (chunk: Buffer) => (text += chunk.toString()))
  response.on('end', () => {
    done(null, text)
  })
}

describe('/docs', () => {
  it('has everything from this host and nothing inline', async () => {
    const { app } = sampleApp()
    const redirect = await request(app).get('/docs')
    expect([redirect.status, redirect.headers.location]).toEqual([308, './docs/'])
    const page = await request(app).get('/docs/').expect(200)
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(page.text).not.toMatch(/<style|style=|\son\w+=|https?:\/\//)
    expect(page.text.match(/<script(?! src=)/g)).toBeNull()
    const assets = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => String(match[1]))
    expect(assets).toEqual(['icon.svg', 'page.css', 'page.js'])
    for (const asset of assets) {
      const response = await request(app).get(`/docs/${asset}`).buffer(true)
      expect(response.status).toBe(200)
      expect(Number(response.headers['content-length'])).toBeGreaterThan(100)
    }
    for (const other of ['package.json', '..%2f..%2fpackage.json']) {
      expect((await request(app).get(`/docs/${other}`)).status).toBe(404)
    }
    const script = await request(app).get('/docs/page.js').buffer(true)
    expect(script.headers['content-type']).toMatch(/^(text|application)\/javascript/)
    expect(script.text).not.toMatch(/innerHTML|insertAdjacentHTML|eval\(/)
  })
})

describe('/metrics', () => {
  it('counts by operation, method and status, and never by path or value', async () => {
    const { app, admin, nextLogLine } = sampleApp()
    for (const path of ['/v1/accounts/SECRET1', '/v1/accounts/SECRET2?limit=SECRET3', '/SECRET4']) {
      const line = nextLogLine()
      await request(app).get(path)
      await line
    }
    const page = await request(admin).get('/metrics').expect(200)
    expect(page.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    const count = 'http_server_request_duration_seconds_count'
    expect(page.text).toContain(`${count}{operation="getAccount",method="GET",status="200"} 1`)
    expect(page.text).toContain(`${count}{operation="getAccount",method="GET",status="400"} 1`)
    expect(page.text).toContain(`${count}{operation="none",method="GET",status="404"} 1`)
    expect(page.text).toContain('http_server_problems_total{code="request-invalid"} 1')
    expect(page.text).toContain('http_server_requests_in_flight 0')
    expect(page.text).toContain('backend_breaker_state{backend="core",state="half-open"} 1')
    expect(page.text).toContain('backend_breaker_state{backend="core",state="open"} 0')
    expect(page.text).toContain('backend_requests_in_flight{backend="core"} 3')
    expect(page.text).toContain('process_cpu_seconds_total')
    expect(page.text).not.toContain('SECRET')
  })
})

describe('problems', () => {
  it.each(Object.entries(PROBLEM_TYPES))('%s has a page and a status', async (code, { status, title }) => {
    const { app, facade } = sampleApp()
    const page = await request(app).get(`/problems/${code}`).expect(200)
    expect(page.text).toContain(`<h1>${title}</h1>`)
    facade.answers.set('listAccounts', () => {
      throw new AdapterError(code as AdapterErrorCode, 'What happened.', { cause: new Error('SECRET') })
    })
    const problem = await request(app).get('/v1/accounts')
    expect(problem.status).toBe(status)
    expect(problem.body).toMatchObject({ status, title, code, detail: 'What happened.' })
    expect(problem.headers['retry-after']).toBe([503].includes(status) ? '1' : undefined)
    expect(problem.text).not.toContain('SECRET')
  })

  it.each(['declared-fault', 'mapped-fault'] as const)('%s has a page and is counted', async (faultKind) => {
    const { app, admin, facade, nextLogLine } = sampleApp()
    const page = await request(app).get(`/problems/${faultKind}`).expect(200)
    expect(page.text).toContain('as the contract says')
    facade.answers.set('listAccounts', () => ({
      status: 404,
      headers: {},
      body: '{}',
      fault: 'F',
      faultKind,
    }))
    const line = nextLogLine()
    await request(app).get('/v1/accounts').expect(404)
    await line
    const metrics = await request(admin).get('/metrics')
    expect(metrics.text).toContain(`http_server_problems_total{code="${faultKind}"} 1`)
  })

  it('say when to try again, and where it was', async () => {
    const { app, facade } = sampleApp()
    facade.answers.set('listAccounts', () => {
      throw new AdapterError('backend-unavailable', 'No.', { retryAfter: 2.4, path: '/a/b' })
    })
    const problem = await request(app).get('/v1/accounts')
    expect(problem.headers['retry-after']).toBe('3')
    expect(problem.body).toMatchObject({ errors: [{ pointer: '/a/b', detail: 'No.' }] })
  })

  it('have no instance where the request id is not a UUID', async () => {
    const { app } = sampleApp()
    const problem = await request(app).get('/x').set('X-Request-Id', 'mine')
    expect(problem.headers['x-request-id']).toBe('mine')
    expect(problem.body).not.toHaveProperty('instance')
  })

  it('tell nothing of what nobody foresaw, but the log does', async () => {
    const { app, facade, nextLogLine } = sampleApp()
    facade.answers.set('listAccounts', () => {
      throw new TypeError('SECRET is not a function')
    })
    const logged = nextLogLine()
    const problem = await request(app).get('/v1/accounts?').expect(500)
    expect(problem.body).toMatchObject({ code: 'internal' })
    expect(problem.text).not.toContain('SECRET')
    const line = await logged
    expect(line).toMatchObject({
      level: 'error',
      problem: 'internal',
      operationId: 'listAccounts',
      backend: 'core',
      causes: [{ name: 'TypeError' }],
    })
    expect(JSON.stringify(line)).toContain('pages.test.ts')
    expect(JSON.stringify(line)).not.toContain('SECRET')
  })
})

describe('the log', () => {
  it('has one line for a request and nothing that the client wrote', async () => {
    const { app, logLines, nextLogLine } = sampleApp()
    const logged = nextLogLine()
    const response = await request(app)
      .get('/v1/accounts/SECRET?limit=SECRET&SECRET=1')
      .set('Authorization', 'SECRET')
      .set('X-Channel', 'SECRET')
    const line = await logged
    expect(logLines).toHaveLength(1)
    expect(Object.keys(line)).toEqual([
      'level',
      'time',
      'requestId',
      'operationId',
      'method',
      'status',
      'backend',
      'durationMs',
      'problem',
      'msg',
    ])
    expect(line).toMatchObject({
      level: 'info',
      requestId: response.headers['x-request-id'],
      operationId: 'getAccount',
      status: 400,
      problem: 'request-invalid',
    })
    expect(JSON.stringify(line)).not.toContain('SECRET')
  })
})
