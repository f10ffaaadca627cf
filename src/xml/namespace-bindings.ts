import { XML, XMLNS } from '../base/namespaces.js'
import { DEFAULT_PREFIX, type Names, XML_PREFIX, XMLNS_PREFIX } from './names.js'
import type { Namespace } from './namespace.js'
import type { XmlSource } from './source.js'

/** What an element has from those around it. */
export interface Inherited {
  /** Prefix to namespace name; '' is the default. */
  readonly bindings: ReadonlyMap<string, string>
  /** Prefixes that the element declares itself. */
  readonly redeclared: ReadonlySet<string>
}

const NONE: ReadonlySet<string> = new Set()

/** What the prefixes of a document mean at the place where its reader is (Namespaces in XML, section 6). */
export class NamespaceBindings {
  /** By prefix id. */
  readonly bound: (Namespace | undefined)[]
  /** Depth of the element that each prefix was bound by, by prefix id; 0 for none. */
  readonly #boundAt: number[]
  /** Another number whenever a prefix has begun to mean something else. */
  version = 0
  /** Depth of the innermost open element that declares something, 0 for none. */
  depth: number

  /** Every declaration in force: which prefix, what it meant before and by which element, and in which element. */
  readonly #prefixes: number[]
  readonly #before: (Namespace | undefined)[]
  readonly #boundBefore: number[]
  readonly #depths: number[]
  /** All that the document has declared so far. */
  readonly #declared: Set<number>
  /** Of the first so many declarations: siblings inherit the same. */
  #inherited: { readonly count: number; readonly bindings: ReadonlyMap<string, string> } | undefined

  readonly names: Names
  /** That one document may declare. */
  readonly maxPrefixes: number

  /** @param from bindings of another reader of the same document, to begin with */
  constructor(names: Names, maxPrefixes: number, from?: NamespaceBindings) {
    this.names = names
    this.maxPrefixes = maxPrefixes
    this.bound = from ? [...from.bound] : [names.none, names.xml, undefined]
    this.depth = from ? from.depth : 0
    this.#boundAt = from ? [...from.#boundAt] : []
    this.#prefixes = from ? [...from.#prefixes] : []
    this.#before = from ? [...from.#before] : []
    this.#boundBefore = from ? [...from.#boundBefore] : []
    this.#depths = from ? [...from.#depths] : []
    // What two readers declare counts once.
    this.#declared = from ? from.#declared : new Set()
  }

  /** The same at this place, for another reader, which goes on from here by itself. */
  forked(): NamespaceBindings {
    return new NamespaceBindings(this.names, this.maxPrefixes, this)
  }

  /**
   * Declares a prefix.
   *
   * @param depth of the element that has the declaration
   * @param position of the declaration, for messages
   * @throws XmlError where Namespaces in XML forbids it, and `limit`
   */
  declare(
    prefix: number,
    namespace: Namespace,
    {
      depth,
      position,
      source,
    }: { readonly depth: number; readonly position: number; readonly source: XmlSource },
  ): void {
    const wrong =
      misuse(prefix, namespace.uri) ??
      (this.#boundAt[prefix] === depth ? 'A prefix that is declared twice' : undefined)
    if (wrong !== undefined) throw source.error(wrong, position)
    if (this.#declared.add(prefix).size > this.maxPrefixes) {
      throw source.error(`More than ${this.maxPrefixes} namespace prefixes`, position, 'limit')
    }
    while (this.bound.length <= prefix) this.bound.push(undefined)
    while (this.#boundAt.length <= prefix) this.#boundAt.push(0)
    this.#prefixes.push(prefix)
    this.#before.push(this.bound[prefix])
    this.#boundBefore.push(this.#boundAt[prefix] ?? 0)
    this.#depths.push(depth)
    this.version++
    this.bound[prefix] = namespace
    this.#boundAt[prefix] = depth
    this.depth = depth
  }

  /** Forgets what elements deeper than this have declared. */
  leave(depth: number): void {
    while (this.depth > depth) {
      this.version++
      const prefix = this.#prefixes.pop()
      const before = this.#before.pop()
      const boundBefore = this.#boundBefore.pop()
      this.#depths.pop()
      if (prefix !== undefined) {
        this.bound[prefix] = before
        this.#boundAt[prefix] = boundBefore ?? 0
      }
      this.depth = this.#depths.at(-1) ?? 0
    }
    if (this.#inherited && this.#inherited.count > this.#depths.length) this.#inherited = undefined
  }

  /**
   * What an element declares itself, by prefix; undefined where it declares nothing.
   *
   * @param depth of that element, which is the innermost open one
   */
  declaredAt(depth: number): ReadonlyMap<string, string> | undefined {
    if (this.depth !== depth) return undefined
    const declared = new Map<string, string>()
    for (let i = this.#depths.indexOf(depth); i < this.#depths.length; i++) {
      const prefix = this.#prefixes[i] ?? DEFAULT_PREFIX
      declared.set(this.names.prefixes[prefix] ?? '', this.bound[prefix]?.uri ?? '')
    }
    return declared
  }

  /**
   * The bindings that an element has from those around it, in the order of their declaration.
   *
   * @param depth of that element, which is the innermost open one
   */
  inherited(depth: number): Inherited {
    let count = this.#depths.length
    while (count > 0 && this.#depths[count - 1] === depth) count--
    const own = this.#prefixes.slice(count)
    if (this.#inherited?.count !== count) this.#inherited = { count, bindings: this.#bindingsOf(count, own) }
    const { bindings } = this.#inherited
    if (own.length === 0) return { bindings, redeclared: NONE }
    return { bindings, redeclared: new Set(own.map((prefix) => this.names.prefixes[prefix] ?? '')) }
  }

  /** @param own what the innermost element declares after the first `count` declarations */
  #bindingsOf(count: number, own: readonly number[]): Map<string, string> {
    const before = new Map(own.map((prefix, index) => [prefix, this.#before[count + index]]))
    const bindings = new Map<string, string>()
    for (const prefix of this.#prefixes.slice(0, count)) {
      const { uri = '' } = (before.has(prefix) ? before.get(prefix) : this.bound[prefix]) ?? {}
      if (uri !== '' && prefix !== XML_PREFIX) bindings.set(this.names.prefixes[prefix] ?? '', uri)
    }
    return bindings
  }
}

/** Namespaces in XML, section 3: reserved prefixes and namespace names, no prefix undeclared. */
function misuse(prefix: number, uri: string): string | undefined {
  if (prefix === XMLNS_PREFIX) return 'The prefix xmlns, which must not be declared'
  if ((prefix === XML_PREFIX) !== (uri === XML))
    return 'The prefix xml and its namespace, which belong together only'
  if (uri === XMLNS) return 'A prefix for the namespace of xmlns, which has none but that'
  if (uri === '' && prefix !== DEFAULT_PREFIX) return 'A prefix that is declared as no namespace'
  return undefined
}
