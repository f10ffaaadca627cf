import { FixedOctets } from '../base/bytes/fixed.js'
import { XML } from '../base/namespaces.js'
import { isNameStart } from './chars.js'
import { Namespace } from './namespace.js'
import type { XmlSource } from './source.js'
import { WrittenTag } from './written-tag.js'

/** Prefix ids that every table has. */
export const DEFAULT_PREFIX = 0
export const XML_PREFIX = 1
export const XMLNS_PREFIX = 2

const MAX_NAMES = 4096
/** Above so many prefixes a new reader gets a new table; those of one document have a limit of their own. */
const MANY_PREFIXES = 512
const SLOTS = 1024

/** A qualified name as it stands in documents (Namespaces in XML, production [7]), with what it meant last time. */
export class RawName {
  /** What the prefix was bound to when `expanded` was made. */
  namespace: Namespace | undefined
  /** In Clark notation. */
  expanded = ''
  /** Guesses, which spare a look-up where documents repeat themselves. */
  nextElement: RawName | undefined
  nextAttribute: RawName | undefined
  /** The last start tag with attributes that came more than once, and what those of the very last one said. */
  attributedTag: WrittenTag | undefined
  attributedMeaning: string | undefined
  /** The namespace that an attribute of this name declared last, and its octets, which no reference stood for. */
  declared: { readonly octets: Uint8Array; readonly namespace: Namespace } | undefined

  readonly raw: string
  /** In UTF-8. */
  readonly octets: Uint8Array
  /** Id of its prefix. */
  readonly prefix: number
  readonly localName: string
  /** Id of the prefix that an attribute of this name declares; -1 where it declares none. */
  readonly declares: number
  #bareTag: WrittenTag | undefined
  #endTag: FixedOctets | undefined

  constructor({
    raw,
    prefix,
    localName,
    declares,
  }: Pick<RawName, 'raw' | 'prefix' | 'localName' | 'declares'>) {
    this.raw = raw
    this.octets = Buffer.from(raw)
    this.prefix = prefix
    this.localName = localName
    this.declares = declares
  }

