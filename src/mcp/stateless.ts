import { randomUUID } from 'node:crypto'
import { type McpServer, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import type { ResponseHead } from '../http/answer/head.js'
import { isJsonObject, type JsonValue } from '../json/value.js'

/** Names the session of a client (MCP 2025-11-25, "Session Management"). */
const SESSION = 'mcp-session-id'

/**
 * Serves clients of the revisions up to 2025-11-25, which begin with a handshake, without keeping anything of them: each
 * request is served by itself, by whatever replica it reaches. The session that they are given tells whose call it is that
 * another request cancels.
 */
export class StatelessServing {
  /** What ends the calls that are being answered, by session and the id of the message. */
  readonly #underWay = new Map<string, () => void>()

  /**
   * @param body of the request, with numbers as doubles
   * @param head of the response: it is closed when the client goes away
   * @param open makes a server, for this request alone
   * @returns undefined where nobody waits for a response any more
   */
  async answer(
    request: Request,
    body: JsonValue,
    { head, open }: { readonly head: Pick<ResponseHead, 'once'>; readonly open: () => McpServer },
  ): Promise<Response | undefined> {
    const session = request.headers.get(SESSION) ?? undefined
    const { method, id, params } = isJsonObject(body) ? body : {}
    if (method === 'notifications/cancelled' && session !== undefined && isJsonObject(params))
      this.#underWay.get(keyOf(session, params.requestId))?.()
    const key = session === undefined || id === undefined ? undefined : keyOf(session, id)
    let end = (): void => undefined
    const ended = new Promise<undefined>((resolve) => {
      end = () => {
        resolve(undefined)
      }
    })
    head.once('close', end)
    if (key !== undefined) this.#underWay.set(key, end)
    const server = open()
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
    await server.connect(transport)
    try {
      const response = await Promise.race([ended, transport.handleRequest(request, { parsedBody: body })])
      // What was answered has nothing left that would have to be closed.
      if (!response) await server.close()
      else if (method === 'initialize' && response.ok) response.headers.set(SESSION, randomUUID())
      return response
    } finally {
      if (key !== undefined && this.#underWay.get(key) === end) this.#underWay.delete(key)
    }
  }
}

function keyOf(session: string, id: unknown): string {
  return `${session} ${typeof id} ${String(id)}`
}
