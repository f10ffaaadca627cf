import { endsName, isNameChar, nameEnd } from './chars.js'
import type { XmlError } from './error.js'
import { type Names, type RawName, sharedNames, standsAt } from './names.js'
import { NamespaceBindings } from './namespace-bindings.js'
import type { XmlSource } from './source.js'

/** Reads the names in the tags of one document. */
export class NameReader {
  readonly names: Names
  readonly bindings: NamespaceBindings

  /**
   * @param limits `maxNameLength` in UTF-16 code units
   * @param bindings at the place where it begins; by default that is the beginning of the document
   */
  constructor(
    private readonly source: XmlSource,
    private readonly limits: { readonly maxNameLength: number; readonly maxPrefixes: number },
    bindings = new NamespaceBindings(sharedNames(), limits.maxPrefixes),
  ) {
    this.names = bindings.names
    this.bindings = bindings
  }

  /** Whether the name stands at `p`, and does not go on. */
  isAt({ octets: wanted }: RawName, p: number): boolean {
    const { octets } = this.source
    if (!standsAt(octets, p, wanted)) return false
    const c = octets[p + wanted.length] ?? 0
    return endsName(c) || (c > 127 && !isNameChar(this.source.codePointAt(p + wanted.length)))
  }

  /** @throws XmlError where no qualified name stands at `p` */
  find(p: number): RawName {
    const end = nameEnd(this.source, p)
    if (end === p) throw this.source.error('Neither a name nor anything else that may stand here', p)
    if (this.isTooLong(p, end)) throw this.tooLong(p)
    return this.names.rawName(this.source, p, end)
  }

  /** Whether what stands between two offsets is longer than a name may be. */
  isTooLong(start: number, end: number): boolean {
    const { maxNameLength } = this.limits
    return end - start > maxNameLength && this.source.text(start, end).length > maxNameLength
  }

  tooLong(p: number): XmlError {
    return this.source.error(`A name longer than ${this.limits.maxNameLength} characters`, p, 'limit')
  }

  /**
   * Resolves a name against the namespaces in scope, or keeps what it was resolved to last time.
   *
   * @param p where the name is, for messages
   * @returns Clark notation
   */
  expand(name: RawName, p: number): string {
    const namespace = this.bindings.bound[name.prefix]
    if (namespace !== name.namespace || namespace === undefined) {
      if (namespace === undefined) {
        throw this.source.error('A namespace prefix that is not declared', p)
      }
      name.namespace = namespace
      name.expanded = this.names.expanded(namespace, name.localName)
    }
    return name.expanded
  }
}
