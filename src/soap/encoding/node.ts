import { AdapterError } from '../../base/errors.js'
import { XSD } from '../../base/namespaces.js'
import { XmlError, type XmlReader } from '../../xml/reader.js'
import { arraySize, arrayType, type ArrayShape, position } from './array-shape.js'
import { type EncodingAttribute, encodingAttributes, typeOf } from './vocabulary.js'

/** An element of an encoded message: a node of its graph, or an edge to one (SOAP 1.1, 5.1). */
export interface EncodedNode {
  readonly name: string
  readonly namespace: string
  readonly id: string | undefined
  /** The id that it refers to, instead of having a value of its own. */
  readonly href: string | undefined
  /** An independent element that is nobody's root: soapenc:root="0" (SOAP 1.1, 5.6). */
  readonly isIndependent: boolean
  readonly isNil: boolean
  /** xsi:type in Clark notation, by the name that XML Schema has now. */
  readonly type: string | undefined
  /** Present where an attribute says that it is an array. */
  readonly shape: ArrayShape | undefined
  /** soapenc:position in the array around it. */
  readonly position: readonly number[] | undefined
  /** Of a leaf; a QName in Clark notation where the type says that it is one. */
  readonly text: string | undefined
  readonly children: readonly EncodedNode[]
}

export interface NodeOptions {
  /** The namespace of the encoding that the contract speaks. */
  readonly style: string
  /** Take no notice of an xsi:type that cannot be read. */
  readonly lenient: boolean
}

const QNAME = `{${XSD}}QName`

/**
 * Reads the current element with all that it contains; its parent is current afterwards.
 *
 * @throws XmlError where it is not well-formed, or has text beside elements
 * @throws AdapterError `backend-mismatch` for attributes of the encoding that make no sense
 */
export function readNode(reader: XmlReader, options: NodeOptions): EncodedNode {
  const { localName: name, namespace } = reader
  const attributes = readAttributes(reader)
  const type = typeIn(reader, attributes.get('type'), options)
  const isNil = nilIn(reader, attributes.get('nil'))
  const children: EncodedNode[] = []
  let text: string | undefined
  const own = {
    name,
    namespace,
    id: attributes.get('id'),
    href: reference(reader, attributes.get('href')),
    isIndependent: attributes.get('root')?.trim() === '0',
    isNil,
    type,
    shape: shapeIn(reader, attributes, type, options.style),
    position: readAs(reader, 'position', attributes.get('position'), position),
  }
  if (reader.hasElements()) {
    while (reader.nextElement()) children.push(readNode(reader, options))
  } else {
    text = reader.text()
    if (type === QNAME && !isNil && own.href === undefined) text = reader.resolveQName(text, true)
  }
  return { ...own, text, children }
}

const none: ReadonlyMap<EncodingAttribute, string> = new Map()

function readAttributes(reader: XmlReader): ReadonlyMap<EncodingAttribute, string> {
  if (reader.attributeCount === 0) return none
  const found = new Map<EncodingAttribute, string>()
  for (let index = 0; index < reader.attributeCount; index++) {
    const meaning = encodingAttributes.get(reader.attributeName(index))
    if (meaning !== undefined) found.set(meaning, reader.attributeValue(index))
  }
  return found
}

function typeIn(reader: XmlReader, lexical: string | undefined, options: NodeOptions): string | undefined {
  if (lexical === undefined) return undefined
  try {
    return typeOf(reader.resolveQName(lexical, true), options.style)
  } catch (error) {
    if (options.lenient && error instanceof XmlError && error.code === 'lexical') return undefined
    throw error
  }
}

function nilIn(reader: XmlReader, lexical: string | undefined): boolean {
  switch (lexical?.trim()) {
    case undefined:
    case 'false':
    case '0':
      return false
    case 'true':
    case '1':
      return true
    default:
      throw wrong(reader, 'has a nil attribute that is neither true nor false')
  }
}

/** SOAP 1.1 has a URI of a fragment, SOAP 1.2 an IDREF; PHP writes a # before that too. */
function reference(reader: XmlReader, value: string | undefined): string | undefined {
  const written = value?.trim()
  if (written === undefined || written.startsWith('#')) return written?.slice(1)
  if (/[:/]/.test(written)) throw wrong(reader, 'refers to something outside of the envelope')
  return written
}

function shapeIn(
  reader: XmlReader,
  attributes: ReadonlyMap<EncodingAttribute, string>,
  type: string | undefined,
  style: string,
): ArrayShape | undefined {
  if (attributes.size === 0) return undefined
  const typed = readAs(reader, 'arrayType', attributes.get('arrayType'), arrayType)
  const sizes = readAs(reader, 'arraySize', attributes.get('arraySize'), arraySize)
  const offset = readAs(reader, 'offset', attributes.get('offset'), position)
  const item = typed?.item ?? attributes.get('itemType')
  const isArray = item !== undefined || sizes !== undefined || offset !== undefined
  if (!isArray && type !== `{${style}}Array`) return undefined
  const itemType =
    item === undefined || typed?.isNested === true
      ? undefined
      : typeOf(reader.resolveQName(item, true), style)
  return { itemType, sizes: typed?.sizes ?? sizes, offset }
}

function readAs<T>(
  reader: XmlReader,
  attribute: string,
  value: string | undefined,
  read: (value: string) => T | undefined,
): T | undefined {
  if (value === undefined) return undefined
  const found = read(value)
  if (found === undefined) throw wrong(reader, `has an attribute ${attribute} that cannot be read`)
  return found
}

function wrong(reader: XmlReader, what: string): AdapterError {
  return new AdapterError('backend-mismatch', `${reader.localName} ${what}.`, { path: reader.path() })
}
