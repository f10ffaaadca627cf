import type { RequestHandler } from 'express'
import { readOnly } from './read-only.js'

export type ReadinessState = 'starting' | 'ready' | 'draining'

/** Whether this process wants requests; the server sets it, the health page tells it. */
export class Readiness {
  state: ReadinessState = 'starting'
}

/** Answers as long as the process can answer at all. */
export function livenessPage(): RequestHandler {
  return readOnly((_req, res) => {
    res.setHeader('cache-control', 'no-store')
    res.json({ status: 'alive' })
  })
}

/**
 * 200 when requests are welcome, 503 before and after. The state of the backends is no part of it: each answers
 * for its own operations, and a broken one must not take the others from the network.
 */
export function readinessPage(readiness: Readiness): RequestHandler {
  return readOnly((_req, res) => {
    res.setHeader('cache-control', 'no-store')
    res.status(readiness.state === 'ready' ? 200 : 503).json({ status: readiness.state })
  })
}
