import { SOAP_RPC_12, XSD } from '../../base/namespaces.js'
import type { RawName } from '../../xml/names.js'
import { XmlReader } from '../../xml/reader.js'
import type { WrittenTag } from '../../xml/written-tag.js'
import { AttributeReader } from './attribute-reader.js'
import type { ExpectedMessage } from './message.js'
import { EncodedNode } from './node.js'
import { MAX_DEPTH } from './resolver.js'

const RPC_RESULT = `{${SOAP_RPC_12}}result`

/** Types of a simple value that do not leave it to the WSDL how it is read. */
const TELLING: ReadonlySet<string> = new Set([`{${XSD}}base64Binary`, `{${XSD}}hexBinary`])

/** Thrown where a message is no tree, and has to be resolved before it can be read. */
export const unresolved = new Error('The message has to be resolved first.')

/** An array whose members are being read. */
interface OpenArray {
  readonly depth: number
  /** What members are that do not say it, in Clark notation. */
  readonly itemType: string | undefined
  readonly size: number | undefined
  count: number
}

/**
 * Reads an encoded message as it stands, and tells of it what the resolver would write of it: the wrapper under its expected
 * name, what it contains in no namespace, nil and types by the names that XML Schema has now, members of an array with the
 * type that the array implies.
 *
 * That can be told of a message that is a tree, as most are. Every method throws {@link unresolved} at what takes more:
 * references and what can be referred to, arrays that are not the list of their members, texts that are names, XML that is
 * taken as it stands. What is wrong with a message it says in words of its own, if at all: the resolver says it better.
 */
export class TreeReader extends XmlReader {
  readonly #expected: ExpectedMessage
  /** Whether an array may have another number of members than it says. */
  readonly #isLenient: boolean
  readonly #wrapperDepth: number
  readonly #attributeReader: AttributeReader
  readonly #arrays: OpenArray[] = []
  /** Whether each has come. */
  #hasWrapper = false
  #hasAccessor = false
  /** Whether the return value has come under a name that is not expected. */
  #isResultRenamed = false
  /** Whether the names that are resolved are in attributes of the encoding. */
  #isJudging = false
  /** Of the start tag read last: whether it means what it does by its place, too. */
  #isPlaced = false
  #isNil = false
  #type: string | undefined
  /** The tag as it came before, where it says nothing but a type. */
  #tag: WrittenTag | undefined

  /** @param reader on the first child of soap:Body, where it stays */
  constructor(reader: XmlReader, expected: ExpectedMessage, { lenient }: { readonly lenient: boolean }) {
    super(reader)
    this.#expected = expected
    this.#isLenient = lenient
    this.#wrapperDepth = reader.depth
    this.#attributeReader = new AttributeReader(this, { style: expected.style, lenient: false })
  }

  override get attributeCount(): number {
    const written = super.attributeCount
    return written === 0 && this.#type !== undefined ? 1 : written
  }

  override isNil(): boolean {
    return this.#isNil
  }

  override typeName(): string | undefined {
    return this.#type
  }

  /** An encoded value has no attributes of its own. */
  override attribute(): never {
    throw unresolved
  }

  override nextElement(): boolean {
    if (super.nextElement()) return true
    const array = this.#arrays.at(-1)
    if (array?.depth === this.depth + 1) {
      this.#arrays.pop()
      if (array.size !== undefined && array.size !== array.count && !this.#isLenient) throw unresolved
    }
    return false
  }

  override readText(): void {
    if (this.#isArray()) throw unresolved
    super.readText()
  }

  /** What nobody asks for is judged as all else is. */
  override skip(): void {
    if (this.#isArray() || this.hasElements()) while (this.nextElement()) this.skip()
    else this.readText()
  }

  override writtenTag(known: WrittenTag | undefined): WrittenTag | undefined {
    const type = this.#type
    if (this.#isPlaced) return undefined
    if (type === undefined) return super.writtenTag(known)
    return TELLING.has(type) ? undefined : this.#tag
  }

  override resolveQName(lexical: string): string {
    if (!this.#isJudging) throw unresolved
    return super.resolveQName(lexical)
  }

  override siblings(): never {
    throw unresolved
  }

  override fragment(): never {
    throw unresolved
  }

  override innerXml(): never {
    throw unresolved
  }

  protected override startTag(p: number): void {
    this.#isNil = false
    this.#type = undefined
    this.#tag = undefined
    super.startTag(p)
    const level = this.depth - this.#wrapperDepth
    const node = this.attributeCount === 0 ? undefined : this.#judged()
    if (level === 0) {
      this.#enterWrapper(node)
      return
    }
    if (level >= MAX_DEPTH) throw unresolved
    const array = this.#arrays.at(-1)
    const isItem = array?.depth === this.depth - 1
    if (isItem) array.count++
    const { isNil = false, shape } = node ?? {}
    const said = this.#meaning() ?? node?.type
    const type = said ?? (isItem ? array.itemType : undefined) ?? (shape && `{${this.#expected.style}}Array`)
    if (!isNil && type?.endsWith('}QName') === true) throw unresolved
    if (!isNil && shape) this.#enterArray(shape)
    if (node?.type !== undefined && !shape && this.attributeCount === 1)
      this.#tag = this.rememberTag(this.attributeValue(0), node.type)
    const name = level === 1 ? this.#accessorName() : this.localName
    this.#isPlaced = isItem || name !== this.localName
    if (name !== undefined) this.rename({ namespace: '', localName: name })
    this.#isNil = isNil
    this.#type = type
  }

  protected override readAttributes(p: number, name: RawName): number {
    const tag = name.attributedTag
    const end = tag === undefined ? -1 : this.passAttributes(tag)
    if (end === -1) return super.readAttributes(p, name)
    this.#tag = tag
    return end
  }

  /** What the start tag read last says, where it is one that came before. */
  #meaning(): string | undefined {
    return this.#tag?.meaning
  }

  #judged(): EncodedNode {
    const node = new EncodedNode(this.localName, this.namespace)
    this.#isJudging = true
    this.#attributeReader.read(node)
    this.#isJudging = false
    const { id, href, isIndependent, position } = node
    if (id !== undefined || href !== undefined || isIndependent || position) throw unresolved
    return node
  }

  #enterWrapper(node: EncodedNode | undefined): void {
    if (this.#hasWrapper || node?.shape) throw unresolved
    this.#hasWrapper = true
    this.rename(this.#expected.wrapper)
  }

  #enterArray({ itemType, sizes, offset }: NonNullable<EncodedNode['shape']>): void {
    if (offset || (sizes && sizes.length !== 1)) throw unresolved
    this.#arrays.push({ depth: this.depth, itemType, size: sizes?.[0], count: 0 })
  }

  /** Whether the element whose start tag was read last is an array. */
  #isArray(): boolean {
    return this.#arrays.at(-1)?.depth === this.depth
  }

  /**
   * The name that is meant by that of an accessor of the wrapper, as the resolver has it; undefined for the element that only
   * names the return value.
   */
  #accessorName(): string | undefined {
    const { localName } = this
    if (this.name === RPC_RESULT) return undefined
    const isFirst = !this.#hasAccessor
    this.#hasAccessor = true
    const { accessors } = this.#expected
    const [result] = accessors
    if (accessors.includes(localName)) {
      if (this.#isResultRenamed && localName === result) throw unresolved
      return localName
    }
    if (!isFirst || result === undefined) throw unresolved
    this.#isResultRenamed = true
    return result
  }
}
