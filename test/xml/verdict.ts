import { ParseOption, XmlDocument, XmlParseError } from 'libxml2-wasm'
import { decodeXml } from '../../src/xml/encoding.js'
import { XmlError, XmlReader } from '../../src/xml/reader.js'

/** Reads a whole document: `accepted`, or the code of the error. Any other error passes through. */
export function verdict(document: string | Uint8Array): string {
  try {
    const reader = new XmlReader(typeof document === 'string' ? document : decodeXml(document))
    reader.nextElement()
    reader.skip()
    reader.end()
    return 'accepted'
  } catch (error) {
    if (error instanceof XmlError) return error.code
    throw error
  }
}

/** What libxml2 reports although neither XML 1.0 nor Namespaces in XML 1.0 makes it an error. */
const NO_ERROR = /is not a valid URI|is not absolute|^xml:id/

/**
 * Whether libxml2 finds a document well-formed and namespace-well-formed; undefined where it reported what is not an error,
 * after which it says nothing of some that are.
 */
export function libxml2Accepts(text: string): boolean | undefined {
  try {
    XmlDocument.fromString(text, { option: ParseOption.XML_PARSE_NO_XXE }).dispose()
    return true
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error
    const errors = error.details.filter((detail) => !NO_ERROR.test(detail.message))
    return errors.length === 0 && error.details.length > 0 ? undefined : false
  }
}
