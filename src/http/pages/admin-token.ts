import { hash, timingSafeEqual } from 'node:crypto'
import type { RequestHandler } from 'express'
import { AdapterError } from '../../base/errors.js'
import { setRateLimitFields } from '../answer/rate-limit-fields.js'
import type { FailedAttempts } from '../authentication/failed-attempts.js'

const BEARER = /^bearer +([^ ].*)$/i

/**
 * Asks operators for their token (RFC 6750, section 2.1). Hashes are compared: the time that it takes tells neither
 * how long the token is nor how much of it is right.
 *
 * @param token empty where everybody who reaches the port is an operator
 * @param failedAttempts tells those who try tokens to wait; whoever has the right one is let in all the same, so that it is
 *   the length of the token that keeps others out
 */
export function operatorsOnly(token: string, failedAttempts?: FailedAttempts): RequestHandler {
  const expected = token === '' ? undefined : digest(token)
  return async (req, res, next) => {
    const [, sent] = BEARER.exec(req.headers.authorization ?? '') ?? []
    const isKnown = !expected || (sent !== undefined && timingSafeEqual(digest(sent), expected))
    if (isKnown) {
      next()
      return
    }
    const limited = sent === undefined ? undefined : await failedAttempts?.count(req.socket.remoteAddress)
    if (limited) {
      const { detail, rateLimit, retryAfter } = limited
      setRateLimitFields(res, rateLimit)
      throw new AdapterError('rate-limited', detail, { retryAfter })
    }
    res.setHeader('www-authenticate', 'Bearer')
    throw new AdapterError('unauthenticated', 'The request has no token of an operator, or a wrong one.')
  }
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
