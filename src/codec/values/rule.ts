import type { XmlReader } from '../../xml/reader.js'
import { safeStep, safeSubject } from '../../xml/safe-name.js'
import { mismatch } from '../codec.js'

/** A value broke a rule of its type; whoever knows the place says where. */
export class RuleError extends Error {}

/**
 * Says where a rule was broken.
 *
 * @param attribute its name, where the value is not the element's
 */
export function inPlace(reader: XmlReader, error: unknown, attribute?: string): unknown {
  if (!(error instanceof RuleError)) return error
  if (attribute !== undefined) {
    return mismatch(reader, `The attribute ${attribute} ${error.message}.`, `@${attribute}`)
  }
  return mismatch(reader, `${safeSubject(reader.localName)} ${error.message}.`, safeStep(reader.localName))
}
