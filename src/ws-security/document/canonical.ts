import { SOAP_ENCODING_11, SOAP_ENCODING_12, XML, XSI } from '../../base/namespaces.js'
import { trimXml } from '../../xml/white-space.js'
import { type AttributeNode, type ElementNode, namespaceOf, type PrefixScope } from './document.js'

// xml-crypto canonicalises too, and cannot be used for it. Its 6.3.2 writes the data of a processing instruction as if
// it were text, so that a signed text can be hidden in one without breaking the signature; it leaves out attributes
// whose names begin with "xmlns", and sorts prefixes by the rules of the locale and attributes by namespace and name run
// together, so that its digests are not those of other stacks. It also reads documents with a parser that repairs
// what is not well-formed, so that what was verified is not what our decoder reads.

export interface CanonicalForm {
  readonly bytes: string
  /** Prefixes used in values that are QNames, `xsi:type` and the like, whose declarations are not part of `bytes`. */
  readonly uncovered: ReadonlySet<string>
}

/** The canonical form is longer than it may be: a long namespace name is written again for each of many siblings. */
export class CanonicalFormTooLong extends Error {
  override readonly name = 'CanonicalFormTooLong'
}

export const QNAME_ATTRIBUTES = new Set([
  `{${XSI}}type`,
  `{${SOAP_ENCODING_11}}arrayType`,
  `{${SOAP_ENCODING_12}}itemType`,
])

/**
 * Exclusive XML Canonicalization 1.0 of an element, without comments.
 *
 * @param inclusivePrefixes PrefixList of InclusiveNamespaces; '' stands for `#default`
 * @param maxLength in UTF-16 code units
 * @throws CanonicalFormTooLong
 */
export function canonicalise(
  element: ElementNode,
  inclusivePrefixes: readonly string[] = [],
  maxLength = Number.MAX_SAFE_INTEGER,
): CanonicalForm {
  const canonical = new Canonicaliser(inclusivePrefixes, maxLength)
  canonical.element(element, NOTHING_RENDERED)
  return { bytes: canonical.bytes, uncovered: canonical.uncovered }
}

/**
 * Canonical XML 1.0 and 1.1 of an element within its document, without comments: with all namespaces that are in force, and
 * with the attributes `xml:lang` and `xml:space` of the nearest ancestors that have them.
 *
 * @param ancestors of the element, outermost first
 * @throws CanonicalFormTooLong
 * @throws UnsupportedInheritance where 1.0 and 1.1 differ: an ancestor has `xml:base` or `xml:id`
 */
export function canonicaliseInclusively(
  element: ElementNode,
  ancestors: readonly ElementNode[],
  maxLength = Number.MAX_SAFE_INTEGER,
): CanonicalForm {
  const inherited = new Map<string, AttributeNode>()
  for (const { attributes } of ancestors) {
    for (const attribute of attributes) {
      if (attribute.prefix !== 'xml') continue
      if (attribute.localName !== 'lang' && attribute.localName !== 'space')
        throw new UnsupportedInheritance()
      inherited.set(attribute.localName, attribute)
    }
  }
  for (const { prefix, localName } of element.attributes) if (prefix === 'xml') inherited.delete(localName)
  const apex = { ...element, attributes: [...element.attributes, ...inherited.values()] }
  const canonical = new Canonicaliser([], maxLength, { isInclusive: true })
  canonical.element(apex, NOTHING_RENDERED)
  return { bytes: canonical.bytes, uncovered: canonical.uncovered }
}

/** Attributes of ancestors that Canonical XML 1.0 and 1.1 treat differently, and libraries in ways of their own. */
export class UnsupportedInheritance extends Error {
  override readonly name = 'UnsupportedInheritance'
}

/**
 * The octets that the STR-Transform makes of a token (SOAP Message Security 1.1, section 8.3): its canonical form, with the
 * default namespace said where there is none.
 *
 * @throws CanonicalFormTooLong
 */
