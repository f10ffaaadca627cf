import { AdapterError } from '../../base/errors.js'
import type { LenientKind } from '../../base/lenient-kind.js'
import { SOAP_RPC_12, XSI } from '../../base/namespaces.js'
import { clark } from '../../base/qname.js'
import type {
  Alternative,
  ContentMapping,
  ElementMapping,
  ObjectMapping,
  PolymorphicMapping,
  ScalarMapping,
  ValueMapping,
} from '../../mapping/canonical/value-mapping.js'
import type { BodyMapping } from '../../mapping/operation/mapping.js'
import { escapeAttribute, escapeText } from '../../xml/escape.js'
import { withoutXmlLimits, XmlError, XmlReader } from '../../xml/reader.js'
import { NilAttributes } from '../elements/nil-attributes.js'
import { isDeclared } from '../elements/stray-attribute.js'
import type { Leniency } from '../leniency.js'
import { respelled } from './numbers.js'
import { Places } from './places.js'
import { REF } from './references.js'

const RPC_RESULT = `{${SOAP_RPC_12}}result`
const NO_ATTRIBUTES: ReadonlySet<string> = new Set()

/**
 * Makes of a response that is not what its WSDL says one that is, as far as the contract forgives it: by edits of its text,
 * so that the codec which reads strictly reads it afterwards. What is not forgiven stays as it stands, for that codec to
 * refuse.
 */
export class Repair {
  /** What was made use of. */
  readonly used = new Set<LenientKind>()

  constructor(
    readonly leniency: Leniency,
    readonly places: PlacesOfContents,
  ) {}

  /**
   * @param xml an envelope
   * @returns the same with another content of soap:Body
   * @throws XmlError where there is text between elements
   */
  body(xml: string, mapping: BodyMapping): string {
    const wrapped = this.#wrapped(xml, mapping)
    const reader = readerAtBody(wrapped)
    const start = reader.offset
    if (wrapped.startsWith('/>', start - 2)) return wrapped
    const { wrapper, object } = mapping
    const content = wrapper
      ? this.#wrapper(reader, clark(wrapper), object)
      : this.#children(reader, this.places.of(object.content))
    return wrapped.slice(0, start) + content + wrapped.slice(reader.position)
  }

  /**
   * @param xml an element as a document of its own
   * @returns the same, with what is forgiven repaired
   * @throws XmlError where there is text between elements
   */
  element(xml: string, value: ValueMapping): string {
    return this.#element(readerAt(xml), { value })
  }

  #wrapper(reader: XmlReader, name: string, object: ObjectMapping): string {
    let content = ''
    while (reader.nextElement()) {
      if (reader.name === name) content += this.#object(reader, object)
      else if (content !== '' && this.#uses('unknownElements')) reader.skip()
      else content += asItStands(reader)
    }
    return content
  }

