import { XML, XMLNS } from '../base/namespaces.js'
import { XmlError } from './error.js'
import { DEFAULT_PREFIX, type Names, type Namespace, XML_PREFIX, XMLNS_PREFIX } from './names.js'

/** What the prefixes of a document mean at the place where its reader is (Namespaces in XML, section 6). */
export class NamespaceBindings {
  /** By prefix id. */
  readonly bound: (Namespace | undefined)[]
  /** Depth of the innermost open element that declares something, 0 for none. */
  depth = 0

  /** Every declaration in force: which prefix, what it meant before, and in which element. */
  readonly #prefixes: number[] = []
  readonly #before: (Namespace | undefined)[] = []
  readonly #depths: number[] = []

  constructor(readonly names: Names) {
    this.bound = [names.none, names.xml, undefined]
  }

  /**
   * Declares a prefix.
   *
   * @param depth of the element that has the declaration
   * @param position of the declaration, for messages
   * @throws XmlError where Namespaces in XML forbids it
   */
  declare(prefix: number, uri: string, depth: number, position: number, input: string): void {
    const wrong =
      misuse(prefix, uri) ?? (this.#isOwn(prefix, depth) ? 'A prefix that is declared twice' : undefined)
    if (wrong !== undefined) throw new XmlError('not-well-formed', wrong, position, input)
    while (this.bound.length <= prefix) this.bound.push(undefined)
    this.#prefixes.push(prefix)
    this.#before.push(this.bound[prefix])
    this.#depths.push(depth)
    this.bound[prefix] = this.names.namespace(uri)
    this.depth = depth
  }

  /** Forgets what elements deeper than this have declared. */
  leave(depth: number): void {
    while (this.depth > depth) {
      const prefix = this.#prefixes.pop()
      const before = this.#before.pop()
      this.#depths.pop()
      if (prefix !== undefined) this.bound[prefix] = before
      this.depth = this.#depths.at(-1) ?? 0
    }
  }

  /**
   * The bindings that an element has from those around it, in the order of their declaration.
   *
   * @param depth of that element, which is the innermost open one
   */
  inherited(depth: number): Map<string, string> {
    const own = new Set(this.#prefixes.filter((_, i) => this.#depths[i] === depth))
    const bindings = new Map<string, string>()
    for (const prefix of this.#prefixes) {
      const uri = this.bound[prefix]?.uri
      if (!own.has(prefix) && uri !== undefined && uri !== '' && prefix !== XML_PREFIX) {
        bindings.set(this.names.prefixes[prefix] ?? '', uri)
      }
    }
    return bindings
  }

  #isOwn(prefix: number, depth: number): boolean {
    for (let i = this.#depths.length - 1; this.#depths[i] === depth; i--) {
      if (this.#prefixes[i] === prefix) return true
    }
    return false
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