  /**
   * `<name>` with the prefix as it was bound when `expanded` was made, which it must have been; made for names that a contract
   * has, of which there are few.
   */
  get bareTag(): WrittenTag | undefined {
    const { namespace, prefix } = this
    const known = this.#bareTag
    if (!namespace || known?.bindings[0]?.namespace === namespace) return known
    const start = known?.start ?? new FixedOctets(`<${this.raw}>`)
    return (this.#bareTag = new WrittenTag(start, this.endTag, namespace.boundTo(prefix)))
  }

  /** `</name>` */
  get endTag(): FixedOctets {
    return (this.#endTag ??= new FixedOctets(`</${this.raw}>`))
  }
}

/**
 * The names that documents use, each stored once, so that reading a name is mostly comparing it with the one expected.
 * All readers share a table until it is crowded; those that come after share a new one, so that what one document holds
 * is no limit of another. It stops growing at a fixed size, but for prefixes, of which `NamespaceBindings` limits those
 * of a document, and copies what it keeps, so that it keeps no document alive.
 */
export class Names {
  readonly prefixes: string[] = ['', 'xml', 'xmlns']
  readonly none = new Namespace('')
  readonly xml = new Namespace(XML)
  readonly #prefixIds = new Map(this.prefixes.map((prefix, id) => [prefix, id]))
  readonly #rawNames = new Map<string, RawName>()
  readonly #slots = new Array<RawName | undefined>(SLOTS).fill(undefined)
  readonly #namespaces = new Map([this.none, this.xml].map((namespace) => [namespace.uri, namespace]))
  #expandedCount = 0

  /** Whether new readers should have a table of their own. */
  get crowded(): boolean {
    return (
      this.#rawNames.size >= MAX_NAMES ||
      this.#namespaces.size >= MAX_NAMES ||
      this.#expandedCount >= MAX_NAMES ||
      this.prefixes.length >= MANY_PREFIXES
    )
  }

  /**
   * Finds a name that has been scanned.
   *
   * @throws XmlError where it is not a qualified name
   */
  rawName(source: XmlSource, start: number, end: number): RawName {
    const { octets } = source
    let hash = end - start
    for (let p = start; p < end; p++) hash = (Math.imul(hash, 31) + (octets[p] ?? 0)) | 0
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1)
    const candidate = this.#slots[slot]
    if (candidate?.octets.length === end - start && standsAt(octets, start, candidate.octets))
      return candidate
    const raw = source.text(start, end)
    let name = this.#rawNames.get(raw)
    if (name === undefined) {
      name = this.#newName(copyOf(raw), source, start)
      if (this.#rawNames.size < MAX_NAMES) this.#rawNames.set(name.raw, name)
    }
    this.#slots[slot] = name
    return name
  }

  /** The id of a prefix; undefined for one that no document has used. */
  prefixId(prefix: string): number | undefined {
    return this.#prefixIds.get(prefix)
  }

  namespace(uri: string): Namespace {
    let namespace = this.#namespaces.get(uri)
    if (namespace === undefined) {
      namespace = new Namespace(copyOf(uri))
      if (this.#namespaces.size < MAX_NAMES) this.#namespaces.set(namespace.uri, namespace)
    }
    return namespace
  }

  /** Clark notation, the same string each time. */
  expanded(namespace: Namespace, localName: string): string {
    const known = namespace.names.get(localName)
    if (known !== undefined) return known
    const written = namespace.uri === '' ? localName : `{${namespace.uri}}${localName}`
    const name = INTERNED.get(written) ?? copyOf(written)
    if (this.#expandedCount < MAX_NAMES) {
      this.#expandedCount++
      namespace.names.set(copyOf(localName), name)
    }
    return name
  }

  #newName(raw: string, source: XmlSource, position: number): RawName {
    const colon = raw.indexOf(':')
    const local = raw.slice(colon + 1)
    if (colon !== -1 && (colon === 0 || local.includes(':') || !isNameStart(local.codePointAt(0) ?? 0))) {
      throw source.error('A name with a colon that is not a prefix and local name', position)
    }
    const prefix = colon === -1 ? DEFAULT_PREFIX : this.#addPrefix(raw.slice(0, colon))
    let declares = -1
    if (raw === 'xmlns') declares = DEFAULT_PREFIX
    else if (prefix === XMLNS_PREFIX) declares = this.#addPrefix(local)
    return new RawName({ raw, prefix, localName: local, declares })
  }

  #addPrefix(prefix: string): number {
    const known = this.#prefixIds.get(prefix)
    if (known !== undefined) return known
    this.#prefixIds.set(prefix, this.prefixes.length)
    return this.prefixes.push(prefix) - 1
  }
}

const INTERNED = new Map<string, string>()
/** Their local names. */
const INTERNED_LOCALLY = new Set<string>()
let shared: Names | undefined

/** The table for a new reader. */
export function sharedNames(): Names {
  if (shared === undefined || shared.crowded) shared = new Names()
  return shared
}

/**
 * Makes a name the very string that readers give for it from now on, so that comparing them is comparing pointers.
 * Meant for the names of contracts: it keeps them for good.
 *
 * @param name in Clark notation
 */
export function internName(name: string): string {
  const known = INTERNED.get(name)
  if (known !== undefined) return known
  INTERNED.set(name, name)
  INTERNED_LOCALLY.add(name.slice(name.indexOf('}') + 1))
  shared = undefined
  return name
}

/** Whether a contract or a specification has the name, in whatever namespace. */
export function isInterned(localName: string): boolean {
  return INTERNED_LOCALLY.has(localName)
}

/** Whether octets stand at an offset of others, which go on after them. */
export function standsAt(octets: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) {
    if (octets[start + i] !== wanted[i]) return false
  }
  return true
}

const MAX_ARGUMENTS = 1000

/** A substring refers to the string it was cut from; this one does not. */
function copyOf(text: string): string {
  // As many arguments as a long text has characters would not fit on the stack.
  return text.length <= MAX_ARGUMENTS
    ? String.fromCharCode(...Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)))
    : Buffer.from(text, 'utf16le').toString('utf16le')
}