export function canonicalToken(
  token: ElementNode,
  inclusivePrefixes: readonly string[] = [],
  maxLength = Number.MAX_SAFE_INTEGER,
): CanonicalForm {
  const form = canonicalise(token, inclusivePrefixes, maxLength)
  const tagEnd = form.bytes.indexOf('>')
  if (/\sxmlns="/.test(form.bytes.slice(0, tagEnd))) return form
  const nameEnd = form.bytes.search(/[\s>]/)
  return { ...form, bytes: `${form.bytes.slice(0, nameEnd)} xmlns=""${form.bytes.slice(nameEnd)}` }
}

const NOTHING_RENDERED: PrefixScope = { parent: undefined, declared: new Map() }

class Canonicaliser {
  bytes = ''
  readonly uncovered = new Set<string>()
  readonly #inclusive: readonly string[]
  readonly #maxLength: number
  readonly #isInclusive: boolean

  constructor(inclusive: readonly string[], maxLength: number, { isInclusive = false } = {}) {
    this.#inclusive = inclusive
    this.#maxLength = maxLength
    this.#isInclusive = isInclusive
  }

  /** @param outer the declarations written so far, of ancestors within the form */
  element(element: ElementNode, outer: PrefixScope): void {
    const { prefix, localName, attributes, children } = element
    const tag = prefix === '' ? localName : `${prefix}:${localName}`
    const { rendered, declarations } = this.#declarations(element, outer)
    let written = `<${tag}${declarations}`
    for (const attribute of attributes.length > 1 ? [...attributes].sort(byName) : attributes) {
      const name =
        attribute.prefix === '' ? attribute.localName : `${attribute.prefix}:${attribute.localName}`
      written += ` ${name}="${escapeAttribute(attribute.value)}"`
      if (QNAME_ATTRIBUTES.has(attribute.name)) this.#checkPrefix(attribute.value, element, rendered)
    }
    this.#write(`${written}>`)
    for (const child of children) {
      if (typeof child === 'string') this.#write(escapeText(child))
      else if (child.kind === 'element') this.element(child, rendered)
      else this.#write(`<?${child.target}${child.data === '' ? '' : ` ${child.data}`}?>`)
    }
    this.#write(`</${tag}>`)
  }

  /** Exclusive XML Canonicalization 1.0, section 3: what is visibly utilised, or on the PrefixList. */
  #declarations(element: ElementNode, outer: PrefixScope): { rendered: PrefixScope; declarations: string } {
    let added = missing(undefined, outer, element.prefix, element.namespace)
    for (const { prefix, namespace } of element.attributes) {
      if (prefix !== '') added = missing(added, outer, prefix, namespace)
    }
    for (const prefix of this.#isInclusive ? prefixesIn(element.scope) : this.#inclusive) {
      added = missing(added, outer, prefix, namespaceOf(element.scope, prefix))
    }
    if (added === undefined) return { rendered: outer, declarations: '' }
    const declarations = [...added]
      .sort(([a], [b]) => byCodePoint(a, b))
      .map(([prefix, uri]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeAttribute(uri)}"`)
    return { rendered: { parent: outer, declared: added }, declarations: declarations.join('') }
  }

  #checkPrefix(value: string, { scope }: ElementNode, rendered: PrefixScope): void {
    const name = trimXml(value)
    const prefix = name.slice(0, Math.max(0, name.indexOf(':')))
    if (namespaceOf(scope, prefix) !== namespaceOf(rendered, prefix)) this.uncovered.add(prefix)
  }

  #write(text: string): void {
    this.bytes += text
    if (this.bytes.length > this.#maxLength) throw new CanonicalFormTooLong()
  }
}

function prefixesIn(scope: PrefixScope): ReadonlySet<string> {
  const prefixes = new Set<string>()
  for (let at: PrefixScope | undefined = scope; at; at = at.parent) {
    for (const prefix of at.declared.keys()) prefixes.add(prefix)
  }
  return prefixes
}

/** Adds a declaration that is not in force yet. */
function missing(
  added: Map<string, string> | undefined,
  outer: PrefixScope,
  prefix: string,
  namespace: string,
): Map<string, string> | undefined {
  if (prefix === 'xml' || namespaceOf(outer, prefix) === namespace) return added
  return (added ?? new Map<string, string>()).set(prefix, namespace)
}

/** Canonical XML 1.0, section 2.2: by namespace name, then by local name; those without a namespace first. */
function byName(a: AttributeNode, b: AttributeNode): number {
  return byCodePoint(namespaceKey(a), namespaceKey(b)) || byCodePoint(a.localName, b.localName)
}

function namespaceKey({ prefix, namespace }: AttributeNode): string {
  return prefix === 'xml' ? XML : namespace
}

const SURROGATE = /[\ud800-\udfff]/

/** The order of code points is that of UTF-8 bytes, but not that of UTF-16 code units. */
function byCodePoint(a: string, b: string): number {
  if (SURROGATE.test(a) || SURROGATE.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return a < b ? -1 : a > b ? 1 : 0
}

const IN_TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' }
const IN_ATTRIBUTE: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
}

/** Canonical XML 1.0, section 2.3. */
function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (c) => IN_TEXT[c] ?? c) : text
}

function escapeAttribute(text: string): string {
  return /[&<"\t\n\r]/.test(text) ? text.replace(/[&<"\t\n\r]/g, (c) => IN_ATTRIBUTE[c] ?? c) : text
}
