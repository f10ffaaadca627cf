export interface XmlReaderLimits {
  /** Elements within elements. */
  readonly maxDepth: number
  /** On one element, namespace declarations counted. */
  readonly maxAttributes: number
  /** UTF-16 code units of a qualified name or a namespace name. */
  readonly maxNameLength: number
  /** That the document declares, each counted once. */
  readonly maxPrefixes: number
}

/** Of a document, where its reader is not told otherwise. */
export const defaultXmlLimits: XmlReaderLimits = {
  maxDepth: 100,
  maxAttributes: 256,
  maxNameLength: 1024,
  maxPrefixes: 100_000,
}
/** @returns all of them, by default those of any document; member by member, which costs a small document least */
export function completeLimits({
  maxDepth = defaultXmlLimits.maxDepth,
  maxAttributes = defaultXmlLimits.maxAttributes,
  maxNameLength = defaultXmlLimits.maxNameLength,
  maxPrefixes = defaultXmlLimits.maxPrefixes,
}: Partial<XmlReaderLimits>): XmlReaderLimits {
  return { maxDepth, maxAttributes, maxNameLength, maxPrefixes }
}

/** Of what is read again after it has kept its limits, with declarations that were added. */
export const withoutXmlLimits: XmlReaderLimits = {
  maxDepth: Infinity,
  maxAttributes: Infinity,
  maxNameLength: Infinity,
  maxPrefixes: Infinity,
}
