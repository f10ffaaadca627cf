import { AdapterError } from '../base/errors.js'
import { type XmlError } from '../xml/error.js'

/**
 * What to throw for an answer that is not well-formed XML.
 *
 * @param path to the element at which it was read, where that is known
 */
export function notWellFormed(cause: XmlError, path?: string): AdapterError {
  const message = `The answer is not well-formed XML: ${cause.message}.`
  return new AdapterError('backend-malformed', message, { cause, ...(path !== undefined && { path }) })
}
