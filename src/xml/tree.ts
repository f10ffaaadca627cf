import type { Diagnostics, SourceLocation } from '../base/diagnostic/diagnostic.js'
import { XML } from '../base/namespaces.js'
import type { QName } from '../base/qname.js'
import { SLASH } from './chars.js'
import { textToTag } from './content.js'
import { withoutDoctype } from './doctype.js'
import { XmlError } from './error.js'
import { positions } from './position.js'
import { TagReader } from './tag-reader.js'
import { trimXml } from './white-space.js'

/** Bounds on a contract file: nobody writes such a one by hand, and no reader of ours recurses deeper. */
export const MAX_DEPTH = 200
export const MAX_CHARACTERS = 64 * 1024 * 1024
const MAX_ATTRIBUTES = 4096
const MAX_NAME_LENGTH = 4096

/** An element of a contract file, names resolved, read only. */
export interface XmlElement {
  readonly name: QName
  /** By Clark name; namespace declarations are left out. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly XmlElement[]
  /** Child elements and character data in document order. */
  readonly content: readonly (XmlElement | string)[]
  readonly namespaces: NamespaceScope
  readonly at: SourceLocation
}

/** Namespace declarations of an element; those of its ancestors lie behind `parent`. */
export interface NamespaceScope {
  readonly parent: NamespaceScope | undefined
  /** Namespace name by prefix; '' is the default namespace. */
  readonly declared: ReadonlyMap<string, string>
}

/**
 * Reads a contract file (Extensible Markup Language 1.0, Namespaces in XML 1.0). A document type declaration is
 * passed over, nothing that it declares is ever expanded or fetched.
 *
 * @param file its name in diagnostics
 * @returns the document element, or nothing when the file is not namespace-well-formed, which is then reported
 */
export function parseXmlTree(text: string, file: string, diagnostics: Diagnostics): XmlElement | undefined {
  if (text.length > MAX_CHARACTERS) {
    diagnostics.error('xml-size', `The file has more than ${MAX_CHARACTERS} characters.`, { file, line: 1 })
    return undefined
  }
  const { markup, doctypeAt } = withoutDoctype(text.startsWith('\uFEFF') ? text.slice(1) : text)
  const locate = positions(markup, file)
  if (doctypeAt !== undefined) {
    diagnostics.note('xml-doctype', 'The document type declaration is ignored.', locate(doctypeAt))
  }
  try {
    return new TreeReader(markup, locate).read()
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    const code = error.code === 'limit' ? 'xml-limit' : 'xml-malformed'
    const message = `The file cannot be read as XML: ${error.message}.`
    diagnostics.error(code, message, locate(error.position))
    return undefined
  }
}

type Locate = (index: number) => SourceLocation

const outermost: NamespaceScope = {
  parent: undefined,
  declared: new Map([
    ['xml', XML],
    ['', ''],
  ]),
}

/** Most elements of schemas have nothing in them, and many no attributes. */
const NOTHING: readonly XmlElement[] = []
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

/** Keeps what it reads, and where each element begins. */
class TreeReader extends TagReader {
  readonly #locate: Locate
  /** By Clark name: a document has few. */
  readonly #names = new Map<string, QName>()

  constructor(markup: string, locate: Locate) {
    super(markup, { maxDepth: MAX_DEPTH, maxAttributes: MAX_ATTRIBUTES, maxNameLength: MAX_NAME_LENGTH })
    this.#locate = locate
  }

  /**
   * @returns the document element
   * @throws XmlError where the document is not namespace-well-formed, and `limit`
   */
  read(): XmlElement {
    this.nextElement()
    const root = this.#element(outermost)
    this.end()
    return root
  }

  /** The element whose start tag was read last. */
  #element(outer: NamespaceScope): XmlElement {
    const declared = this.bindings.declaredAt(this.depth)
    const namespaces = declared ? { parent: outer, declared } : outer
    const { name, attributes, at } = this.#start()
    return { name, attributes, ...this.#content(namespaces), namespaces, at }
  }

  #start(): Pick<XmlElement, 'name' | 'attributes' | 'at'> {
    const at = this.#locate(this.position)
    let name = this.#names.get(this.name)
    if (!name) {
      const { namespace, localName } = this
      this.#names.set(this.name, (name = { namespace, localName }))
    }
    const count = this.attributeCount
    if (count === 0) return { name, attributes: NO_ATTRIBUTES, at }
    const attributes = new Map<string, string>()
    for (let i = 0; i < count; i++) attributes.set(this.attributeName(i), this.attributeValue(i))
    return { name, attributes, at }
  }

  /** What is left of the element, which its parent is current after. */
  #content(namespaces: NamespaceScope): Pick<XmlElement, 'children' | 'content'> {
    if (this.leaveEmpty()) return { children: NOTHING, content: NOTHING }
    const children: XmlElement[] = []
    let content: (XmlElement | string)[] | undefined
    for (;;) {
      const { text, end } = textToTag(this.source, this.octetsRead)
      if (end === this.source.end) throw this.endsEarly()
      if (text !== '') (content ??= [...children]).push(text)
      if (this.octets[end + 1] === SLASH) {
        this.endTag(end)
        return { children, content: content ?? children }
      }
      this.startTag(end)
      const child = this.#element(namespaces)
      children.push(child)
      content?.push(child)
    }
  }
}

function namespaceOf(scope: NamespaceScope, prefix: string): string | undefined {
  for (let s: NamespaceScope | undefined = scope; s; s = s.parent) {
    const namespace = s.declared.get(prefix)
    if (namespace !== undefined) return namespace
  }
  return undefined
}

/** What may stand as a local name or a prefix; only names that a prefix or a component answers to matter. */
const ncName = /^[\p{L}\p{Nl}_][\p{L}\p{M}\p{N}_\-.·]*$/u

/**
 * Reads a QName in an attribute value or in text, by the namespaces in scope there (XML Schema Part 2, 3.2.18):
 * without a prefix it is in the default namespace.
 *
 * @returns nothing when it is not a QName or its prefix is not declared
 */
export function resolveQName(element: XmlElement, lexical: string): QName | undefined {
  const name = trimXml(lexical)
  const colon = name.indexOf(':')
  const localName = name.slice(colon + 1)
  if (!ncName.test(localName) || colon === 0) return undefined
  const namespace = namespaceOf(element.namespaces, colon < 0 ? '' : name.slice(0, colon))
  return namespace === undefined ? undefined : { namespace, localName }
}

/** An attribute without a namespace. */
export function attributeOf(element: XmlElement, localName: string): string | undefined {
  return element.attributes.get(localName)
}

/** All character data below an element, in order. */
export function textContent(element: XmlElement): string {
  return element.content.map((part) => (typeof part === 'string' ? part : textContent(part))).join('')
}

export function childrenNamed(element: XmlElement, namespace: string, localName: string): XmlElement[] {
  return element.children.filter((c) => c.name.localName === localName && c.name.namespace === namespace)
}
