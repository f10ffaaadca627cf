const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** Of XML that has no envelope. */
export const PLAIN_XML = 'text/xml; charset=utf-8'

/**
 * An element as a document of its own.
 *
 * @param declarations what its envelope would have declared, each with a space before it
 */
export function plainDocument(element: string, declarations: string): string {
  return XML_DECLARATION + element.replace(/^<[^\s/>]+/, (start) => start + declarations)
}
