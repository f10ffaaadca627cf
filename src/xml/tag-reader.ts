import { FixedOctets } from '../base/bytes/fixed.js'
import type { QName } from '../base/qname.js'
import { Attributes } from './attributes.js'
import {
  AMPERSAND,
  BANG,
  charDataEnd,
  GREATER,
  isSpace,
  LESS,
  octetAt,
  QUESTION,
  skipSpace,
  SLASH,
} from './chars.js'
import { isBlankSection, sectionEnd, skipToTag } from './content.js'
import type { XmlError, XmlErrorCode } from './error.js'
import { completeLimits, type XmlReaderLimits } from './limits.js'
import { NameReader } from './name-reader.js'
import { type RawName, standsAt } from './names.js'
import type { Binding } from './namespace.js'
import type { NamespaceBindings } from './namespace-bindings.js'
import { skipMisc, xmlDeclaration } from './prolog.js'
import { referencedCodePoint, referenceEnd } from './reference.js'
import { safeStep } from './safe-name.js'
import { XmlSource } from './source.js'
import { trimXml } from './white-space.js'
import { WrittenTag } from './written-tag.js'

/** A start tag longer than this, in octets, is not remembered. */
const MOST_WRITTEN = 256

/**
 * Goes through a document from tag to tag, and tells of each start tag its name, its attributes and what prefixes mean in
 * it. What stands between tags it passes over, checked all the same; {@link XmlReader} gives it.
 */
export class TagReader {
  readonly #source: XmlSource
  readonly #octets: Uint8Array
  readonly #end: number
  readonly #limits: XmlReaderLimits
  readonly #maxDepth: number
  readonly #nameReader: NameReader
  readonly #attributes: Attributes
  protected readonly bindings: NamespaceBindings
  /** Of the open elements, outermost first; entries from `#depth` on are stale. */
  readonly #open: RawName[]
  #p: number
  #depth: number
  #rootSeen: boolean
  /** Whether the current element is written `<a/>` and not left yet. */
  #empty = false
  #tagStart: number
  /** Offset after the last start tag, and its depth: together they tell whether the reader is still on it. */
  #contentStart = -1
  #contentDepth = -1
  #last: RawName | undefined
  #name = ''
  #namespace = ''

  /**
   * @param document the whole of it, decoded (see `decodeXml` and `sourceOf`); or a reader on a start tag of it, which the new
   *   one reads first and goes on from there by itself, under the same limits
   * @throws XmlError when the XML declaration is malformed
   */
  constructor(document: string | XmlSource | TagReader, limits: Partial<XmlReaderLimits> = {}) {
    const from = document instanceof TagReader ? document : undefined
    const source = typeof document === 'string' ? XmlSource.ofText(document) : document
    this.#source = source instanceof TagReader ? source.#source : source
    this.#octets = this.#source.octets
    this.#end = this.#source.end
    this.#limits = from ? from.#limits : completeLimits(limits)
    this.#maxDepth = this.#limits.maxDepth
    this.#nameReader = new NameReader(this.#source, this.#limits, from?.bindings.forked())
    this.bindings = this.#nameReader.bindings
    this.#attributes = new Attributes(this.#source, this.#nameReader, this.#limits.maxAttributes)
    this.#depth = from ? from.#depth - 1 : 0
    this.#open = from ? from.#open.slice(0, this.#depth) : []
    this.#rootSeen = this.#depth > 0
    this.#p = from ? from.#tagStart : xmlDeclaration(this.#source.beginning, this.#source.markLength).end
    this.#tagStart = this.#p
  }

  /** Of the start tag read last. */
  get localName(): string {
    return this.#last?.localName ?? ''
  }

  /** Of the start tag read last; empty for none. */
  get namespace(): string {
    return this.#namespace
  }

  /** Of the start tag read last, in Clark notation: the same string for the same name (see `internName`). */
  get name(): string {
    return this.#name
  }

  /** How many elements are open. */
  get depth(): number {
    return this.#depth
  }

