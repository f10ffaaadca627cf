import {
  AMPERSAND,
  characterNotAllowed,
  checkDoubtful,
  CR,
  endsSection,
  FIRST_DOUBTFUL,
  GREATER,
  LESS,
  normaliseLineEnds,
  sectionEndInText,
  SLASH,
  TEXT,
  TEXT_ESCAPED,
  TEXT_PLAIN,
} from './chars.js'
import { textToTag } from './content.js'
import { declarationsFor } from './fragment.js'
import { InstanceReader } from './instance-reader.js'

export { XmlError, type XmlErrorCode } from './error.js'
export { defaultXmlLimits, withoutXmlLimits, type XmlReaderLimits } from './limits.js'

/** How long the declarations that fragments get may be in all, in code units and in lengths of the document. */
const MANY_DECLARATIONS = 1_000_000
const MORE_DECLARATIONS = 16
const NEEDS_JSON_ESCAPE = /["\\\0-\x1f]/

/**
 * Reads a document from front to back as its caller asks for elements and texts, checking on the way that it is
 * well-formed (XML 1.0, fifth edition) and namespace-well-formed (Namespaces in XML 1.0). A document type declaration
 * is refused, so that no entity, default or external subset can play a part.
 *
 * On a start tag the element is the current one; it is left by exactly one of `text`, `skip`, `fragment` and `innerXml`,
 * or by calling `nextElement` until it says false. Every method throws {@link XmlError}; after that the reader is of no
 * further use.
 */
export class XmlReader extends InstanceReader {
  #plain = true
  #textStart = 0
  #textEnd = 0
  /** The last text where it is not one run of the document. */
  #composed: string | undefined
  #declarationsAdded = 0

  /** Whether the last text can stand in a JSON string without escaping. */
  get plain(): boolean {
    return this.#plain
  }

  /** What `readText` has read. */
  get lastText(): string {
    return this.#composed ?? this.source.text(this.#textStart, this.#textEnd)
  }

  /** Whether the last text stands in the document as it would in a JSON string: from `textStart` to `textEnd`. */
  get hasPlainRun(): boolean {
    return this.#plain && this.#composed === undefined
  }

  /** In octets. */
  get textStart(): number {
    return this.#textStart
  }

  /** In octets. */
  get textEnd(): number {
    return this.#textEnd
  }

  /**
   * Reads the character content of the current element and its end tag, so that its parent becomes current. References
   * and CDATA sections are expanded, comments and processing instructions dropped.
   *
   * @throws XmlError `unexpected-element` for a child element
   */
  text(): string {
    this.readText()
    return this.lastText
  }

  /** Does what `text` does without making a string of it; what it was `lastText` tells, or where it stands. */
  readText(): void {
    this.#composed = undefined
    if (this.leaveEmpty()) {
      this.#plain = true
      this.#textStart = this.#textEnd = this.octetsRead
      return
    }
    const octets = this.octets
    const start = this.octetsRead
    let plain = true
    for (let p = start; ; p++) {
      const c = octets[p] ?? 0
      const kind = TEXT[c]
      if (kind === TEXT_PLAIN) continue
      if (kind === TEXT_ESCAPED) {
        plain = false
      } else if (c === LESS) {
        if (octets[p + 1] !== SLASH) break
        this.endTag(p)
        this.#plain = plain
        this.#textStart = start
        this.#textEnd = p
        return
      } else if (c === GREATER) {
        if (endsSection(octets, p)) throw sectionEndInText(this.source, p)
      } else if (c >= FIRST_DOUBTFUL) {
        checkDoubtful(this.source, p)
      } else {
        if (c === AMPERSAND || c === CR) break
        throw p === this.source.end ? this.endsEarly() : characterNotAllowed(this.source, p)
      }
    }
    this.#composeText()
  }

  /** Whether the current element, whose start tag was read last, has an element in it. */
  hasElements(): boolean {
    return !this.isEmpty && this.octets[this.nextTag(this.octetsRead) + 1] !== SLASH
  }

  /** The current element, whose start tag was read last, and those beside it that follow; the reader stays where it is. */
  siblings(): { readonly name: string; readonly namespace: string }[] {
    this.checkOnStartTag('siblings')
    const start = this.octet
    const found: { readonly name: string; readonly namespace: string }[] = []
    for (;;) {
      found.push({ name: this.name, namespace: this.namespace })
      if (this.depth === 1) return found
      this.skip()
      const p = this.nextTag(this.octetsRead)
      if (this.octets[p + 1] === SLASH) break
      this.startTag(p)
    }
    this.startTag(start)
    return found
  }

  /**
   * The current element as a document of its own, then skipped: what it inherits of namespace declarations and may
   * need is added to its start tag. Line ends are normalised, all else is as it stands.
   */
  fragment(): string {
    this.checkOnStartTag('fragment')
    const start = this.octet
    const nameLength = this.lastName?.raw.length ?? 0
    const inherited = this.bindings.inherited(this.depth)
    this.skip()
    const markup = this.source.text(start, this.octetsRead)
    const declarations = declarationsFor(markup, inherited)
    this.#declarationsAdded += declarations.length
    if (this.#declarationsAdded > MORE_DECLARATIONS * this.source.end + MANY_DECLARATIONS) {
      throw this.error('More namespace declarations than are copied into fragments', start, 'limit')
    }
    return normaliseLineEnds(markup.slice(0, nameLength + 1) + declarations + markup.slice(nameLength + 1))
  }

  /**
   * The content of the current element as XML text, then skipped: each child element has the namespace declarations
   * that it inherits and may need, so that the text can be put into an element that declares nothing.
   */
  innerXml(): string {
    this.checkOnStartTag('innerXml')
    let xml = ''
    while (!this.isEmpty) {
      const textStart = this.octetsRead
      const p = this.nextTag(textStart)
      xml += normaliseLineEnds(this.source.text(textStart, p))
      if (this.octets[p + 1] === SLASH) {
        this.endTag(p)
        this.bindings.leave(this.depth)
        return xml
      }
      this.startTag(p)
      xml += this.fragment()
    }
    this.skip()
    return xml
  }

  /** The text of the current element where it is not one run of characters as they stand. */
  #composeText(): void {
    const { text, end } = textToTag(this.source, this.octetsRead)
    if (end === this.source.end) throw this.endsEarly()
    if (this.octets[end + 1] !== SLASH) {
      throw this.error('An element where only text was expected', end, 'unexpected-element')
    }
    this.endTag(end)
    this.#plain = !NEEDS_JSON_ESCAPE.test(text)
    this.#composed = text
  }
}
