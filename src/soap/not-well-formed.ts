import { AdapterError } from '../base/errors.js'
import type { XmlError } from '../xml/error.js'

/**
 * What to throw for a response that is not well-formed XML, or larger than its limits.
 *
 * @param path to the element at which it was read, where that is known
 */
export function notWellFormed(cause: XmlError, path?: string): AdapterError {
  const isLimit = cause.code === 'limit'
  const message = isLimit
    ? `The response exceeds a limit of its XML: ${cause.message}. The limits of the backend are in its contract.`
    : `The response is not well-formed XML: ${cause.message}.`
  return new AdapterError(isLimit ? 'backend-too-large' : 'backend-malformed', message, {
    cause,
    ...(path !== undefined && { path }),
  })
}
