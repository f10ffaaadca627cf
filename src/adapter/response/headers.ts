import { AdapterError } from '../../base/errors.js'
import { isJsonScalar, type JsonValue, scalarText } from '../../json/value.js'
import type { Template } from '../../mapping/operation/source.js'
import { sourceValue, type SourceValues } from '../source-value.js'

/** Of a value that a backend has chosen, encoded: clients and proxies take header fields of 8 to 16 KiB together. */
const MOST_CHARACTERS = 4_096

/**
 * Fills a template; values are percent-encoded (RFC 3986, section 2.1), since headers are mostly URLs.
 *
 * @returns undefined where a block of the SOAP header that it speaks of is absent
 * @throws AdapterError `backend-mismatch` for a value of the response that no header field has room for
 */
export function fill(template: Template, values: SourceValues): string | undefined {
  let text = ''
  for (const part of template) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const value = sourceValue(part, values)
    if (value === undefined && part.kind === 'response' && part.part === 'soapHeader') return undefined
    const encoded = encodeURIComponent(textOf(value))
    if (encoded.length > MOST_CHARACTERS && part.kind === 'response') throw tooLong()
    text += encoded
  }
  return text
}

/** Several texts of a parameter are one with commas. */
function textOf(value: JsonValue | undefined): string {
  if (Array.isArray(value)) return value.filter(isJsonScalar).map(scalarText).join(',')
  return isJsonScalar(value) && value !== null ? scalarText(value) : ''
}

function tooLong(): AdapterError {
  const message = `A value of the response that belongs in a header field has more than ${MOST_CHARACTERS} characters there.`
  return new AdapterError('backend-mismatch', message)
}