  /** The document in UTF-8. */
  get octets(): Uint8Array {
    return this.#octets
  }

  /** Offset of the tag read last by `nextElement`, in UTF-16 code units. */
  get position(): number {
    return this.#source.unitsBefore(this.#tagStart)
  }

  /** The whole document. */
  get document(): string {
    return this.#source.document
  }

  /** The same with its octets, and what has been seen in it. */
  get source(): XmlSource {
    return this.#source
  }

  /** Offset of the tag read last by `nextElement`, in octets of UTF-8. */
  get octet(): number {
    return this.#tagStart
  }

  /** Offset after what was read last, in UTF-16 code units. */
  get offset(): number {
    return this.#source.unitsBefore(this.#p)
  }

  /** Where an attribute of the start tag read last stands, from its name to its closing quote. */
  attributeSpan(index: number): { readonly start: number; readonly end: number } {
    const { start, end } = this.#attributes.span(index)
    return { start: this.#source.unitsBefore(start), end: this.#source.unitsBefore(end) }
  }

  /** `line:column` of `position`. */
  location(): string {
    return this.#source.location(this.#tagStart)
  }

  /** The way to the current element by local names that may be told, `/Envelope/Body/*`; made when asked for. */
  path(): string {
    return (
      '/' +
      this.#open
        .slice(0, this.#depth)
        .map((name) => safeStep(name.localName))
        .join('/')
    )
  }

  /** Of the start tag read last, namespace declarations left out. */
  get attributeCount(): number {
    return this.#attributes.count
  }

  /** In Clark notation; empty beyond the last. */
  attributeName(index: number): string {
    return this.#attributes.name(index) ?? ''
  }

  /** Normalised as XML 1.0 section 3.3.3 says, references expanded; empty beyond the last. */
  attributeValue(index: number): string {
    return this.#attributes.value(index) ?? ''
  }

  /**
   * @param name in Clark notation
   * @returns the value, undefined where the start tag read last has no such attribute
   */
  attribute(name: string): string | undefined {
    return this.#attributes.valueOf(name)
  }

  /**
   * Goes on to the next child element of the current one (at first: to the root), over white space, comments and
   * processing instructions.
   *
   * @returns true on its start tag; false when the end tag of the current element was read instead, its parent being
   *   current now; false too at the end of the document
   * @throws XmlError `unexpected-text` for character data other than white space
   */
  nextElement(): boolean {
    if (this.#empty) {
      this.#empty = false
      this.bindings.leave(--this.#depth)
      return false
    }
    const octets = this.#octets
    let p = this.#p
    for (;;) {
      if (octets[p] !== LESS) p = skipSpace(octets, p)
      if (p === this.#end) {
        if (this.#depth > 0 || !this.#rootSeen) throw this.endsEarly()
        this.#p = p
        return false
      }
      if (octets[p] === LESS) {
        const c = octets[p + 1]
        if (c === SLASH) {
          this.#tagStart = p
          this.endTag(p)
          this.bindings.leave(this.#depth)
          return false
        }
        if (c !== BANG && c !== QUESTION) {
          this.startTag(p)
          return true
        }
      }
      p = this.#skipBlank(p)
    }
  }

  /**
   * The start tag that the reader stands on, where elements that begin with the same octets differ in nothing but their
   * content: there is nothing but a name in it.
   *
   * @param known what it was for an element before, which is given again where it is the same
   */
  writtenTag(known: WrittenTag | undefined): WrittenTag | undefined {
    const name = this.#last
    if (name === undefined || this.#p !== this.#tagStart + name.octets.length + 2) return undefined
    const isKnown = known?.start.after(this.#source.view, this.#tagStart) === this.#p && this.isInForce(known)
    return isKnown ? known : name.bareTag
  }

  /**
   * Remembers the start tag read last, once it has come twice. It has no namespace declarations, which would have to be made
   * again, and nothing but its prefixes decides what its attributes mean.
   *
   * @param value of an attribute, a qualified name, whose prefix counts too
   * @param meaning what the attributes say
   */
  protected rememberTag(value: string, meaning: string): WrittenTag | undefined {
    const name = this.#last
    const start = this.#tagStart
    const end = this.#p
    const hasDeclarations = this.bindings.depth === this.#depth
    if (!name || this.#empty || hasDeclarations || end - start > MOST_WRITTEN) return undefined
    if (name.attributedMeaning !== meaning) {
      name.attributedMeaning = meaning
      return undefined
    }
    const bindings = this.#bindingsOf(name, value)
    if (!bindings) return undefined
    const words = new FixedOctets(this.#octets.subarray(start, end))
    return (name.attributedTag = new WrittenTag(words, name.endTag, bindings, meaning))
  }

  #bindingsOf(name: RawName, value: string): Binding[] | undefined {
    const { names, bound } = this.bindings
    const qualified = trimXml(value)
    const prefixes = [name.prefix, names.prefixId(qualified.slice(0, Math.max(0, qualified.indexOf(':'))))]
    for (let i = 0; i < this.#attributes.count; i++) prefixes.push(this.#attributes.rawName(i)?.prefix)
    const bindings: Binding[] = []
    for (const prefix of prefixes) {
      const namespace = prefix === undefined ? undefined : bound[prefix]
      if (prefix === undefined || namespace === undefined) return undefined
      bindings.push({ prefix, namespace })
    }
    return bindings
  }

  /** Whether the prefixes of a tag would mean, in an element here, what they meant where it stood. */
  isInForce({ bindings }: WrittenTag): boolean {
    const { bound } = this.bindings
    for (const { prefix, namespace } of bindings) if (bound[prefix] !== namespace) return false
    return true
  }

  /** Offset after what was read last, in octets. */
  get octetsRead(): number {
    return this.#p
  }

  /**
   * Goes on after elements that the caller has read itself: the one whose start tag was read last, and siblings of it, all
   * of them with a tag as written before (see `writtenTag`) and with text alone. Their parent is current then.
   *
   * @param p the offset after the last of their end tags, in octets
   */
  goOn(p: number): void {
    this.#p = p
    this.#depth--
  }

  /** Goes on where another reader of the same document has come to, which began on the tag that this one read last. */
  goOnAfter(other: TagReader): void {
    this.#p = other.#p
    this.#depth = other.#depth
    this.#tagStart = other.#tagStart
    this.#empty = other.#empty
    this.bindings.leave(this.#depth)
  }

  /** Skips what is left of the current element, checking it all the same; its parent becomes current. */
  skip(): void {
    const parent = this.#depth - 1
    while (this.#depth > parent) {
      if (this.#empty) {
        this.#empty = false
        this.#depth--
      } else {
        const p = this.nextTag(this.#p)
        if (this.#octets[p + 1] === SLASH) this.endTag(p)
        else this.startTag(p)
      }
    }
    this.bindings.leave(this.#depth)
  }

  /** Checks, after the root element has ended, that only comments, processing instructions and white space follow. */
  end(): void {
    if (this.#depth > 0) throw new Error('XmlReader.end() was called before the root element ended')
    if (this.nextElement()) throw this.error('No root element was read', this.#tagStart)
  }

  /** Whether the current element is written `<a/>` and not left yet. */
  protected get isEmpty(): boolean {
    return this.#empty
  }

  /** As the document has it, of the start tag read last. */
  protected get lastName(): RawName | undefined {
    return this.#last
  }

  /** @returns whether the current element is written `<a/>`; its parent is current then */
  protected leaveEmpty(): boolean {
    if (!this.#empty) return false
    this.#empty = false
    this.#depth--
    return true
  }

  /** Tells another name of the start tag read last than is written there. */
  protected rename({ namespace, localName }: QName): void {
    const { names } = this.bindings
    this.#name = names.expanded(names.namespace(namespace), localName)
    this.#namespace = namespace
  }

  protected startTag(p: number): void {
    if (this.bindings.depth > this.#depth) this.bindings.leave(this.#depth)
    if (this.#depth === 0) {
      if (this.#rootSeen) throw this.error('A second root element', p)
      this.#rootSeen = true
    }
    if (this.#depth >= this.#maxDepth) {
      throw this.error(`Elements nested deeper than ${this.#maxDepth}`, p, 'limit')
    }
    this.#tagStart = p++
    const previous = this.#last
    let name = previous?.nextElement
    if (name === undefined || !this.#nameReader.isAt(name, p)) {
      name = this.#nameReader.find(p)
      if (previous !== undefined) previous.nextElement = name
    }
    p += name.octets.length
    this.#open[this.#depth++] = name
    this.#last = name
    if (this.#octets[p] === GREATER) {
      this.#attributes.count = 0
    } else {
      p = this.readAttributes(p, name)
      this.#empty = this.#octets[p] === SLASH
      if (this.#empty) p++
    }
    this.#p = ++p
    this.#name = this.#nameReader.expand(name, this.#tagStart)
    this.#namespace = name.namespace?.uri ?? ''
    this.#contentStart = p
    this.#contentDepth = this.#depth
  }

  /**
   * Reads what follows the name in a start tag.
   *
   * @param p the offset after the name
   * @returns the offset of the `>` or `/>`
   */
  protected readAttributes(p: number, name: RawName): number {
    return this.#attributes.read(p, name, this.#depth)
  }

  /**
   * Passes over the attributes of the start tag that is being read, of which the caller knows what they say.
   *
   * @returns the offset of the `>`, -1 where the start tag is another one
   */
  protected passAttributes(tag: WrittenTag): number {
    const end = tag.start.after(this.#source.view, this.#tagStart)
    if (end === -1 || !this.isInForce(tag)) return -1
    this.#attributes.count = 0
    return end - 1
  }

  /** Reads the end tag at `p`, which must be that of the current element; its declarations stay in force. */
  protected endTag(p: number): void {
    const octets = this.#octets
    const name = this.#depth > 0 ? this.#open[this.#depth - 1] : undefined
    if (name === undefined) throw this.error('An end tag outside the root element', p)
    let end = p + 2 + name.octets.length
    if (!standsAt(octets, p + 2, name.octets)) throw this.#wrongEndTag(p)
    if (octets[end] !== GREATER) {
      end = skipSpace(octets, end)
      if (octets[end] !== GREATER) throw this.#wrongEndTag(p)
    }
    this.#p = end + 1
    this.#depth--
  }

  protected nextTag(p: number): number {
    const end = skipToTag(this.#source, p)
    if (end === this.#end) throw this.endsEarly()
    return end
  }

  /** Skips what stands between elements and is not a tag, and may stand there. */
  #skipBlank(p: number): number {
    const source = this.#source
    const miscEnd = skipMisc(source, p)
    if (miscEnd !== p) return miscEnd
    if (this.#depth === 0) throw this.error('Text outside the root element', p)
    const c = octetAt(source, p)
    if (c === LESS) {
      const end = sectionEnd(source, p)
      if (isBlankSection(source, p, end)) return end
    } else if (c === AMPERSAND) {
      if (isSpace(referencedCodePoint(source, p))) return referenceEnd(source, p)
    } else {
      charDataEnd(source, p)
    }
    throw this.error('Text where only elements were expected', p, 'unexpected-text')
  }

  protected checkOnStartTag(method: string): void {
    if (this.#p === this.#contentStart && this.#depth === this.#contentDepth) return
    throw new Error(`XmlReader.${method}() was called where the reader was not on a start tag`)
  }

  #wrongEndTag(p: number): XmlError {
    return this.#source.image.includes('>', p)
      ? this.error('An end tag that is not that of the element last opened', p)
      : this.endsEarly()
  }

  protected endsEarly(): XmlError {
    const what = this.#rootSeen
      ? 'The document ends before its root element does'
      : 'A document without a root element'
    return this.error(what, this.#end)
  }

  protected error(what: string, p: number, code: XmlErrorCode = 'not-well-formed'): XmlError {
    return this.#source.error(what, p, code)
  }
}
