import type { RequestListener } from 'node:http'
import { sendProblem } from './answer/problem.js'
import { exchangeOf } from './exchange.js'

/**
 * A listener that is made when the first request comes: a start need not wait for what most processes serve rarely.
 *
 * @param open is called once; where it fails, again at the next request
 */
export function onFirstRequest(open: () => Promise<RequestListener>): RequestListener {
  let opened: Promise<RequestListener> | undefined
  let listener: RequestListener | undefined
  return (req, res) => {
    if (listener) {
      listener(req, res)
      return
    }
    opened ??= open()
    opened
      .then((made) => {
        listener = made
        made(req, res)
      })
      .catch((error: unknown) => {
        opened = undefined
        sendProblem(res, error, exchangeOf(req))
      })
  }
}
