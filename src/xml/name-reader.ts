import { EQUALS, GREATER, isNameChar, nameEnd } from './chars.js'
import { XmlError } from './error.js'
import { type RawName, sharedNames } from './names.js'
import { NamespaceBindings } from './namespace-bindings.js'

/** Reads the names in the tags of one document. */
export class NameReader {
  readonly names = sharedNames()
  readonly bindings: NamespaceBindings

  /**
   * @param units of the input, a zero after them
   * @param limits `maxNameLength` in code units
   */
  constructor(
    private readonly input: string,
    private readonly units: Uint16Array,
    private readonly limits: { readonly maxNameLength: number; readonly maxPrefixes: number },
  ) {
    this.bindings = new NamespaceBindings(this.names, limits.maxPrefixes)
  }

  /** Whether the name stands at `p`, and does not go on. */
  isAt(name: RawName, p: number): boolean {
    const units = this.units
    const codes = name.codes
    const length = codes.length
    if (p + length >= units.length) return false
    for (let i = 0; i < length; i++) {
      if (units[p + i] !== codes[i]) return false
    }
    const c = units[p + length]
    return c === GREATER || c === EQUALS || !isNameChar(this.input.codePointAt(p + length) ?? 0)
  }

  /** @throws XmlError where no qualified name stands at `p` */
  find(p: number): RawName {
    const end = nameEnd(this.input, p)
    if (end === p) {
      throw new XmlError(
        'not-well-formed',
        'Neither a name nor anything else that may stand here',
        p,
        this.input,
      )
    }
    if (end - p > this.limits.maxNameLength) throw this.tooLong(p)
    return this.names.rawName(this.input, p, end)
  }

  tooLong(p: number): XmlError {
    return new XmlError('limit', `A name longer than ${this.limits.maxNameLength} characters`, p, this.input)
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
        throw new XmlError('not-well-formed', 'A namespace prefix that is not declared', p, this.input)
      }
      name.namespace = namespace
      name.expanded = this.names.expanded(namespace, name.localName)
    }
    return name.expanded
  }
}
