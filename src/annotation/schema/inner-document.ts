import { isObject } from '../../openapi/document.js'

/** How the text of a string stands for a document. */
export const documentEncodings = ['text', 'base64', 'gzip+base64'] as const

export type DocumentEncoding = (typeof documentEncodings)[number]

/** `content` in the `x-soap` of a schema: the string is an XML document of its own (docs/annotation.md). */
export interface DocumentAnnotation {
  /** Path of an XSD, relative to the OpenAPI document. */
  readonly schema: string
  /** Local name of a global element, or `{namespace}name`. */
  readonly element: string
  readonly encoding: DocumentEncoding
  /** Of the document, decoded and unpacked. */
  readonly maxBytes: number
  readonly maxDepth: number
  /** Statuses by the name of a global element that stands for an error instead. */
  readonly faults: ReadonlyMap<string, number>
}

const MAX_BYTES = 1_048_576
const MAX_DEPTH = 100

const KEYS = ['schema', 'element', 'encoding', 'maxBytes', 'maxDepth', 'faults']

/** @returns what is wrong, as the end of a sentence that begins with `content` */
export function flawOfDocument(value: unknown): string | undefined {
  if (!isObject(value)) return 'must be a map with schema and element'
  const unknown = Object.keys(value).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) return `has no key ${unknown}; it has ${KEYS.join(', ')}`
  const { schema, element, encoding, maxBytes, maxDepth, faults } = value
  if (typeof schema !== 'string' || schema === '') return 'needs schema, the path of an XSD'
  if (typeof element !== 'string' || element === '') return 'needs element, the name of a global element'
  if (encoding !== undefined && !isEncoding(encoding))
    return `has an encoding that is none of ${documentEncodings.join(', ')}`
  if (!isCount(maxBytes)) return 'has a maxBytes that is not a positive integer'
  if (!isCount(maxDepth)) return 'has a maxDepth that is not a positive integer'
  const isMap = faults === undefined || (isObject(faults) && Object.values(faults).every(isErrorStatus))
  return isMap ? undefined : 'has faults that are not a map from elements to statuses from 400 to 599'
}

/** @returns undefined where `flawOfDocument` finds one */
export function readDocument(value: unknown): DocumentAnnotation | undefined {
  if (!isObject(value) || flawOfDocument(value) !== undefined) return undefined
  const { schema, element, encoding, maxBytes, maxDepth, faults } = value
  return {
    schema: String(schema),
    element: String(element),
    encoding: isEncoding(encoding) ? encoding : 'text',
    maxBytes: typeof maxBytes === 'number' ? maxBytes : MAX_BYTES,
    maxDepth: typeof maxDepth === 'number' ? maxDepth : MAX_DEPTH,
    faults: new Map(
      Object.entries(isObject(faults) ? faults : {}).map(([name, status]) => [name, Number(status)]),
    ),
  }
}

function isEncoding(value: unknown): value is DocumentEncoding {
  return documentEncodings.some((encoding) => encoding === value)
}

function isCount(value: unknown): boolean {
  return value === undefined || (Number.isSafeInteger(value) && Number(value) > 0)
}

function isErrorStatus(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 400 && Number(value) <= 599
}

/**
 * What `content` names in the `x-soap` of schemas, wherever they stand.
 *
 * @param root of a document
 * @returns paths of XSDs, relative to the document
 */
export function documentSchemas(root: unknown): readonly string[] {
  const found = new Set<string>()
  const seen = new Set<unknown>()
  const pending = [root]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (typeof next !== 'object' || next === null || seen.has(next)) continue
    seen.add(next)
    const holder = next as Readonly<Record<string, unknown>>
    for (const key of Object.keys(holder)) {
      const value = holder[key]
      if (typeof value !== 'object' || value === null) continue
      const schema =
        key === 'x-soap' ? readDocument((value as { content?: unknown }).content)?.schema : undefined
      if (schema !== undefined) found.add(schema)
      pending.push(value)
    }
  }
  return [...found]
}
