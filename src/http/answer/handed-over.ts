import type { ServerResponse } from 'node:http'

/**
 * @param respond writes the response, now or later
 * @returns a promise of when the whole response is handed over to the connection, whether or not the client takes it, or
 *   the connection has gone
 */
export function handedOver(res: ServerResponse, respond: () => void): Promise<void> {
  return new Promise((resolve) => {
    res.once('prefinish', resolve)
    res.once('close', resolve)
    respond()
  })
}
