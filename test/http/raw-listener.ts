import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { defaultSettings } from '../../src/config/settings.js'
import type { Settings } from '../../src/config/settings-table.js'
import { type BrokenRequestListener, createListener } from '../../src/http/sockets/listener.js'

/** The listener of a service, to which bytes are sent as they are. */
export interface RawListener {
  /** Sends the parts, texts in ISO-8859-1, and reads until the server closes. */
  exchange(...parts: readonly (string | Buffer)[]): Promise<string>
  close(): Promise<void>
}

export async function openRawListener(
  app: RequestListener,
  settings: Partial<Settings>,
  onBroken: BrokenRequestListener = () => undefined,
): Promise<RawListener> {
  const { server } = createListener({ ...defaultSettings(), ...settings }, app, onBroken, () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    async exchange(...parts) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined)
      const chunks: Buffer[] = []
      socket.on('data', (chunk: Buffer) => chunks.push(chunk))
      for (const part of parts) socket.write(typeof part === 'string' ? Buffer.from(part, 'latin1') : part)
      await once(socket, 'close')
      return Buffer.concat(chunks).toString('latin1')
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
