import { XML } from '../../base/namespaces.js'
import { clark } from '../../base/qname.js'
import { normaliseLineEnds } from '../../xml/chars.js'
import { XmlReader } from '../../xml/reader.js'
import { attributeValue, withoutReferences } from '../../xml/reference.js'
import { trimXml } from '../../xml/white-space.js'

/** A document with all that canonicalisation needs – prefixes, mixed content – and where each element stands. */
export interface SignedDocument {
  readonly text: string
  readonly root: ElementNode
  /** First and last offset of each comment; no signature covers them. */
  readonly comments: readonly Span[]
}

export interface Span {
  readonly start: number
  readonly end: number
}

export interface ElementNode extends Span {
  readonly kind: 'element'
  readonly prefix: string
  readonly localName: string
  readonly namespace: string
  /** In Clark notation. */
  readonly name: string
  /** Namespace declarations left out. */
  readonly attributes: readonly AttributeNode[]
  readonly scope: PrefixScope
  readonly children: readonly ChildNode[]
  /** Offset of the end tag; `end` where the element is written `<a/>`. */
  readonly contentEnd: number
}

export type ChildNode = ElementNode | InstructionNode | string

export interface AttributeNode {
  readonly prefix: string
  readonly localName: string
  readonly namespace: string
  readonly name: string
  readonly value: string
}

export interface InstructionNode {
  readonly kind: 'instruction'
  readonly target: string
  readonly data: string
}

/** Declarations of one element; those of its ancestors lie behind `parent`. '' is the default namespace. */
export interface PrefixScope {
  readonly parent: PrefixScope | undefined
  readonly declared: ReadonlyMap<string, string>
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }
type OpenElement = Mutable<Omit<ElementNode, 'children'>> & { children: ChildNode[] }

// White space is that of XML: \s has U+1680 and U+FEFF, which may stand in names.
const S = '[ \\t\\r\\n]'
const TAG = new RegExp(
  `<([^ \\t\\r\\n/>]+)((?:${S}+[^ \\t\\r\\n=/>]+${S}*=${S}*(?:"[^"]*"|'[^']*'))*)${S}*(/?)>`,
  'y',
)
const ATTRIBUTE = new RegExp(`${S}+([^ \\t\\r\\n=]+)${S}*=${S}*(?:"([^"]*)"|'([^']*)')`, 'gy')
const INSTRUCTION = /([^ \t\r\n]+)[ \t\r\n]*([^]*)/

const OUTERMOST: PrefixScope = { parent: undefined, declared: new Map([['xml', XML]]) }

/**
 * Reads a document for signing and verifying. It is read by {@link XmlReader} first, the very reader that decodes it
 * later, so that nothing which that one refuses or reads otherwise gets past a signature.
 *
 * @throws XmlError
 */
export function readSignedDocument(text: string): SignedDocument {
  const reader = new XmlReader(text)
  reader.nextElement()
  reader.skip()
  reader.end()
  return new DocumentReader(text).read()
}

/** The offset after the start tag at `p` of a well-formed document. */
export function startTagEnd(text: string, p: number): number {
  TAG.lastIndex = p
  return TAG.test(text) ? TAG.lastIndex : p
}

/** Goes through a document that is known to be well-formed. */
class DocumentReader {
  readonly #text: string
  readonly #comments: Span[] = []
  readonly #open: OpenElement[] = []
  #root: OpenElement | undefined

  constructor(text: string) {
    this.#text = text
  }

