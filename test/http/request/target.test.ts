import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import express from 'express'
import { describe, expect, it } from 'vitest'
import { originForm } from '../../../src/http/request/target.js'
import { createRouter } from '../../../src/http/router.js'
import { sampleApp } from '../sample-app.js'
import { facadeOf, sampleDocument } from '../sample-facade.js'

describe('the path of a request target', () => {
  it.each([
    ['/v1/a?b=c', '/v1/a?b=c'],
    ['//host/v1', '//host/v1'],
    ['http://host/v1/a?b=c', '/v1/a?b=c'],
    ['HTTPS://HOST:8443/v1', '/v1'],
    ['http://host:/v1', '/v1'],
    ['http://[2001:db8::1]:80/v1', '/v1'],
    ['http://a-b_c.example/v1/http://x', '/v1/http://x'],
    ['http://%41.example/', '/'],
    ['http://host', '/'],
    ['http://host?b=/c', '/?b=/c'],
    ['http://host//v1', '//v1'],
    ['http://host/@v1', '/@v1'],
  ])('of %s is %s', (target, path) => {
    expect(originForm(target)).toBe(path)
  })

  it.each([
    '',
    '*',
    'v1/a',
    'host:80',
    'ftp://host/v1',
    'ws://host/v1',
    'httpx://host/v1',
    'http:/v1',
    'http:host/v1',
    'http:///v1',
    'http://:80/v1',
    'http://u@host/v1',
    'http://u:p@host/v1',
    'http://@host/v1',
    'http://host:x/v1',
    'http://host:1:2/v1',
    'http://[::1/v1',
    'http://[]/v1',
    'http://ho[st]/v1',
    'http://%zz/v1',
    'http://host\\v1',
    'http://host#v1',
    'http://ho st/v1',
    ' http://host/v1',
    `http://${'a'.repeat(100_000)}@`,
  ])('%# there is none of', (target) => {
    expect(originForm(target)).toBeUndefined()
  })
})

/** What a server answers to one request, and with which status. */
async function answerOf(listener: RequestListener, method: string, target: string) {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  socket.write(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
  await once(socket, 'close')
  server.close()
  await once(server, 'close')
  const text = Buffer.concat(chunks).toString()
  return { text, status: Number(text.slice(9, 12)) }
}

describe('a request with a target in absolute-form', () => {
  it.each([
    ['GET', 'http://evil.example/v1/accounts', 200],
    ['GET', 'HTTPS://evil.example:8443/v1/accounts/AB?limit=1', 200],
    ['GET', 'http://evil.example/v1/accounts/AB?limit=x', 400],
    ['GET', 'http://evil.example/v1/openapi.json', 200],
    ['GET', 'http://evil.example/healthz', 200],
    ['GET', 'http://evil.example/docs/', 200],
    ['GET', 'http://evil.example/v1/nothing', 404],
    ['GET', 'http://evil.example', 307],
    ['POST', 'http://evil.example/v1/accounts', 405],
    ['OPTIONS', 'http://evil.example/v1/accounts', 204],
    ['GET', 'http://u:p@evil.example/v1/accounts', 400],
    ['GET', 'http://u:p@evil.example/healthz', 400],
    ['GET', 'ftp://evil.example/v1/accounts', 400],
    ['GET', 'file:///v1/accounts', 400],
    ['GET', 'http://', 400],
  ])('is served by its path: %s %s is %i', async (method, target, status) => {
    const answer = await answerOf(sampleApp().app, method, target)
    expect(answer.status).toBe(status)
    expect(answer.text).not.toContain('evil.example')
    if (status >= 400) expect(answer.text).toContain('application/problem+json')
  })

  it.each([
    ['/', 'http://evil.example/v1/accounts', 200],
    ['/v1', 'http://evil.example/v1/accounts/AB?limit=1', 200],
    ['/api', 'http://evil.example/api/v1/accounts', 200],
    ['/v1', 'http://evil.example/v1/accounts/AB?limit=x', 400],
    ['/', 'http://evil.example/v1/nothing', 404],
    ['/', 'http://evil.example/other', 418],
    ['/', 'ftp://evil.example/v1/accounts', 418],
  ])('is served by a router that is mounted at %s: %s is %i', async (at, target, status) => {
    const app = express().use(at, createRouter(facadeOf(sampleDocument)))
    app.use((_req, res) => {
      res.status(418).end()
    })
    const listener: RequestListener = (req, res) => {
      app(req, res)
    }
    expect((await answerOf(listener, 'GET', target)).status).toBe(status)
  })
})

describe('the target *', () => {
  it('is the whole server, which tells its methods', async () => {
    const { text, status } = await answerOf(sampleApp().app, 'OPTIONS', '*')
    expect(status).toBe(204)
    expect(text).toMatch(/^allow: GET, HEAD, DELETE, POST, PUT, OPTIONS\r$/m)
    expect(text).toMatch(/^x-request-id: /m)
    expect(text).toMatch(/\r\n\r\n$/)
  })

  it.each(['GET', 'POST', 'DELETE'])('is for OPTIONS alone, not for %s', async (method) => {
    const { text, status } = await answerOf(sampleApp().app, method, '*')
    expect(status).toBe(400)
    expect(text).toContain('"code":"request-malformed"')
  })
})
