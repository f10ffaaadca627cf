import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import express from 'express'
import request from 'supertest'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AdapterError } from '../../src/base/errors.js'
import { createRouter } from '../../src/http/router.js'
import { type SampleApp, sampleApp } from './sample-app.js'
import { type Call, disconnect, facadeOf, sampleDocument } from './sample-facade.js'

let sample: SampleApp
let server: Server
let socket: Socket

beforeEach(async () => {
  sample = sampleApp()
  server = createServer(sample.app)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(socket, 'connect')
})

afterEach(async () => {
  socket.destroy()
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

/** Reads until the connection ends. */
async function everything(): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve) => socket.once('close', resolve))
  return Buffer.concat(chunks).toString('latin1')
}

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
}

describe('hostile paths', () => {
  it.each([
    ['//evil.example/v1/accounts', 404],
    ['/v1/accounts/%00', 400],
    ['/v1/accounts/A\\..\\B', 400],
    ['/v1/accounts/..', 400],
    ['/v1/accounts/%2e%2e', 400],
    ['http://evil.example/v1/nothing', 404],
    ['http://evil.example/v1/accounts/..', 400],
    ['http://evil.example/v1/accounts', 200],
    ['http://evil.example@evil.example/v1/accounts', 400],
    ['ftp://evil.example/v1/accounts', 400],
    ['*', 400],
    ['/v1/accounts?limit=1?limit=2', 400],
    ['/v1/accounts#fragment', 404],
    [`/v1/${'a/'.repeat(6_000)}`, 404],
    [`/v1/accounts/${'A'.repeat(12_000)}`, 400],
    [`/v1/accounts/AB?${'tag=a&'.repeat(2_000)}`, 200],
  ])('%# is answered with a problem or served', async (path, status) => {
    socket.write(get(path))
    const answer = await everything()
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    if (status !== 200) expect(answer).toContain('application/problem+json')
    expect(answer).not.toContain('    at ')
  })
})

describe('clients that go away', () => {
  it('abort the call', async () => {
    const called = new Promise<Call>((resolve) => {
      sample.facade.answers.set('listAccounts', async (call) => {
        resolve(call)
        const { signal } = call
        await disconnect(signal)
        return { status: 200, headers: {}, body: '{}' }
      })
    })
    const logged = sample.nextLogLine()
    socket.write(get('/v1/accounts'))
    const call = await called
    expect(call.signal?.aborted).toBe(false)
    socket.destroy()
    expect(await logged).toMatchObject({ status: 499, operationId: 'listAccounts', method: 'GET' })
    expect(call.signal?.aborted).toBe(true)
  })

  it('leave calls behind that run on: the log tells how they ended', async () => {
    let finish: () => void = () => undefined
    const called = new Promise<Call>((resolve) => {
      sample.facade.answers.set('listAccounts', async (call) => {
        resolve(call)
        await new Promise<void>((end) => (finish = end))
        throw new AdapterError('backend-timeout', 'late', { outcome: 'unknown' })
      })
    })
    const logged = sample.nextLogLine()
    socket.write(get('/v1/accounts'))
    const { requestId } = await called
    socket.destroy()
    expect(await logged).toMatchObject({ status: 499, requestId })
    const late = sample.nextLogLine()
    finish()
    expect(await late).toMatchObject({
      msg: 'ended without its client',
      problem: 'backend-timeout',
      outcome: 'unknown',
      operationId: 'listAccounts',
      requestId,
    })
  })

  it('in the middle of a body reach no operation', async () => {
    const logged = sample.nextLogLine()
    socket.write(
      'POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{"a"',
    )
    socket.end()
    expect(await logged).toMatchObject({ status: 499, operationId: 'echo' })
    expect(sample.facade.calls).toEqual([])
  })
})

describe('bodies without end', () => {
  it('are cut', async () => {
    socket.on('error', () => undefined)
    socket.write(
      'POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    )
    const chunk = `1000\r\n${'9'.repeat(0x1000)}\r\n`
    const answered = everything()
    let sent = 0
    while (!socket.destroyed && sent < 10_000) {
      sent += 1
      // Called after an error too.
      await new Promise((resolve) => socket.write(chunk, resolve))
    }
    expect(await answered).toMatch(/^(HTTP\/1\.1 413 |$)/)
    expect(sent).toBeLessThan(10_000)
  })
})

describe('the same connection', () => {
  it('serves on after a refused body', async () => {
    const large = 'x'.repeat(30_000)
    socket.write(
      `POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${large.length}\r\n\r\n${large}`,
    )
    socket.write(get('/v1/accounts'))
    const answer = await everything()
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200'])
  })

  it('is closed while draining', async () => {
    sample.readiness.state = 'draining'
    socket.write('GET /v1/accounts HTTP/1.1\r\nHost: x\r\n\r\n')
    const answer = await everything()
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
    expect(answer.toLowerCase()).toContain('connection: close')
  })
})

describe('createRouter', () => {
  it.each([
    ['at the root', (router: express.Router) => express().use(router), '/v1/accounts'],
    ['at its base path', (router: express.Router) => express().use('/v1', router), '/v1/accounts'],
    ['below a path', (router: express.Router) => express().use('/api', router), '/api/v1/accounts'],
    [
      'at a path with its base path',
      (router: express.Router) => express().use('/api/v1', router),
      '/api/v1/accounts',
    ],
  ])('serves %s', async (_where, mount, path) => {
    const app = mount(createRouter(facadeOf(sampleDocument)))
    app.use((_req, res) => {
      res.status(418).end()
    })
    expect((await request(app).get(path)).body).toMatchObject({ operationId: 'listAccounts' })
    expect((await request(app).get(`${path}/mine`)).body).toMatchObject({ operationId: 'myAccount' })
    const problem = await request(app).get(`${path}/none/none`)
    expect(problem.status).toBe(404)
    expect(problem.body).toMatchObject({ code: 'not-found' })
    expect((await request(app).get('/other')).status).toBe(418)
  })

  it('serves a contract without a base path', async () => {
    const app = express().use(createRouter(facadeOf(sampleDocument, '')))
    await request(app).get('/accounts').expect(200)
    await request(app).get('/openapi.json').expect(200)
    await request(app).get('/v1/accounts').expect(404)
  })

  it('reports every schema that cannot be compiled', async () => {
    const broken = structuredClone(sampleDocument) as { components: { schemas: Record<string, unknown> } }
    broken.components.schemas.Text = { type: 'string', pattern: '(' }
    broken.components.schemas.Loan = { type: 'thing' }
    const router = createRouter(facadeOf(broken))
    await expect(router.warmUp()).rejects.toMatchObject({ name: 'ContractError' })
    const error: unknown = await router.warmUp().catch((reason: unknown) => reason)
    expect(String(error)).toContain('getAccount')
    expect(String(error)).toContain('applyForLoan')
    const found: unknown = await createRouter(facadeOf(broken))
      .judge()
      .catch((reason: unknown) => reason)
    expect(String(found)).toBe(String(error))
  })

  it('validates when nothing was compiled before', async () => {
    const router = createRouter(facadeOf(sampleDocument))
    await router.judge()
    const app = express().use(router)
    await request(app).get('/v1/accounts').expect(200)
    await request(app).get('/v1/accounts?limit=x').expect(400)
  })
})
