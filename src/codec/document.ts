import { gunzipSync, gzipSync } from 'node:zlib'
import { decodeBase64 } from '../base/bytes/base64.js'
import { bytesOf } from '../base/bytes/source.js'
import { AdapterError } from '../base/errors.js'
import { clark, type QName } from '../base/qname.js'
import { Binary, type JsonValue } from '../json/value.js'
import type { DocumentMapping } from '../mapping/canonical/value-mapping.js'
import { decodeXml } from '../xml/encoding.js'
import { internName } from '../xml/names.js'
import { XmlError, XmlReader } from '../xml/reader.js'
import { safeName, safeStep, safeSubject } from '../xml/safe-name.js'
import { EncodeError, mismatch, type Tag, type ValueCodec, XmlText } from './codec.js'
import type { Occurrence } from './elements/element-site.js'
import { JsonText } from './json/text.js'
import { inPlace } from './values/rule.js'
import type { ScalarCodec } from './values/scalar-codec.js'

/** What editors and templates leave before a document, where nothing may stand. */
const BOM = /^\uFEFF?[ \t\r\n]*/

/** The document is one that the contract maps to a status: an error that is told where a result was expected. */
export class DocumentFault extends Error {
  override readonly name = 'DocumentFault'

  /** @param document the whole of it, well-formed */
  constructor(
    readonly document: string,
    readonly maxDepth: number,
  ) {
    super('The document in a text stands for an error.')
  }
}

/** A text that is an XML document of its own: written and read by codecs of its own, with limits of its own. */
export class DocumentCodec implements ValueCodec {
  readonly #mapping: DocumentMapping
  readonly #text: ScalarCodec
  readonly #root: string
  readonly #faults: ReadonlySet<string>
  readonly #maxLength: number
  #element: Occurrence | undefined
  readonly #compile: () => Occurrence

  /**
   * @param maxLength bytes that all documents of one message may have
   * @param element makes the codec of the document element when it is first needed: types may contain themselves
   */
  constructor(
    mapping: DocumentMapping,
    text: ScalarCodec,
    { maxLength, element }: { readonly maxLength: number; readonly element: () => Occurrence },
  ) {
    this.#mapping = mapping
    this.#text = text
    this.#maxLength = maxLength
    this.#compile = element
    this.#root = nameOf(mapping.root.name)
    this.#faults = new Set(mapping.faults.map(({ declaration }) => nameOf(declaration.name)))
  }

  /** Compiled at the first use. */
  get element(): Occurrence {
    return (this.#element ??= this.#compile())
  }

  encode(value: JsonValue, out: XmlText, tag: Tag): void {
    const { maxBytes } = this.#mapping
    const document = new XmlText()
    this.element.value.encode(value, document, this.element.tag)
    const text = document.whole
    if (Buffer.byteLength(text) > maxBytes)
      throw new EncodeError(`becomes a document of more than ${maxBytes} bytes, the maxBytes of its content`)
    this.#text.encode(this.#packed(text), out, tag)
  }

  #packed(text: string): JsonValue {
    const { encoding } = this.#mapping
    if (encoding === 'text') return text
    const plain = Buffer.from(text, 'utf8')
    const bytes = encoding === 'base64' ? plain : gzipSync(plain)
    return this.#text.isBinary ? new Binary(bytes) : bytes.toString('base64')
  }

