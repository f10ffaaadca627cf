import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { handedOver } from '../../../src/http/answer/handed-over.js'

/** More than systems keep for a client that does not read. */
const LONG = Buffer.alloc(64 * 2 ** 20)

/** Asks once, and reads nothing. */
async function askWithoutReading(
  respond: (res: ServerResponse, leave: () => void) => void,
): Promise<ServerResponse> {
  let served: Promise<ServerResponse> | undefined
  const server = createServer((_req, res) => {
    served = handedOver(res, () => {
      respond(res, () => socket.destroy())
    }).then(() => res)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
  await once(server, 'request')
  const res = await served
  if (!res) throw new Error('nothing was asked')
  socket.destroy()
  server.close()
  return res
}

describe('a response is handed over', () => {
  test('when all of it was written, although the client takes none', async () => {
    const res = await askWithoutReading((out) => out.end(LONG))
    expect(res.writableFinished).toBe(false)
    expect(res.writableLength).toBeGreaterThan(0)
  })

  test('when the client has gone before there was one', async () => {
    const res = await askWithoutReading((_out, leave) => {
      leave()
    })
    expect(res.writableEnded).toBe(false)
  })
})
