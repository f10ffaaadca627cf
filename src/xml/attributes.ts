import {
  AMPERSAND,
  APOSTROPHE,
  characterNotAllowed,
  checkDoubtful,
  EQUALS,
  FIRST_DOUBTFUL,
  GREATER,
  isSpace,
  LESS,
  octetAt,
  QUOTE,
  skipSpace,
  SLASH,
  VALUE,
  VALUE_NORMALISED,
  VALUE_PLAIN,
} from './chars.js'
import type { XmlError, XmlErrorCode } from './error.js'
import type { NameReader } from './name-reader.js'
import { DEFAULT_PREFIX, type RawName, standsAt } from './names.js'
import type { Namespace } from './namespace.js'
import { attributeValue, referencedCodePoint } from './reference.js'
import type { XmlSource } from './source.js'

/** Above so many attributes, names are not compared one by one. */
const FEW = 12

/** The attributes of one start tag after the other; what is stored of the last tag is written over by the next. */
export class Attributes {
  /** Namespace declarations left out. */
  count = 0

  readonly #rawNames: RawName[] = []
  readonly #names: string[] = []
  readonly #starts: number[] = []
  readonly #ends: number[] = []
  /** Whether the value is the text as it stands. */
  readonly #plain: boolean[] = []
  /** Of more than a few, those expanded so far. */
  #distinct: Set<string> | undefined

  constructor(
    private readonly source: XmlSource,
    private readonly nameReader: NameReader,
    private readonly maxAttributes: number,
  ) {}

  /** In Clark notation. */
  name(index: number): string | undefined {
    return index < this.count ? this.#names[index] : undefined
  }

  /** Normalised, references expanded. */
  value(index: number): string | undefined {
    const start = this.#starts[index]
    const end = this.#ends[index]
    if (index >= this.count || start === undefined || end === undefined) return undefined
    const raw = this.source.text(start, end)
    return this.#plain[index] === true ? raw : attributeValue(raw)
  }

  /** As the document has it. */
  rawName(index: number): RawName | undefined {
    return index < this.count ? this.#rawNames[index] : undefined
  }

  /** Offsets of the name and after the closing quote. */
  span(index: number): { readonly start: number; readonly end: number } {
    const valueStart = this.#starts[index] ?? 0
    let p = this.source.image.lastIndexOf('=', valueStart - 2)
    while (isSpace(octetAt(this.source, p - 1))) p--
    return { start: p - (this.#rawNames[index]?.octets.length ?? 0), end: (this.#ends[index] ?? 0) + 1 }
  }

  /** @param name in Clark notation */
  valueOf(name: string): string | undefined {
    for (let i = 0; i < this.count; i++) {
      if (this.#names[i] === name) return this.value(i)
    }
    return undefined
  }

  /**
   * Reads what follows the name in a start tag, declares the namespaces that it declares and names the attributes.
   *
   * @param p the offset after the name
   * @param depth of the element
   * @returns the offset of the `>` or `/>`
   */
  read(p: number, element: RawName, depth: number): number {
    const { source, nameReader } = this
    let previous = element
    let read = 0
    let count = 0
    for (;;) {
      const space = p
      p = skipSpace(source.octets, p)
      const c = octetAt(source, p)
      if (c === GREATER || (c === SLASH && octetAt(source, p + 1) === GREATER)) break
      if (p === space)
        throw this.#error('Neither white space nor the end of the tag after a name or a value', p)
      if (++read > this.maxAttributes) {
        throw this.#error(`More than ${this.maxAttributes} attributes on an element`, p, 'limit')
      }
      const start = p
      let name = previous.nextAttribute
      if (name === undefined || !nameReader.isAt(name, p)) {
        name = nameReader.find(p)
        previous.nextAttribute = name
      }
      previous = name
      p = skipSpace(source.octets, p + name.octets.length)
      if (octetAt(source, p) !== EQUALS) throw this.#error('An attribute without "="', p)
      p = skipSpace(source.octets, p + 1)
      this.#rawNames[count] = name
      this.#starts[count] = p + 1
      p = this.#scanValue(p, count)
      if (name.declares === -1) count++
      else this.#declare(name, count, depth, start)
    }
    this.count = count
    for (let i = 0; i < count; i++) this.#expand(i)
    return p
  }

  /** Scans a value from its opening quote, and gives the offset after the closing one. */
  #scanValue(p: number, index: number): number {
    const { source } = this
    const { octets } = source
    const quote = octetAt(source, p)
    if (quote !== QUOTE && quote !== APOSTROPHE) throw this.#error('An attribute value without quotes', p)
    let plain = true
    for (p++; ; p++) {
      const c = octets[p] ?? 0
      const kind = VALUE[c]
      if (kind === VALUE_PLAIN) continue
      if (kind === VALUE_NORMALISED) {
        plain = false
        if (c === AMPERSAND) referencedCodePoint(source, p)
      } else if (c === quote) {
        this.#ends[index] = p
        this.#plain[index] = plain
        return p + 1
      } else if (c === LESS) {
        throw this.#error('"<" in an attribute value', p)
      } else if (p === source.end) {
        throw this.#error('An attribute value that does not end', p)
      } else if (c >= FIRST_DOUBTFUL) {
        checkDoubtful(source, p)
      } else if (c !== QUOTE && c !== APOSTROPHE) {
        throw characterNotAllowed(source, p)
      }
    }
  }

  #declare(name: RawName, index: number, depth: number, p: number): void {
    const start = this.#starts[index] ?? 0
    const end = this.#ends[index] ?? 0
    if (this.nameReader.isTooLong(start, end)) throw this.nameReader.tooLong(start)
    const last = name.declared
    const isSame = last?.octets.length === end - start && standsAt(this.source.octets, start, last.octets)
    const namespace = isSame ? last.namespace : this.#namespaceOf(name, index)
    this.nameReader.bindings.declare(name.declares, namespace, { depth, position: p, source: this.source })
  }

  /** What the attribute of a name declares: documents repeat it, and then it is not looked up again. */
  #namespaceOf(name: RawName, index: number): Namespace {
    const start = this.#starts[index] ?? 0
    const end = this.#ends[index] ?? 0
    const raw = this.source.text(start, end)
    const isPlain = this.#plain[index] === true
    const namespace = this.nameReader.names.namespace(isPlain ? raw : attributeValue(raw))
    const octets = this.source.octets.subarray(start, end)
    // A copy: a view would keep the whole document.
    name.declared = isPlain ? { octets: new Uint8Array(octets), namespace } : undefined
    return namespace
  }

  #expand(index: number): void {
    const raw = this.#rawNames[index]
    if (raw === undefined) return
    const p = this.#starts[index] ?? 0
    const name = raw.prefix === DEFAULT_PREFIX ? raw.localName : this.nameReader.expand(raw, p)
    let twice = false
    if (this.count <= FEW) {
      for (let i = 0; i < index; i++) twice ||= this.#names[i] === name
    } else {
      const distinct = index === 0 || this.#distinct === undefined ? new Set<string>() : this.#distinct
      twice = distinct.has(name)
      this.#distinct = distinct.add(name)
    }
    if (twice) throw this.#error('An attribute that stands twice on an element', p)
    this.#names[index] = name
  }

  #error(what: string, p: number, code: XmlErrorCode = 'not-well-formed'): XmlError {
    return this.source.error(what, p, code)
  }
}