  decode(reader: XmlReader, out: JsonText): void {
    const { localName } = reader
    const packed = this.#lexical(reader, out)
    if (packed.length === 0 && this.#mapping.emptyIsNull) {
      out.value('null')
      return
    }
    const place = { path: `${reader.path()}/${safeStep(localName)}`, localName }
    const text = this.#unpacked(packed, out, place)
    const inner = new XmlReader(text, { maxDepth: this.#mapping.maxDepth })
    try {
      inner.nextElement()
      if (this.#faults.has(inner.name)) {
        inner.skip()
        inner.end()
        throw new DocumentFault(text, this.#mapping.maxDepth)
      }
      if (inner.name !== this.#root) {
        const { root } = this.#mapping
        const message = `The document must be ${root.name.localName}, not ${safeName(inner.localName)}.`
        throw mismatch(inner, message)
      }
      const json = new JsonText(undefined, { unpacked: out.unpacked })
      this.element.decode(inner, json)
      inner.end()
      out.value(json.finish())
    } catch (error) {
      throw inDocument(error, inner, place)
    }
  }

  /** What the text of the element is: bytes where the WSDL has bytes. */
  #lexical(reader: XmlReader, out: JsonText): string | Uint8Array {
    if (this.#text.isBinary) {
      const taken = new JsonText(out.attachments, { isTaker: true })
      this.#text.decodeContent(reader, taken)
      taken.release()
      return taken.taken ? bytesOf(taken.taken.bytes) : ''
    }
    const text = reader.text()
    try {
      this.#text.toJson(text, false)
    } catch (error) {
      throw inPlace(reader, error)
    }
    return text
  }

  #unpacked(packed: string | Uint8Array, out: JsonText, place: Place): string {
    const { encoding, maxBytes } = this.#mapping
    const bytes = encoding === 'text' || typeof packed !== 'string' ? packed : decodeBase64(packed)
    if (bytes === undefined) throw broken(place, 'is not base64')
    const plain = encoding === 'gzip+base64' ? gunzipped(bytes, maxBytes, place) : bytes
    const size = typeof plain === 'string' ? Buffer.byteLength(plain) : plain.byteLength
    if (size > maxBytes) throw tooLarge(place, `${maxBytes} bytes, the maxBytes of its content`)
    out.unpacked.bytes += size
    if (out.unpacked.bytes > this.#maxLength)
      throw tooLarge(
        place,
        `${this.#maxLength} bytes with those before it, the maxResponseBytes of the backend`,
      )
    try {
      const text = typeof plain === 'string' ? plain : decodeXml(plain)
      return text.replace(BOM, '')
    } catch (error) {
      throw inDocument(error, undefined, place)
    }
  }
}

/** Of the element whose text a document is. */
interface Place {
  readonly path: string
  readonly localName: string
}

function nameOf(name: QName): string {
  return internName(clark(name))
}

/** @throws AdapterError as soon as more than `maxBytes` come out */
function gunzipped(bytes: string | Uint8Array, maxBytes: number, place: Place): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes })
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(place, `${maxBytes} bytes, the maxBytes of its content`)
    throw broken(place, 'is not gzip')
  }
}

function broken({ path, localName }: Place, why: string): AdapterError {
  const message = `${safeSubject(localName)} holds a document that ${why}, which the encoding of its content says.`
  return new AdapterError('backend-mismatch', message, { path })
}

function tooLarge({ path, localName }: Place, than: string): AdapterError {
  const message = `${safeSubject(localName)} holds a document of more than ${than}.`
  return new AdapterError('backend-too-large', message, { path })
}

/** Says of what is wrong in a document where in it, and in which text it stands. */
function inDocument(error: unknown, inner: XmlReader | undefined, { path, localName }: Place): unknown {
  if (error instanceof DocumentFault) return error
  const within = (at: string): { path: string; cause: unknown } => ({
    path: `${path}/#document${at === '/' ? '' : at}`,
    cause: error,
  })
  if (error instanceof XmlError) {
    const code =
      error.code === 'limit'
        ? 'backend-too-large'
        : error.code.startsWith('unexpected') || error.code === 'lexical'
          ? 'backend-mismatch'
          : 'backend-malformed'
    const message = `The document in ${safeName(localName)}: ${error.message}.`
    return new AdapterError(code, message, within(inner?.path() ?? ''))
  }
  if (!(error instanceof AdapterError) || !inner) return error
  const message = `The document in ${safeName(localName)}, near ${inner.location()}: ${error.message}`
  return new AdapterError(error.code, message, within(error.path ?? ''))
}
