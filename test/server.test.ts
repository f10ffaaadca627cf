import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import type { RevocationListFailure } from '../src/adapter/rest.js'
import type { Cancellation } from '../src/backend/resilience/cancellation.js'
import { ContractError } from '../src/base/errors.js'
import { defaultSettings } from '../src/config/settings.js'
import { startServer } from '../src/server.js'
import { createLogger } from '../src/telemetry/logger.js'
import { markedFacade } from './http/marked-facade.js'
import { disconnect, facadeOf, sampleDocument } from './http/sample-facade.js'

const options = { logger: createLogger('silent'), signals: false }
const settings = { ...defaultSettings(), listenPort: 0, adminPort: 0, host: '127.0.0.1' }

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

it('has the C library keep the memory that is freed', async () => {
  const allocated = vi.spyOn(Buffer, 'allocUnsafeSlow')
  const server = await startServer(facadeOf(sampleDocument), settings, options)
  await server.close()
  expect(allocated.mock.calls).toContainEqual([16 * 2 ** 20])
  allocated.mockRestore()
})

describe('startServer', () => {
  it('does not serve a contract whose store cannot be written, and says which file of which setting', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'soapstone-server-'))
    writeFileSync(join(folder, 'file'), 'no database, but as long as one would be '.repeat(200))
    mkdirSync(join(folder, 'store.db'))
    const own = { ...settings, authentication: 'off' as const }
    try {
      for (const blocked of ['store.db', 'file', 'file/store.db'].map((name) => join(folder, name))) {
        const starting = startServer(markedFacade({ pay: {} }), { ...own, storeFile: blocked }, options)
        await expect(starting).rejects.toThrow(ContractError)
        await expect(starting).rejects.toThrow(`STORE_FILE is ${blocked} (`)
      }
      // Who marks nothing needs none.
      const server = await startServer(
        facadeOf(sampleDocument),
        { ...settings, storeFile: join(folder, 'store.db') },
        options,
      )
      await server.close()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('is ready when it says so, and closed when it says so', async () => {
    const facade = facadeOf(sampleDocument)
    const server = await startServer(facade, settings, options)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect((await fetch(`${server.url}/v1/accounts`)).status).toBe(200)
    await server.close()
    expect(facade.closed).toBe(true)
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
    await server.close()
  })

  it.each([
    [{ host: '0.0.0.0' }, false],
    [{ host: '0.0.0.0', adminToken: 'a'.repeat(16) }, true],
    [{ host: '0.0.0.0', adminHost: '0.0.0.0' }, true],
    [{ host: '0.0.0.0', adminHost: '127.0.0.1', adminToken: 'a'.repeat(16) }, false],
    [{ host: '127.0.0.2' }, true],
  ])('with %j is its state to be seen at another address than 127.0.0.1: %s', async (own, isSeen) => {
    const server = await startServer(facadeOf(sampleDocument), { ...settings, ...own }, options)
    const elsewhere = new URL('/healthz', server.adminUrl)
    elsewhere.hostname = '127.0.0.2'
    const answered = await fetch(elsewhere).then(
      ({ ok }) => ok,
      () => false,
    )
    await server.close()
    expect(answered).toBe(isSeen)
  })

  it.each([
    [2, [401, 401, 429, 429], 1],
    [0, [401, 401, 401, 401], 0],
  ])(
    'with AUTH_FAILURES_PER_MINUTE of %i wrong tokens of operators get %j',
    async (limit, statuses, told) => {
      const adminToken = 'a'.repeat(16)
      const own = { ...settings, adminToken, authFailuresPerMinute: limit }
      const lines: string[] = []
      const logger = createLogger('warn', { write: (line) => void lines.push(line) })
      const server = await startServer(facadeOf(sampleDocument), own, { ...options, logger })
      const ask = async (token: string) => {
        const headers = { authorization: `Bearer ${token}` }
        const response = await fetch(`${server.adminUrl}/metrics`, { headers })
        await response.text()
        return response.status
      }
      const answers: number[] = []
      for (const token of ['wrong', 'wrong', 'wrong', 'wrong', adminToken]) answers.push(await ask(token))
      await server.close()
      expect(answers).toEqual([...statuses, 200])
      const warnings = lines.filter((line) => line.includes('wrong tokens of operators'))
      expect(warnings).toHaveLength(told)
    },
  )

  it('logs which list of revoked certificates cannot be renewed, and why', async () => {
    let tell: (failure: RevocationListFailure) => void = () => undefined
    const facade = Object.assign(facadeOf(sampleDocument), {
      onRevocationListFailure: (listener: typeof tell) => {
        tell = listener
        return () => undefined
      },
    })
    const lines: string[] = []
    const logger = createLogger('warn', { write: (line) => void lines.push(line) })
    const server = await startServer(facade, settings, { ...options, logger })
    const cause = Object.assign(new Error('of others'), { code: 'ENOENT' })
    tell({ backend: 'bank', index: 1, why: 'it cannot be read', cause })
    await server.close()
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
      {
        ...{ level: 'warn', msg: 'revocation list', backend: 'bank', crl: 1, why: 'it cannot be read' },
        causes: [{ name: 'Error', code: 'ENOENT' }],
      },
    ])
  })

  it('lets a request in flight finish, and tells others that it is going', async () => {
    const facade = facadeOf(sampleDocument)
    const server = await startServer(facade, settings, options)
    const begun = withResolvers<undefined>()
    const finish = withResolvers<undefined>()
    facade.answers.set('listAccounts', async () => {
      begun.resolve(undefined)
      await finish.promise
      return { status: 200, headers: {}, body: '"done"' }
    })
    const answer = fetch(`${server.url}/v1/accounts`)
    await begun.promise
    const closing = server.close()
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
    expect(facade.closed).toBe(false)
    finish.resolve(undefined)
    expect(await (await answer).text()).toBe('"done"')
    await closing
    expect(facade.closed).toBe(true)
  })

  it('cuts a request that outlasts the grace', async () => {
    const facade = facadeOf(sampleDocument)
    const server = await startServer(facade, { ...settings, shutdownGraceMs: 50 }, options)
    const begun = withResolvers<Cancellation | undefined>()
    facade.answers.set('listAccounts', async ({ signal }) => {
      begun.resolve(signal)
      await disconnect(signal)
      throw new Error('cut')
    })
    const answer = fetch(`${server.url}/v1/accounts`)
    answer.catch(() => undefined)
    const signal = await begun.promise
    await server.close()
    await expect(answer).rejects.toThrow()
    await disconnect(signal)
    expect(signal?.aborted).toBe(true)
  })

  it('closes on clients that do not finish their header', async () => {
    const facade = facadeOf(sampleDocument)
    const slow = { ...settings, headersTimeoutMs: 200, requestTimeoutMs: 200 }
    const server = await startServer(facade, slow, options)
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    socket.write('GET /v1/accounts HTTP/1.1\r\nHo')
    let answer = ''
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    await once(socket, 'close')
    expect(answer).toContain('408')
    await server.close()
  })

  it('does not start with a schema that cannot be compiled', async () => {
    const paths = {
      '/a': { get: { operationId: 'a', parameters: [{ name: 'x', in: 'query', schema: { pattern: '(' } }] } },
    }
    const facade = facadeOf({ openapi: '3.1.0', info: { title: 'x', version: '1' }, security: [], paths })
    const error: unknown = await startServer(facade, settings, options).catch((reason: unknown) => reason)
    const codes = error instanceof ContractError ? error.diagnostics.map(({ code }) => code) : error
    expect(codes).toEqual(['pattern-invalid', 'schema-uncompilable'])
    expect(facade.closed).toBe(true)
  })
})
