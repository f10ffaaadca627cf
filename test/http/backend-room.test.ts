import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { AdapterError } from '../../src/base/errors.js'
import { sampleApp } from './sample-app.js'

let server: Server

afterEach(async () => {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
})

test('a request whose call would be refused is refused before its body has come', async () => {
  const { app, facade } = sampleApp()
  for (const operation of facade.operations.values()) {
    Object.assign(operation, {
      checkRoom: () => {
        throw new AdapterError('backend-overloaded', 'Too many calls.', {
          outcome: 'not-sent',
          retryAfter: 1,
        })
      },
    })
  }
  server = createServer(app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  // None of the body is ever sent.
  socket.write(
    'POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n',
  )
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 503 [^]*"code":"backend-overloaded"/)
  expect(facade.calls).toEqual([])
})