  /** Puts the wrapper around what should be in it. */
  #wrapped(xml: string, { wrapper, object }: BodyMapping): string {
    if (!wrapper || !this.leniency.allows('absentWrapper')) return xml
    const reader = readerAtBody(xml)
    const start = reader.offset
    const tagStart = reader.position
    const isEmpty = xml.startsWith('/>', start - 2)
    const places = this.places.of(object.content)
    if (reader.nextElement() && !places.of(reader.name)) return xml
    const { localName, namespace } = wrapper
    const open = `<wrapper:${localName} xmlns:wrapper="${escapeAttribute(namespace)}">`
    const close = `</wrapper:${localName}>`
    this.used.add('absentWrapper')
    if (isEmpty) {
      const name = nameIn(xml.slice(tagStart, start))
      return `${xml.slice(0, start - 2)}>${open}${close}</${name}>${xml.slice(start)}`
    }
    const inside = readerAtBody(xml)
    while (inside.nextElement()) inside.skip()
    const end = inside.position
    return xml.slice(0, start) + open + xml.slice(start, end) + close + xml.slice(end)
  }

  #nil(reader: XmlReader, element: RepairedElement): string {
    const attributes = new NilAttributes(element)
    const head = this.#startTag(reader, (name) => attributes.forgivenBy(name))
    const { offset, document } = reader
    reader.skip()
    return head + document.slice(offset, reader.offset)
  }

  #element(reader: XmlReader, element: RepairedElement): string {
    if (reader.attributeCount > 0 && reader.isNil()) return this.#nil(reader, element)
    const { value } = element
    switch (value.kind) {
      case 'xml':
      case 'document':
        return asItStands(reader)
      case 'scalar':
        return this.#scalar(
          reader,
          value,
          this.#startTag(reader, value.anyAttributes ? anyAttribute : onlyDeclared(NO_ATTRIBUTES)),
        )
      case 'array': {
        const { attributeWildcard } = value.type
        const head = this.#startTag(reader, attributeWildcard ? anyAttribute : onlyDeclared(NO_ATTRIBUTES))
        return this.#content(reader, head, this.places.of(value.item))
      }
      case 'object':
        return this.#object(reader, value)
      case 'polymorphic':
        return this.#polymorphic(reader, value)
    }
  }

  /** @param more attributes that the start tag gets */
  #object(reader: XmlReader, { type, attributes, text, content }: ObjectMapping, more = ''): string {
    const declared = new Set(attributes.map(({ name }) => clark(name)))
    const isOpen = type.attributeWildcard !== undefined || type.encoded !== undefined
    const head = this.#startTag(reader, isOpen ? anyAttribute : onlyDeclared(declared), more)
    return text
      ? this.#scalar(reader, text.value, head)
      : this.#content(reader, head, this.places.of(content))
  }

  #polymorphic(reader: XmlReader, mapping: PolymorphicMapping): string {
    const type = reader.typeName()
    const found = mapping.alternatives.find(({ typeName, isDeclared: declared }) =>
      type === undefined ? declared : typeName && clark(typeName) === type,
    )
    if (found) return this.#object(reader, found.mapping)
    if (type !== undefined || !this.leniency.allows('absentTypes')) return asItStands(reader)
    const xml = reader.fragment()
    const only = this.#only(xml, mapping.alternatives)
    if (!only?.typeName) return xml
    this.used.add('absentTypes')
    const { namespace, localName } = only.typeName
    const declarations = ` xmlns:type="${escapeAttribute(namespace)}" xmlns:instance="${XSI}"`
    return this.#object(readerAt(xml), only.mapping, `${declarations} instance:type="type:${localName}"`)
  }

  /** The one type that has a place for each child and misses none. */
  #only(xml: string, alternatives: readonly Alternative[]): Alternative | undefined {
    const names = new Set<string>()
    const reader = readerAt(xml)
    while (reader.nextElement()) {
      names.add(reader.name)
      reader.skip()
    }
    const [only, ...others] = alternatives.filter(({ mapping, typeName }) => {
      const places = this.places.of(mapping.content)
      const isKnown = [...names].every((name) => places.of(name) !== undefined)
      return (
        typeName &&
        typeName.namespace !== '' &&
        isKnown &&
        [...places.required].every((name) => names.has(name))
      )
    })
    return others.length === 0 ? only : undefined
  }

  #scalar(reader: XmlReader, mapping: ScalarMapping, head: string): string {
    const start = reader.offset
    if (head.endsWith('/>') || reader.hasElements()) {
      reader.skip()
      return head + reader.document.slice(start, reader.offset)
    }
    const found = respelled(mapping, reader.text())
    const end = reader.offset
    if (!found || !this.#uses(found.kind)) return head + reader.document.slice(start, end)
    return (
      head + escapeText(found.text) + reader.document.slice(reader.document.lastIndexOf('</', end - 1), end)
    )
  }

  #content(reader: XmlReader, head: string, places: Places): string {
    if (head.endsWith('/>')) {
      reader.skip()
      return head
    }
    const children = this.#children(reader, places)
    return head + children + reader.document.slice(reader.position, reader.offset)
  }

  #children(reader: XmlReader, places: Places): string {
    const pieces: { readonly xml: string; readonly order: number | undefined }[] = []
    while (reader.nextElement()) {
      const place = places.of(reader.name)
      if (place) pieces.push({ xml: this.#element(reader, place.mapping), order: place.order })
      else if (this.#isUnknown(reader, places) && this.#uses('unknownElements')) reader.skip()
      else pieces.push({ xml: asItStands(reader), order: undefined })
    }
    const isSortable = places.isOrdered && pieces.every(({ order }) => order !== undefined)
    const orderOf = ({ order = 0 }: { readonly order: number | undefined }): number => order
    const isSorted = pieces.every((piece, i) => i === 0 || orderOf(piece) >= orderOf(pieces[i - 1] ?? piece))
    if (isSortable && !isSorted && this.#uses('order')) pieces.sort((a, b) => orderOf(a) - orderOf(b))
    return pieces.map(({ xml }) => xml).join('')
  }

  #isUnknown(reader: XmlReader, places: Places): boolean {
    return !places.isOpen(reader.namespace) && reader.name !== RPC_RESULT
  }

  /** @param forgivenBy says of an attribute what must be forgiven for it to go */
  #startTag(reader: XmlReader, forgivenBy: AttributeRule, more = ''): string {
    const { document, position, offset } = reader
    let tag = ''
    let from = position
    for (let i = 0; i < reader.attributeCount; i++) {
      const name = reader.attributeName(i)
      // Without its reference an element would be read as an empty one.
      const kind = name === REF ? undefined : forgivenBy(name)
      if (kind === undefined || !this.#uses(kind)) continue
      const { start, end } = reader.attributeSpan(i)
      tag += document.slice(from, start)
      from = end
    }
    tag += document.slice(from, offset)
    const name = nameIn(tag)
    return more === '' ? tag : `<${name}${more}${tag.slice(name.length + 1)}`
  }

  #uses(kind: LenientKind): boolean {
    if (!this.leniency.allows(kind)) return false
    this.used.add(kind)
    return true
  }
}

