import type { IncomingMessage, ServerResponse } from 'node:http'

/** Header fields that the SDK looks at; no others are copied for it. */
const READ = [
  'accept',
  'content-type',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-protocol-version',
  'mcp-session-id',
]

/** The head of a request as the SDK takes it: the body goes beside it. @param signal aborted when the client goes away */
export function fetchRequest(req: IncomingMessage, signal?: AbortSignal): Request {
  const headers = READ.flatMap((name): [string, string][] => {
    const value = headerOf(req, name)
    return value === undefined ? [] : [[name, value]]
  })
  return new Request('http://localhost/mcp', { method: 'POST', headers, ...(signal && { signal }) })
}

/** @param name in lower case */
export function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'object' ? value.join(', ') : value
}

/** Writes what the SDK answers; a stream is given as it comes. @param response undefined where nobody waits for one */
export async function writeFetched(res: ServerResponse, response: Response | undefined): Promise<void> {
  const isStream = response?.headers.get('content-type')?.startsWith('text/event-stream') === true
  const text = isStream ? undefined : ((await response?.text()) ?? '')
  if (res.destroyed) return
  const fields = { ...Object.fromEntries(response?.headers ?? []), 'cache-control': 'no-store' }
  if (text !== undefined) {
    res.writeHead(response?.status ?? 202, { ...fields, 'content-length': Buffer.byteLength(text) }).end(text)
    return
  }
  res.writeHead(response?.status ?? 200, fields)
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response?.body?.getReader()
  for (let chunk = await reader?.read(); chunk && !chunk.done; chunk = await reader?.read()) {
    // Of a client that has gone the signal has ended the rest.
    res.write(chunk.value)
  }
  res.end()
}
