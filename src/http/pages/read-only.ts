import type { RequestHandler } from 'express'
import { AdapterError } from '../../base/errors.js'

/** A resource of the service itself: GET and HEAD, and a problem for everything else. */
export function readOnly(handler: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (req.method === 'GET' || req.method === 'HEAD') return handler(req, res, next)
    res.setHeader('allow', 'GET, HEAD')
    throw new AdapterError('method-not-allowed', 'Only GET and HEAD are allowed here.')
  }
}
