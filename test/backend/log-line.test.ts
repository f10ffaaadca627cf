import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { AdapterError } from '../../src/base/errors.js'
import { createLogger, logRequest } from '../../src/telemetry/logger.js'
import { backendWith, closeAll, closing } from './calls.js'

afterEach(closeAll)

/** The line of the log for a call of which nothing but an error comes. */
async function lineOf(url: string): Promise<{ line: Record<string, unknown>; text: string }> {
  const call = backendWith({}).call({ url, headers: {}, body: '<Envelope/>' }, ({ status }) => {
    throw new AdapterError('backend-not-soap', `The backend answered ${status} with something else.`)
  })
  const problem = await call.then(
    () => undefined,
    (error: unknown) => (error instanceof AdapterError ? error : undefined),
  )
  const written: string[] = []
  const logger = createLogger('info', { write: (text) => void written.push(text) })
  logRequest(logger, {
    ...{ requestId: 'r', traceId: undefined, operationId: 'pay', method: 'POST', status: 502, durationMs: 1 },
    ...{ backend: 'core-banking', problem, fault: undefined },
  })
  const text = written.join('')
  return { line: JSON.parse(text) as Record<string, unknown>, text }
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('what an operator needs is in the line of the log', () => {
  test('the address that was refused', async () => {
    const port = await freePort()
    const { line } = await lineOf(`http://127.0.0.1:${port}/`)
    expect(line.problem).toBe('backend-unreachable')
    expect(line.outcome).toBe('not-sent')
    expect(line.causes).toContainEqual(
      expect.objectContaining({
        code: 'ECONNREFUSED',
        syscall: 'connect',
        addresses: [`127.0.0.1 port ${port}`],
      }),
    )
    expect(line).not.toHaveProperty('backendStatus')
  })

  test.each([200, 404, 500, 503])(
    'the status %i of what is no SOAP, and nothing of its text',
    async (status) => {
      const server = createServer((_req, res) => {
        res.writeHead(status, { 'content-type': 'text/html' }).end('<html>SECRET</html>')
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      closing({
        close: () => {
          server.closeAllConnections()
          return new Promise((resolve) => server.close(resolve))
        },
      })
      const { port } = server.address() as AddressInfo
      const { line, text } = await lineOf(`http://127.0.0.1:${port}/`)
      expect(line).toMatchObject({ problem: 'backend-not-soap', backendStatus: status, level: 'warn' })
      expect(text).not.toContain('SECRET')
    },
  )
})
