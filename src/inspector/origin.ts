import { isIP } from 'node:net'
import type { RequestHandler } from 'express'
import { AdapterError } from '../base/errors.js'

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}

/**
 * Refuses what pages of other sites ask for. A name that its owner lets point at this machine (DNS rebinding) makes a page
 * look like one of ours to a browser: only names and addresses that nobody else owns are answered.
 *
 * @param own the address that is listened on
 */
export function sameOriginOnly(own: string): RequestHandler {
  return (req, _res, next) => {
    const { host = '', origin, 'sec-fetch-site': site } = req.headers
    const name = nameOf(host)
    if (name === undefined || !isOwn(name, own)) {
      throw new AdapterError('forbidden', 'The inspector is not called by this name; use its address.')
    }
    const isForeign = origin !== undefined && origin !== `http://${host}`
    const isCrossSite = site !== undefined && site !== 'same-origin' && site !== 'none'
    // A link may lead here; nothing but the page's own script may ask for data.
    if (isForeign || (isCrossSite && req.path !== '/')) {
      throw new AdapterError('forbidden', 'The inspector answers its own page alone.')
    }
    next()
  }
}

/** Of a Host field, without port and brackets. */
function nameOf(host: string): string | undefined {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::\d{1,5})?$/i.exec(host) ?? []
  return (bracketed ?? plain)?.toLowerCase()
}

/** An address is nobody's to rebind: whoever is asked by one is meant. */
function isOwn(name: string, own: string): boolean {
  if (name === 'localhost' || name === own.toLowerCase()) return true
  return isLoopback(own) ? isIP(name) !== 0 && isLoopback(name) : isIP(name) !== 0
}
