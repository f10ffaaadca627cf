import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { type McpOptions, openMcp } from '../../src/mcp/server.js'
import type { OpenApiObject } from '../../src/openapi/document.js'
import { type SampleApp, sampleApp, type SampleOptions } from '../http/sample-app.js'

export interface McpApp extends SampleApp {
  readonly url: string
  /** A client that has said hello. @param headers of each of its requests */
  connect(headers?: Readonly<Record<string, string>>): Promise<Client>
  close(): Promise<void>
}

/** The Model Context Protocol over the operations of a document, which answer as they are told. */
export async function mcpApp(
  document: OpenApiObject,
  { mcp, ...more }: SampleOptions & { readonly mcp?: Partial<McpOptions> } = {},
): Promise<McpApp> {
  const limits = { maxBodyBytes: 200_000, maxJsonDepth: 32, maxJsonValues: 5_000 }
  const face = openMcp({
    ...{
      limits,
      operations: [],
      maxResultBytes: 65_536,
      origins: [],
      publicUrl: '',
      issuer: '',
      version: '1.0.0',
    },
    ...mcp,
  })
  const own = sampleApp(limits, { document, authentication: 'off', faces: [face], ...more })
  const server = createServer(own.app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
  const clients: Client[] = []
  return {
    ...own,
    url,
    async connect(headers = {}) {
      const client = new Client({ name: 'test', version: '1' })
      await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }))
      clients.push(client)
      return client
    },
    async close() {
      for (const client of clients) await client.close()
      server.close()
      server.closeAllConnections()
    },
  }
}