/** @returns what must be forgiven for an attribute to go; undefined where it stays */
type AttributeRule = (name: string) => LenientKind | undefined

const anyAttribute: AttributeRule = () => undefined

function onlyDeclared(declared: ReadonlySet<string>): AttributeRule {
  return (name) => (isDeclared(name, declared) ? undefined : 'unknownAttributes')
}

type RepairedElement = Pick<ElementMapping, 'value' | 'accessor'>

/** Places are found once for each content model. */
export class PlacesOfContents {
  readonly #known = new Map<ContentMapping | undefined, Places>()

  of(content: ContentMapping | undefined): Places {
    let places = this.#known.get(content)
    if (!places) {
      places = new Places(content)
      this.#known.set(content, places)
    }
    return places
  }
}

/** @param xml an envelope that has been read before @returns a reader on the start tag of its Body */
export function readerAtBody(xml: string): XmlReader {
  const reader = readerAt(xml)
  while (reader.nextElement() && reader.localName !== 'Body') reader.skip()
  return reader
}

/** @param xml a document that has been read before @returns a reader on its root element */
export function readerAt(xml: string): XmlReader {
  const reader = new XmlReader(xml, withoutXmlLimits)
  reader.nextElement()
  return reader
}

/** Is it about the WSDL, and not about XML? */
export function isMismatch(error: unknown): boolean {
  if (error instanceof XmlError)
    return ['unexpected-text', 'unexpected-element', 'lexical'].includes(error.code)
  return error instanceof AdapterError && error.code === 'backend-mismatch'
}

function asItStands(reader: XmlReader): string {
  const start = reader.position
  reader.skip()
  return reader.document.slice(start, reader.offset)
}

function nameIn(tag: string): string {
  return /^<([^\s/>]+)/.exec(tag)?.[1] ?? ''
}