  read(): SignedDocument {
    const text = this.#text
    for (let p = text.indexOf('<'); p !== -1;) {
      const end = this.#markup(p)
      const next = text.indexOf('<', end)
      if (next > end) this.#append(characters(text.slice(end, next)))
      p = next
    }
    if (!this.#root) throw new Error('A well-formed document has a root element')
    return { text, root: this.#root, comments: this.#comments }
  }

  /** @returns the offset after the markup at `p` */
  #markup(p: number): number {
    const text = this.#text
    if (text.startsWith('<!--', p)) {
      const end = text.indexOf('-->', p + 4) + 3
      this.#comments.push({ start: p, end })
      return end
    }
    if (text.startsWith('<![CDATA[', p)) {
      const end = text.indexOf(']]>', p + 9)
      this.#append(normaliseLineEnds(text.slice(p + 9, end)))
      return end + 3
    }
    if (text.startsWith('<?', p)) return this.#instruction(p)
    if (text.startsWith('</', p)) return this.#endTag(p)
    return this.#startTag(p)
  }

  #instruction(p: number): number {
    const end = this.#text.indexOf('?>', p + 2)
    const [, target = '', data = ''] = INSTRUCTION.exec(normaliseLineEnds(this.#text.slice(p + 2, end))) ?? []
    this.#open.at(-1)?.children.push({ kind: 'instruction', target, data })
    return end + 2
  }

  #endTag(p: number): number {
    const end = this.#text.indexOf('>', p) + 1
    const element = this.#open.pop()
    if (element) {
      element.contentEnd = p
      element.end = end
    }
    return end
  }

  #startTag(p: number): number {
    TAG.lastIndex = p
    const [, tag = '', markup = '', slash = ''] = TAG.exec(this.#text) ?? []
    const end = TAG.lastIndex
    const parent = this.#open.at(-1)
    const { scope, attributes } = attributesIn(markup, parent?.scope ?? OUTERMOST)
    const { prefix, localName, namespace, name } = expanded(tag, scope, { useDefault: true })
    const element: OpenElement = {
      kind: 'element',
      prefix,
      localName,
      namespace,
      name,
      attributes,
      scope,
      children: [],
      start: p,
      contentEnd: end,
      end,
    }
    if (parent) parent.children.push(element)
    else this.#root ??= element
    if (slash === '') this.#open.push(element)
    return end
  }

  #append(text: string): void {
    this.#open.at(-1)?.children.push(text)
  }
}

function attributesIn(
  markup: string,
  outer: PrefixScope,
): { scope: PrefixScope; attributes: readonly AttributeNode[] } {
  if (markup === '') return { scope: outer, attributes: NONE }
  const raw: [string, string][] = []
  let declared: Map<string, string> | undefined
  for (const [, name = '', quoted, apostrophised = ''] of markup.matchAll(ATTRIBUTE)) {
    const literal = quoted ?? apostrophised
    const value = attributeValue(literal)
    if (name === 'xmlns') (declared ??= new Map()).set('', value)
    else if (name.startsWith('xmlns:')) (declared ??= new Map()).set(name.slice(6), value)
    else raw.push([name, value])
  }
  const scope = declared ? { parent: outer, declared } : outer
  return {
    scope,
    attributes: raw.map(([name, value]) => ({ ...expanded(name, scope, { useDefault: false }), value })),
  }
}

const NONE: readonly AttributeNode[] = []

function expanded(
  tag: string,
  scope: PrefixScope,
  { useDefault }: { readonly useDefault: boolean },
): Pick<ElementNode, 'prefix' | 'localName' | 'namespace' | 'name'> {
  const colon = tag.indexOf(':')
  const prefix = colon === -1 ? '' : tag.slice(0, colon)
  const localName = tag.slice(colon + 1)
  const namespace = prefix === '' && !useDefault ? '' : namespaceOf(scope, prefix)
  return { prefix, localName, namespace, name: clark({ namespace, localName }) }
}

/** The namespace of a prefix; '' where the default namespace is none. */
export function namespaceOf(scope: PrefixScope, prefix: string): string {
  for (let s: PrefixScope | undefined = scope; s; s = s.parent) {
    const namespace = s.declared.get(prefix)
    if (namespace !== undefined) return namespace
  }
  return ''
}

/** Text outside CDATA sections: line ends normalised, then references expanded. */
function characters(raw: string): string {
  return withoutReferences(normaliseLineEnds(raw))
}

export function childElements(element: ElementNode): ElementNode[] {
  return element.children.filter((child): child is ElementNode => isElement(child))
}

export function isElement(node: ChildNode): node is ElementNode {
  return typeof node !== 'string' && node.kind === 'element'
}

/** The value of an attribute, its name in Clark notation. */
export function attributeOf(element: ElementNode, name: string): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name)?.value
}

/** The character data of an element that has no child elements; undefined where it has some. */
export function textOf(element: ElementNode): string | undefined {
  let text = ''
  for (const child of element.children) {
    if (typeof child !== 'string') return undefined
    text += child
  }
  return trimXml(text)
}

/** An element and all below it, in document order. */
export function descendants(element: ElementNode, found: ElementNode[] = []): readonly ElementNode[] {
  found.push(element)
  for (const child of element.children) if (isElement(child)) descendants(child, found)
  return found
}
