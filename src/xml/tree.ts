import { createRequire } from 'node:module'
import type * as FastXmlParser from 'fast-xml-parser'
import type { Diagnostics, SourceLocation } from '../base/diagnostic.js'
import { XML } from '../base/namespaces.js'
import { clark, type QName } from '../base/qname.js'
import { withoutDoctype } from './doctype.js'
import { positions } from './position.js'
import { XmlError, XmlReader } from './reader.js'
import { attributeValue, withoutReferences } from './reference.js'
import { trimXml } from './white-space.js'

/** By `require` the package is one file, which Node opens sooner than the forty that `import` finds. */
const { XMLParser } = createRequire(import.meta.url)('fast-xml-parser') as typeof FastXmlParser

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
 * @param options `isJudged` where this very text was read before and found to be well-formed
 * @returns the document element, or nothing when the file is not namespace-well-formed, which is then reported
 */
export function parseXmlTree(
  text: string,
  file: string,
  diagnostics: Diagnostics,
  { isJudged = false }: { readonly isJudged?: boolean } = {},
): XmlElement | undefined {
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
    if (!isJudged) checkWellFormed(markup)
    const nodes: unknown = newParser().parse(withTameInstructions(markup))
    return readContent(nodes, outermost, locate).children[0]
  } catch (error) {
    const at = error instanceof XmlError ? locate(error.position) : { file, line: 1 }
    const message = error instanceof Error ? error.message : String(error)
    const code = error instanceof XmlError && error.code === 'limit' ? 'xml-limit' : 'xml-malformed'
    diagnostics.error(code, `The file cannot be read as XML: ${message}.`, at)
    return undefined
  }
}

/** fast-xml-parser reads much that is not XML, so that everything is checked before. */
function checkWellFormed(markup: string): void {
  const reader = new XmlReader(markup, {
    maxDepth: MAX_DEPTH,
    maxAttributes: MAX_ATTRIBUTES,
    maxNameLength: MAX_NAME_LENGTH,
  })
  reader.nextElement()
  reader.skip()
  reader.end()
}

/** Takes apostrophes out of processing instructions, where fast-xml-parser sees the start of a literal in them. */
function withTameInstructions(markup: string): string {
  if (!markup.includes('<?', 1)) return markup
  return markup.replace(/<!\[CDATA\[[^]*?\]\]>|<!--[^]*?-->|<\?[^]*?\?>/g, (misc) =>
    misc.startsWith('<?') ? misc.replace(/['"]/g, ' ') : misc,
  )
}

const ATTRIBUTES = ':@'
const TEXT = '#text'
const CDATA = '#cdata'
const META = XMLParser.getMetaDataSymbol().valueOf()

function newParser(): FastXmlParser.XMLParser {
  return new XMLParser({
    preserveOrder: true,
    captureMetaData: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    ignoreDeclaration: true,
    ignorePiTags: true,
    trimValues: false,
    parseTagValue: false,
    parseAttributeValue: false,
    processEntities: false,
    textNodeName: TEXT,
    cdataPropName: CDATA,
    maxNestedTags: MAX_DEPTH + 1,
    onDangerousProperty: (name) => name,
    jPath: false,
  })
}

const outermost: NamespaceScope = {
  parent: undefined,
  declared: new Map([
    ['xml', XML],
    ['', ''],
  ]),
}

type Locate = (index: number) => SourceLocation

function readContent(
  nodes: unknown,
  scope: NamespaceScope,
  locate: Locate,
): Pick<XmlElement, 'children' | 'content'> {
  const children: XmlElement[] = []
  const content: (XmlElement | string)[] = []
  for (const node of Array.isArray(nodes) ? (nodes as unknown[]) : []) {
    if (!isRecord(node)) continue
    for (const key in node) {
      if (key === ATTRIBUTES) continue
      if (key === TEXT) content.push(withoutReferences(textOf(node[key])))
      else if (key === CDATA) content.push(sectionText(node[key]))
      else {
        const element = readElement(key, node, scope, locate)
        children.push(element)
        content.push(element)
      }
    }
  }
  return { children, content }
}

function readElement(
  tag: string,
  node: Record<PropertyKey, unknown>,
  outer: NamespaceScope,
  locate: Locate,
): XmlElement {
  const meta = node[META]
  const at = locate(isRecord(meta) && typeof meta.startIndex === 'number' ? meta.startIndex : 0)
  const raw = node[ATTRIBUTES]
  const namespaces = isRecord(raw) ? scopeOf(raw, outer) : outer
  const attributes = new Map<string, string>()
  if (isRecord(raw)) {
    for (const name in raw) {
      if (declaredPrefix(name) !== undefined) continue
      const colon = name.indexOf(':')
      const key = colon < 0 ? name : clark(expandName(name, colon, namespaces))
      attributes.set(key, valueOf(raw[name]))
    }
  }
  const name = expandName(tag, tag.indexOf(':'), namespaces)
  return { name, attributes, ...readContent(node[tag], namespaces, locate), namespaces, at }
}

function scopeOf(raw: Record<PropertyKey, unknown>, outer: NamespaceScope): NamespaceScope {
  let declared: Map<string, string> | undefined
  for (const name in raw) {
    const prefix = declaredPrefix(name)
    if (prefix !== undefined) (declared ??= new Map()).set(prefix, valueOf(raw[name]))
  }
  return declared ? { parent: outer, declared } : outer
}

function declaredPrefix(attribute: string): string | undefined {
  if (!attribute.startsWith('xmlns')) return undefined
  return attribute === 'xmlns' ? '' : attribute.charAt(5) === ':' ? attribute.slice(6) : undefined
}

function expandName(name: string, colon: number, scope: NamespaceScope): QName {
  return {
    namespace: namespaceOf(scope, colon < 0 ? '' : name.slice(0, colon)) ?? '',
    localName: name.slice(colon + 1),
  }
}

function namespaceOf(scope: NamespaceScope, prefix: string): string | undefined {
  for (let s: NamespaceScope | undefined = scope; s; s = s.parent) {
    const namespace = s.declared.get(prefix)
    if (namespace !== undefined) return namespace
  }
  return undefined
}

function valueOf(raw: unknown): string {
  const text = textOf(raw)
  return /[&\t\n\r]/.test(text) ? attributeValue(text) : text
}

function sectionText(nodes: unknown): string {
  if (!Array.isArray(nodes)) return textOf(nodes)
  return (nodes as unknown[]).map((part) => (isRecord(part) ? textOf(part[TEXT]) : '')).join('')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null
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
