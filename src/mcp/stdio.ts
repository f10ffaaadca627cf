import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { serveStdio, type StdioServerHandle } from '@modelcontextprotocol/server/stdio'
import type { OperationCalls } from '../http/operations/calls.js'
import { callTool } from './call.js'
import { CancellableHead } from './cancellable-head.js'
import { mcpServer, offerOf } from './server.js'
import type { Tool } from './tools.js'

export interface StdioOptions {
  readonly tools: ReadonlyMap<string, Tool>
  readonly maxResultBytes: number
  readonly version: string
}

/**
 * Serves the protocol on stdin and stdout, for a client that has started this process. Whoever can do that has its settings and needs
 * no other credentials.
 *
 * @param requestId names a call in the log
 */
export function serveOnStdio(
  calls: OperationCalls,
  { tools, maxResultBytes, version }: StdioOptions,
  requestId: () => string,
): StdioServerHandle {
  // Nobody is behind a network: no credentials, no address.
  const req = new IncomingMessage(new Socket())
  const offer = offerOf(tools, { document: calls.document, version })
  return serveStdio(() =>
    mcpServer(offer, (tool, _, given, signal) => {
      const exchange = { requestId: requestId(), startedAt: performance.now() }
      const head = new CancellableHead(signal)
      return callTool(calls, tool, {
        given,
        origin: { face: 'mcp', req, head, exchange },
        maxBytes: maxResultBytes,
      })
    }),
  )
}
